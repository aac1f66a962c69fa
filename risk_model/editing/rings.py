"""Rings and their edges in arrays: vertices told apart by their exact coordinates, edges laid out, vertices put in.

Nothing here moves a vertex. A point on an edge of a border is computed from that edge in one direction, whichever zone asks,
so that both sides of the border get the same number to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.shapes import AREAL
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Points = npt.NDArray[np.complex128]
"""Vertices as x + iy: equal where both numbers are, in order by x and then y."""


@dataclass(frozen=True, slots=True)
class RingEdges:
    """RingEdges of many areal zones in the order of their rings: ends, the ring and the zone of each.

    ``segment`` numbers the distinct edges whichever way they run: ``low`` to ``high`` are their ends in order.
    """

    start: Points
    end: Points
    before: Indices
    zone: Indices
    segment: Indices
    low: Points
    high: Points

    @property
    def forward(self) -> npt.NDArray[np.bool_]:
        """Whether an edge runs as its segment does, from ``low`` to ``high``."""
        return np.asarray(self.start == self.low[self.segment])

    @property
    def shared(self) -> npt.NDArray[np.bool_]:
        """Whether an edge is run along twice, once each way: ground lies on both sides of it."""
        forward = np.bincount(self.segment, self.forward, len(self.low))
        backward = np.bincount(self.segment, ~self.forward, len(self.low))
        return np.asarray(((forward == 1) & (backward == 1))[self.segment])

    def vertices(self) -> Points:
        """The distinct vertices."""
        return np.unique(self.start)


def edges_of(zones: Geometries) -> RingEdges:
    """The edges of ``zones`` (polygons and multipolygons; anything else has none)."""
    areal = np.flatnonzero((shapely.get_dimensions(zones) == AREAL) & ~shapely.is_empty(zones))
    parts, zone_of_part = shapely.get_parts(zones[areal], return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    at = points_of(xy)
    inside = np.flatnonzero(ring[1:] == ring[:-1])
    start, end = at[inside], at[inside + 1]
    zone = areal[zone_of_part[part_of_ring[ring[inside]]]]
    segment, low, high = _segments(start, end)
    return RingEdges(start, end, _before(ring[inside]), zone, segment, low, high)


def points_of(xy: Floats) -> Points:
    """Vertices of an array of x, y."""
    return np.ascontiguousarray(xy[:, :2]).view(np.complex128).ravel() + 0.0


def xy_of(points: Points) -> Floats:
    """An array of x, y of vertices."""
    return np.ascontiguousarray(points).view(np.float64).reshape(-1, 2)


def lines_of(start: Points, end: Points) -> Geometries:
    """Each edge as a line."""
    ends = np.stack([xy_of(start), xy_of(end)], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object)


def dots_of(points: Points) -> Geometries:
    """Each vertex as a point."""
    return np.asarray(shapely.points(xy_of(points)), dtype=object)


def share_along(point: Points, start: Points, end: Points) -> Floats:
    """How far along each edge (0 to 1) the foot of each point lies."""
    along = end - start
    return np.asarray(((point - start) * along.conj()).real / np.maximum((along * along.conj()).real, 1e-300))


def cross(first: Points, second: Points) -> Floats:
    """The cross product of each two vectors."""
    return np.asarray((first.conj() * second).imag)


def rebuilt(zone: Any, added: Mapping[int, Sequence[complex]]) -> Any:
    """``zone`` with vertices put into its edges, numbered as ``edges_of`` lays them out; all others as they were."""
    parts = shapely.get_parts(zone)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    edge_ends = np.flatnonzero(ring[1:] == ring[:-1]) + 1
    at = [edge_ends[edge] for edge, points in sorted(added.items()) for _ in points]
    new = np.array([point for _, points in sorted(added.items()) for point in points], dtype=np.complex128)
    xy = np.insert(xy, at, xy_of(new), axis=0)
    ring = np.insert(ring, at, ring[at])
    return assembled(np.asarray(shapely.linearrings(xy, indices=ring)), part_of_ring, shapely.get_type_id(zone))


def assembled(rings: Geometries, part_of_ring: Indices, kind: int) -> Any:
    """The polygon or multipolygon (``kind`` of shapely) whose parts have these rings, the shell of each first."""
    parts = []
    for part in np.unique(part_of_ring):
        shell, *holes = rings[part_of_ring == part]
        parts.append(shapely.Polygon(shell, holes))
    return parts[0] if kind == shapely.GeometryType.POLYGON else shapely.multipolygons(parts)


def width_m(shapes: Any) -> Any:
    """The width of each shape on an average: twice its area by its outline; that of a long strip is its width."""
    return 2 * shapely.area(shapes) / np.maximum(shapely.length(shapes), 1e-300)


def _before(ring: Indices) -> Indices:
    """The edge before each in its ring, the last one before the first."""
    before = np.arange(-1, len(ring) - 1)
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    before[first] = np.append(first[1:], len(ring)) - 1
    return before


def _segments(start: Points, end: Points) -> tuple[Indices, Points, Points]:
    vertices, number = np.unique(np.concatenate([start, end]), return_inverse=True)
    first, second = number[: len(start)], number[len(start) :]
    keys = np.minimum(first, second) * len(vertices) + np.maximum(first, second)
    distinct, segment = np.unique(keys, return_inverse=True)
    low, high = np.divmod(distinct, max(len(vertices), 1))
    return segment, vertices[low], vertices[high]
