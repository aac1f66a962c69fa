"""Jobs: ordered, taken by one worker at a time, watched, ended once. A job whose worker died is taken again."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Text, cast, delete, func, insert, select, text, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from gis_layers.tables.records import Job, JobFile
from risk_model.message import msg

__all__ = [
    "DEAD_AFTER",
    "MOST_ATTEMPTS",
    "Job",
    "JobState",
    "Usage",
    "cancel_job",
    "count_jobs",
    "end_job",
    "find_file",
    "find_job",
    "find_order_on",
    "forget_files",
    "forget_results",
    "list_files",
    "list_jobs",
    "lock_job",
    "lock_orders",
    "order_job",
    "read_job",
    "read_usage",
    "release_dead",
    "release_fallen",
    "release_job",
    "report_progress",
    "save_file",
    "stop_cancelled",
    "take_job",
]

DEAD_AFTER = datetime.timedelta(seconds=30)
"""A worker that gave no sign of life for so long is taken for dead; it gives one every few seconds."""
MOST_ATTEMPTS = 3
DIED = "执行它的进程或它的数据库 {attempts} 次中途结束，已不再重试；没有写入任何结果，请检查服务器内存后重新提交"
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
WAITING, RUNNING, DONE, FAILED, CANCELLED = get_args(JobState)


def order_job(session: Session, kind: str, payload: dict[str, object], *, author: str) -> Job:
    """Put a job into the queue."""
    job = Job(kind=kind, payload=payload, created_by=author)
    session.add(job)
    session.flush()
    session.refresh(job)
    return job


def take_job(session: Session, now: datetime.datetime) -> Job | None:
    """Take the oldest waiting job; None where there is none. No two workers ever take the same."""
    oldest = select(Job).where(Job.state == WAITING).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
    job = session.scalar(oldest)
    if job is None:
        return None
    job.state, job.started_at, job.heartbeat_at, job.progress, job.step = RUNNING, now, now, 0.0, None
    job.attempts += 1
    session.flush()
    return job


def release_dead(session: Session, now: datetime.datetime) -> None:
    """Jobs whose worker gave no sign of life wait again; those tried too often have failed, those cancelled are."""
    _release(session, (Job.state == RUNNING, Job.heartbeat_at < now - DEAD_AFTER), now)


def release_fallen(session: Session, job: int, attempt: int, now: datetime.datetime) -> None:
    """Give a job back whose worker lost the database in its midst: as one whose worker died, but at once."""
    _release(session, _held(job, attempt), now)


def _release(session: Session, dead: tuple[ColumnElement[bool], ...], now: datetime.datetime) -> None:
    _change(session, *dead, Job.cancel_asked, state=CANCELLED, ended_at=now)
    attempts = func.replace(DIED, "{attempts}", cast(Job.attempts, Text))
    told = {"error": msg(DIED, attempts=MOST_ATTEMPTS)}
    _change(session, *dead, Job.attempts >= MOST_ATTEMPTS, state=FAILED, ended_at=now, error=attempts, result=told)
    _change(session, *dead, state=WAITING, progress=0.0, step=None)


def release_job(session: Session, job: int, attempt: int) -> None:
    """Give a job back that its worker cannot finish because it is told to stop; the attempt does not count."""
    mine = _held(job, attempt)
    _change(session, *mine, state=WAITING, progress=0.0, step=None, attempts=Job.attempts - 1)


def report_progress(
    session: Session, job: int, attempt: int, *, now: datetime.datetime, progress: float | None, step: str | None
) -> bool:
    """Write how far a running job is (None: only that its worker lives); False where it is no longer this worker's."""
    told = {} if progress is None else {"progress": min(max(progress, 0.0), 1.0), "step": step}
    return _change(session, *_held(job, attempt), ~Job.cancel_asked, heartbeat_at=now, **told) == 1


def end_job(
    session: Session,
    job: int,
    attempt: int,
    *,
    now: datetime.datetime,
    result: Mapping[str, object] | None = None,
    error: str | None = None,
) -> bool:
    """End a running job with its result or its error, in the transaction of the result.

    The result of a failed job keeps what its error was made of, for readers of other languages.
    False where it was cancelled or taken by another meanwhile: then nothing of the result may be kept.
    """
    if error is not None:
        return (
            _change(session, *_held(job, attempt), state=FAILED, ended_at=now, error=error, result={"error": error})
            == 1
        )
    ended = {"state": DONE, "ended_at": now, "progress": 1.0, "step": None, "result": result or {}}
    return _change(session, *_held(job, attempt), ~Job.cancel_asked, **ended) == 1


def cancel_job(session: Session, job: int, now: datetime.datetime) -> bool:
    """Cancel a waiting job at once, have a running one stop; False where it has ended already."""
    if _change(session, Job.id == job, Job.state == WAITING, state=CANCELLED, ended_at=now):
        return True
    return _change(session, Job.id == job, Job.state == RUNNING, cancel_asked=True) == 1


def stop_cancelled(session: Session, job: int, attempt: int, now: datetime.datetime) -> None:
    """Say of a job whose worker heard that it was cancelled that it has stopped."""
    _change(session, *_held(job, attempt), Job.cancel_asked, state=CANCELLED, ended_at=now)


