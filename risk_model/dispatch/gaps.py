"""Gaps of coverage: villages whose people are not arrived at in time, those first where most people stand on the worst ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.due import Due, Indices

LEAST_HAZARD = 0.2
"""The hazard of ground in no published zone: the lowest of five grades, for what nobody surveyed is not safe."""


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """People of a ``village`` nobody reaches in time; ``weight`` is their number times the hazard they live under.

    ``first_s`` and ``second_s`` are when the last of them is reached, infinite where nobody comes; ``force`` is first at
    most of them, -1 where nobody is; ``home`` is one of theirs, nearest to the middle of all.
    """

    village: int
    people: float
    weight: float
    first_s: float
    second_s: float
    force: int
    home: int


def rank_gaps(
    due: Due, people: Floats, hazard: Floats, village: Indices, *, at: Floats, minutes: float
) -> list[CoverageGap]:
    """The gaps by weight, then by people. ``at`` are the places of homes (metric CRS), one row each, as are all others."""
    open_homes = np.flatnonzero((due.first > minutes * 60) & (people > 0))
    gaps = [
        _gap(
            due,
            people,
            np.maximum(hazard, LEAST_HAZARD),
            open_homes[village[open_homes] == one],
            at=at,
            village=int(one),
        )
        for one in np.unique(village[open_homes])
    ]
    return sorted(gaps, key=lambda gap: (-gap.weight, -gap.people, gap.village))


def _gap(due: Due, people: Floats, hazard: Floats, homes: Indices, *, at: Floats, village: int) -> CoverageGap:
    of_each = np.bincount(due.nearest[homes] + 1, people[homes])
    came = of_each.copy()
    came[0] = 0.0
    middle = np.average(at[homes], axis=0, weights=people[homes])
    home = homes[np.argmin(((at[homes] - middle) ** 2).sum(axis=1))]
    return CoverageGap(
        village,
        float(people[homes].sum()),
        float((people[homes] * hazard[homes]).sum()),
        float(due.first[homes].max()),
        float(due.second[homes].max()),
        int(np.argmax(came)) - 1 if came.any() else -1,
        int(home),
    )
