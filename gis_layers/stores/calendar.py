"""Turns of the calendar: since when its entries are known, which turn was the last and which failed, and turns ordered once."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session, aliased

from gis_layers.stores.jobs import DONE, FAILED, RUNNING, WAITING
from gis_layers.tables.records import CalendarBeginning, Job


@dataclass(frozen=True, slots=True)
class FailedTurn:
    """A turn that failed: its moment, how often it was begun again already, when it failed the last time."""

    at: datetime.datetime
    retry: int
    ended_at: datetime.datetime


def lock_calendar(session: Session) -> None:
    """Until the transaction ends nobody else orders by the calendar: so that what is under way stays true."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("anzhi orders of the calendar"))))


def begin_entries(session: Session, keys: Collection[str], now: datetime.datetime) -> None:
    """Note of entries never seen before that they begin now."""
    rows = [{"entry": key, "since": now} for key in keys]
    session.execute(insert(CalendarBeginning).values(rows).on_conflict_do_nothing())


def last_turns(session: Session) -> dict[str, datetime.datetime]:
    """The last turn of each entry that is known; where it had none yet, since when it is known."""
    turns = select(Job.entry, func.max(Job.occurs_at).label("at")).group_by(Job.entry).subquery()
    asked = select(CalendarBeginning.entry, func.greatest(CalendarBeginning.since, turns.c.at)).outerjoin(
        turns, turns.c.entry == CalendarBeginning.entry
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def failed_turns(session: Session) -> dict[str, FailedTurn]:
    """The last turn of each entry where it failed and nobody has done its work since, by hand or otherwise."""
    newest = select(Job).ext(distinct_on(Job.entry)).where(Job.occurs_at.is_not(None))
    last = aliased(Job, newest.order_by(Job.entry, Job.occurs_at.desc(), Job.retry.desc()).subquery())
    since = select(Job.id).where(Job.entry == last.entry, Job.state == DONE, Job.ended_at > last.ended_at)
    found = session.scalars(select(last).where(last.state == FAILED, ~since.exists()))
    return {
        one.entry: FailedTurn(one.occurs_at, one.retry, one.ended_at)
        for one in found
        if one.entry is not None and one.occurs_at is not None and one.ended_at is not None
    }


def under_way(session: Session) -> set[str]:
    """The entries of which a job waits or runs."""
    asked = select(Job.entry).where(Job.entry.is_not(None), Job.state.in_((WAITING, RUNNING)))
    return {entry for entry in session.scalars(asked) if entry is not None}


def order_turn(
    session: Session,
    entry: str,
    turn: tuple[datetime.datetime, int],
    *,
    kind: str,
    payload: Mapping[str, Any],
    author: str,
) -> bool:
    """Order the work of one turn, its moment and how often it was begun before; False where somebody else did already."""
    at, retry = turn
    row = {
        "entry": entry,
        "occurs_at": at,
        "retry": retry,
        "kind": kind,
        "payload": dict(payload),
        "created_by": author,
    }
    ordered = insert(Job).values(row).on_conflict_do_nothing().returning(Job.id)
    return session.scalar(ordered) is not None


def order_by_hand(session: Session, entry: str, *, kind: str, payload: Mapping[str, Any], author: str) -> Job | None:
    """Order the work of an entry now, beside its turns; None while a job of it waits or runs."""
    lock_calendar(session)
    if entry in under_way(session):
        return None
    job = Job(entry=entry, kind=kind, payload=dict(payload), created_by=author)
    session.add(job)
    session.flush()
    session.refresh(job)
    return job


def last_runs(session: Session) -> dict[str, Job]:
    """The newest job of each entry."""
    newest = select(func.max(Job.id)).where(Job.entry.is_not(None)).group_by(Job.entry)
    found = session.scalars(select(Job).where(Job.id.in_(newest)))
    return {job.entry: job for job in found if job.entry is not None}
