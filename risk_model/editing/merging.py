"""Merging: zones joined by cancelling the edges they share; nothing is clipped, so every vertex that stays is bit for bit as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.editing.noding import node_coverage
from risk_model.editing.rings import RingEdges, dots_of, edges_of, lines_of, points_of
from risk_model.editing.values import packaged_terms
from risk_model.errors import ZonesApart, ZonesUnsound
from risk_model.message import msg
from risk_model.shapes import AREAL, as_array
from risk_model.vocabulary import Geometries


def merge_zones(geometries: Sequence[Any], *, multipart: bool = False) -> Any:
    """The ground of all ``geometries`` (metric CRS) as one polygon, or a multipolygon where the parts of one lie apart.

    Raises ZonesApart, with the zone that lies apart, where they do not hang together by shared borders, unless
    ``multipart`` is asked for; ZonesUnsound with the place where they overlap or their outline is none.
    """
    shapes = _oriented(geometries)
    for number, shape in node_coverage(dict(enumerate(shapes))).items():
        shapes[number] = shape
    edges = edges_of(shapes)
    shared = edges.shared
    if not multipart:
        _check_together(shapes, edges, shared)
    _check_apart(edges, shared)
    merged = _outlined(edges, ~shared)
    _check_ground(shapes, merged)
    return merged


def merge_faces(faces: Sequence[Any]) -> Any:
    """The ground of polygons that share all their vertices already and do not overlap, as one shape; unchecked."""
    edges = edges_of(np.asarray(shapely.orient_polygons(as_array(list(faces)), exterior_cw=False), dtype=object))
    return _outlined(edges, ~edges.shared)


def _oriented(geometries: Sequence[Any]) -> Geometries:
    shapes = as_array(list(geometries))
    if len(shapes) < 2 or not ((shapely.get_dimensions(shapes) == AREAL) & ~shapely.is_empty(shapes)).all():
        raise ZonesApart(msg("合并至少需要两个面状的区"), None)
    for shape in shapes[~shapely.is_valid(shapes)]:
        raise ZonesUnsound(msg("区的边界自相交，请先改正再合并"), shapely.point_on_surface(shape))
    return np.asarray(shapely.orient_polygons(shapes, exterior_cw=False), dtype=object)


def _check_together(shapes: Geometries, edges: RingEdges, shared: npt.NDArray[np.bool_]) -> None:
    """Every zone is reached from the first by way of shared edges."""
    order = np.argsort(edges.segment[shared], kind="stable")
    pairs = edges.zone[shared][order].reshape(-1, 2)
    group = np.arange(len(shapes))
    for one, other in np.unique(pairs, axis=0):
        group[group == group[other]] = group[one]
    for number in np.flatnonzero(group != group[0])[:1].tolist():
        raise ZonesApart(
            msg("区没有共同的边界，只是相离或者一点相接，不能合并成一个区"),
            shapely.point_on_surface(shapes[number]),
        )


def _check_apart(edges: RingEdges, shared: npt.NDArray[np.bool_]) -> None:
    """No two edges that stay run the same way along each other, and none of them twice."""
    left = edges.segment[~shared]
    twice = np.flatnonzero(np.bincount(left, minlength=len(edges.low)) > 1)
    for segment in twice[:1].tolist():
        (place,) = dots_of((edges.low[[segment]] + edges.high[[segment]]) / 2)
        raise ZonesUnsound(msg("区互相重叠，请先消除重叠再合并"), place)


def _outlined(edges: RingEdges, kept: npt.NDArray[np.bool_]) -> Any:
    """The polygons whose boundaries are the kept edges, with the ground on the left of each."""
    start, end = edges.start[kept], edges.end[kept]
    faces = shapely.get_parts(shapely.polygonize(lines_of(start, end)))
    known = set(zip(start.tolist(), end.tolist(), strict=True))
    inside = []
    for face in shapely.orient_polygons(faces, exterior_cw=False):
        first, second = points_of(shapely.get_coordinates(face)[:2]).tolist()
        if (first, second) in known:
            inside.append(face)
    return inside[0] if len(inside) == 1 else shapely.multipolygons(as_array(inside))


def _check_ground(shapes: Geometries, merged: Any) -> None:
    missing = abs(float(shapely.area(shapes).sum()) - merged.area)
    if missing > packaged_terms().edits["ground_m2"] or not shapely.is_valid(merged):
        common = [
            shapely.intersection(one, other) for number, one in enumerate(shapes) for other in shapes[number + 1 :]
        ]
        worst = max(common, key=lambda shape: shape.area)
        place = shapely.point_on_surface(worst if worst.area else merged)
        raise ZonesUnsound(msg("区互相重叠，请先消除重叠再合并"), place)
