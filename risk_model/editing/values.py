"""Values of an edit: a zone as it is edited, and the numbers edits are done and judged with."""

from __future__ import annotations

import tomllib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final, TypeVar

FILE: Final = "problems.toml"
LEVELS: Final = ("blocking", "warning")

K = TypeVar("K", bound=Hashable)
"""Key of a zone: its number, or whatever the caller tells zones apart by."""


@dataclass(frozen=True, slots=True)
class EditedZone:
    """Zone as it is edited: ``geometry`` in the metric CRS, ``attributes`` by their names in the tables.

    Two are equal where their geometries have the same vertices bit for bit, in the same order, and the same attributes.
    """

    geometry: Any
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def grade(self) -> tuple[str, int] | None:
        """Scheme and rank; None where the zone has no grade."""
        scheme, rank = self.attributes.get("grade_scheme"), self.attributes.get("grade_rank")
        return (str(scheme), int(rank)) if scheme and rank else None

    @property
    def area_m2(self) -> float:
        """Area in m²; 0 for a line."""
        return float(self.geometry.area)


@dataclass(frozen=True, slots=True)
class Terms:
    """Numbers of ``problems.toml``: how exactly edits are done, and for each kind of problem its level and limits."""

    edits: Mapping[str, float]
    levels: Mapping[str, str]
    limits: Mapping[str, Mapping[str, float]]
    required: tuple[str, ...]


@cache
def packaged_terms() -> Terms:
    """The terms that come with the package."""
    return read_terms(tomllib.loads((resources.files("risk_model.editing") / FILE).read_text(encoding="utf-8")))


def read_terms(tables: Mapping[str, Any]) -> Terms:
    """The terms of the tables of the file. Raises ValueError where a level is unknown or a number not above 0."""
    edits = _numbers("edits", tables["edits"])
    kinds = {kind: dict(entry) for kind, entry in tables["problems"].items()}
    levels = {kind: str(entry.pop("level", "")) for kind, entry in kinds.items()}
    for kind, level in levels.items():
        if level not in LEVELS:
            raise ValueError(f"{FILE}: problems.{kind}: `level` is one of {', '.join(LEVELS)}.")
    required = tuple(kinds["missing_attribute"].pop("required"))
    limits = {kind: _numbers(f"problems.{kind}", entry) for kind, entry in kinds.items()}
    return Terms(edits, MappingProxyType(levels), MappingProxyType(limits), required)


def _numbers(place: str, entry: Mapping[str, Any]) -> Mapping[str, float]:
    numbers = {name: float(value) for name, value in entry.items()}
    for name, value in numbers.items():
        if not 0 < value < float("inf"):
            raise ValueError(f"{FILE}: {place}: `{name}` is a number above 0.")
    return MappingProxyType(numbers)
