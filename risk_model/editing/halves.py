"""Halves of a piece of ground, cut along its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely

from risk_model.editing.rings import Floats, edges_of
from risk_model.editing.splitting import split_zone
from risk_model.shapes import as_array

_STEPS: Final = 48


def halves_of(ground: Any, beside: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """The pieces of both halves of a polygon, equal in area; first those of the half with more border on the shapes ``beside``.

    Cut along the longer side of the smallest rectangle around it. Raises ZonesUnsound where it is too thin to be cut.
    """
    corner, along, over = _axes(ground)
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        below = shapely.Polygon(
            [corner - along, corner + 2 * along, corner + 2 * along + middle * over, corner - along + middle * over]
        )
        low, high = (middle, high) if shapely.intersection(ground, below).area < ground.area / 2 else (low, middle)
    start = corner + low * over
    pieces = split_zone(ground, shapely.LineString([start - along, start + 2 * along]))
    at = shapely.get_coordinates(shapely.point_on_surface(pieces)) - start
    lower = at @ over < 0
    halves = (
        [piece for piece, down in zip(pieces, lower, strict=True) if down],
        [piece for piece, down in zip(pieces, lower, strict=True) if not down],
    )
    borders = [_border(half, beside) for half in halves]
    return halves if borders[0] >= borders[1] else halves[::-1]


def _axes(ground: Any) -> tuple[Floats, Floats, Floats]:
    """A corner of the smallest rectangle around the ground and its two sides from there, the longer first."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(ground))
    sides = corners[1] - corners[0], corners[3] - corners[0]
    long, short = sorted(sides, key=lambda side: -float(np.hypot(*side)))
    return corners[0], long, short


def _border(half: Sequence[Any], beside: Sequence[Any]) -> float:
    """The length of the edges of a half that run along an edge of the shapes beside, bit for bit."""
    edges, others = edges_of(as_array(list(half))), edges_of(as_array(list(beside)))
    known = set(zip(others.start.tolist(), others.end.tolist(), strict=True))
    on = [(end, start) in known for start, end in zip(edges.start.tolist(), edges.end.tolist(), strict=True)]
    return float(np.abs(edges.end - edges.start)[on].sum())
