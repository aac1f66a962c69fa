"""Shapes in bulk: arrays that hold each shape whole, shapes joined into one, and large ones cut into pieces.

Every storey that holds many shapes at once comes here; lengths and areas are those of the metric CRS.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.vocabulary import Geometries

AREAL: Final = 2
VERTICES_A_PIECE: Final = 128
CROWDED_M: Final = 1.0
VERTICES_AT_ONCE: Final = 8192
"""A shape of more is halved again and again first: each cut looks at the whole of what it cuts."""


def as_array(values: Collection[Any]) -> npt.NDArray[np.object_]:
    """A one-dimensional object array that holds each of ``values`` (shapes, words, lists, None) whole."""
    array = np.empty(len(values), dtype=object)
    array[:] = list(values)
    return array


def join_shapes(shapes: Collection[Any]) -> Any:
    """The union of ``shapes``; what is sound in degrees may cross itself by a hair in metres, where it is joined."""
    array = as_array(shapes)
    crossed = ~shapely.is_valid(array)
    array[crossed] = shapely.make_valid(array[crossed])
    return shapely.union_all(array) if len(array) else shapely.Polygon()


def polygons_in(shapes: Geometries) -> Geometries:
    """All polygons that are ``shapes`` or parts of them, one by one; lines, points and what is empty are left out."""
    parts = shapely.get_parts(shapes)
    while (shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION).any():
        parts = shapely.get_parts(parts)
    flat = shapely.get_parts(parts)
    areal = (shapely.get_type_id(flat) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(flat)
    return np.asarray(flat[areal])


def subdivide(shape: Any, *, at_most: int | None = None) -> Geometries:
    """Disjoint polygons that together are the area of ``shape``, none with very many vertices.

    Whoever is cut with them, or looks them up by a spatial index, then meets few vertices at once.
    Where ``at_most`` is given, pieces with more are cut again, unless their vertices crowd within a metre. (A recorded
    run is repeated to the last digit, so the ground of a grading is cut as it always was: once.)
    """
    parts = polygons_in(as_array([shape]))
    large = shapely.get_num_coordinates(parts) > VERTICES_A_PIECE
    cut = [_cut(half) for part in parts[large] for half in _halves(part)]
    pieces = np.concatenate([parts[~large], *cut])
    return pieces if at_most is None else _within(pieces, at_most)


def _within(pieces: Geometries, at_most: int) -> Geometries:
    bounds = shapely.bounds(pieces)
    wide = (bounds[:, 2:] - bounds[:, :2]).max(axis=1, initial=0.0) >= CROWDED_M
    large = (shapely.get_num_coordinates(pieces) > at_most) & wide
    cut = [_within(_cut(piece), at_most) for piece in pieces[large]]
    return np.concatenate([pieces[~large], *cut])


def _halves(part: Any) -> list[Any]:
    """Polygons of at most ``VERTICES_AT_ONCE`` vertices; ``part`` itself where it has no more."""
    done, waiting = [], [part]
    while waiting:
        shape = waiting.pop()
        if shapely.get_num_coordinates(shape) <= VERTICES_AT_ONCE:
            done.append(shape)
            continue
        west, south, east, north = shapely.bounds(shape)
        x, y = (west + east) / 2, (south + north) / 2
        upright = east - west < north - south
        halves = (
            [(west, south, east, y), (west, y, east, north)]
            if upright
            else [(west, south, x, north), (x, south, east, north)]
        )
        waiting += list(polygons_in(shapely.intersection(shape, shapely.box(*np.transpose(halves)))))
    return done


def _cut(part: Any) -> Geometries:
    steps = int(np.ceil(np.sqrt(shapely.get_num_coordinates(part) / VERTICES_A_PIECE))) + 1
    west, south, east, north = shapely.bounds(part)
    column, row = (side.ravel() for side in np.meshgrid(np.arange(steps - 1), np.arange(steps - 1)))
    x, y = np.linspace(west, east, steps), np.linspace(south, north, steps)
    boxes = shapely.box(x[column], y[row], x[column + 1], y[row + 1])
    return polygons_in(shapely.intersection(part, boxes))
