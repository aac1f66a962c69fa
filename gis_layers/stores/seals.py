"""The seals of the audit: what was written on a day, as text, and the hash that chains it to the day before.

The text of a day (in China) is a line each, ended by a line feed: first the day with the hash of the day before, then its
audit entries in the order of their numbers, then its checks in theirs; each line is canonical JSON (``gis_layers.canonical``).
The hash of the day is the SHA-256 of that text. Whoever changes, removes, adds or swaps a line changes the hash of its day,
and with it that of every day after.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from gis_layers.canonical import canonical_text
from gis_layers.tables.checks import Check, CheckCounter
from gis_layers.tables.records import AuditDay, AuditEntry

__all__ = [
    "FIRST", "AuditDay", "Unnumbered", "count_days", "find_day", "first_line", "hash_of", "last_day", "lines_of", "list_days",
    "read_days", "rows_outside", "seal_days", "unnumbered",
]  # fmt: skip

CHINA = datetime.timezone(datetime.timedelta(hours=8), "Asia/Shanghai")
FIRST = "0" * 64
"""What stands for the hash of the day before the first."""
ONE_DAY = datetime.timedelta(days=1)


def first_line(day: datetime.date, previous: str) -> str:
    """The line a day's text begins with."""
    return canonical_text({"day": day.isoformat(), "previous": previous})


def lines_of(session: Session, day: datetime.date) -> Iterator[str]:
    """The lines of a day after its first."""
    begin = datetime.datetime.combine(day, datetime.time(), CHINA)
    within = (begin, begin + ONE_DAY)
    entries = select(AuditEntry).where(AuditEntry.at >= within[0], AuditEntry.at < within[1]).order_by(AuditEntry.id)
    for entry in session.scalars(entries.execution_options(yield_per=1000)):
        yield _line("entry", entry)
    checks = select(Check).where(Check.at >= within[0], Check.at < within[1]).order_by(Check.year, Check.ordinal)
    for check in session.scalars(checks.execution_options(yield_per=200)):
        yield _line("check", check)


def _line(kind: str, row: AuditEntry | Check) -> str:
    columns = {column.name: _plain(getattr(row, column.name)) for column in row.__table__.columns}
    return canonical_text({"kind_of_line": kind, **columns})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, datetime.date) else value


def hash_of(lines: Iterable[str]) -> str:
    """SHA-256 of a day's lines, its first among them."""
    hashing = hashlib.sha256()
    for line in lines:
        hashing.update(line.encode() + b"\n")
    return hashing.hexdigest()


def seal_days(sessions: sessionmaker[Session], today: datetime.date) -> int:
    """Seal every day before ``today`` that is not sealed yet; how many, 0 also where somebody is still writing of one.

    Entries are written under the moment of writing. So once nobody had an unfinished write after a day was over,
    nothing more can come to it.
    """
    with sessions() as session:
        last = last_day(session)
        if last is not None and last.day >= today - ONE_DAY:
            return 0
    if not _all_written(sessions):
        return 0
    with sessions.begin() as session:
        if not session.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('anzhi seals'))")):
            return 0
        return _seal(session, today)


def _all_written(sessions: sessionmaker[Session]) -> bool:
    """Whether at this moment no transaction has written what is not committed; never waits, so that nobody waits behind it."""
    try:
        with sessions.begin() as session:
            session.execute(text("LOCK TABLE audit_entries, checks IN SHARE MODE NOWAIT"))
    except OperationalError as trouble:
        if getattr(trouble.orig, "pgcode", None) == "55P03":  # lock_not_available
            return False
        raise
    return True


def _seal(session: Session, today: datetime.date) -> int:
    last = last_day(session)
    day = _first_day(session) if last is None else last.day + ONE_DAY
    previous, sealed = FIRST if last is None else last.hash, 0
    while day is not None and day < today:
        counted = {"entry": 0, "check": 0}
        lines = chain([first_line(day, previous)], _counting(lines_of(session, day), counted))
        previous, before = hash_of(lines), previous
        session.add(
            AuditDay(day=day, entries=counted["entry"], checks=counted["check"], previous=before, hash=previous)
        )
        session.flush()
        day, sealed = day + ONE_DAY, sealed + 1
    return sealed


def _counting(lines: Iterator[str], counted: dict[str, int]) -> Iterator[str]:
    for line in lines:
        counted["entry" if '"kind_of_line":"entry"' in line else "check"] += 1
        yield line


def _first_day(session: Session) -> datetime.date | None:
    first = session.scalar(select(func.least(select(func.min(AuditEntry.at)).scalar_subquery(), select(func.min(Check.at)).scalar_subquery())))  # fmt: skip
    return None if first is None else first.astimezone(CHINA).date()


def last_day(session: Session) -> AuditDay | None:
    """The last day that is sealed."""
    return session.scalar(select(AuditDay).order_by(AuditDay.day.desc()).limit(1))


def find_day(session: Session, day: datetime.date) -> AuditDay | None:
    """The seal of a day."""
    return session.get(AuditDay, day)


def list_days(session: Session, *, limit: int, offset: int) -> list[AuditDay]:
    """Seals, newest first."""
    return list(session.scalars(select(AuditDay).order_by(AuditDay.day.desc()).limit(limit).offset(offset)))


def count_days(session: Session) -> int:
    """Number of sealed days."""
    return session.scalar(select(func.count()).select_from(AuditDay)) or 0


def read_days(
    session: Session, first: datetime.date | None = None, last: datetime.date | None = None
) -> list[AuditDay]:
    """Seals from ``first`` to ``last`` (both included; None: without end), oldest first."""
    asked = select(AuditDay).order_by(AuditDay.day)
    asked = asked if first is None else asked.where(AuditDay.day >= first)
    return list(session.scalars(asked if last is None else asked.where(AuditDay.day <= last)))


def rows_outside(session: Session, first: datetime.date) -> int:
    """Number of entries and checks said to be from before the ``first`` day that is sealed."""
    begin = datetime.datetime.combine(first, datetime.time(), CHINA)
    return sum(session.scalar(select(func.count()).where(table.at < begin)) or 0 for table in (AuditEntry, Check))


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A year whose checks are not those that were numbered: how many are kept, the highest, how many were counted."""

    year: int
    kept: int
    highest: int
    counted: int


def unnumbered(session: Session) -> list[Unnumbered]:
    """Years in which the numbers of checks have gaps or are not as many as were given."""
    kept = dict(_by_year(session, select(Check.year, func.count(), func.max(Check.ordinal)).group_by(Check.year)))
    counted = dict(_by_year(session, select(CheckCounter.year, CheckCounter.last)))
    years = [Unnumbered(year, *kept.get(year, (0, 0)), *counted.get(year, (0,))) for year in sorted({*kept, *counted})]
    return [year for year in years if not year.kept == year.highest == year.counted]


def _by_year(session: Session, statement: Any) -> Iterator[tuple[int, tuple[int, ...]]]:
    for year, *numbers in session.execute(statement):
        yield year, tuple(numbers)
