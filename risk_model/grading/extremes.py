"""Extremes: ground of a hazard's worst grade inside a unit whose own grade is milder, because it was averaged over the unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WORST: Final = 1
LEAST_TOLD_M2: Final = 100.0
"""Ground smaller than this is where two boundaries do not quite meet."""
SHOWN_FROM: Final = 0.8
"""The share of a unit from which on its mean is of the worst grade itself and hides nothing (lower bound of the worst)."""


def hidden_extremes(measurements: Mapping[str, Any], grade_rank: int | None) -> list[dict[str, Any]]:
    """``hazard grade grade_scheme area_m2`` of every hazard's worst grade that a unit's mean hides, the largest first.

    ``measurements`` are those of a graded area; none is hidden where the unit itself has the worst grade.
    """
    if grade_rank == WORST:
        return []
    most_m2 = SHOWN_FROM * measurements["area_m2"]
    found = [
        {"hazard": hazard, **{name: level[name] for name in ("grade", "grade_scheme", "area_m2")}}
        for hazard, told in measurements["hazards"].items()
        for level in told["by_grade"]
        if level["grade_rank"] == WORST and LEAST_TOLD_M2 <= level["area_m2"] < most_m2
    ]
    return sorted(found, key=lambda one: (-one["area_m2"], one["hazard"]))
