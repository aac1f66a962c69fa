"""Splitting: zones cut by a line, the existing vertices of their outlines bit for bit as they were.

Where the line crosses a border, one point is computed from the border's edge and put into both sides of it; where the line passes
through a vertex, or ends within reach of a border, the line is moved, never the zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from risk_model.editing.cuts import LineCuts, lay_cuts
from risk_model.editing.noding import with_vertices
from risk_model.editing.rings import Points, RingEdges, edges_of, lines_of, points_of
from risk_model.editing.values import K, packaged_terms
from risk_model.errors import ZoneNotCut, ZonesUnsound
from risk_model.message import msg
from risk_model.overlay import prepared_copy
from risk_model.shapes import AREAL, as_array
from risk_model.vocabulary import Geometries


def split_zone(geometry: Any, line: Any) -> list[Any]:
    """The pieces ``line`` cuts a polygon or multipolygon into, the largest first; both in one metric CRS.

    Every piece is a child of its own; a part the line passes by goes with the nearest piece. The pieces have the area of the
    whole within 0.01 m² and every vertex of it; a line through a hole cuts on both sides, a closed line cuts an island out.
    Raises ZoneNotCut with the place where the line ends inside, or that the line misses the zone.
    """
    return split_zones({0: geometry}, line)[0]


def split_zones(zones: Mapping[K, Any], line: Any) -> dict[K, list[Any]]:
    """The pieces of every zone that ``line`` cuts, as ``split_zone``; neighbours get the same vertex on their border.

    Raises ZoneNotCut where it cuts none of them.
    """
    keys, shapes = list(zones), as_array(list(zones.values()))
    _check(shapes, line)
    edges = edges_of(shapes)
    cuts = lay_cuts(line, edges)
    found = {}
    for number, key in enumerate(keys):
        pieces = _Split(shapes[number], number, edges, cuts).pieces()
        if pieces:
            found[key] = pieces
    if not found:
        raise _not_cut(shapes, line)
    return found


@dataclass(frozen=True, slots=True)
class _Split:
    """A zone to be cut along those of the cuts that lead through it."""

    zone: Any
    number: int
    edges: RingEdges
    cuts: LineCuts

    def pieces(self) -> list[Any]:
        """The pieces, the largest first; none where the zone stays whole."""
        start, end = self._inside()
        if not len(start):
            return []
        faces, idle = self._faces(start, end)
        if idle:
            used = np.array([key not in idle for key in map(_key, start.tolist(), end.tolist())], dtype=bool)
            start, end = start[used], end[used]
            faces, idle = self._faces(start, end) if len(start) else (np.empty(0, dtype=object), set())
        return self._children(faces) if len(start) else []

    def _inside(self) -> tuple[Points, Points]:
        start, end = self.cuts.start, self.cuts.end
        middle = (start + end) / 2
        inside = shapely.contains_xy(prepared_copy(self.zone), middle.real, middle.imag)
        return start[inside], end[inside]

    def _faces(self, start: Points, end: Points) -> tuple[Geometries, set[tuple[complex, complex]]]:
        """The faces of the zone between outline and cuts, and the cuts that part nothing."""
        nodes = np.unique(np.concatenate([start, end]))
        kept = set(nodes.tolist())
        on = {one: [foot for foot in feet if foot in kept] for one, feet in self.cuts.on_border.items()}
        outline = with_vertices(as_array([self.zone]), self._own_edges(), on).get(0, self.zone)
        faces, bridges, dangles, _ = shapely.polygonize_full(
            np.concatenate([_chunks(outline, nodes), lines_of(start, end)])
        )
        idle = {key for lines in (bridges, dangles) for one in shapely.get_parts(lines) for key in _line_keys(one)}
        parts = shapely.get_parts(faces)
        at = shapely.get_coordinates(shapely.point_on_surface(parts))
        return parts[shapely.contains_xy(prepared_copy(self.zone), *at.T)], idle

    def _own_edges(self) -> RingEdges:
        mine = self.edges.zone == self.number
        return RingEdges(
            self.edges.start[mine],
            self.edges.end[mine],
            self.edges.before[mine],
            np.zeros(int(mine.sum()), dtype=np.int64),
            self.edges.segment[mine],
            self.edges.low,
            self.edges.high,
        )

    def _children(self, faces: Geometries) -> list[Any]:
        """The faces of the parts that were cut, each uncut part with the nearest of them."""
        parts = shapely.get_parts(self.zone)
        at = shapely.get_coordinates(shapely.point_on_surface(faces))
        holder = np.array([int(np.flatnonzero(shapely.contains_xy(parts, x, y))[0]) for x, y in at])
        count = np.bincount(holder, minlength=len(parts))
        children = faces[count[holder] > 1]
        if not len(children):
            return []
        members: dict[int, list[Any]] = {number: [child] for number, child in enumerate(children)}
        for part in parts[count <= 1]:
            members[int(np.argmin(shapely.distance(children, part)))].append(part)
        grown = [shapely.multipolygons(own) if len(own) > 1 else own[0] for own in members.values()]
        _check_ground(self.zone, grown)
        return sorted(grown, key=lambda piece: (-piece.area, piece.bounds))


def _chunks(outline: Any, nodes: Points) -> Geometries:
    """The rings of an outline, cut where a cut meets them."""
    chunks = []
    for ring in shapely.get_rings(shapely.get_parts(outline)):
        xy = shapely.get_coordinates(ring)
        at = np.flatnonzero(np.isin(points_of(xy), nodes))
        stops = np.unique(np.concatenate([[0], at, [len(xy) - 1]]))
        chunks += [shapely.LineString(xy[one : other + 1]) for one, other in pairwise(stops)]
    return as_array(chunks)


def _key(one: complex, other: complex) -> tuple[complex, complex]:
    return (one, other) if (one.real, one.imag) < (other.real, other.imag) else (other, one)


def _line_keys(line: Any) -> list[tuple[complex, complex]]:
    at = points_of(shapely.get_coordinates(line)).tolist()
    return [_key(one, other) for one, other in pairwise(at)]


def _check(shapes: Geometries, line: Any) -> None:
    if shapely.get_type_id(line) != shapely.GeometryType.LINESTRING or not np.isfinite(line.length) or not line.length:
        raise ZoneNotCut(msg("分割线至少要有两个不同的点"), None)
    if not ((shapely.get_dimensions(shapes) == AREAL) & ~shapely.is_empty(shapes)).all():
        raise ZoneNotCut(msg("只有面状的区才能分割"), None)
    for shape in shapes[~shapely.is_valid(shapes)]:
        raise ZonesUnsound(msg("区的边界自相交，请先改正再分割"), shapely.point_on_surface(shape))


def _check_ground(zone: Any, pieces: list[Any]) -> None:
    lost = abs(zone.area - sum(piece.area for piece in pieces))
    if lost > packaged_terms().edits["ground_m2"] or not all(map(shapely.is_valid, pieces)):
        raise ZonesUnsound(msg("分割线与边界几乎重合，分不干净；请离边界远一些再画"), shapely.point_on_surface(zone))


def _not_cut(shapes: Geometries, line: Any) -> ZoneNotCut:
    """Why a line cuts nothing: it misses every zone, or an end of it stays inside one."""
    for end in (shapely.get_point(line, 0), shapely.get_point(line, -1)):
        if shapely.contains_properly(shapes, end).any():
            return ZoneNotCut(msg("分割线的一端停在区里面；请把线画到边界以外"), end)
    return ZoneNotCut(
        msg("分割线没有穿过所选的区；请画一条穿过它的线"), shapely.line_interpolate_point(line, 0.5, normalized=True)
    )
