"""Readiness of what the registers name: agreements that have expired, contacts and forces nobody verified for too long.

How long is long stands in ``readiness.toml``; what a lapse is called stands with the codes, under ``lapse``.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Lapse:
    """Lapse of a date: more than ``days`` days back, or (``days`` None) written down by nobody; ``columns`` may have it."""

    code: str
    columns: frozenset[str]
    days: int | None

    def first_sound(self, on: datetime.date) -> datetime.date | None:
        """The first day that has not lapsed on day ``on``; None where the lapse is that no day is known."""
        return None if self.days is None else on - datetime.timedelta(days=self.days)

    def befalls(self, day: datetime.date | None, on: datetime.date) -> bool:
        """Whether ``day`` has lapsed so on day ``on``."""
        first = self.first_sound(on)
        return day is None if first is None else day is not None and day < first


@cache
def lapses() -> Mapping[str, Lapse]:
    """Every lapse by its code, in the order of the file. Raises ValueError for an entry that says neither or both."""
    text = (resources.files("risk_model") / "readiness.toml").read_text(encoding="utf-8")
    return MappingProxyType({code: read_lapse(code, entry) for code, entry in tomllib.loads(text).items()})


def read_lapse(code: str, entry: Mapping[str, Any]) -> Lapse:
    """The lapse of an entry of the file. Raises ValueError where it says neither ``days`` nor ``unknown``, or both."""
    days, unknown = entry.get("days"), entry.get("unknown", False)
    if not entry.get("columns") or (days is None) is not unknown or (days is not None and days < 0):
        raise ValueError(f"readiness.toml: {code}: needs `columns`, and either `days` from 0 on or `unknown = true`.")
    return Lapse(code, frozenset(entry["columns"]), days)


def lapses_among(columns: Collection[str]) -> list[Lapse]:
    """The lapses that may befall one of ``columns``."""
    return [lapse for lapse in lapses().values() if not lapse.columns.isdisjoint(columns)]


def lapse_of(column: str, day: datetime.date | None, on: datetime.date) -> str | None:
    """Code of what befell the ``day`` of a ``column`` by day ``on``; None where it may be relied upon."""
    return next((one.code for one in lapses_among([column]) if one.befalls(day, on)), None)
