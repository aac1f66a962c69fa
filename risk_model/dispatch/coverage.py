"""Coverage: how much of what is to be protected is arrived at within some time, counted on points."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """What is covered and what is not; ``share`` is None of nothing at all."""

    covered: float
    uncovered: float

    @property
    def share(self) -> float | None:
        """The share that is covered."""
        whole = self.covered + self.uncovered
        return self.covered / whole if whole > 0 else None


def count_covered(seconds: Floats, weights: Floats, minutes: float) -> CoverageCount:
    """The weights of points that are arrived at within so many minutes, and of all others."""
    within = seconds <= minutes * 60
    return CoverageCount(float(weights[within].sum()), float(weights[~within].sum()))


@cache
def coverage_minutes() -> tuple[float, ...]:
    """The minutes coverage is counted by where nobody asks for others."""
    text = (resources.files("risk_model.dispatch") / "coverage.toml").read_text(encoding="utf-8")
    return read_coverage_minutes(tomllib.loads(text))


def read_coverage_minutes(table: Mapping[str, Any]) -> tuple[float, ...]:
    """The same from its table. Raises ValueError where they do not grow from above 0."""
    minutes = tuple(float(value) for value in table["minutes"])
    if not minutes or any(high <= low for low, high in zip((0.0, *minutes), minutes, strict=False)):
        raise ValueError("coverage.toml: minutes grow from above 0.")
    return minutes
