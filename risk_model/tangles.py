"""Tangled outlines: spiky, ragged or scattered shapes, measured piece by piece.

Overlaying or widening a shape whole compares every two of its edges whose boxes meet. Along a smooth outline these are
its neighbours; between the rays of a star they are nearly all, so work and memory grow with the square of the vertices.
The triangles of a shape need no comparing with each other: what they share with a zone adds up, and what is widened
together is the union of what is widened apart. An outline that is not tangled is measured whole, as it always was.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.buffers import TRUE_TO_M, buffer_m
from risk_model.shapes import AREAL, as_array
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Cap = Literal["round", "flat"]

FEW_VERTICES: Final = 200
"""So few vertices make no tangle worth a look."""

TANGLED: Final = 20_000
"""Pairs of edges with meeting boxes from which on a shape is taken apart: some milliseconds' worth."""

_SCALES: Final = (1, 8, 64)
"""Cells a side in which edges are looked at, so that a small tangle on a large outline is seen too."""

_COUNTED_TOGETHER: Final = 256
"""Shapes whose edges are counted together: the cells of all have to find room in memory."""

_RUN: Final = 16
"""Vertices of a line that are widened together."""

_TOGETHER: Final = 512
"""Triangles asked about at once: their partners have to find room in memory."""

_STEPS: Final = (1 / 64, 1 / 16, 1 / 4, 1.0)
"""How much of the way an area is widened after each step."""

_SHALLOW_M: Final = TRUE_TO_M / 4
"""Notches in a widened outline that are no deeper (m) than what a drawn arc may be wrong by are left out."""

_ADDS_UP: Final = 1e-9
"""The relative area by which triangles may differ from their polygon; where they do not add up, it stays whole."""


def shared_area(first: Geometries, second: Geometries) -> Floats:
    """The area (m², one metric CRS) each pair of polygons shares: that of shapely's intersection."""
    area = np.zeros(len(first))
    knotted = _knotted(first, second)
    whole = np.flatnonzero(~knotted.any(axis=0))
    area[whole] = shapely.area(shapely.intersection(first[whole], second[whole]))
    measured: dict[tuple[int, int], float] = {}
    for pair in np.flatnonzero(knotted.any(axis=0)).tolist():
        key = id(first[pair]), id(second[pair])
        if key not in measured:
            measured[key] = _shared_in_pieces((first[pair], second[pair]), knotted[:, pair])
        area[pair] = measured[key]
    return area


def area_on(shape: Any, pieces: Geometries) -> float:
    """The area (m²) of a polygon that lies on ``pieces`` (which may overlap) taken together."""
    if not is_tangled(shape):
        return float(shapely.area(shapely.union_all(shapely.intersection(pieces, shape))))
    ground = shapely.union_all(shapely.intersection(pieces, shapely.envelope(shape)))
    return float(shared_area(as_array([ground]), as_array([shape]))[0])


def widened(shapes: Geometries, metres: Floats | float, *, cap_style: Cap = "round") -> Geometries:
    """Each shape with the ground up to ``metres`` (not below 0) around it, as :func:`risk_model.buffers.buffer_m` has it."""
    metres = np.broadcast_to(np.asarray(metres, dtype=np.float64), shapes.shape)
    wide = np.full(len(shapes), None, dtype=object)
    apart = np.zeros(len(shapes), dtype=bool)
    for number in np.flatnonzero(shapely.get_num_coordinates(shapes) > FEW_VERTICES).tolist():
        apart[number] = _meetings_when_widened(shapes[number], float(metres[number])) > TANGLED
    wide[~apart] = buffer_m(shapes[~apart], metres[~apart], cap_style=cap_style)
    for number in np.flatnonzero(apart).tolist():
        wide[number] = _widened_in_pieces(shapes[number], float(metres[number]), cap_style)
    return wide


def is_tangled(shape: Any) -> bool:
    """Whether so many edges of a shape come near each other that it is better taken apart."""
    return bool(_are_tangled(as_array([shape]))[0])


def _are_tangled(shapes: Geometries) -> Truths:
    """Whether each shape is tangled; many are counted together, for each by itself costs more than its edges."""
    tangled = np.zeros(len(shapes), dtype=bool)
    large = np.flatnonzero(shapely.get_num_coordinates(shapes) > FEW_VERTICES)
    large = large[[_meetings_at_most(shape) > TANGLED for shape in shapes[large]]] if large.size else large
    for start in range(0, len(large), _COUNTED_TOGETHER):
        some = large[start : start + _COUNTED_TOGETHER]
        tangled[some] = _meetings_of_each(shapes[some]) > TANGLED
    return tangled


