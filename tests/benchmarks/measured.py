"""What a benchmark hands back, how long it may take, and how busy the machine was."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: ``few_zones`` is the smaller of two stored towns, ``requests`` are HTTP requests a row."""

    name: str
    sites: int
    zones: int
    rounds: int
    stored_zones: int
    few_zones: int
    requests: int


FULL: Final = Size("full", 100_000, 10_000, 5, 100_000, 10_000, 1000)
QUICK: Final = Size("quick", 10_000, 1_000, 3, 10_000, 2_000, 200)
TINY: Final = Size("tiny", 300, 100, 1, 400, 200, 12)


@dataclass(frozen=True, slots=True)
class Ratio:
    """How two medians of one run stand to each other; ``goal`` in words, ``met`` None where there is no goal."""

    what: str
    value: float
    goal: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One benchmark's outcome: a table, ratios of its rows, and what a reader must know to trust them."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    ratios: list[Ratio]
    notes: list[str] = field(default_factory=list)


def at_least(what: str, value: float, goal: float) -> Ratio:
    """A ratio that should not be smaller than ``goal``."""
    return Ratio(what, value, f"at least {goal:g}", value >= goal)


def at_most(what: str, value: float, goal: float) -> Ratio:
    """A ratio that should not be larger than ``goal``."""
    return Ratio(what, value, f"at most {goal:g}", value <= goal)


def median(values: Sequence[float]) -> float:
    """The middle of several measurements."""
    return float(np.median(values))


def spread(values: Sequence[float], *, digits: int = 2) -> str:
    """Smallest to largest, for the reader who asks how far to trust a median."""
    return f"{min(values):.{digits}f}–{max(values):.{digits}f}"


def load() -> float:
    """How many processes wanted a core in the last minute."""
    return os.getloadavg()[0]
