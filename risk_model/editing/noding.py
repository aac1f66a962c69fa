"""Noding: where the vertex of one zone lies on the edge of another, the edge gets that vertex.

No vertex is moved. A vertex within the tolerance of an edge but beside it bends that edge by no more than the tolerance, which
changes an area by less than tolerance times the length of the edge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely

from risk_model.editing.rings import (
    Floats,
    Indices,
    Points,
    RingEdges,
    dots_of,
    edges_of,
    lines_of,
    rebuilt,
    share_along,
)
from risk_model.editing.values import K, packaged_terms
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

_ROUNDS: Final = 8
"""An edge bent into a vertex may come near another; each round bends by less, so few are needed."""


def node_coverage(zones: Mapping[K, Any], tolerance_m: float | None = None) -> dict[K, Any]:
    """The zones that get a vertex of another zone, with it, by their keys; lines and points are passed over.

    Both sides of a border then share their vertices bit for bit. ``tolerance_m`` (packaged: ``node_m``) is how far from
    an edge a vertex still lies on it; vertices nearer than that to an end of the edge stay apart, as drawn. A sound zone that
    would cross itself with the new vertex is left as it is.
    """
    within = packaged_terms().edits["node_m"] if tolerance_m is None else tolerance_m
    keys, shapes = list(zones), as_array(list(zones.values()))
    changed: set[int] = set()
    for _ in range(_ROUNDS):
        noded = _noded_once(shapes, within)
        if not noded:
            break
        for number, shape in noded.items():
            shapes[number] = shape
        changed |= noded.keys()
    return {keys[number]: shapes[number] for number in sorted(changed)}


def vertices_on(points: Points, start: Points, end: Points, within_m: float) -> dict[int, list[complex]]:
    """For each edge (by number) the points that lie on it, in order; none nearer than ``within_m`` to its ends or each other."""
    tree = shapely.STRtree(lines_of(start, end))
    point, edge = tree.query(dots_of(points), predicate="dwithin", distance=within_m)
    at = points[point]
    between = np.minimum(np.abs(at - start[edge]), np.abs(at - end[edge])) > within_m
    point, edge = point[between], edge[between]
    return _apart(points[point], edge, share_along(points[point], start[edge], end[edge]), within_m)


def _apart(points: Points, edge: Indices, share: Floats, within_m: float) -> dict[int, list[complex]]:
    order = np.lexsort((points.imag, points.real, share, edge))
    on: dict[int, list[complex]] = defaultdict(list)
    for number in order.tolist():
        found = on[int(edge[number])]
        if not found or abs(found[-1] - points[number]) > within_m:
            found.append(complex(points[number]))
    return dict(on)


def _noded_once(shapes: Geometries, within_m: float) -> dict[int, Any]:
    edges = edges_of(shapes)
    on = vertices_on(edges.vertices(), edges.low, edges.high, within_m)
    return {
        number: shape
        for number, shape in with_vertices(shapes, edges, on).items()
        if shapely.is_valid(shape) or not shapely.is_valid(shapes[number])
    }


def with_vertices(shapes: Geometries, edges: RingEdges, on: Mapping[int, list[complex]]) -> dict[int, Any]:
    """The shapes (by number) with an edge on a segment that gets vertices, with them."""
    if not on:
        return {}
    bent = np.flatnonzero(np.isin(edges.segment, list(on)))
    first = np.searchsorted(edges.zone, np.arange(len(shapes)))
    added: dict[int, dict[int, list[complex]]] = defaultdict(dict)
    forward = edges.forward
    for edge in bent.tolist():
        points, zone = on[int(edges.segment[edge])], int(edges.zone[edge])
        added[zone][edge - int(first[zone])] = points if forward[edge] else points[::-1]
    return {zone: rebuilt(shapes[zone], by_edge) for zone, by_edge in added.items()}
