"""Deputies (AB岗): who may decide in whose place, from which day to which; appointed and ended, never deleted."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.tables.decisions import Deputy

__all__ = ["Deputy", "NewDeputy", "deputies_on", "find_deputy", "list_deputies", "save_deputy"]


@dataclass(frozen=True, slots=True)
class NewDeputy:
    """A deputy about to be appointed: usernames, and the first and last day."""

    deputy: str
    in_place_of: str
    from_on: datetime.date
    to_on: datetime.date
    appointed_by: str


def save_deputy(session: Session, new: NewDeputy) -> Deputy:
    """Appoint a deputy."""
    row = Deputy(
        deputy=new.deputy, in_place_of=new.in_place_of, from_on=new.from_on, to_on=new.to_on,
        appointed_by=new.appointed_by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def find_deputy(session: Session, number: int) -> Deputy | None:
    """The appointment of this number, locked until the end of the transaction."""
    return session.scalar(select(Deputy).where(Deputy.id == number).with_for_update())


def list_deputies(session: Session) -> list[Deputy]:
    """Every appointment, the latest first."""
    return list(session.scalars(select(Deputy).order_by(Deputy.id.desc()).limit(200)))


def deputies_on(session: Session, deputy: str, day: datetime.date) -> list[Deputy]:
    """The appointments by which this account decides for somebody on a day."""
    asked = select(Deputy).where(
        Deputy.deputy == deputy, Deputy.from_on <= day, Deputy.to_on >= day, Deputy.ended_at.is_(None)
    )
    return list(session.scalars(asked.order_by(Deputy.id)))
