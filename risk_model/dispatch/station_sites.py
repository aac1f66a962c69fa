"""Sites for stations: the most people that so many more of them cover (maximal covering location).

A greedy choice improved by swaps answers at once; HiGHS proves how far from the best it may be, or finds the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[attr-defined]
from scipy.sparse import csr_array, eye_array, hstack

from risk_model.dispatch.coverage import Floats

Flags = npt.NDArray[np.bool_]
HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand by the candidates that cover it: ``covers`` (a row for each candidate, a column for each pattern) and its ``weight``."""

    covers: Flags
    weight: Floats


@dataclass(frozen=True, slots=True)
class SitePlan:
    """Plan of sites (places in the list of candidates), each with the ``gains`` it adds to those before it.

    No plan of as many sites covers more than ``bound``.
    """

    sites: tuple[int, ...]
    gains: tuple[float, ...]
    bound: float

    @property
    def total(self) -> float:
        """What all of them cover that was not covered."""
        return float(sum(self.gains))

    @property
    def gap(self) -> float:
        """How much more the best plan might cover, as a share of it: 0 where this is the best."""
        return max(0.0, (self.bound - self.total) / self.bound) if self.bound > 0 else 0.0


def join_demand(covers: Flags, weight: Floats) -> Demand:
    """Demand whose candidates are the same, joined; what none of them covers is left out."""
    counted = covers.any(axis=0) & (weight > 0)
    packed = np.packbits(covers[:, counted], axis=0)
    _, first, group = np.unique(packed, axis=1, return_index=True, return_inverse=True)
    joined = np.bincount(group.ravel(), weight[counted], len(first)).astype(np.float64)
    return Demand(covers[:, counted][:, first], joined)


def gains_of(demand: Demand, sites: Sequence[int]) -> tuple[float, ...]:
    """What each of the sites adds to those before it."""
    covered = np.zeros(len(demand.weight), dtype=bool)
    gains = []
    for site in sites:
        gains.append(float(demand.weight[demand.covers[site] & ~covered].sum()))
        covered |= demand.covers[site]
    return tuple(gains)


def greedy_plan(demand: Demand, add: int) -> SitePlan:
    """The site that gains most, again and again, then swapped for others as long as that gains; bounded by what is simple to say.

    ``bound`` is that of submodular gains: what the plan covers and the best further gains, as many as there are sites.
    """
    sites: list[int] = []
    for _ in range(min(add, len(demand.covers))):
        more = _more(demand, sites)
        if more.max() <= 0:
            break
        sites.append(int(np.argmax(more)))
    sites = _swapped(demand, sites)
    ordered = _by_gain(demand, sites)
    further = np.sort(_more(demand, ordered))[::-1][:add]
    gains = gains_of(demand, ordered)
    return SitePlan(ordered, gains, min(float(demand.weight.sum()), sum(gains) + float(further.sum())))


def exact_plan(demand: Demand, add: int, *, within_s: float) -> SitePlan:
    """The best plan, or the best that was found in so many seconds with the bound that was proven by then."""
    greedy = greedy_plan(demand, add)
    candidates, patterns = demand.covers.shape
    if not patterns or not candidates or greedy.gap == 0:
        return greedy
    found = _solved(demand, add, within_s)
    bound = greedy.bound if found.mip_dual_bound is None else min(greedy.bound, -float(found.mip_dual_bound))
    sites = greedy.sites if found.x is None else _by_gain(demand, np.flatnonzero(found.x[:candidates] > 1 / 2).tolist())
    best = max((greedy.sites, sites), key=lambda some: sum(gains_of(demand, some)))
    gains = gains_of(demand, best)
    # The solver's own arithmetic may miss by a hair.
    proven = max(bound, sum(gains))
    return SitePlan(best, gains, sum(gains) if proven - sum(gains) <= HAIR * max(1.0, proven) else proven)


def _solved(demand: Demand, add: int, within_s: float) -> Any:
    """The answer of HiGHS: a candidate is chosen or not, a pattern is covered no more than those chosen that cover it."""
    candidates, patterns = demand.covers.shape
    covering = csr_array(demand.covers.T.astype(float))  # type: ignore[no-untyped-call]
    reached = hstack([-covering, eye_array(patterns)], format="csr")  # type: ignore[no-untyped-call]
    sites = np.r_[np.ones(candidates), np.zeros(patterns)]
    return milp(  # type: ignore[no-untyped-call]
        -np.r_[np.zeros(candidates), demand.weight],
        integrality=sites,
        bounds=Bounds(0, 1),  # type: ignore[no-untyped-call]
        constraints=[
            LinearConstraint(reached, -np.inf, 0),  # type: ignore[no-untyped-call]
            LinearConstraint(sites[None, :], 0, add),  # type: ignore[no-untyped-call]
        ],
        options={"time_limit": within_s, "mip_rel_gap": 0.0},
    )


def _more(demand: Demand, sites: Sequence[int]) -> Floats:
    """What each candidate would add to ``sites``."""
    covered = demand.covers[list(sites)].any(axis=0)
    more: Floats = demand.covers[:, ~covered] @ demand.weight[~covered]
    return more


def _swapped(demand: Demand, sites: list[int]) -> list[int]:
    improved = True
    while improved:
        improved = False
        for place in range(len(sites)):
            others = [*sites[:place], *sites[place + 1 :]]
            more = _more(demand, others)
            best = int(np.argmax(more))
            if more[best] > more[sites[place]] * (1 + HAIR):
                sites = [*others[:place], best, *others[place:]]
                improved = True
    return sites


def _by_gain(demand: Demand, sites: Sequence[int]) -> tuple[int, ...]:
    """The same sites, each the one that gains most after those before it; without those that gain nothing."""
    left, ordered = [*sites], list[int]()
    while left:
        more = _more(demand, ordered)
        best = max(left, key=lambda site: (more[site], -site))
        left.remove(best)
        if more[best] > 0:
            ordered.append(best)
    return tuple(ordered)
