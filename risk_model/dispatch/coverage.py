"""Coverage: how much of what is to be protected is arrived at within some time, counted on points."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
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


@dataclass(frozen=True, slots=True)
class CoverageStandard:
    """Minutes from the call within which help is counted, and what they rest on, in both languages."""

    key: str
    minutes: tuple[float, ...]
    basis: str
    basis_en: str


def count_covered(seconds: Floats, weights: Floats, minutes: float) -> CoverageCount:
    """The weights of points that are arrived at within so many minutes, and of all others."""
    within = seconds <= minutes * 60
    return CoverageCount(float(weights[within].sum()), float(weights[~within].sum()))


@cache
def coverage_standards() -> Mapping[str, CoverageStandard]:
    """The standards coverage is counted by, the usual one first."""
    text = (resources.files("risk_model.dispatch") / "coverage.toml").read_text(encoding="utf-8")
    return read_coverage_standards(tomllib.loads(text))


def read_coverage_standards(table: Mapping[str, Any]) -> Mapping[str, CoverageStandard]:
    """The same from their table. Raises ValueError where the minutes of one do not grow from above 0."""
    found = {}
    for row in table["standards"]:
        minutes = tuple(float(value) for value in row["minutes"])
        if not minutes or any(high <= low for low, high in zip((0.0, *minutes), minutes, strict=False)):
            raise ValueError(f"coverage.toml: the minutes of {row['key']} grow from above 0.")
        found[str(row["key"])] = CoverageStandard(row["key"], minutes, row["basis"], row["basis_en"])
    return MappingProxyType(found)
