"""Trials: other class breaks and other weights on the scores of a recorded run. Nothing here is ever a grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from risk_model.grading import GradingTerms
from risk_model.grading.composite import Composite, compose
from risk_model.indicators import bounds_by_deviation, goodness_of_fit, natural_bounds, rank_by_bounds
from risk_model.weights import judge_pairwise, weigh_by_entropy

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FIXED, NATURAL, DEVIATION, ENTROPY = "fixed", "natural", "deviation", "entropy"
MOST_NATURAL: Final = 1500
"""More scores than this are thinned to so many, evenly by rank, before natural breaks are sought in them."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Record of a run: ``values`` (units, hazards; NaN unknown) and the published ``rank`` of each unit (0: none)."""

    values: Floats
    rank: Integers


@dataclass(frozen=True, slots=True)
class Trial:
    """Result of a method: falling lower ``bounds``, hazard ``weights``, ``rank`` of each unit (0: none), ``gvf``.

    ``gvf`` is the share of squared deviation of the weighted sums that the classes explain; None where nothing is known.
    ``thinned`` says that the bounds were sought in some of the scores only.
    """

    method: str
    bounds: tuple[float, ...]
    weights: tuple[float, ...]
    composite: Composite
    gvf: float | None
    thinned: bool = False

    @property
    def rank(self) -> Integers:
        """The rank of each unit, 0 where data lack."""
        return self.composite.rank


@dataclass(frozen=True, slots=True)
class Stability:
    """Agreement of two rankings of the same units: Spearman's rho of the sums, how many of the worst ten match."""

    rho: float | None
    same_worst: int
    of_worst: int


def try_breaks(scores: Scores, terms: GradingTerms) -> list[Trial]:
    """The published fixed bounds, natural breaks, and mean with standard deviation, each cutting the weighted sums.

    The worst hazard keeps the fixed bounds and its step, for bounds found among sums say nothing of a single hazard.
    Methods that cannot be had (nothing known, all scores equal) are left out.
    """
    fixed = _trial(FIXED, scores, terms)
    sums = fixed.composite.weighted
    known = np.sort(sums[~np.isnan(sums)])
    if not known.size:
        return [fixed]
    classes = len(terms.lower_bounds) + 1
    thin = known if len(known) <= MOST_NATURAL else known[np.linspace(0, len(known) - 1, MOST_NATURAL).astype(int)]
    natural = falling_bounds(thin, natural_bounds(thin, classes))
    found = ((NATURAL, natural, len(thin) < len(known)), (DEVIATION, bounds_by_deviation(known, classes), False))
    return [fixed, *(_cut(fixed, method, bounds, terms, thinned) for method, bounds, thinned in found if bounds)]


def _cut(fixed: Trial, method: str, bounds: tuple[float, ...], terms: GradingTerms, thinned: bool) -> Trial:
    composite = fixed.composite
    by_sum = rank_by_bounds(composite.weighted, bounds)
    eased = np.minimum(composite.by_maximum + terms.ease_steps, len(terms.lower_bounds) + 1)
    rank = np.where(composite.rank > 0, np.minimum(by_sum, eased), 0)
    fit = fit_of(composite.weighted, bounds)
    return Trial(method, bounds, fixed.weights, replace(composite, rank=rank, by_weighted=by_sum), fit, thinned)


def try_weights(method: str, scores: Scores, terms: GradingTerms, weights: Sequence[float]) -> Trial:
    """The published bounds under other ``weights`` of the hazards (not negative, some above 0; scaled to sum 1)."""
    whole = float(sum(weights))
    hazards = tuple(
        replace(hazard, weight=weight / whole) for hazard, weight in zip(terms.hazards, weights, strict=True)
    )
    return _trial(method, scores, replace(terms, hazards=hazards))


def entropy_weights(scores: Scores) -> tuple[tuple[float, ...], int]:
    """Weights of the hazards by entropy over the units known of all of them, and how many units that are.

    Raises UnsoundWeights where the scores cannot tell.
    """
    whole = scores.values[~np.isnan(scores.values).any(axis=1)]
    return tuple(map(float, weigh_by_entropy(whole))), len(whole)


