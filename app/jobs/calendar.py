"""The calendar as an administrator sees it: what comes by itself, when it last ran, when it runs next; started by hand."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.platform.calendar import CalendarEntry, entries_of, retry_at
from app.platform.errors import NotFound, Refused
from app.platform.principals import Principal
from app.platform.work import Work
from gis_layers.stores import calendar
from gis_layers.stores.calendar import FailedTurn
from gis_layers.stores.jobs import RUNNING, WAITING, Job
from gis_layers.stores.records import record_audit
from risk_model.message import msg


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An entry with its newest job, its next turn, and when a failed one is begun again; None where there is none of it."""

    entry: CalendarEntry
    last: Job | None
    following: datetime.datetime | None
    again: datetime.datetime | None


def list_scheduled(work: Work, now: datetime.datetime) -> list[Scheduled]:
    """Every entry as it stands."""
    runs, failed = calendar.last_runs(work.session), calendar.failed_turns(work.session)
    return [_scheduled(one, runs.get(one.key), failed.get(one.key), now) for one in entries_of(work.settings.calendar)]


def _scheduled(entry: CalendarEntry, last: Job | None, failed: FailedTurn | None, now: datetime.datetime) -> Scheduled:
    waits = last is not None and last.state in (WAITING, RUNNING)
    again = retry_at(entry, failed) if failed and not waits else None
    return Scheduled(entry, last, entry.timetable.following(now) if entry.timetable else None, again)


def run_now(work: Work, key: str, principal: Principal) -> Job:
    """Order the work of an entry beside its turns; Refused while a job of it waits or runs. Raises NotFound."""
    entry = next((one for one in entries_of(work.settings.calendar) if one.key == key), None)
    if entry is None:
        raise NotFound(msg("日程中没有 {key}；全部条目见 /api/calendar", key=key))
    job = _ordered(work.session, entry, principal)
    record_audit(
        work.session, actor=principal.name, action="run by hand", subject=f"calendar {key}", detail={"job": job.id}
    )
    return job


def _ordered(session: Session, entry: CalendarEntry, principal: Principal) -> Job:
    job = calendar.order_by_hand(session, entry.key, kind=entry.kind, payload=entry.options, author=principal.name)
    if job is None:
        raise Refused(msg("「{name}」正在排队或执行；请等它结束", name=entry.name), code="not-ended")
    return job


def describe_scheduled(one: Scheduled) -> dict[str, object]:
    """An entry in plain values."""
    return {
        "id": one.entry.key,
        "name": one.entry.name,
        "when": one.entry.timetable.written if one.entry.timetable else "off",
        "next": one.following and one.following.isoformat(),
        "again": one.again and one.again.isoformat(),
        "last": one.last and describe_run(one.last),
    }


def describe_run(job: Job) -> dict[str, object]:
    """A job of the calendar in plain values."""
    return {
        "job": job.id,
        "state": job.state,
        "turn": job.occurs_at and job.occurs_at.isoformat(),
        "retry": job.retry,
        "created_by": job.created_by,
        "created_at": job.created_at.isoformat(),
        "ended_at": job.ended_at and job.ended_at.isoformat(),
        "error": (job.result or {}).get("error", job.error) if job.error else None,
    }
