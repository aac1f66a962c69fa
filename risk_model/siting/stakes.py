"""Lines by stake: along which of its metres the strip of a line meets some ground, from the start of what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from risk_model.overlay import prepared_copy
from risk_model.shapes import as_array
from risk_model.tangles import widened

JOINED_M: Final = 1e-6
"""Pieces no farther apart are one: a corner of the line lies between them."""
AROUND_M: Final = 1.0
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a line, in metres from its start; ``inside_m`` of it the line itself lies in the ground."""

    from_m: float
    to_m: float
    inside_m: float


@dataclass(frozen=True, slots=True)
class Staked:
    """Stretches along which ground lies within the strip, in their order; where there are none, the stake nearest to it."""

    stretches: tuple[Stretch, ...]
    nearest_m: float | None


def stake_out(line: Any, grounds: Sequence[Any], reach_m: float) -> list[Staked]:
    """Each of ``grounds`` along ``line``, of the half-width ``reach_m``; the parts of a line follow one another.

    All of it in metres of one CRS; the gap between two parts of a line has no length.
    """
    pieces = shapely.get_parts(line)
    corners, of = shapely.get_coordinates(pieces, return_index=True)
    begins = np.flatnonzero(of[1:] == of[:-1])
    segments = shapely.linestrings(np.stack([corners[begins], corners[begins + 1]], axis=1))
    starts = np.concatenate([[0.0], np.cumsum(shapely.length(segments))[:-1]])
    return [_staked(segments, starts, ground, reach_m) for ground in grounds]


def _staked(segments: Any, starts: Any, ground: Any, reach_m: float) -> Staked:
    west, south, east, north = shapely.total_bounds(segments)
    room = AROUND_M + 2 * reach_m
    here = shapely.intersection(ground, shapely.box(west - room, south - room, east + room, north + room))
    near = _within(segments, starts, widened(as_array([here]), reach_m)[0] if reach_m else here)
    if not near:
        return Staked((), _nearest(segments, starts, ground))
    inside = _within(segments, starts, here)
    return Staked(tuple(Stretch(low, high, _shared(inside, low, high)) for low, high in near), None)


def _within(segments: Any, starts: Any, ground: Any) -> list[Interval]:
    """The intervals of the line in ``ground``, each segment measured by itself, so that a line may cross its own way."""
    ground = prepared_copy(ground)
    met = np.flatnonzero(shapely.intersects(segments, ground))
    found: list[Interval] = []
    for number in met.tolist():
        (x, y), *_ = shapely.get_coordinates(segments[number])
        for part in shapely.get_parts(shapely.intersection(segments[number], ground)):
            away = np.hypot(*(shapely.get_coordinates(part) - (x, y)).T)
            if away.max() > away.min():
                found.append((float(starts[number] + away.min()), float(starts[number] + away.max())))
    return _merged(found)


def _merged(found: Sequence[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for low, high in sorted(found):
        if merged and low <= merged[-1][1] + JOINED_M:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged


def _shared(inside: Sequence[Interval], low: float, high: float) -> float:
    return sum(max(0.0, min(end, high) - max(begin, low)) for begin, end in inside)


def _nearest(segments: Any, starts: Any, ground: Any) -> float:
    number = int(np.argmin(shapely.distance(segments, ground)))
    place = shapely.get_coordinates(shapely.shortest_line(segments[number], ground))[0]
    return float(starts[number] + np.hypot(*(place - shapely.get_coordinates(segments[number])[0])))
