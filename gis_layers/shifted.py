"""Shifted coordinates: positions as maps on telephones give them (GCJ-02, and BD-09 on top of it), brought back to CGCS2000.

The published formula; no library for it on the package index is kept up. Outside of China nothing is shifted.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin, sqrt
from typing import Final

from pyproj import Geod

GCJ02: Final = "gcj02"
BD09: Final = "bd09"
A_M: Final = 6378245.0
E2: Final = 0.00669342162296594323
CLOSE_DEGREES: Final = 1e-9
"""A tenth of a millimetre: as near as the inverse is sought."""
MOST_ROUNDS: Final = 30
CHINA: Final = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of where positions are shifted."""


def shifted(lon: float, lat: float, system: str) -> tuple[float, float]:
    """A position (degrees, CGCS2000) as ``system`` gives it. Raises ValueError for a system nobody knows."""
    if system not in (GCJ02, BD09):
        raise ValueError(system)
    gcj = _to_gcj02(lon, lat)
    return gcj if system == GCJ02 else _to_bd09(*gcj)


def straight(lon: float, lat: float, system: str) -> tuple[float, float]:
    """The position (degrees, CGCS2000) that ``system`` gives as this one: the inverse, sought by rounds."""
    east, north = lon, lat
    for _ in range(MOST_ROUNDS):
        there = shifted(east, north, system)
        off = lon - there[0], lat - there[1]
        east, north = east + off[0], north + off[1]
        if max(map(abs, off)) < CLOSE_DEGREES:
            break
    return east, north


def moved_m(before: tuple[float, float], after: tuple[float, float]) -> float:
    """Metres between two positions (degrees) over the ellipsoid."""
    _, _, metres = Geod(ellps="GRS80").inv(*before, *after)
    return float(metres)


def _to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    west, south, east, north = CHINA
    if not (west <= lon <= east and south <= lat <= north):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    phi = lat / 180.0 * pi
    magic = 1 - E2 * sin(phi) ** 2
    north_m, east_m = _northward(x, y), _eastward(x, y)
    north_d = north_m * 180.0 / (A_M * (1 - E2) / (magic * sqrt(magic)) * pi)
    east_d = east_m * 180.0 / (A_M / sqrt(magic) * cos(phi) * pi)
    return lon + east_d, lat + north_d


def _northward(x: float, y: float) -> float:
    level = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) + (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi))
    return level + (waves + 160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _eastward(x: float, y: float) -> float:
    level = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) + (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi))
    return level + (waves + 150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0


def _to_bd09(lon: float, lat: float) -> tuple[float, float]:
    turn = pi * 3000.0 / 180.0
    far = hypot(lon, lat) + 0.00002 * sin(lat * turn)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * turn)
    return far * cos(angle) + 0.0065, far * sin(angle) + 0.006
