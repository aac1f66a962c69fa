"""Areas shared by many pairs of polygons, added up from their edges: no shape is cut.

A polygon is what lies under the edges of its outline, each counted by the way it runs; so what two polygons share is the
sum, over every edge of the one and every edge of the other, of what lies under both. Nothing has to be told inside from
outside: holes, parts, shared borders and touching corners are added up like all else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Ends = tuple[Floats, Floats]

FEW_VERTICES: Final = 64
"""A shape of so many at most is added up with all edges of another that lie above or below it."""

_AT_ONCE: Final = 400_000
"""Edges laid out at once: they have to find room in memory."""

_ROUNDING: Final = 64 * float(np.finfo(np.float64).eps)
"""What a sum may be off by, as a share of all its terms taken as positive."""


def is_small(shapes: Geometries) -> Truths:
    """Whether each is a polygon or multipolygon of few vertices."""
    return (shapely.get_num_coordinates(shapes) <= FEW_VERTICES) & is_polygon(shapes)


def is_polygon(shapes: Geometries) -> Truths:
    """Whether each is a polygon or multipolygon."""
    return np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))


def shared_areas(small: Geometries, others: Geometries, other: Indices) -> Floats:
    """The area (m², one metric CRS) that each of ``small`` shares with the one of ``others`` that ``other`` numbers.

    All valid polygons or multipolygons. What differs from nothing, or from the whole of ``small``, by no more than
    arithmetic is told as that.
    """
    sides = _Outlines.of(small), _Outlines.of(others)
    boxes, other_boxes = shapely.bounds(small), shapely.bounds(others)[other]
    windows = np.hstack([np.maximum(boxes[:, :2], other_boxes[:, :2]), np.minimum(boxes[:, 2:], other_boxes[:, 2:])])
    area, terms = np.zeros(len(small)), np.zeros(len(small))
    for first, last in _blocks(sides[1].counts[other]):
        own = sides[0].above(np.arange(first, last), windows[first:last])
        their = sides[1].above(other[first:last], windows[first:last])
        area[first:last], terms[first:last] = _under_both(own, their, last - first)
    whole, doubt = shapely.area(small), _ROUNDING * terms
    area[area <= doubt] = 0.0
    return np.where(np.abs(area - whole) <= doubt, whole, np.minimum(area, whole))


def _blocks(sizes: Indices) -> Iterator[tuple[int, int]]:
    """First and last (beyond) of runs of pairs whose sizes together are about ``_AT_ONCE``."""
    run = np.cumsum(sizes) // _AT_ONCE
    ends = np.append(np.flatnonzero(np.diff(run)) + 1, len(sizes))
    yield from zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)


@dataclass(frozen=True, slots=True)
class _Edges:
    """Edges above the lower side of the window of a pair, cut to it; ``pair`` rises, ``x`` and ``y`` are those of both ends.

    Lengths from the window's corner; ``x`` rises along each edge, ``sign`` is 1 where the shape lies below it, else -1.
    """

    pair: Indices
    x: Ends
    y: Ends
    sign: Floats

    def ends(self, rows: Indices) -> tuple[Ends, Ends]:
        """Where the edges of ``rows`` begin and end: x, y."""
        return (self.x[0][rows], self.x[1][rows]), (self.y[0][rows], self.y[1][rows])


@dataclass(frozen=True, slots=True)
class _Outlines:
    """Edges of shapes one after the other: ``counts`` of each shape, where its first is; both ends with x rising, and signs."""

    counts: Indices
    first: Indices
    x: Ends
    y: Ends
    sign: Floats

    @classmethod
    def of(cls, shapes: Geometries) -> _Outlines:
        """The edges of polygons and multipolygons, upright ones left out: nothing lies under them."""
        parts, of_part = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
        rings, of_ring = shapely.get_rings(parts, return_index=True)
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        start = np.flatnonzero((ring[1:] == ring[:-1]) & (corners[1:, 0] != corners[:-1, 0]))
        (x_from, y_from), (x_to, y_to) = corners[start].T, corners[start + 1].T
        backward = x_from > x_to
        counts = np.bincount(of_part[of_ring[ring[start]]], minlength=len(shapes))
        return cls(
            counts,
            np.cumsum(counts) - counts,
            (np.minimum(x_from, x_to), np.maximum(x_from, x_to)),
            (np.where(backward, y_to, y_from), np.where(backward, y_from, y_to)),
            np.where(backward, 1.0, -1.0),
        )

    def above(self, shape: Indices, windows: Floats) -> _Edges:
        """The edges of ``shape`` (numbers, one a pair) that lie above the lower side of the ``windows`` of their pairs."""
        counts = self.counts[shape]
        pair, edge = _laid_out(self.first[shape], counts)
        west, south, east = (np.repeat(windows[:, side], counts) for side in (0, 1, 2))
        kept = np.flatnonzero((self.x[0][edge] < east) & (self.x[1][edge] > west))
        kept = kept[np.maximum(self.y[0], self.y[1])[edge[kept]] > south[kept]]
        pair, edge, west, south = pair[kept], edge[kept], west[kept], south[kept]
        x, y = (self.x[0][edge] - west, self.x[1][edge] - west), (self.y[0][edge] - south, self.y[1][edge] - south)
        return _cut(pair, x, y, self.sign[edge], east[kept] - west)


def _cut(pair: Indices, x: Ends, y: Ends, sign: Floats, width: Floats) -> _Edges:
    """Edges cut to the width of their window and to what lies above its lower side."""
    low, high = np.maximum(x[0], 0.0), np.minimum(x[1], width)
    left, right = _height(x, y, low), _height(x, y, high)
    through = (left < 0) != (right < 0)
    at = low + (high - low) * np.divide(left, left - right, out=np.zeros(len(left)), where=through)
    low, high = np.where(through & (left < 0), at, low), np.where(through & (right < 0), at, high)
    kept = np.flatnonzero((np.maximum(left, right) > 0) & (low < high))
    heights = np.maximum(left[kept], 0.0), np.maximum(right[kept], 0.0)
    return _Edges(pair[kept], (low[kept], high[kept]), heights, sign[kept])


def _height(x: Ends, y: Ends, at: Floats) -> Floats:
    """Height at ``at`` of the edges that lie between these ends."""
    return np.asarray(y[0] + (y[1] - y[0]) * ((at - x[0]) / (x[1] - x[0])))


def _laid_out(first: Indices, counts: Indices) -> tuple[Indices, Indices]:
    """The runs of ``counts`` numbers from ``first`` on, one after the other, with the number of the run."""
    run = np.repeat(np.arange(len(counts)), counts)
    return run, np.arange(len(run)) + np.repeat(first - (np.cumsum(counts) - counts), counts)


def _under_both(own: _Edges, their: _Edges, pairs: int) -> tuple[Floats, Floats]:
    """Of each pair the area under an edge of both, and the sum of its terms taken as positive."""
    counts = np.bincount(own.pair, minlength=pairs)
    one, two = _laid_out((np.cumsum(counts) - counts)[their.pair], counts[their.pair])
    low = np.maximum(their.x[0][one], own.x[0][two])
    high = np.minimum(their.x[1][one], own.x[1][two])
    met = np.flatnonzero(low < high)
    one, two, low, high = one[met], two[met], low[met], high[met]
    (x, y), (other_x, other_y) = own.ends(two), their.ends(one)
    heights = [(_height(other_x, other_y, at), _height(x, y, at)) for at in (low, high)]
    apart = [above - below for above, below in heights]
    both = sum(above + below for above, below in heights)
    size = np.abs(apart[0]) + np.abs(apart[1])
    crossing = apart[0] * apart[1] < 0
    between = np.where(crossing, np.divide(apart[0] ** 2 + apart[1] ** 2, size, out=size.copy(), where=crossing), size)
    under = (high - low) * (both - between) / 4
    pair = their.pair[one]
    signed, terms = under * their.sign[one] * own.sign[two], np.abs(under)
    return _added_up(pair, signed, pairs), _added_up(pair, terms, pairs)


def _added_up(pair: Indices, terms: Floats, pairs: int) -> Floats:
    return np.asarray(np.bincount(pair, terms, pairs), dtype=np.float64)
