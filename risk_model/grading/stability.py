"""Firmness of a grade: the other grade it would be by slightly other weights or zone boundaries elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.grading.composite import rank_of, set_off
from risk_model.grading.ground import GradedGround
from risk_model.grading.terms import GradingTerms

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WEIGHT, BOUNDARY = "weight", "boundary"
QUADRANT_STEPS = 4
"""Corners of a moved boundary are drawn with so many steps a quadrant; at 20 m they are less than half a metre off."""


@dataclass(frozen=True, slots=True)
class Alternative:
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
    if len(ground.levels) < 2:
        return ground
    known = shapely.union_all(ground.shapes)
    reach = [
        _moved(shapely.union_all(ground.shapes[: number + 1]), known, shift_m)
        for number in range(len(ground.levels) - 1)
    ]
    outer = np.array([*reach, known], dtype=object)
    shapes = np.concatenate([outer[:1], shapely.difference(outer[1:], outer[:-1])])
    return GradedGround(ground.hazard, ground.product, ground.levels, shapes)


def alternatives_of(scores: Floats, moved: Sequence[tuple[float, Floats]], terms: GradingTerms) -> list[Alternative]:
    """Doubts to test: every weight ``swing`` smaller and larger, every hazard's boundaries moved, and all at once.

    ``scores`` and each of ``moved`` (shift in metres, scores) are (units, hazards), NaN unknown, which counts at its worst.
    """
    worst = np.where(np.isnan(scores), 1.0, scores)
    weights = np.array(terms.weights)
    doubts = []
    for number, hazard in enumerate(terms.hazards):
        for change in (-terms.swing, terms.swing):
            swung = weights.copy()
            swung[number] *= 1.0 + change
            doubts.append(Alternative(WEIGHT, hazard.key, change, rank_of(set_off(worst, terms), swung, terms)))
    for shift_m, there in moved:
        elsewhere = np.where(np.isnan(there) | np.isnan(scores), worst, there)
        for number, hazard in enumerate(terms.hazards):
            one = worst.copy()
            one[:, number] = elsewhere[:, number]
            doubts.append(Alternative(BOUNDARY, hazard.key, shift_m, rank_of(set_off(one, terms), weights, terms)))
        doubts.append(Alternative(BOUNDARY, None, shift_m, rank_of(set_off(elsewhere, terms), weights, terms)))
    return doubts


def contested_by(unit: int, rank: int, doubts: Sequence[Alternative]) -> list[Alternative]:
    """The doubts under which ``unit`` would not have ``rank``; all boundaries at once only where no single one does."""
    told = [doubt for doubt in doubts if int(doubt.rank[unit]) != rank]
    alone = {(doubt.by, doubt.change) for doubt in told if doubt.hazard is not None}
    return [doubt for doubt in told if doubt.hazard is not None or (doubt.by, doubt.change) not in alone]


def _moved(reach: shapely.Geometry, known: shapely.Geometry, shift_m: float) -> shapely.Geometry:
    if shift_m >= 0:
        return shapely.intersection(shapely.buffer(reach, shift_m, quad_segs=QUADRANT_STEPS), known)
    milder = shapely.difference(known, reach)
    return shapely.difference(reach, shapely.buffer(milder, -shift_m, quad_segs=QUADRANT_STEPS))
