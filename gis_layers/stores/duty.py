"""Shifts of duty, and whom to call in each village."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from gis_layers.tables.duty import DutyShift, VillageContact
from gis_layers.tables.places import Village

__all__ = ["DutyShift", "VillageContact", "add_contact", "add_contacts", "add_shift", "change_contact", "change_shift", "count_shifts", "find_shift_at", "lock_contact", "lock_shift", "read_contacts", "read_shifts"]  # fmt: skip


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


def add_contact(session: Session, values: Mapping[str, Any]) -> int:
    """Add somebody to call; their number."""
    return session.execute(insert(VillageContact).values(**values).returning(VillageContact.id)).scalar_one()


def lock_contact(session: Session, number: int) -> VillageContact | None:
    """Somebody to call, retired or not, the row held; None where there is nobody."""
    held = select(VillageContact).where(VillageContact.id == number).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).first()


def change_contact(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Set columns of somebody to call; the version grows by one."""
    changed = update(VillageContact).where(VillageContact.id == number)
    session.execute(changed.values(**values, version=VillageContact.version + 1))


def read_contacts(session: Session) -> Sequence[tuple[VillageContact, int | None, str | None]]:
    """Everybody to call who is not retired, with the number and the name of their village where it is on record."""
    asked = select(VillageContact, Village.id, Village.name).outerjoin(
        Village, Village.code == VillageContact.village_code
    )
    asked = asked.where(VillageContact.retired_at.is_(None))
    rows = session.execute(asked.order_by(VillageContact.village_code, VillageContact.id)).all()
    return [(row[0], row[1], row[2]) for row in rows]
