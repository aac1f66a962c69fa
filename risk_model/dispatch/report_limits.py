"""Reports upwards: which one is due next, and by when, by limits held as data with what they rest on."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

FIRST_REPORT: Final = "first"
FOLLOW_UP: Final = "follow_up"
FINAL: Final = "final"


@dataclass(frozen=True, slots=True)
class ReportingLimit:
    """Minutes until an incident is told by telephone, in writing, again, and finally; for which kinds and levels, by what."""

    kinds: frozenset[str]
    levels: frozenset[str]
    phone: int
    first: int
    follow_up: int
    final: int
    basis_kind: str
    basis: str
    basis_en: str


@dataclass(frozen=True, slots=True)
class DueReport:
    """The report that is due next and by when; ``phone_by`` is when the first is told by telephone already."""

    kind: str
    due_at: datetime.datetime
    phone_by: datetime.datetime | None
    limit: ReportingLimit


@dataclass(frozen=True, slots=True)
class ReportedIncident:
    """What a deadline hangs on: the kind and grade of an incident, when it was told to us, when it ended, what was reported when."""

    kind: str
    level: str | None
    told_at: datetime.datetime
    ended_at: datetime.datetime | None
    reports: Sequence[tuple[str, datetime.datetime]] = ()


def due_report(incident: ReportedIncident) -> DueReport | None:
    """The report that is due next; None where the final one was given."""
    limit, given = limit_of(incident.kind, incident.level), [kind for kind, _ in incident.reports]
    if FINAL in given:
        return None
    if not given:
        phone = incident.told_at + datetime.timedelta(minutes=limit.phone)
        return DueReport(FIRST_REPORT, incident.told_at + datetime.timedelta(minutes=limit.first), phone, limit)
    if incident.ended_at is not None:
        return DueReport(FINAL, incident.ended_at + datetime.timedelta(minutes=limit.final), None, limit)
    last = max(at for _, at in incident.reports)
    return DueReport(FOLLOW_UP, last + datetime.timedelta(minutes=limit.follow_up), None, limit)


def limit_of(kind: str, level: str | None) -> ReportingLimit:
    """The limit for a kind and a grade; where nobody told the grade, the shortest of that kind."""
    fitting = [one for one in reporting_limits() if kind in one.kinds and (level is None or level in one.levels)]
    return min(fitting, key=lambda one: one.first) if level is None else fitting[0]


@cache
def reporting_limits() -> tuple[ReportingLimit, ...]:
    """What the packaged file holds."""
    text = (resources.files("risk_model.dispatch") / "report_limits.toml").read_text(encoding="utf-8")
    return read_reporting_limits(tomllib.loads(text))


def read_reporting_limits(table: Mapping[str, Any]) -> tuple[ReportingLimit, ...]:
    """The same from its table. Raises ValueError for a limit of no time, or one told by telephone after it was written."""
    limits = [
        ReportingLimit(**{**entry, "kinds": frozenset(entry["kinds"]), "levels": frozenset(entry["levels"])})
        for entry in table["limits"]
    ]
    if any(not 0 < one.phone <= one.first or min(one.follow_up, one.final) <= 0 or not one.basis for one in limits):
        raise ValueError("report_limits.toml: a limit has its minutes, by telephone first, and what it rests on.")
    return tuple(limits)
