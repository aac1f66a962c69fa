"""Records of past acts (audit), of work to be done (jobs), and of this deployment (facts)."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, Moment, code_of
from gis_layers.tables.said import SaidJson


class AuditEntry(Base):
    """One act on what is kept: append-only (a trigger sees to it). ``at`` is the moment of writing, not of the transaction."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_at", "at"),)

    id: Mapped[Id]
    at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class AuditDay(Base):
    """A day of audit entries and checks, sealed once it is over: its hash holds the hash of the day before (append-only)."""

    __tablename__ = "audit_days"
    __table_args__ = (
        CheckConstraint("hash ~ '^[0-9a-f]{64}$' AND previous ~ '^[0-9a-f]{64}$'", name="hashes_are_sha256"),
        CheckConstraint("entries >= 0 AND checks >= 0", name="counted"),
    )

    day: Mapped[datetime.date] = mapped_column(primary_key=True)
    entries: Mapped[int]
    checks: Mapped[int]
    previous: Mapped[str]
    hash: Mapped[str]
    sealed_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Job(Base):
    """Work for the worker: taken with SKIP LOCKED, so that one job has one taker.

    ``attempts`` counts the takings and says which of them may end the job; ``heartbeat_at`` shows that the taker lives.
    ``entry`` is the calendar's it was ordered by, ``occurs_at`` the turn (None: by hand), ``retry`` how often it
    had failed before: each of them happens once.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        code_of("job_state", "state"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_a_share"),
        CheckConstraint("(state IN ('done','failed','cancelled')) = (ended_at IS NOT NULL)", name="ended_says_when"),
        CheckConstraint(
            "state <> 'running' OR (started_at IS NOT NULL AND heartbeat_at IS NOT NULL)", name="running_is_alive"
        ),
        CheckConstraint("state <> 'done' OR result IS NOT NULL", name="done_has_a_result"),
        CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name="failed_says_why"),
        CheckConstraint("occurs_at IS NULL OR entry IS NOT NULL", name="occurs_by_the_calendar"),
        CheckConstraint("retry = 0 OR (retry > 0 AND occurs_at IS NOT NULL)", name="retry_of_a_turn"),
        UniqueConstraint("entry", "occurs_at", "retry"),
        Index("ix_jobs_waiting", "id", postgresql_where="state = 'waiting'"),
        Index("ix_jobs_created_by", "created_by", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
    progress: Mapped[float] = mapped_column(server_default="0")
    created_at: Mapped[CreatedAt]
    created_by: Mapped[str]
    started_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    result: Mapped[dict[str, object] | None] = mapped_column(SaidJson)
    error: Mapped[str | None]
    step: Mapped[str | None]
    heartbeat_at: Mapped[Moment | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    cancel_asked: Mapped[Flag]
    entry: Mapped[str | None]
    occurs_at: Mapped[Moment | None]
    retry: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class CalendarBeginning(Base):
    """An entry of the calendar and since when it is known: what came before that is not caught up."""

    __tablename__ = "calendar_beginnings"

    entry: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[Moment]


class JobFile(Base):
    """A file that goes with a job: handed in with the order (given), or to be fetched when it is done (made)."""

    __tablename__ = "job_files"
    __table_args__ = (code_of("job_file", "role"),)

    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class DeploymentFact(Base):
    """A fact of the whole deployment by name, such as that its township is synthetic."""

    __tablename__ = "deployment_facts"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