def find_job(session: Session, job: int) -> Job | None:
    """The job of this number as it stands now."""
    return session.get(Job, job, populate_existing=True)


def lock_job(session: Session, job: int) -> Job | None:
    """The same, and nobody else changes it or locks it until the transaction ends."""
    return session.get(Job, job, populate_existing=True, with_for_update=True)


def find_order_on(session: Session, kind: str, preview: int) -> Job | None:
    """The job of ``kind`` that goes on from the job ``preview`` and waits, runs or is done; a failed one stands in nobody's way."""
    going = Job.state.in_((WAITING, RUNNING, DONE))
    asked = select(Job).where(Job.kind == kind, Job.payload["preview"].as_integer() == preview, going)
    return session.scalar(asked.order_by(Job.id.desc()).limit(1))


def read_job(session: Session, job: int) -> Job:
    """The job of a number that is known to exist, as it stands now."""
    return session.get_one(Job, job, populate_existing=True)


def list_jobs(session: Session, *, author: str | None, limit: int, offset: int) -> list[Job]:
    """Jobs, newest first: one person's, or (None) everybody's."""
    newest = select(Job).where(*_of(author)).order_by(Job.id.desc())
    return list(session.scalars(newest.limit(limit).offset(offset)))


def count_jobs(session: Session, author: str | None) -> int:
    """Number of jobs ``list_jobs`` lists in all."""
    return session.scalar(select(func.count()).select_from(Job).where(*_of(author))) or 0


def save_file(session: Session, job: int, role: str, name: str, content: bytes) -> None:
    """Keep a file with a job; ``role`` is given or made.

    It goes as base64, for which this process works half as long as for the driver's own way: files of tens of megabytes are usual.
    """
    sent = func.decode(base64.b64encode(content).decode("ascii"), "base64")
    session.execute(insert(JobFile).values(job_id=job, role=role, name=name, content=sent))


def find_file(session: Session, job: int, role: str, name: str | None = None) -> tuple[str, bytes] | None:
    """Name and bytes of a job's file: of this name, or the only one of its role."""
    statement = select(JobFile.name, JobFile.content).where(JobFile.job_id == job, JobFile.role == role)
    if name is not None:
        statement = statement.where(JobFile.name == name)
    row = session.execute(statement.order_by(JobFile.name).limit(1)).one_or_none()
    return None if row is None else (row[0], bytes(row[1]))


def find_newest_file(session: Session, kind: str, role: str) -> tuple[str, bytes] | None:
    """Name and bytes of the newest file of this role among the jobs of a kind; None where there is none."""
    statement = select(JobFile.name, JobFile.content).join(Job, Job.id == JobFile.job_id)
    newest = statement.where(Job.kind == kind, JobFile.role == role).order_by(JobFile.job_id.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    return None if row is None else (row[0], bytes(row[1]))


@dataclass(frozen=True, slots=True)
class Usage:
    """Usage by jobs: how many of one author wait or run, bytes of files of that author's, and of all."""

    waiting: int
    account_bytes: int
    total_bytes: int


def lock_orders(session: Session) -> None:
    """Until the transaction ends nobody else orders: so that what is counted stays true."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('anzhi orders'))"))


def read_usage(session: Session, author: str) -> Usage:
    """Usage by the jobs of ``author``, and by all together; with what this transaction added."""
    size = func.coalesce(func.sum(func.octet_length(JobFile.content)), 0)
    waiting = select(func.count()).where(Job.created_by == author, Job.state.in_((WAITING, RUNNING)))
    own = select(size).join(Job, Job.id == JobFile.job_id).where(Job.created_by == author)
    return Usage(*(int(session.scalar(one) or 0) for one in (waiting, own, select(size))))


def forget_files(session: Session, job: int) -> int:
    """Delete the files that came of a job; how many that were."""
    done: CursorResult[Any] = session.execute(delete(JobFile).where(JobFile.job_id == job))  # type: ignore[assignment]
    return done.rowcount


def forget_results(session: Session, before: datetime.datetime) -> int:
    """Delete the files of jobs that ended ``before``; of how many jobs that were."""
    old = select(Job.id).where(Job.ended_at < before)
    forgotten = session.scalars(delete(JobFile).where(JobFile.job_id.in_(old)).returning(JobFile.job_id))
    return len(set(forgotten))


def list_files(session: Session, job: int, role: str) -> list[str]:
    """The names of a job's files of one role."""
    names = select(JobFile.name).where(JobFile.job_id == job, JobFile.role == role).order_by(JobFile.name)
    return list(session.scalars(names))


def _of(author: str | None) -> list[ColumnElement[bool]]:
    return [] if author is None else [Job.created_by == author]


def _held(job: int, attempt: int) -> tuple[ColumnElement[bool], ...]:
    return Job.id == job, Job.state == RUNNING, Job.attempts == attempt


def _change(session: Session, *of: ColumnElement[bool] | Any, **columns: Any) -> int:
    statement = update(Job).where(*of).values(**columns).execution_options(synchronize_session=False)
    done: CursorResult[Any] = session.execute(statement)  # type: ignore[assignment]
    return done.rowcount
