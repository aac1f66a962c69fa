"""The catalogue of what a deployment may change: every kind of field with the direction in which it is stricter."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources


class Direction(StrEnum):
    """Direction of change of a field that makes the rulebook stricter."""

    RISING = "rising"
    FALLING = "falling"
    FALLING_EACH = "falling_each"
    MORE = "more"
    FEWER = "fewer"
    SEVERITY = "severity"
    DISTANCE = "distance"
    YES = "yes"
    BY_OPERATOR = "by_operator"
    TEXT = "text"
    NONE = "none"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class RuleField:
    """One field of an article as it is named to people, with its direction."""

    direction: Direction
    name_zh: str
    name_en: str


def field_of(article: str, path: str) -> RuleField:
    """The field ``path`` of an article (``"rule"`` for every siting rule); one nobody declared is an identity."""
    for kind, pattern, direction, names in _declared():
        met = pattern.fullmatch(path) if kind == article else None
        if met:
            zh, en = (name.format(*met.groups()) for name in names)
            return RuleField(direction, zh, en)
    return RuleField(Direction.IDENTITY, path, path)


@cache
def _declared() -> tuple[tuple[str, re.Pattern[str], Direction, tuple[str, str]], ...]:
    table = tomllib.loads((resources.files("risk_model") / "rulebook" / "fields.toml").read_text(encoding="utf-8"))
    return tuple(
        (row["article"], _pattern(row["field"]), Direction(row["direction"]), (row["name_zh"], row["name_en"]))
        for row in table["fields"]
    )


def _pattern(field: str) -> re.Pattern[str]:
    return re.compile(r"\.".join("([^.]+)" if part == "*" else re.escape(part) for part in field.split(".")))
