"""The catalogue of what a deployment may change: every kind of field with the direction in which it is stricter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType


class Direction(StrEnum):
    """Direction of change of a field that makes the rulebook stricter."""

    RISING = "rising"
    FALLING = "falling"
    FALLING_EACH = "falling_each"
    RISING_EACH = "rising_each"
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
    """One field of an article as it is named to people, with its direction and the unit of its numbers."""

    direction: Direction
    name_zh: str
    name_en: str
    unit: str = ""


Named = Mapping[str, tuple[str, str]]
"""What parts of a path are called, in Chinese and English."""


def field_of(article: str, path: str, called: Named = MappingProxyType({})) -> RuleField:
    """The field ``path`` of an article (``"rule"`` for every siting rule); one nobody declared is an identity.

    Its name tells the parts of the path that vary as they are ``called``, else by their keys.
    """
    for kind, pattern, direction, (chinese, english, unit) in _declared():
        met = pattern.fullmatch(path) if kind.fullmatch(article) else None
        if met:
            words = [called.get(part, (part, part)) for part in met.groups()]
            zh, en = (name.format(*(word[at] for word in words)) for at, name in enumerate((chinese, english)))
            return RuleField(direction, zh, en, unit)
    return RuleField(Direction.IDENTITY, path, path)


@cache
def _declared() -> tuple[tuple[re.Pattern[str], re.Pattern[str], Direction, tuple[str, str, str]], ...]:
    table = tomllib.loads((resources.files("risk_model") / "rulebook" / "fields.toml").read_text(encoding="utf-8"))
    return tuple(
        (
            _pattern(row["article"]),
            _pattern(row["field"]),
            Direction(row["direction"]),
            (row["name_zh"], row["name_en"], row.get("unit", "")),
        )
        for row in table["fields"]
    )


def _pattern(field: str) -> re.Pattern[str]:
    return re.compile(r"\.".join("([^.]+)" if part == "*" else re.escape(part) for part in field.split(".")))
