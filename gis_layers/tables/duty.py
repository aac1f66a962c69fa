"""Duty: who leads and who answers the telephone, handed over by one and taken over by another; whom to call in a village."""

from __future__ import annotations

import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, Moment, code_of


class DutyShift(Base):
    """A shift: its leader and its officer, what is handed over with it, and the two who signed for that."""

    __tablename__ = "duty_shifts"
    __table_args__ = (
        CheckConstraint("ends_at > begins_at", name="ends_after_it_begins"),
        CheckConstraint("btrim(leader) <> '' AND btrim(officer) <> ''", name="somebody_on_duty"),
        CheckConstraint("(handed_at IS NULL) = (handed_by IS NULL)", name="handed_by_somebody"),
        CheckConstraint("(taken_at IS NULL) = (taken_by IS NULL)", name="taken_by_somebody"),
        CheckConstraint("taken_by IS NULL OR (handed_by IS NOT NULL AND taken_by <> handed_by)", name="signed_by_two"),
        CheckConstraint("version > 0", name="version_counted"),
        Index("ix_duty_shifts_begins_at", "begins_at"),
    )

    id: Mapped[Id]
    begins_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    leader: Mapped[str]
    leader_phone: Mapped[str | None]
    officer: Mapped[str]
    officer_phone: Mapped[str | None]
    matters: Mapped[str | None]
    handed_by: Mapped[str | None]
    handed_at: Mapped[Moment | None]
    taken_by: Mapped[str | None]
    taken_at: Mapped[Moment | None]
    created_by: Mapped[str]
    created_at: Mapped[CreatedAt]
    version: Mapped[int] = mapped_column(server_default="1")


class VillageContact(Base):
    """Somebody to call in a village, and in which role; who no longer is stays on record as retired."""

    __tablename__ = "village_contacts"
    __table_args__ = (
        code_of("contact_role", "role"),
        CheckConstraint("btrim(name) <> ''", name="name_given"),
        CheckConstraint("(retired_at IS NULL) = (retired_by IS NULL)", name="retired_by_somebody"),
        CheckConstraint("version > 0", name="version_counted"),
    )

    id: Mapped[Id]
    village_code: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    name: Mapped[str]
    contact_phone: Mapped[str | None]
    satellite_phone: Mapped[str | None]
    last_verified: Mapped[datetime.date | None]
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    retired_at: Mapped[Moment | None]
    retired_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
