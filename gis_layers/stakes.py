"""Kilometre stakes: from ``G312 K12+300`` to a point on the road, by measuring along what is drawn of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Any

import numpy as np
import shapely

from risk_model.vocabulary import Geometries

_REFERENCE = re.compile(r"^\s*([GSXYC]\d{1,4})(?!\d)", re.IGNORECASE)
_ASKED = re.compile(
    r"(?P<road>.*?)[\s,，:-]*(?:里程)?桩?号?\s*"
    r"(?:K\s*(?P<k>\d{1,4}(?:\.\d+)?)(?:\s*\+\s*(?P<plus>\d{1,3}(?:\.\d+)?)\s*M?)?"
    r"|(?P<km>\d{1,4}(?:\.\d+)?)\s*(?:公里|千米|KM)(?:\s*(?:\+|零)?\s*(?P<metres>\d{1,3}(?:\.\d+)?)\s*(?:米|M)?)?)"
    r"\s*(?:里程)?(?:桩|处)?",
    re.IGNORECASE,
)
_Node = tuple[float, float]
_BESIDE = 0.5
"""A part more than half beside a longer one, seen along the road, is its other carriageway."""


@dataclass(frozen=True, slots=True)
class StakeAsked:
    """A road as somebody wrote it and metres along it by its stakes."""

    road: str
    at_m: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Reading of the stakes at the western end of what is drawn, and whether they grow towards the east."""

    west_end_m: float = 0.0
    eastward: bool = True


@dataclass(frozen=True, slots=True)
class MeasuredRoad:
    """The drawn parts of a road from west to east (metric CRS) and the metres from its west end at which each starts.

    Ground between two parts is counted as if the road went straight there; nothing is placed on it.
    """

    parts: tuple[shapely.LineString, ...]
    starts_m: tuple[float, ...]
    origin: Origin

    @property
    def length_m(self) -> float:
        """From the west end to the east end; 0 for a mere ring."""
        return self.starts_m[-1] + float(self.parts[-1].length) if self.parts else 0.0

    def point_at(self, at_m: float) -> shapely.Point | None:
        """The point of stake ``at_m`` in the metric CRS; None where nothing is drawn."""
        along = (at_m - self.origin.west_end_m) * (1 if self.origin.eastward else -1)
        for part, start in zip(self.parts, self.starts_m, strict=True):
            if start <= along <= start + part.length:
                return part.interpolate(along - start)
        return None

    def whole_kilometres(self) -> list[int]:
        """The kilometres that have a stake on what is drawn, ascending."""
        ends = self.origin.west_end_m, self.origin.west_end_m + self.length_m * (1 if self.origin.eastward else -1)
        numbers = range(max(0, int(np.ceil(min(ends) / 1000))), int(np.floor(max(ends) / 1000)) + 1)
        return [number for number in numbers if self.point_at(number * 1000.0) is not None]


def road_reference(name: str | None) -> str | None:
    """The number a road's name begins with, such as G312 or X210; None for a road without."""
    found = _REFERENCE.match(unicodedata.normalize("NFKC", name or ""))
    return found[1].upper() if found else None


def stake_label(reference: str, at_m: float) -> str:
    """``G312 K12`` or ``G312 K12+300``; metres are rounded to whole ones."""
    kilometres, metres = divmod(round(at_m), 1000)
    return f"{reference} K{kilometres}" + (f"+{metres:03d}" if metres else "")


def read_stake(text: str) -> StakeAsked | None:
    """Read ``G312 K12+300``, ``g312k12``, ``312国道12公里``; None where ``text`` is no stake."""
    found = _ASKED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or not found["road"].strip():
        return None
    kilometres, metres = found["k"] or found["km"], found["plus"] or found["metres"] or 0
    return StakeAsked(found["road"].strip(), float(kilometres) * 1000 + float(metres))


def measure_road(lines: Geometries, origin: Origin) -> MeasuredRoad:
    """Join ``lines`` of one road (metric CRS, any order and direction) and measure it from its west end.

    The shortest way along what hangs together is measured, so that carriageways which meet, roundabouts and spurs count
    once. Of carriageways that never meet the longer is taken.
    """
    pieces = shapely.get_parts(shapely.union_all(lines))
    axis = _general_direction(shapely.get_coordinates(pieces))
    longest_first = sorted(_ways(pieces, axis), key=lambda line: -line.length)
    kept: list[tuple[float, float, shapely.LineString]] = []
    for line in longest_first:
        low, high = _span(line, axis)
        shared = sum(max(0.0, min(high, end) - max(low, start)) for start, end, _ in kept)
        if shared <= _BESIDE * (high - low):
            kept.append((low, high, line))
    parts = tuple(line for *_, line in sorted(kept, key=lambda part: part[:2]))
    return MeasuredRoad(parts, _starts(parts), origin)


def _ways(pieces: Geometries, axis: Any) -> Iterator[shapely.LineString]:
    """For each connected part of the road the shortest way from its western to its eastern end."""
    junctions: dict[_Node, list[tuple[_Node, shapely.LineString]]] = {}
    for piece in pieces:
        first, last = ((round(x, 1), round(y, 1)) for x, y in shapely.get_coordinates(piece)[[0, -1]])
        junctions.setdefault(first, []).append((last, piece))
        junctions.setdefault(last, []).append((first, shapely.reverse(piece)))

    def eastness(node: _Node) -> float:
        return float(np.asarray(node) @ axis)

    left = set(junctions)
    while left:
        start = min(left, key=eastness)
        reached = _shortest(junctions, start)
        corners, node = [], max(reached, key=eastness)
        while node != start:
            node, piece = reached[node]
            corners.append(shapely.get_coordinates(piece))
        if corners:
            yield shapely.LineString(np.concatenate(corners[::-1]))
        left -= reached.keys()


def _shortest(
    junctions: dict[_Node, list[tuple[_Node, shapely.LineString]]], start: _Node
) -> dict[_Node, tuple[_Node, shapely.LineString]]:
    """For each junction reached from ``start``, and ``start`` itself, the one before it and the piece between."""
    reached: dict[_Node, tuple[_Node, shapely.LineString]] = {}
    turn = count()
    waiting = [(0.0, next(turn), start, start, shapely.LineString())]
    while waiting:
        length, _, node, before, piece = heappop(waiting)
        if node in reached:
            continue
        reached[node] = (before, piece)
        for following, ahead in junctions[node]:
            if following not in reached:
                heappush(waiting, (length + ahead.length, next(turn), following, node, ahead))
    return reached


def _starts(parts: tuple[shapely.LineString, ...]) -> tuple[float, ...]:
    starts, along = [], 0.0
    for number, part in enumerate(parts):
        if number:
            before = parts[number - 1]
            along += before.length + before.interpolate(1, normalized=True).distance(part.interpolate(0))
        starts.append(along)
    return tuple(starts)


def _general_direction(points: Any) -> Any:
    """The direction in which ``points`` (n, 2) spread most, looking east; north where there is no east in it."""
    spread = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2][0]
    return spread if (spread[0], spread[1]) > (0.0, 0.0) else -spread


def _span(line: shapely.LineString, axis: Any) -> tuple[float, float]:
    along = shapely.get_coordinates(line) @ axis
    return float(along.min()), float(along.max())
