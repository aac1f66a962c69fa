"""Shifts of duty, and whom to call in each village."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from gis_layers.tables.duty import DutyShift, VillageContact
from gis_layers.tables.places import Village

__all__ = ["DutyShift", "VillageContact", "add_contacts", "add_shift", "change_shift", "count_shifts", "find_shift_at", "lock_shift", "read_contacts", "read_shifts"]  # fmt: skip


def read_shifts(session: Session, *, limit: int, offset: int = 0) -> Sequence[DutyShift]:
    """Shifts, the latest first."""
    newest = select(DutyShift).order_by(DutyShift.begins_at.desc(), DutyShift.id.desc())
    return session.scalars(newest.limit(limit).offset(offset)).all()


def count_shifts(session: Session) -> int:
    """Number of shifts on record."""
    return session.scalar(select(func.count()).select_from(DutyShift)) or 0


def find_shift_at(session: Session, at: datetime.datetime) -> DutyShift | None:
    """The shift that is on duty at a moment; of several the one that began last."""
    asked = select(DutyShift).where(DutyShift.begins_at <= at, DutyShift.ends_at > at)
    return session.scalars(asked.order_by(DutyShift.begins_at.desc(), DutyShift.id.desc()).limit(1)).first()


def add_shift(session: Session, values: Mapping[str, Any]) -> int:
    """Add a shift; its number."""
    return session.execute(insert(DutyShift).values(**values).returning(DutyShift.id)).scalar_one()


def lock_shift(session: Session, number: int) -> DutyShift | None:
    """A shift, its row held; None where there is none."""
    held = select(DutyShift).where(DutyShift.id == number).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).first()


def change_shift(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Set columns of a shift; its version grows by one."""
    session.execute(update(DutyShift).where(DutyShift.id == number).values(**values, version=DutyShift.version + 1))


def add_contacts(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add people to call in villages."""
    if rows:
        session.execute(insert(VillageContact), [dict(row) for row in rows])


def read_contacts(session: Session) -> Sequence[tuple[VillageContact, int | None, str | None]]:
    """Everybody to call, with the number and the name of their village where it is on record."""
    asked = select(VillageContact, Village.id, Village.name).outerjoin(
        Village, Village.code == VillageContact.village_code
    )
    rows = session.execute(asked.order_by(VillageContact.village_code, VillageContact.id)).all()
    return [(row[0], row[1], row[2]) for row in rows]
