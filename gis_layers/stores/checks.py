"""The logbook of checks: numbered, kept, found again."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, Text, bindparam, exists, func, or_, select, tuple_
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from gis_layers.tables.checks import Check, CheckCounter, KeptAnswer
from risk_model.vocabulary import Verdict

__all__ = [
    "Check",
    "InForce",
    "NewCheck",
    "Recorded",
    "count_checks",
    "find_answer",
    "find_answered",
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
class InForce:
    """Fingerprints of the edition (None where nothing is published) and of the rulebook by which a check is made now."""

    edition: str | None
    rulebook: str


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


_KEEP = insert(cast("Table", KeptAnswer.__table__)).on_conflict_do_nothing()


def save_answer(session: Session, digest: str, answer: str) -> None:
    """Keep the canonical text of an answer under its digest; what is kept already stays as it is."""
    session.execute(_KEEP, {"digest": digest, "answer": answer})


def find_answer(session: Session, digest: str) -> str | None:
    """The canonical text of the answer of this digest; None where it was not kept."""
    return session.scalar(select(KeptAnswer.answer).where(KeptAnswer.digest == digest))


def find_check(session: Session, number: str) -> Check | None:
    """The check of this number, written whole or without the word before the year."""
    whole = number if number.startswith(KIND) else KIND + number
    return session.scalar(select(Check).where(Check.number == whole))


def find_answered(session: Session, digest: str) -> Check | None:
    """The first check of one site that was answered by what this is the digest of."""
    asked = select(Check).where(Check.result_digest == digest, Check.kind == "single")
    return session.scalar(asked.order_by(Check.year, Check.ordinal).limit(1))


def list_checks(
    session: Session, *, actor: str | None, limit: int, offset: int, lacking: InForce | None = None
) -> list[Check]:  # fmt: skip
    """Checks, newest first: one person's, or (None) everybody's; of them those alone that are ``lacking``."""
    newest = select(Check).where(*_of(actor, lacking)).order_by(Check.year.desc(), Check.ordinal.desc())
    return list(session.scalars(newest.limit(limit).offset(offset)))


def count_checks(session: Session, actor: str | None, lacking: InForce | None = None) -> int:
    """Number of checks ``list_checks`` lists in all."""
    return session.scalar(select(func.count()).select_from(Check).where(*_of(actor, lacking))) or 0


def _of(actor: str | None, lacking: InForce | None) -> Iterator[ColumnElement[bool]]:
    if actor is not None:
        yield Check.actor == actor
    if lacking is not None:
        yield from _lacking(lacking)


def _lacking(now: InForce) -> Iterator[ColumnElement[bool]]:
    """Conditions of a site that lacked data, whose zones or rules have changed, and that nobody judged again since."""
    later = aliased(Check)
    newer = tuple_(later.year, later.ordinal) > tuple_(Check.year, Check.ordinal)
    yield Check.verdict == Verdict.INSUFFICIENT_DATA
    yield Check.input.is_not(None)
    yield or_(Check.edition_fingerprint.is_distinct_from(now.edition), Check.rulebook_fingerprint != now.rulebook)
    yield ~exists().where(later.actor == Check.actor, later.input_digest == Check.input_digest, newer)
