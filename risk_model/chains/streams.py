"""Streams as lines that run the way their water does, and how far down them something comes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.ops import substring

from risk_model.overlay import prepared_copy
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]

BY_DRAWING, BY_ELEVATION = "drawing", "elevation"
CANAL: Final = "canal"


@dataclass(frozen=True, slots=True)
class Streams:
    """Lines in the metric CRS, each running downstream; ``directed_by`` says what tells so (drawing or elevation)."""

    line: Geometries
    kind: npt.NDArray[np.object_]
    directed_by: npt.NDArray[np.object_]


def direct_streams(
    lines: Geometries, kinds: npt.NDArray[np.object_], contours: Geometries, heights: Floats, *, near_m: float = 500.0
) -> Streams:
    """Turn ``lines`` so that they run downhill.

    Where contours (``heights`` in metres) pass within ``near_m`` of both ends and the nearest ones differ, the higher
    end is the head; else the line runs as it was drawn, which is the custom of the surveys. Metric CRS.
    """
    turned, told = lines.copy(), np.full(len(lines), BY_DRAWING, dtype=object)
    if len(lines) and len(contours):
        first, last = (_heights_at(shapely.get_point(lines, end), contours, heights, near_m) for end in (0, -1))
        known = ~np.isnan(first) & ~np.isnan(last) & (first != last)
        told[known] = BY_ELEVATION
        uphill = known & (last > first)
        turned[uphill] = shapely.reverse(turned[uphill])
    return Streams(turned, kinds, told)


def stretches_below(
    streams: Streams, ground: Any, *, reach_m: float, join_m: float, kinds: tuple[str, ...]
) -> list[Any]:
    """The stretches of ``streams`` of ``kinds`` within ``reach_m`` downstream of where they pass ``ground``.

    A stream within ``join_m`` of the ground takes its water; one that ends within ``join_m`` of another joins it, and
    canals also leave a stream where they begin. Lines in the metric CRS.
    """
    used = np.flatnonzero(np.isin(streams.kind, kinds))
    lines = streams.line[used]
    if not len(lines) or shapely.is_empty(ground):
        return []
    junctions = _junctions(lines, streams.kind[used], join_m)
    waiting = _contacts(lines, shapely.buffer(ground, join_m), reach_m)
    runs: dict[int, list[_Run]] = defaultdict(list)
    while waiting:
        number, run = waiting.pop()
        if any(other.holds(run) for other in runs[number]):
            continue
        runs[number].append(run)
        waiting += [
            (other, _Run(entry, entry, left))
            for place, other, entry in junctions[number]
            if place >= run.start and (left := run.left_at(place)) > 0
        ]
    return [substring(lines[number], run.start, run.end + run.left) for number, some in runs.items() for run in some]


@dataclass(frozen=True, slots=True)
class _Run:
    """Water along one line: it stands from ``start`` to ``end`` and has ``left`` metres to go beyond."""

    start: float
    end: float
    left: float

    def left_at(self, place: float) -> float:
        return self.left - max(0.0, place - self.end)

    def holds(self, other: _Run) -> bool:
        return self.start <= other.start and self.left >= other.left and self.end + self.left >= other.end + other.left


def _contacts(lines: Geometries, ground: Any, reach_m: float) -> list[tuple[int, _Run]]:
    ground, found = prepared_copy(ground), []
    for number in np.flatnonzero(shapely.intersects(lines, ground)):
        wet = shapely.get_parts(shapely.intersection(lines[number], ground))
        for part in wet:
            places = shapely.line_locate_point(lines[number], shapely.points(shapely.get_coordinates(part)))
            found.append((int(number), _Run(float(places.min()), float(places.max()), reach_m)))
    return found


def _junctions(
    lines: Geometries, kinds: npt.NDArray[np.object_], join_m: float
) -> dict[int, list[tuple[float, int, float]]]:
    """By line: the place on it, the line that goes on from there, and the place on that one."""
    tree, found = shapely.STRtree(lines), defaultdict[int, list[tuple[float, int, float]]](list)
    ends, heads = shapely.get_point(lines, -1), shapely.get_point(lines, 0)
    lengths = shapely.length(lines)
    for line, other in zip(*tree.query(ends, predicate="dwithin", distance=join_m), strict=True):
        if line != other:
            entry = float(shapely.line_locate_point(lines[other], ends[line]))
            found[int(line)].append((float(lengths[line]), int(other), entry))
    for canal, line in zip(*tree.query(heads, predicate="dwithin", distance=join_m), strict=True):
        if line != canal and kinds[canal] == CANAL:
            place = float(shapely.line_locate_point(lines[line], heads[canal]))
            found[int(line)].append((place, int(canal), 0.0))
    return found


def _heights_at(points: Geometries, contours: Geometries, heights: Floats, near_m: float) -> Floats:
    found = np.full(len(points), np.nan)
    point, contour = shapely.STRtree(contours).query_nearest(points, max_distance=near_m, all_matches=False)
    found[point] = heights[contour]
    return found
