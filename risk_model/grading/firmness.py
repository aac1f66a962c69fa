"""How firm a grade is: what other grade it would be by slightly other weights, or if zone boundaries lay elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.grading.composite import rank_of
from risk_model.grading.ground import GradedGround
from risk_model.grading.terms import GradingTerms
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WEIGHT, BOUNDARY = "weight", "boundary"
QUADRANT_STEPS = 4
"""Corners of a moved boundary are drawn with so many steps a quadrant; at 20 m they are less than half a metre off."""
VERTICES_A_PIECE = 128


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that could be otherwise, and the rank of each unit if it were.

    ``by`` is weight or boundary, ``hazard`` whose (None: of all at once), ``change`` the share a weight is changed by or
    the metres a boundary is moved by (above 0: worse ground grows).
    """

    by: str
    hazard: str | None
    change: float
    rank: Integers


def move_boundaries(ground: GradedGround, shift_m: float) -> GradedGround:
    """``ground`` as it would be if every boundary between worse and milder ground lay ``shift_m`` further out.

    Below 0 worse ground shrinks. The edge of what was surveyed stays where it is: behind it nothing is known.
    """
    scores = np.array([level.score for level in ground.levels])
    if len(scores) < 2:
        return ground
    of_level = [shapely.union_all(ground.pieces[ground.level == number]) for number in range(len(scores))]
    known = shapely.union_all(np.array(of_level, dtype=object))
    reach = [_moved(shapely.union_all(of_level[: number + 1]), known, shift_m) for number in range(len(scores) - 1)]
    outer = [*reach, known]
    shapes = [outer[0], *(shapely.difference(outer[n], outer[n - 1]) for n in range(1, len(outer)))]
    pieces = [_pieces(shape) for shape in shapes]
    numbers = np.repeat(np.arange(len(pieces)), [len(some) for some in pieces])
    return GradedGround(ground.hazard, ground.product, ground.levels, numbers, np.concatenate(pieces))


def doubts_of(scores: Floats, moved: Sequence[tuple[float, Floats]], terms: GradingTerms) -> list[Doubt]:
    """What could be otherwise: every weight ``swing`` smaller and larger, every hazard's boundaries moved, and all at once.

    ``scores`` and each of ``moved`` (shift in metres, scores) are (units, hazards), NaN unknown, which counts at its worst.
    """
    worst = np.where(np.isnan(scores), 1.0, scores)
    weights = np.array(terms.weights)
    doubts = []
    for number, hazard in enumerate(terms.hazards):
        for change in (-terms.swing, terms.swing):
            swung = weights.copy()
            swung[number] *= 1.0 + change
            doubts.append(Doubt(WEIGHT, hazard.key, change, rank_of(worst, swung, terms)))
    for shift_m, there in moved:
        elsewhere = np.where(np.isnan(there) | np.isnan(scores), worst, there)
        for number, hazard in enumerate(terms.hazards):
            one = worst.copy()
            one[:, number] = elsewhere[:, number]
            doubts.append(Doubt(BOUNDARY, hazard.key, shift_m, rank_of(one, weights, terms)))
        doubts.append(Doubt(BOUNDARY, None, shift_m, rank_of(elsewhere, weights, terms)))
    return doubts


def contested_by(unit: int, rank: int, doubts: Sequence[Doubt]) -> list[Doubt]:
    """The doubts under which ``unit`` would not have ``rank``; all boundaries at once only where no single one does."""
    told = [doubt for doubt in doubts if int(doubt.rank[unit]) != rank]
    alone = {(doubt.by, doubt.change) for doubt in told if doubt.hazard is not None}
    return [doubt for doubt in told if doubt.hazard is not None or (doubt.by, doubt.change) not in alone]


def _moved(reach: shapely.Geometry, known: shapely.Geometry, shift_m: float) -> shapely.Geometry:
    if shift_m >= 0:
        return shapely.intersection(shapely.buffer(reach, shift_m, quad_segs=QUADRANT_STEPS), known)
    milder = shapely.difference(known, reach)
    return shapely.difference(reach, shapely.buffer(milder, -shift_m, quad_segs=QUADRANT_STEPS))


def _pieces(shape: shapely.Geometry) -> Geometries:
    """Polygons that together are ``shape``; those of very many vertices are cut up, so that a unit meets few of them."""
    parts = _polygons(shape)
    vertices = shapely.get_num_coordinates(parts)
    large = vertices > VERTICES_A_PIECE
    cut = [_cut(part, int(count)) for part, count in zip(parts[large], vertices[large], strict=True)]
    return np.concatenate([parts[~large], *cut])


def _cut(part: shapely.Geometry, vertices: int) -> Geometries:
    steps = int(np.ceil(np.sqrt(vertices / VERTICES_A_PIECE))) + 1
    west, south, east, north = shapely.bounds(part)
    x, y = np.linspace(west, east, steps), np.linspace(south, north, steps)
    boxes = [shapely.box(x[:-1], y[row], x[1:], y[row + 1]) for row in range(steps - 1)]
    return _polygons(shapely.intersection(part, np.concatenate(boxes)))


def _polygons(shapes: Any) -> Geometries:
    parts = shapely.get_parts(shapely.get_parts(shapes))
    areal = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return np.asarray(parts[areal])