def _meetings_at_most(shape: Any) -> int:
    """How many pairs of edges of a shape lie over each other from west to east: most outlines are told by that alone."""
    x = shapely.get_coordinates(shape)[:, 0]
    west, east = np.sort(np.minimum(x[1:], x[:-1])), np.sort(np.maximum(x[1:], x[:-1]))
    begun, ended = np.searchsorted(west, east, side="right"), np.searchsorted(east, west, side="left")
    return int(begun.sum() - ended.sum())


def _meetings_of_each(shapes: Geometries) -> Floats:
    """About how many pairs of edges of each shape have boxes that meet."""
    start, end, of = _edges_of_each(shapes)
    size, middle, box = np.abs(end - start), (start + end) / 2, shapely.bounds(shapes)
    room = np.maximum(box[:, 2:] - box[:, :2], 1e-9)
    most = np.zeros(len(shapes))
    for scale in _SCALES:
        side = room[of] / scale
        column, row = np.clip((middle - box[of, :2]) // side, 0, scale - 1).astype(np.int64).T
        cell = (of * scale + row) * scale + column
        wide, high = (
            np.bincount(cell, np.minimum(size[:, axis], side[:, axis]) / side[:, axis], len(shapes) * scale**2)
            for axis in (0, 1)
        )
        most = np.maximum(most, (wide * high).reshape(len(shapes), -1).sum(axis=1))
    return most


def _edges_of_each(shapes: Geometries) -> tuple[Floats, Floats, Indices]:
    """Start and end of each edge, and the shape it belongs to."""
    areal = shapely.get_dimensions(shapes) == AREAL
    outlines = shapes.copy()
    outlines[areal] = shapely.boundary(shapes[areal])
    lines, of = shapely.get_parts(outlines, return_index=True)
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    within = line[1:] == line[:-1]
    return vertices[:-1][within], vertices[1:][within], np.asarray(of[line[1:][within]], dtype=np.int64)


def meetings(shape: Any, box: Floats) -> float:
    """About how many pairs of edges of ``shape`` have boxes that meet within ``box``; in time linear in its vertices."""
    return _meetings(_edge_boxes(shape), box)


def _meetings(edges: tuple[Floats, Floats], box: Floats) -> float:
    low, high = np.maximum(edges[0], box[:2]), np.minimum(edges[1], box[2:])
    inside = (low <= high).all(axis=1)
    low, size = low[inside], (high - low)[inside]
    room = np.maximum(box[2:] - box[:2], 1e-9)
    return max(_meetings_in_cells(low + size / 2 - box[:2], size, room, scale) for scale in _SCALES)


def triangles_of(shape: Any) -> Geometries:
    """Triangles that cover a polygon or multipolygon without overlap; its parts where they do not add up to it."""
    return _triangles(shape)


def _knotted(first: Geometries, second: Geometries) -> Truths:
    """For both sides of each pair, whether that shape is tangled where the boxes of the two meet."""
    sides = np.zeros((2, len(first)), dtype=bool)
    rows_of: dict[tuple[int, int], list[int]] = {}
    for side, shapes in enumerate((first, second)):
        for row in np.flatnonzero(shapely.get_num_coordinates(shapes) > FEW_VERTICES).tolist():
            rows_of.setdefault((side, id(shapes[row])), []).append(row)
    distinct = as_array([(first, second)[side][rows[0]] for (side, _), rows in rows_of.items()])
    for ((side, _), rows), shape, tangled in zip(rows_of.items(), distinct, _are_tangled(distinct), strict=True):
        if tangled:
            boxes = shapely.bounds(np.stack([first[rows], second[rows]]))
            shared = np.hstack([boxes[:, :, :2].max(axis=0), boxes[:, :, 2:].min(axis=0)])
            edges = _edge_boxes(shape)
            sides[side, rows] = [_meetings(edges, box) > TANGLED for box in shared]
    return sides


def _shared_in_pieces(pair: tuple[Any, Any], knotted: Truths) -> float:
    taken, other = pair if knotted[0] else pair[::-1]
    triangles = triangles_of(taken)
    tree = shapely.STRtree(triangles)
    if knotted.all():
        return _shared_by_triangles(tree, triangles_of(other))
    inside = tree.query(other, predicate="contains_properly")
    crossing = np.setdiff1d(tree.query(other, predicate="intersects"), inside, assume_unique=True)
    cut = shapely.area(shapely.intersection(triangles[crossing], other))
    return float(shapely.area(triangles[inside]).sum() + cut.sum())


def _shared_by_triangles(tree: shapely.STRtree, others: Geometries) -> float:
    total = 0.0
    for start in range(0, len(others), _TOGETHER):
        some = others[start : start + _TOGETHER]
        other, own = tree.query(some, predicate="intersects")
        total += float(shapely.area(shapely.intersection(tree.geometries[own], some[other])).sum())
    return total


@lru_cache(maxsize=8)
def _triangles(shape: Any) -> Geometries:
    found: Geometries = shapely.get_parts(shapely.constrained_delaunay_triangles(shape))
    whole = float(shapely.area(shape))
    if abs(float(shapely.area(found).sum()) - whole) > _ADDS_UP * whole:
        return np.asarray(shapely.get_parts(shape))
    return found


def _widened_in_pieces(shape: Any, metres: float, cap_style: Cap) -> Any:
    """The union of the widened parts, runs of a line or triangles of an area.

    An area is widened in steps: once its spikes flow together, what they leave is widened whole, and the notches between
    their tips, which each step makes shallower, go as soon as they are too shallow to tell.
    """
    parts = shapely.get_parts(shape)
    if len(parts) > 1:
        return shapely.union_all(widened(parts, metres, cap_style=cap_style))
    if shapely.get_dimensions(shape) < 2:
        return shapely.union_all(buffer_m(_runs(parts[0]), metres, cap_style=cap_style))
    wide, behind = shape, 0.0
    for share in _STEPS:
        step = metres * (share - behind)
        whole = behind > 0 and _meetings_when_widened(wide, step) <= TANGLED
        wide = buffer_m(wide, step) if whole else shapely.union_all(buffer_m(triangles_of(shape), metres * share))
        wide, behind = shapely.simplify(wide, _SHALLOW_M), share
    return wide


def _runs(line: Any) -> Geometries:
    """A line in runs that share an edge, so that each of its corners stands within a run; a closed one over its seam."""
    vertices = shapely.get_coordinates(line)
    if len(vertices) > 2 and (vertices[0] == vertices[-1]).all():
        vertices = np.vstack([vertices, vertices[1]])
    last = max(len(vertices) - 2, 1)
    runs = [shapely.LineString(vertices[start : start + _RUN]) for start in range(0, last, _RUN - 2)]
    return np.array(runs, dtype=object)


def _edge_boxes(shape: Any) -> tuple[Floats, Floats]:
    start, end, _ = _edges(shape)
    return np.minimum(start, end), np.maximum(start, end)


def _edges(shape: Any) -> tuple[Floats, Floats, Indices]:
    """Start and end of each edge, and the ring or line it belongs to."""
    lines = shapely.get_parts(shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape)
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    within = line[1:] == line[:-1]
    return vertices[:-1][within], vertices[1:][within], line[1:][within]


def _meetings_in_cells(middle: Floats, size: Floats, room: Floats, scale: int) -> float:
    """Number of meetings expected of edges strewn evenly over each cell they have their middle in."""
    side = room / scale
    column, row = np.clip(middle // side, 0, scale - 1).astype(np.int64).T
    cell = row * scale + column
    wide, high = (np.bincount(cell, np.minimum(size[:, axis], side[axis]) / side[axis]) for axis in (0, 1))
    return float((wide * high).sum())


def _meetings_when_widened(shape: Any, metres: float) -> float:
    """About how many times the offset curve of a shape meets itself: straight beside edges, round about corners."""
    start, end, line = _edges(shape)
    along = end - start
    length = float(np.hypot(*along.T).sum())
    heading = np.arctan2(along[:, 1], along[:, 0])
    turned = np.abs(np.remainder(np.diff(heading) + np.pi, 2 * np.pi) - np.pi)
    turning = (
        float(turned[line[1:] == line[:-1]].sum()) if len(line) else 2 * np.pi * shapely.get_num_coordinates(shape)
    )
    west, south, east, north = shapely.bounds(shape)
    room = max((east - west + 2 * metres) * (north - south + 2 * metres), 1e-9)
    return float((length + abs(metres) * turning) ** 2 / room)
