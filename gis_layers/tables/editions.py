"""Editions: the numbered, immutable states of what is published; drafts lead to them."""

from __future__ import annotations

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, code_of


class Edition(Base):
    """One published state of all zones. Its rows never change (a trigger sees to it).

    ``effective_on``: the day it is effective from by decision; in force is the newest one.
    """

    __tablename__ = "editions"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(btrim(reason)) > 0", name="reason_given"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[CreatedAt]
    published_by: Mapped[str]
    by_console: Mapped[Flag]
    reason: Mapped[str]
    fingerprint: Mapped[str]
    effective_on: Mapped[datetime.date] = mapped_column(
        server_default=text("(now() AT TIME ZONE 'Asia/Shanghai')::date")
    )


class Draft(Base):
    """Draft of an officer or an import; published whole or not at all. ``version`` counts what was done to it.

    ``standing``: whether what it changes of the census is proposed to its authority, or a supplement that only tightens.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        code_of("draft_state", "state"),
        code_of("draft_standing", "standing"),
        CheckConstraint("(state = 'published') = (edition IS NOT NULL)", name="edition_when_published"),
        CheckConstraint("version > 0", name="version_counted"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    standing: Mapped[str] = mapped_column(server_default="proposal")
    created_at: Mapped[CreatedAt]
    created_by: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    edition: Mapped[int | None] = mapped_column(ForeignKey("editions.number", deferrable=True, initially="DEFERRED"))
