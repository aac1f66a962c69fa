"""The ground of one hazard as it is graded: every place in one level, the worst where zones overlap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.grading.fractions import Edges, edges_of
from risk_model.grading.terms import HazardTerms
from risk_model.rulebook import RuleBook
from risk_model.shapes import AREAL, as_array, join_shapes, polygons_in, subdivide
from risk_model.surveys import surveyed_ground
from risk_model.vocabulary import ExtentSet, Geometries, Grade, ZoneSet

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Level:
    """Ground of one grade, or (``grade`` None) surveyed ground on which no zone lies; ``score`` 0–1."""

    grade: Grade | None
    score: float


@dataclass(frozen=True, eq=False)
class GradedGround:
    """Disjoint ``shapes`` (metric CRS), one for each of ``levels``; together they are all ground the hazard is known on.

    ``product`` is the product that was read, None where none of the hazard's products is published.
    """

    hazard: str
    product: str | None
    levels: tuple[Level, ...]
    shapes: Geometries

    def polygons(self) -> tuple[Geometries, Indices]:
        """All polygons of the shapes as they are, and the level of each."""
        return _by_level([polygons_in(as_array([shape])) for shape in self.shapes])

    def edges(self, cell_m: float) -> Edges:
        """The edges of all polygons as a grid of ``cell_m`` is measured along them."""
        if cell_m not in self._edges:
            self._edges[cell_m] = edges_of(*self.polygons(), cell_m)
        return self._edges[cell_m]

    @cached_property
    def _edges(self) -> dict[float, Edges]:
        return {}

    @cached_property
    def pieces(self) -> tuple[Geometries, Indices]:
        """The same ground in polygons of few vertices each, so that a unit is cut with little, and the level of each."""
        return _by_level([subdivide(shape) for shape in self.shapes])


def lay_ground(hazard: HazardTerms, zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook, on: date) -> GradedGround:
    """Take the hazard's zones and surveys apart into disjoint levels.

    The first published product of the hazard's list is read. Ground under several zones has their worst grade. Ground
    outside the survey, whose survey does not hold on day ``on``, and under a zone without a grade, is not known. Raises UnknownScheme for a foreign grade.
    """
    product = next((one for one in hazard.products if _of(extents, hazard.key, one).any()), None)
    if product is None:
        return GradedGround(hazard.key, None, (), np.empty(0, object))
    mine = _of(zones, hazard.key, product) & (shapely.get_dimensions(zones.geometry) == AREAL)
    ground = surveyed_ground(zones, extents, rulebook, on, lambda key, one: (key, one) == (hazard.key, product))
    known = shapely.difference(ground.whole(hazard.key), join_shapes(zones.geometry[mine & (zones.rank == 0)]))
    levels, shapes, covered = [], [], shapely.Polygon()
    for level, members in _levels(zones, mine, rulebook):
        reach = join_shapes(zones.geometry[members])
        levels.append(level)
        shapes.append(shapely.intersection(shapely.difference(reach, covered), known))
        covered = shapely.union(covered, reach)
    if hazard.not_prone:
        levels.append(Level(None, 0.0))
        shapes.append(shapely.difference(known, covered))
    return GradedGround(hazard.key, product, tuple(levels), np.array(shapes, dtype=object))


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


def _by_level(parts: list[Geometries]) -> tuple[Geometries, Indices]:
    level = np.repeat(np.arange(len(parts)), [len(some) for some in parts])
    return np.concatenate([np.empty(0, object), *parts]), level
