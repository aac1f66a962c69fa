"""LineCuts: a drawn line laid over the edges of zones, with one point wherever the two meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.editing.noding import vertices_on
from risk_model.editing.rings import Indices, Points, RingEdges, cross, dots_of, lines_of, points_of, share_along
from risk_model.editing.values import packaged_terms


@dataclass(frozen=True, slots=True)
class LineCuts:
    """Stretches of a line between any two places where it meets an edge, and for each segment of edges its new vertices, in order."""

    start: Points
    end: Points
    on_border: Mapping[int, list[complex]]


def lay_cuts(line: Any, edges: RingEdges) -> LineCuts:
    """The cuts a line makes; its vertices within ``reach_m`` of an edge come to lie on it, and it bends into vertices within ``node_m``."""
    terms = packaged_terms().edits
    start, end = _stretches(line)
    border = _border_near(start, end, edges, 2 * terms["reach_m"] + terms["node_m"])
    moved = _drawn_to(np.unique(np.concatenate([start, end])), border, terms["reach_m"])
    start, end = _distinct(_placed(start, moved), _placed(end, moved))
    start, end = _broken(start, end, vertices_on(border.vertices(), start, end, terms["node_m"]))
    start, end = _broken(start, end, _crossings(start, end, border))
    apart = ~np.isin(_pairs(start, end), border.pairs())
    return LineCuts(start[apart], end[apart], {int(border.segment[row]): border.chain(row) for row in border.feet})


@dataclass(frozen=True, slots=True)
class _Border:
    """Segments of edges near a line, each with its number among all, and the new vertices (``feet``) put on some of them."""

    segment: Indices
    low: Points
    high: Points
    feet: dict[int, set[complex]]

    def vertices(self) -> Points:
        """The distinct ends and feet."""
        feet = np.array([foot for on in self.feet.values() for foot in on], dtype=np.complex128)
        return np.unique(np.concatenate([self.low, self.high, feet]))

    def chain(self, row: int) -> list[complex]:
        """The feet on a segment, in order."""
        low, along = complex(self.low[row]), complex(self.high[row] - self.low[row])
        return sorted(self.feet[row], key=lambda foot: ((foot - low) * along.conjugate()).real)

    def pairs(self) -> Any:
        """One word for each stretch of the segments between two vertices or feet."""
        bare = np.ones(len(self.low), dtype=bool)
        bare[list(self.feet)] = False
        chains = [np.array([self.low[row], *self.chain(row), self.high[row]]) for row in self.feet]
        start = [self.low[bare], *(chain[:-1] for chain in chains)]
        end = [self.high[bare], *(chain[1:] for chain in chains)]
        return _pairs(np.concatenate(start), np.concatenate(end))


def _border_near(start: Points, end: Points, edges: RingEdges, within_m: float) -> _Border:
    tree = shapely.STRtree(lines_of(edges.low, edges.high))
    near = np.unique(tree.query(lines_of(start, end), predicate="dwithin", distance=within_m)[1])
    return _Border(near, edges.low[near], edges.high[near], defaultdict(set))


def _stretches(line: Any) -> tuple[Points, Points]:
    """The edges of a line, with a vertex where it crosses itself."""
    lines = shapely.get_parts(line if shapely.is_simple(line) else shapely.node(line))
    xy, number = shapely.get_coordinates(lines, return_index=True)
    at, within = points_of(xy), number[1:] == number[:-1]
    return _distinct(at[:-1][within], at[1:][within])


def _distinct(start: Points, end: Points) -> tuple[Points, Points]:
    apart = start != end
    return start[apart], end[apart]


def _drawn_to(points: Points, border: _Border, reach_m: float) -> dict[complex, complex]:
    """Where the points within reach of a border come to lie: on its nearest vertex, else on its nearest edge, a foot on it."""
    tree = shapely.STRtree(lines_of(border.low, border.high))
    point, segment = tree.query(dots_of(points), predicate="dwithin", distance=reach_m)
    at, low, high = points[point], border.low[segment], border.high[segment]
    share = np.clip(share_along(at, low, high), 0.0, 1.0)
    foot = low + share * (high - low)
    near_low = np.abs(at - low) <= np.abs(at - high)
    vertex = np.where(near_low, low, high)
    at_vertex = np.abs(at - vertex) <= reach_m
    place = np.where(at_vertex, vertex, foot)
    order = np.lexsort((place.imag, place.real, np.abs(at - place), ~at_vertex, point))
    moved: dict[complex, complex] = {}
    for row in order.tolist():
        key = complex(at[row])
        if key not in moved:
            moved[key] = complex(place[row])
            if not at_vertex[row]:
                border.feet[int(segment[row])].add(complex(place[row]))
    return moved


def _placed(points: Points, moved: Mapping[complex, complex]) -> Points:
    return np.array([moved.get(point, point) for point in points.tolist()], dtype=np.complex128)


def _broken(start: Points, end: Points, on: Mapping[int, list[complex]]) -> tuple[Points, Points]:
    """Stretches broken at the points that lie on them, each once."""
    pairs: dict[tuple[complex, complex], None] = {}
    for number, (one, other) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        chain = [one, *on.get(number, ()), other]
        for pair in pairwise(chain):
            if pair[0] != pair[1] and pair[::-1] not in pairs:
                pairs[pair] = None
    both = np.array(list(pairs), dtype=np.complex128).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _crossings(start: Points, end: Points, border: _Border) -> dict[int, list[complex]]:
    """For each stretch the points where it crosses an edge, in order; they become feet of the border too."""
    tree = shapely.STRtree(lines_of(border.low, border.high))
    stretch, row_of = tree.query(lines_of(start, end), predicate="intersects")
    one, other, low, high = start[stretch], end[stretch], border.low[row_of], border.high[row_of]
    along, over = high - low, other - one
    turn = cross(along, over)
    slanted = turn != 0
    turn = np.where(slanted, turn, 1.0)
    on_edge, on_stretch = cross(one - low, over) / turn, cross(one - low, along) / turn
    proper = slanted & (on_edge > 0) & (on_edge < 1) & (on_stretch > 0) & (on_stretch < 1)
    proper &= ~_meets_at_end(one, other, row_of, border)
    found: dict[int, list[tuple[float, complex]]] = defaultdict(list)
    for row in np.flatnonzero(proper).tolist():
        point = complex(low[row] + on_edge[row] * along[row])
        found[int(stretch[row])].append((float(on_stretch[row]), point))
        border.feet[int(row_of[row])].add(point)
    return {number: [point for _, point in sorted(on, key=lambda two: two[0])] for number, on in found.items()}


def _meets_at_end(one: Points, other: Points, row_of: Indices, border: _Border) -> npt.NDArray[np.bool_]:
    """Whether an end of a stretch is an end of the segment or a foot on it: then they meet there and nowhere else."""
    low, high = border.low[row_of], border.high[row_of]
    ends = np.asarray((one == low) | (one == high) | (other == low) | (other == high))
    for row in np.flatnonzero(~ends).tolist():
        on = border.feet.get(int(row_of[row]), ())
        ends[row] = one[row] in on or other[row] in on
    return ends


def _pairs(start: Points, end: Points) -> Any:
    """One word for each stretch whichever way it runs."""
    swapped = (start.real > end.real) | ((start.real == end.real) & (start.imag > end.imag))
    both = np.stack([np.where(swapped, end, start), np.where(swapped, start, end)], axis=1)
    return np.ascontiguousarray(both).view(np.dtype((np.void, 32))).ravel()
