"""Figures made comparable: normalised to 0–1, joined into a risk, cut into classes. An unknown figure stays unknown."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from risk_model.errors import UnsoundBreaks
from risk_model.message import msg

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

UNDECIDED: Final = 0.5
"""The normalised value where all units have the same figure."""

SIGMA_STEPS: Final = {4: (1.0, 0.0, -1.0), 5: (1.0, 0.5, -0.5, -1.0)}
"""How many standard deviations from the mean the lower bounds of the worst classes lie, by number of classes."""


def normalise(figures: npt.ArrayLike, *, rising: bool = True, name: str = "") -> Floats:
    """Figures scaled to 0–1 by their smallest and largest; ``rising`` says whether more is worse.

    NaN stays NaN. Where all known figures are equal they become 0.5, and that is logged.
    """
    values = np.asarray(figures, dtype=np.float64)
    known = values[~np.isnan(values)]
    if not known.size:
        return values.copy()
    low, high = known.min(), known.max()
    if low == high:
        log.info("indicator %s is %g everywhere and tells units not apart: counted as %g", name, low, UNDECIDED)
        return np.where(np.isnan(values), np.nan, UNDECIDED)
    return np.asarray((values - low if rising else high - values) / (high - low))


def weighted_sum(values: npt.ArrayLike, weights: npt.ArrayLike) -> Floats:
    """Σ w·x along the last axis with the weights scaled to sum 1; NaN where any figure of positive weight is NaN."""
    figures, shares = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    used = shares > 0
    return np.asarray((figures[..., used] * (shares[used] / shares[used].sum())).sum(axis=-1))


def join_risk(
    hazard: npt.ArrayLike, exposure: npt.ArrayLike, vulnerability: npt.ArrayLike, *, geometric: bool = True
) -> Floats:
    """The risk of hazard, exposure and vulnerability (0–1): their geometric mean, or their product; NaN where one is."""
    product = np.asarray(hazard, float) * np.asarray(exposure, float) * np.asarray(vulnerability, float)
    return np.asarray(np.cbrt(product) if geometric else product)


def relieve(risk: npt.ArrayLike, capacity: npt.ArrayLike, *, relief: float = 0.5) -> Floats:
    """Risk eased by the capacity (0–1) to cope: R·(1 - k·C) with ``relief`` k; an unknown capacity eases nothing."""
    eased = np.nan_to_num(np.asarray(capacity, dtype=np.float64), nan=0.0)
    return np.asarray(np.asarray(risk, dtype=np.float64) * (1.0 - relief * eased))


def rank_by_bounds(scores: npt.ArrayLike, lower_bounds: Sequence[float]) -> Integers:
    """Ranks (1 = worst) of ``scores`` by the falling, inclusive lower bounds of every class but the mildest.

    0 where a score is NaN. Raises UnsoundBreaks where the bounds do not fall.
    """
    bounds = np.asarray(lower_bounds, dtype=np.float64)
    if (np.diff(bounds) >= 0).any() or not np.isfinite(bounds).all():
        raise UnsoundBreaks(msg("分级界限应从最差一级起递减，不能是 {lower_bounds}", lower_bounds=list(lower_bounds)))
    values = np.asarray(scores, dtype=np.float64)
    ranks = 1 + (values[..., np.newaxis] < bounds).sum(axis=-1)
    return np.asarray(np.where(np.isnan(values), 0, ranks), dtype=np.int64)


def bounds_by_deviation(scores: npt.ArrayLike, classes: int = 5) -> tuple[float, ...]:
    """Falling lower bounds at the mean plus and minus parts of the (population) standard deviation; 4 or 5 classes.

    All scores equal: no bounds, one class. Raises UnsoundBreaks for another number of classes or nothing known.
    """
    if classes not in SIGMA_STEPS:
        raise UnsoundBreaks(msg("标准差分级只适用于 4 级或 5 级，不能是 {classes} 级", classes=classes))
    known = _known(scores)
    mean, deviation = float(known.mean()), float(known.std())
    if np.ptp(known) == 0:
        return ()
    return tuple(mean + step * deviation for step in SIGMA_STEPS[classes])


def natural_bounds(scores: npt.ArrayLike, classes: int) -> tuple[float, ...]:
    """Rising upper bounds of the classes with the least squared deviation within (Fisher, 1958; known as Jenks).

    With fewer distinct scores than classes every distinct score is a class. For exploration only: the bounds move
    when one unit's score does. Raises UnsoundBreaks where nothing is known or ``classes`` is below 1.
    """
    if classes < 1:
        raise UnsoundBreaks(msg("至少要有一级"))
    values = np.sort(_known(scores))
    distinct = np.unique(values)
    if len(distinct) <= classes:
        return tuple(map(float, distinct))
    within = _deviations_within(values)
    least, starts = within[0].copy(), []
    for _ in range(classes - 1):
        before = np.concatenate([[np.inf], least[:-1]])
        joined = before[:, np.newaxis] + within
        start = joined.argmin(axis=0)
        least = joined[start, np.arange(len(values))]
        starts.append(start)
    ends = [len(values) - 1]
    for start in reversed(starts):
        ends.append(int(start[ends[-1]]) - 1)
    return tuple(float(values[end]) for end in reversed(ends))


def goodness_of_fit(scores: npt.ArrayLike, upper_bounds: Sequence[float]) -> float:
    """The share (0–1) of all squared deviation that the classes explain; 1 where all scores are equal."""
    values = _known(scores)
    group = np.searchsorted(np.asarray(upper_bounds), values)
    whole = float(((values - values.mean()) ** 2).sum())
    within = sum(float(((values[group == one] - values[group == one].mean()) ** 2).sum()) for one in np.unique(group))
    return 1.0 - within / whole if whole else 1.0


def _deviations_within(values: Floats) -> Floats:
    """(n, n): squared deviation of the sorted values i..j from their own mean; infinite where j comes before i."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    squares = np.concatenate([[0.0], np.cumsum(values**2)])
    first, last = np.meshgrid(np.arange(len(values)), np.arange(len(values)), indexing="ij")
    count = np.maximum(last - first + 1, 1)
    spread = squares[last + 1] - squares[first] - (sums[last + 1] - sums[first]) ** 2 / count
    return np.asarray(np.where(last < first, np.inf, np.maximum(spread, 0.0)))


def _known(scores: npt.ArrayLike) -> Floats:
    values = np.asarray(scores, dtype=np.float64).ravel()
    known = values[~np.isnan(values)]
    if not known.size:
        raise UnsoundBreaks(msg("没有一个单元有已知得分，无从分级"))
    return known
