"""Roads that are gone, as far as judgement goes: when a closure is looked at again, which zones close the roads in them."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class AvoidedGround:
    """What is held of roads that are gone: hours until a review, how many of the worst grades of a hazard close a road.

    ``beneath_bridges`` are hazards that pass beneath a bridge.
    """

    review_after: datetime.timedelta
    worst_grades: int
    beneath_bridges: frozenset[str]

    def closes(self, grade_rank: int | None) -> bool:
        """Whether roads in a zone of this rank (1 is the worst) are avoided; one without a grade is not."""
        return grade_rank is not None and grade_rank <= self.worst_grades


@cache
def avoided_ground() -> AvoidedGround:
    """What the packaged file holds."""
    text = (resources.files("risk_model.dispatch") / "avoided.toml").read_text(encoding="utf-8")
    return read_avoided_ground(tomllib.loads(text))


def read_avoided_ground(table: Mapping[str, Any]) -> AvoidedGround:
    """The same from its table. Raises ValueError for a review at once, or for no grade at all."""
    hours, grades = float(table["review"]["after_h"]), int(table["zones"]["worst_grades"])
    if hours <= 0 or grades < 1:
        raise ValueError("avoided.toml: a review comes later, and the worst grade is the first to be avoided.")
    return AvoidedGround(datetime.timedelta(hours=hours), grades, frozenset(table["zones"]["beneath_bridges"]))