def falling_bounds(values: Floats, upper_bounds: Sequence[float]) -> tuple[float, ...]:
    """Falling, inclusive lower bounds (all but the mildest class's) that cut ``values`` as the rising upper bounds do."""
    group = np.searchsorted(np.asarray(upper_bounds), values)
    return tuple(float(values[group == one].min()) for one in sorted(set(group.tolist()), reverse=True)[:-1])


def compare_order(one: Floats, other: Floats) -> Stability:
    """Agreement of two sets of sums (NaN unknown) on the order of the same units."""
    known = ~np.isnan(one) & ~np.isnan(other)
    a, b = _ranks(one[known]), _ranks(other[known])
    count = min(10, len(a))
    same = len(set(np.argsort(-a, kind="stable")[:count]) & set(np.argsort(-b, kind="stable")[:count]))
    spread = a.std() * b.std() if len(a) else 0.0
    rho = float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread else None
    return Stability(rho, same, count)


def _trial(method: str, scores: Scores, terms: GradingTerms) -> Trial:
    found = compose(scores.values, terms)
    return Trial(method, terms.lower_bounds, terms.weights, found, fit_of(found.weighted, terms.lower_bounds))


def fit_of(sums: Floats, lower_bounds: Sequence[float]) -> float | None:
    """The goodness of variance fit of classes with falling inclusive lower bounds; None where nothing is known."""
    known = sums[~np.isnan(sums)]
    if not known.size:
        return None
    below = np.nextafter(np.asarray(sorted(lower_bounds)), -np.inf)
    return goodness_of_fit(known, [*below, np.inf])


def _ranks(values: Floats) -> Floats:
    """Ranks from 0, equal values sharing their mean rank."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    return np.asarray((ends - (count + 1) / 2)[place], dtype=np.float64)


def worked_examples() -> list[dict[str, Any]]:
    """Known answers of the methods, computed here and now: ``key expected found holds``."""
    scores = np.array([0.05, 0.07, 0.11, 0.2, 0.22, 0.25, 0.38, 0.41, 0.44, 0.58, 0.61, 0.66, 0.79, 0.85, 0.92])
    table = np.array([[0.2, 0.5, 0.9], [0.4, 0.5, 0.1], [0.6, 0.5, 0.3], [0.8, 0.5, 0.2]])
    judged = [[1.0, 2.0, 3.0, 3.0, 4.0], [1 / 2, 1.0, 2.0, 2.0, 3.0], [1 / 3, 1 / 2, 1.0, 1.0, 2.0]]
    judged += [[1 / 3, 1 / 2, 1.0, 1.0, 2.0], [1 / 4, 1 / 3, 1 / 2, 1 / 2, 1.0]]
    twisted = [list(row) for row in judged]
    twisted[0][4], twisted[4][0] = 1 / 4, 4.0
    five = natural_bounds(scores, 5)
    cases: list[tuple[str, Sequence[float], Sequence[float], int]] = [
        ("natural_5", (0.11, 0.25, 0.44, 0.66, 0.92), five, 2),
        ("fit_5", (0.98566,), (goodness_of_fit(scores, five),), 5),
        ("natural_4", (0.25, 0.44, 0.66, 0.92), natural_bounds(scores, 4), 2),
        ("deviation_5", (0.7143, 0.5752, 0.2968, 0.1577), bounds_by_deviation(scores), 4),
        ("entropy", (0.2564, 0.0, 0.7436), list(weigh_by_entropy(table)), 4),
        ("consistency", (0.0074,), (judge_pairwise(judged).consistency_ratio,), 4),
        ("contradiction", (0.3478,), (judge_pairwise(twisted).consistency_ratio,), 4),
    ]
    return [_example(*case) for case in cases]


def _example(key: str, expected: Sequence[float], found: Sequence[float], digits: int) -> dict[str, Any]:
    told = [round(float(one), digits) + 0.0 for one in found]
    return {"key": key, "expected": list(expected), "found": told, "holds": told == list(expected)}
