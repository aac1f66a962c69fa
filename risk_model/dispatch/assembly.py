"""Place to gather: outside the danger area, and upwind where the wind is told."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
WITHIN_DEGREES: Final = 45.0
"""So far to either side of where the wind comes from still counts as upwind."""


def bearings(place: Floats, points: Floats) -> Floats:
    """Degrees clockwise from north at which each of ``points`` lies, seen from ``place`` (metres east and north)."""
    east, north = points[:, 0] - place[0], points[:, 1] - place[1]
    found: Floats = np.degrees(np.arctan2(east, north)) % 360
    return found


def may_gather(place: Floats, points: Floats, outside: Flags, wind_from: float | None) -> Flags:
    """Which of ``points`` lie ``outside`` the danger area, and upwind where the wind is told."""
    if wind_from is None:
        return outside
    aside = np.abs((bearings(place, points) - wind_from + 180) % 360 - 180)
    return outside & (aside <= WITHIN_DEGREES)
