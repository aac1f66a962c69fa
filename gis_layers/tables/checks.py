"""The logbook of siting checks: one row a check, numbered within its year, never changed (triggers see to it)."""

from __future__ import annotations

import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, code_of

SHA256 = "~ '^[0-9a-f]{64}$'"


class CheckCounter(Base):
    """The last number given in a year; it only grows by one (a trigger sees to it), so that no number is given twice."""

    __tablename__ = "check_counters"
    __table_args__ = (CheckConstraint("last > 0", name="counted"),)

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int]


class Check(Base):
    """A check somebody made: one site over HTTP (``single``), or a file of sites (``batch``, ``console``).

    ``input`` is the canonical text of what was handed in, where it is small enough to be kept: a check can be made again
    from it. A single check has one ``verdict``, a file of sites has ``verdicts`` counted.
    """

    __tablename__ = "checks"
    __table_args__ = (
        UniqueConstraint("number"),
        code_of("check_kind", "kind"),
        CheckConstraint("ordinal > 0 AND site_count >= 0", name="counted"),
        CheckConstraint(f"input_digest {SHA256} AND result_digest {SHA256}", name="digests_are_sha256"),
        CheckConstraint(
            "input IS NULL OR input_digest = encode(sha256(convert_to(input, 'UTF8')), 'hex')", name="input_as_digested"
        ),
        CheckConstraint("(kind = 'single') = (verdict IS NOT NULL)", name="one_verdict_of_one_site"),
        CheckConstraint("(kind = 'single') = (verdicts IS NULL)", name="verdicts_of_a_file"),
        CheckConstraint("(edition IS NULL) = (edition_fingerprint IS NULL)", name="edition_with_its_fingerprint"),
        Index("ix_checks_at", "at"),
        Index("ix_checks_actor", "actor", "year", "ordinal"),
    )

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str]
    at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    kind: Mapped[str]
    actor: Mapped[str]
    role: Mapped[str]
    department: Mapped[str | None]
    file: Mapped[str | None]
    site_count: Mapped[int]
    input_digest: Mapped[str]
    input: Mapped[str | None]
    verdict: Mapped[str | None]
    borderline: Mapped[bool | None]
    verdicts: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    edition: Mapped[int | None]
    edition_fingerprint: Mapped[str | None]
    rulebook_version: Mapped[str]
    rulebook_fingerprint: Mapped[str]
    judged_on: Mapped[datetime.date]
    software: Mapped[str]
    result_digest: Mapped[str]


class KeptAnswer(Base):
    """The canonical text of an answer, under its digest: that of every check whose ``result_digest`` it is."""

    __tablename__ = "check_answers"
    __table_args__ = (
        CheckConstraint("digest = encode(sha256(convert_to(answer, 'UTF8')), 'hex')", name="as_digested"),
    )

    digest: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
