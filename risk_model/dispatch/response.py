"""Response to a site: which capabilities are asked for, which hazards cut a road, and what a way is worth."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import inf, isfinite
from typing import Any, Final, Literal

Access = Literal["clear", "unknown", "way_round", "only_way", "closed", "no_way", "nobody"]
SAME_S: Final = 0.5
"""Two ways that differ by less are one: sums of parts differ from their whole by a hair."""
UNKNOWN_FROM_M: Final = 1.0
"""A road line that leaves surveyed ground for less only follows its edge."""


@dataclass(frozen=True, slots=True)
class ResponseTerms:
    """What is asked of the response to a site: capabilities in the order they are told, hazards that cut a road."""

    capabilities: tuple[str, ...]
    hazards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WayTimes:
    """Seconds of the quickest way there, infinite where there is none.

    ``drawn_s`` with no road closed, ``now_s`` round closures in force, ``round_s`` round these and every high zone.
    ``unknown_m`` are metres of the way of ``now_s`` on ground that was not surveyed or has no grade.
    """

    drawn_s: float = inf
    now_s: float = inf
    round_s: float = inf
    unknown_m: float = 0.0


def judge_access(times: WayTimes) -> Access:
    """What the way is worth: a zone that cuts it weighs more than what nobody surveyed, and that is never clear."""
    if not isfinite(times.drawn_s):
        return "no_way"
    if not isfinite(times.now_s):
        return "closed"
    if not isfinite(times.round_s):
        return "only_way"
    if times.round_s > times.now_s + SAME_S:
        return "way_round"
    return "unknown" if times.unknown_m >= UNKNOWN_FROM_M else "clear"


@cache
def response_terms() -> ResponseTerms:
    """What the packaged file holds."""
    text = (resources.files("risk_model.dispatch") / "response.toml").read_text(encoding="utf-8")
    return read_response_terms(tomllib.loads(text))


def read_response_terms(table: Mapping[str, Any]) -> ResponseTerms:
    """The same from its table. Raises ValueError where nobody or nothing is asked for."""
    terms = ResponseTerms(tuple(table["forces"]["capabilities"]), tuple(table["access"]["hazards"]))
    if not terms.capabilities or not terms.hazards:
        raise ValueError("response.toml: at least one capability and one hazard is asked for.")
    return terms
