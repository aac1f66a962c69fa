"""The ground of one hazard as it is graded: every place in one level, the worst where zones overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.grading.terms import HazardTerms
from risk_model.overlay import measure
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import ExtentSet, Geometries, Grade, ZoneSet

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

AREAL: Final = 2
VERTICES_A_PIECE: Final = 128
NOISE: Final = 1e-9
"""Shares of a unit smaller than this are noise of cutting, not ground."""


@dataclass(frozen=True, slots=True)
class Level:
    """Ground of one grade, or (``grade`` None) surveyed ground on which no zone lies; ``score`` 0–1."""

    grade: Grade | None
    score: float


@dataclass(frozen=True, slots=True)
class GradedGround:
    """Disjoint pieces (metric CRS), each of one of ``levels``; together they are all ground the hazard is known on.

    ``product`` is the product that was read, None where none of the hazard's products is published.
    """

    hazard: str
    product: str | None
    levels: tuple[Level, ...]
    level: Indices
    pieces: Geometries


@dataclass(frozen=True, slots=True)
class Measured:
    """What a hazard does to each unit: ``area_m2`` (units, levels), ``known`` share 0–1, ``score`` 0–1 or NaN."""

    ground: GradedGround
    area_m2: Floats
    known: Floats
    score: Floats


def lay_ground(hazard: HazardTerms, zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook) -> GradedGround:
    """Take the hazard's zones and surveys apart into disjoint levels.

    The first published product of the hazard's list is read. Ground under several zones has their worst grade. Ground
    outside the survey, and under a zone without a grade, is not known. Raises UnknownScheme for a foreign grade.
    """
    product = next((one for one in hazard.products if _of(extents, hazard.key, one).any()), None)
    if product is None:
        return GradedGround(hazard.key, None, (), np.empty(0, np.int64), np.empty(0, object))
    mine = _of(zones, hazard.key, product) & (shapely.get_dimensions(zones.geometry) == AREAL)
    mine_extents = _of(extents, hazard.key, product)
    drawn = extents.geometry[mine_extents & ~extents.own_zones]
    own = extents.extent_id[mine_extents & extents.own_zones]
    surveyed = _join([*drawn, *zones.geometry[mine & np.isin(zones.extent_id, own)]])
    known = shapely.difference(surveyed, _join(zones.geometry[mine & (zones.rank == 0)]))
    levels, shapes, covered = [], [], shapely.Polygon()
    for level, members in _levels(zones, mine, rulebook):
        reach = _join(zones.geometry[members])
        levels.append(level)
        shapes.append(shapely.intersection(shapely.difference(reach, covered), known))
        covered = shapely.union(covered, reach)
    if hazard.not_prone:
        levels.append(Level(None, 0.0))
        shapes.append(shapely.difference(known, covered))
    pieces = [_pieces(shape) for shape in shapes]
    number = np.repeat(np.arange(len(pieces)), [len(some) for some in pieces])
    together = np.concatenate(pieces) if pieces else np.empty(0, object)
    return GradedGround(hazard.key, product, tuple(levels), number, together)


def measure_ground(ground: GradedGround, units: Geometries, *, least_known: float, threads: int = 2) -> Measured:
    """The exact area of every level in every unit, and each unit's score: the area-weighted mean over the unit.

    A unit known on less than ``least_known`` of its area has no score; above that, what is not known counts at its
    worst. Geometries in the metric CRS; scores are kept to twelve decimals, since what lies below is noise of cutting.
    """
    whole = shapely.area(units)
    pairs = measure(units, ground.pieces, 0.0, threads=threads)
    width = len(ground.levels)
    cell = pairs.site * width + ground.level[pairs.zone] if len(pairs) else np.empty(0, np.int64)
    flat: Floats = np.bincount(cell, weights=pairs.overlap_m2, minlength=len(units) * width).astype(np.float64)
    area = flat.reshape(len(units), width)
    known = np.minimum(area.sum(axis=1) / whole, 1.0)
    known[known > 1.0 - NOISE] = 1.0
    scores = np.array([level.score for level in ground.levels])
    mean = area @ scores / whole + (1.0 - known) if width else np.ones(len(units))
    score = np.where((known > 0) & (known >= least_known), np.round(np.clip(mean, 0.0, 1.0), 12), np.nan)
    return Measured(ground, area, known, score)


def _of(rows: ZoneSet | ExtentSet, hazard: str, product: str) -> npt.NDArray[np.bool_]:
    return np.asarray((rows.hazard == hazard) & (rows.product == product), dtype=bool)


def _levels(
    zones: ZoneSet, mine: npt.NDArray[np.bool_], rulebook: RuleBook
) -> list[tuple[Level, npt.NDArray[np.bool_]]]:
    """Worst score first; equal scores of different schemes in the order of their names."""
    graded = mine & (zones.rank > 0)
    marks = sorted(set(zip(zones.scheme[graded].tolist(), zones.rank[graded].tolist(), strict=True)))
    grades = [rulebook.grade(scheme, rank) for scheme, rank in marks]
    worst_first = sorted(grades, key=lambda grade: (-rulebook.score(grade), grade.scheme))
    return [
        (Level(grade, rulebook.score(grade)), graded & (zones.scheme == grade.scheme) & (zones.rank == grade.rank))
        for grade in worst_first
    ]


def _join(shapes: Any) -> Any:
    """The union of ``shapes``; what is sound in degrees may cross itself by a hair in metres, where it is cut."""
    array = np.empty(len(shapes), dtype=object)
    array[:] = list(shapes)
    crossed = ~shapely.is_valid(array)
    array[crossed] = shapely.make_valid(array[crossed])
    return shapely.union_all(array) if len(array) else shapely.Polygon()


def _pieces(shape: Any) -> Geometries:
    """Polygons that together are ``shape``, cut so that none has very many vertices: a unit then meets few of them."""
    parts = _polygons(shapely.get_parts(shape))
    vertices = shapely.get_num_coordinates(parts)
    small = [parts[vertices <= VERTICES_A_PIECE]]
    for part, count in zip(parts[vertices > VERTICES_A_PIECE], vertices[vertices > VERTICES_A_PIECE], strict=True):
        steps = int(np.ceil(np.sqrt(count / VERTICES_A_PIECE))) + 1
        west, south, east, north = shapely.bounds(part)
        column, row = (side.ravel() for side in np.meshgrid(np.arange(steps - 1), np.arange(steps - 1)))
        x, y = np.linspace(west, east, steps), np.linspace(south, north, steps)
        boxes = shapely.box(x[column], y[row], x[column + 1], y[row + 1])
        small.append(_polygons(shapely.get_parts(shapely.intersection(part, boxes))))
    return np.concatenate(small)


def _polygons(parts: Geometries) -> Geometries:
    while (shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION).any():
        parts = shapely.get_parts(parts)
    flat = shapely.get_parts(parts)
    return np.asarray(flat[shapely.get_type_id(flat) == shapely.GeometryType.POLYGON])
