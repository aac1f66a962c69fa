"""Isolines of a raster, and closed mosaics cut along them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.demo.grid import Grid
from gis_layers.demo.noise import Field
from gis_layers.demo.overlay import GRAIN_M, merged
from risk_model.vocabulary import Geometries

# Which cell edges a line joins for the 16 corner cases of marching squares: 0 south, 1 east, 2 north, 3 west.
_JOINS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 2), (0, 1)), 6: ((0, 2),), 7: ((3, 2),),
    8: ((2, 3),), 9: ((0, 2),), 10: ((3, 0), (1, 2)), 11: ((1, 2),), 12: ((3, 1),), 13: ((0, 1),), 14: ((3, 0),),
}  # fmt: skip


def isolines(grid: Grid, field: Field, level: float) -> Geometries:
    """The lines along which ``field`` equals ``level``, as merged LineStrings in the metric plane.

    Marching squares with linear interpolation (Lorensen and Cline 1987, in two dimensions).
    """
    above = field > level
    case = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    crossings = _crossings(grid, field, level)
    pairs = []
    for number, joins in _JOINS.items():
        row, column = np.nonzero(case == number)
        for first, second in joins:
            pairs.append(np.stack([_edge(crossings, first, row, column), _edge(crossings, second, row, column)], 1))
    segments: Geometries = np.asarray(shapely.linestrings(np.concatenate(pairs)), dtype=object)
    segments = segments[shapely.length(segments) > 0]
    if len(segments) == 0:
        return np.empty(0, dtype=object)
    return shapely.get_parts(shapely.line_merge(shapely.multilinestrings(segments)))


def soften(lines: Geometries, *, tolerance_m: float) -> Geometries:
    """Lines without raster steps: simplified to ``tolerance_m``, then corners cut twice (Chaikin 1974)."""
    plain = shapely.simplify(lines, tolerance_m)
    cut = np.array([_cut_corners(_cut_corners(line)) for line in plain], dtype=object)
    return shapely.simplify(cut, 0.1 * tolerance_m)


def region_above(grid: Grid, field: Field, level: float, *, tolerance_m: float = 25.0) -> shapely.MultiPolygon:
    """The ground where ``field`` exceeds ``level``, softened; nothing outside the grid counts."""
    padded = np.pad(field, 1, constant_values=min(float(field.min()), level) - 1.0)
    wide = Grid(grid.west - grid.cell_m, grid.south - grid.cell_m, grid.cell_m, grid.rows + 2, grid.columns + 2)
    rings = soften(isolines(wide, padded, level), tolerance_m=tolerance_m)
    if len(rings) == 0:
        return shapely.MultiPolygon()
    faces = shapely.get_parts(shapely.polygonize([shapely.unary_union(rings, grid_size=GRAIN_M)]))
    inner = deep_points(faces)
    return merged(faces[wide.sample(padded, inner[:, 0], inner[:, 1]) > level])


def faces_between(area: shapely.Geometry, lines: Geometries) -> Geometries:
    """``area`` cut along ``lines`` into faces that share their edges exactly."""
    network = shapely.unary_union(np.array([*lines, shapely.boundary(area)], dtype=object), grid_size=GRAIN_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    return faces[shapely.contains(area, shapely.point_on_surface(faces))]


def deep_points(faces: Geometries) -> Field:
    """A place well inside each face, shape (n, 2): there a field speaks for the face, which near its edge it may not."""
    spokes = shapely.maximum_inscribed_circle(faces, tolerance=10.0)
    return shapely.get_coordinates(shapely.get_point(spokes, 0))


def absorb_slivers(faces: Geometries, labels: npt.NDArray[np.int64], *, least_m2: float) -> npt.NDArray[np.int64]:
    """Labels where faces under ``least_m2`` take the label of the neighbour they share most edge with."""
    labels, area = labels.copy(), shapely.area(faces)
    tree = shapely.STRtree(faces)
    for small in np.argsort(area, kind="stable"):
        if area[small] >= least_m2:
            break
        near = np.sort(tree.query(faces[small], predicate="intersects"))
        near = near[(near != small) & (area[near] > area[small])]
        shared = shapely.length(shapely.intersection(faces[near], faces[small]))
        if len(near) and shared.max() > 0:
            labels[small] = labels[near[int(np.argmax(shared))]]
    return labels


def dissolve(faces: Geometries, labels: npt.NDArray[np.int64]) -> dict[int, shapely.Geometry]:
    """One geometry for each label, edges untouched, in label order."""
    return {int(label): shapely.unary_union(faces[labels == label]) for label in np.unique(labels)}


def _crossings(grid: Grid, field: Field, level: float) -> tuple[Field, Field]:
    """Points where each grid edge meets the level: on the east-going edges, on the north-going edges."""
    with np.errstate(divide="ignore", invalid="ignore"):
        along = (level - field[:, :-1]) / (field[:, 1:] - field[:, :-1])
        upward = (level - field[:-1]) / (field[1:] - field[:-1])
    flat = np.stack([grid.x[:, :-1] + along * grid.cell_m, grid.y[:, :-1]], axis=-1)
    steep = np.stack([grid.x[:-1], grid.y[:-1] + upward * grid.cell_m], axis=-1)
    return flat, steep


def _edge(crossings: tuple[Field, Field], edge: int, row: npt.NDArray[np.intp], column: npt.NDArray[np.intp]) -> Field:
    flat, steep = crossings
    if edge in (0, 2):
        return flat[row + edge // 2, column]
    return steep[row, column + (edge == 1)]


def _cut_corners(line: shapely.Geometry) -> shapely.Geometry:
    points = shapely.get_coordinates(line)
    if len(points) < 4:
        return line
    near, far = 0.75 * points[:-1] + 0.25 * points[1:], 0.25 * points[:-1] + 0.75 * points[1:]
    cut = np.stack([near, far], axis=1).reshape(-1, 2)
    closed = np.array_equal(points[0], points[-1])
    ends = (cut, cut[:1]) if closed else (points[:1], cut, points[-1:])
    return shapely.LineString(np.concatenate(ends))
