"""The log of dispatch: added to, read in order, never changed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from gis_layers.tables.incidents import DispatchLogEntry

__all__ = ["DispatchLogEntry", "NewEntry", "add_entry_of", "read_log", "read_steps"]


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be added: what was done and by whom, when it occurred, what was said and shown."""

    act: str
    by: str
    occurred_at: datetime.datetime
    assignment: int | None = None
    state: str | None = None
    said: str | None = None
    content: Mapping[str, Any] = field(default_factory=dict)


def add_entry_of(session: Session, incident: int, new: NewEntry) -> None:
    """Add an entry to the log of an incident."""
    row = {"incident_id": incident, "assignment_id": new.assignment, "act": new.act, "state": new.state}
    told = {"occurred_at": new.occurred_at, "taken_by": new.by, "said": new.said, "content": dict(new.content)}
    session.execute(insert(DispatchLogEntry).values(**row, **told))


def read_log(session: Session, incident: int, *acts: str) -> Sequence[DispatchLogEntry]:
    """Entries of an incident in the order they were recorded; of some ``acts`` alone where they are named."""
    asked = select(DispatchLogEntry).where(DispatchLogEntry.incident_id == incident).order_by(DispatchLogEntry.id)
    return session.scalars(asked.where(DispatchLogEntry.act.in_(acts)) if acts else asked).all()


def read_steps(session: Session, assignment: int) -> Sequence[DispatchLogEntry]:
    """Entries of an assignment in the order they were recorded."""
    asked = select(DispatchLogEntry).where(DispatchLogEntry.assignment_id == assignment)
    return session.scalars(asked.order_by(DispatchLogEntry.id)).all()
