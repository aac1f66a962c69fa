"""The logbook of checks: numbered, kept, found again."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, Text, bindparam, func, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis_layers.tables.checks import Check, CheckCounter, KeptAnswer

__all__ = [
    "Check",
    "NewCheck",
    "Recorded",
    "count_checks",
    "find_answer",
    "find_check",
    "list_checks",
    "save_answer",
    "save_check",
]

KIND = "筛查-"
"""The kind of document a number belongs to; year and ordinal follow."""


@dataclass(frozen=True, slots=True)
class NewCheck:
    """Record of a check besides its number and moment; columns as in ``tables.checks``."""

    kind: str
    actor: str
    role: str
    department: str | None
    file: str | None
    site_count: int
    input_digest: str
    input: str | None
    verdict: str | None
    borderline: bool | None
    verdicts: dict[str, int] | None
    edition: int | None
    edition_fingerprint: str | None
    rulebook_version: str
    rulebook_fingerprint: str
    judged_on: datetime.date
    software: str
    result_digest: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The number a check was given, and the moment by the database's clock."""

    number: str
    at: datetime.datetime


def save_check(session: Session, new: NewCheck) -> Recorded:
    """Give a check the next number of its year (in China) and keep it.

    The year's counter stays locked until the transaction ends, so that numbers have no gaps and go up with time: let
    this be the last a transaction does.
    """
    return Recorded(*session.execute(_SAVE, asdict(new)).one())


def _saving() -> Any:
    """One statement: the counter locked and counted up, the check written under what it says."""
    logbook, counter = cast("Table", Check.__table__), cast("Table", CheckCounter.__table__)
    year = func.extract("year", func.timezone("Asia/Shanghai", func.clock_timestamp()))
    counting = insert(counter).values(year=year, last=1)
    counted = counting.on_conflict_do_update(index_elements=["year"], set_={"last": counter.c.last + 1})
    following = counted.returning(counter.c.year, counter.c.last).cte("following")
    written = sql_cast(following.c.last, Text)
    digits = func.lpad(written, func.greatest(6, func.length(written)), "0")
    number = func.concat(KIND, following.c.year, "-", digits)
    told = [logbook.c[name] for name in NewCheck.__dataclass_fields__]
    values = [sql_cast(bindparam(column.name, type_=column.type), column.type) for column in told]
    row = select(following.c.year, following.c.last, number, func.clock_timestamp(), *values)
    names = ["year", "ordinal", "number", "at", *(column.name for column in told)]
    return insert(logbook).from_select(names, row).returning(logbook.c.number, logbook.c.at)


_SAVE = _saving()


def save_answer(session: Session, digest: str, answer: str) -> None:
    """Keep the canonical text of an answer under its digest; what is kept already stays as it is."""
    kept = insert(cast("Table", KeptAnswer.__table__)).values(digest=digest, answer=answer)
    session.execute(kept.on_conflict_do_nothing())


def find_answer(session: Session, digest: str) -> str | None:
    """The canonical text of the answer of this digest; None where it was not kept."""
    return session.scalar(select(KeptAnswer.answer).where(KeptAnswer.digest == digest))


def find_check(session: Session, number: str) -> Check | None:
    """The check of this number, written whole or without the word before the year."""
    whole = number if number.startswith(KIND) else KIND + number
    return session.scalar(select(Check).where(Check.number == whole))


def list_checks(session: Session, *, actor: str | None, limit: int, offset: int) -> list[Check]:
    """Checks, newest first: one person's, or (None) everybody's."""
    newest = select(Check).where(*_of(actor)).order_by(Check.year.desc(), Check.ordinal.desc())
    return list(session.scalars(newest.limit(limit).offset(offset)))


def count_checks(session: Session, actor: str | None) -> int:
    """Number of checks ``list_checks`` lists in all."""
    return session.scalar(select(func.count()).select_from(Check).where(*_of(actor))) or 0


def _of(actor: str | None) -> list[ColumnElement[bool]]:
    return [] if actor is None else [Check.actor == actor]
