"""Hazards joined into one grade: the weighted sum and the worst of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risk_model.grading.terms import GradingTerms
from risk_model.indicators import rank_by_bounds, weighted_sum

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Composite:
    """Per unit: ``weighted`` sum and ``maximum`` (0–1, NaN where there is no grade), ``rank`` (0: none).

    ``counted`` are the scores (units, hazards) as they were joined: those given, raised where chains count.
    ``by_weighted`` and ``by_maximum`` are the ranks either alone would give, the latter before it is made milder.
    """

    weighted: Floats
    maximum: Floats
    rank: Integers
    by_weighted: Integers
    by_maximum: Integers
    counted: Floats


def compose(scores: Floats, terms: GradingTerms) -> Composite:
    """Join ``scores`` (units, hazards; NaN unknown) into grades of the terms' scheme.

    The grade is the worse of that of the weighted sum and that of the maximum made ``ease_steps`` milder. A unit that
    lacks a mandatory hazard has none. Another hazard that is missing counts at its worst, and the grade stands only
    where it would be the same at its best: what nobody surveyed never decides a grade.
    """
    weights = np.array(terms.weights)
    mandatory = np.array([hazard.mandatory for hazard in terms.hazards], dtype=bool)
    missing = np.isnan(scores)
    worst, best = (set_off(np.where(missing, unknown, scores), terms) for unknown in (1.0, 0.0))
    rank = rank_of(worst, weights, terms)
    stands = ~missing[:, mandatory].any(axis=1) & (rank == rank_of(best, weights, terms))
    return Composite(
        weighted=np.where(stands, np.round(weighted_sum(worst, weights), 12), np.nan),
        maximum=np.where(stands, worst.max(axis=1), np.nan),
        rank=np.where(stands, rank, 0),
        by_weighted=np.where(stands, _rank_by_sum(worst, weights, terms), 0),
        by_maximum=np.where(stands, rank_by_bounds(worst.max(axis=1), terms.lower_bounds), 0),
        counted=np.where(missing, np.nan, worst),
    )


def set_off(scores: Floats, terms: GradingTerms) -> Floats:
    """Known ``scores`` raised by what other hazards set off on the same ground; unchanged unless the rules count chains."""
    raised = scores.copy()
    for one in terms.set_off:
        raised[:, one.effect] = np.maximum(raised[:, one.effect], one.share * scores[:, one.cause])
    return raised


def rank_of(scores: Floats, weights: Floats, terms: GradingTerms) -> Integers:
    """Ranks (1 = worst) of known ``scores`` (units, hazards) under ``weights``."""
    by_sum = _rank_by_sum(scores, weights, terms)
    by_maximum = rank_by_bounds(scores.max(axis=1), terms.lower_bounds) + terms.ease_steps
    mildest = len(terms.lower_bounds) + 1
    return np.asarray(np.minimum(by_sum, np.minimum(by_maximum, mildest)))


def _rank_by_sum(scores: Floats, weights: Floats, terms: GradingTerms) -> Integers:
    return rank_by_bounds(np.round(weighted_sum(scores, weights), 12), terms.lower_bounds)
