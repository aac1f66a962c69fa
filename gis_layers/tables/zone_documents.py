"""Documents by which ground is declared, withdrawn or approved, theme by theme, and the drafts that rest upon them."""

from __future__ import annotations

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, code_of


class ZoneDocument(Base):
    """One document: its authority (机关), number (文号), day of its notice (公告日期) and secrecy (密级)."""

    __tablename__ = "zone_documents"
    __table_args__ = (
        code_of("document_kind", "kind"),
        code_of("government_level", "level"),
        code_of("secrecy", "secrecy"),
        CheckConstraint("length(btrim(title)) > 0", name="title_given"),
        CheckConstraint("length(btrim(number)) > 0", name="number_given"),
        CheckConstraint("length(btrim(authority)) > 0", name="authority_given"),
        CheckConstraint("version > 0", name="version_counted"),
        UniqueConstraint("hazard", "product", "number"),
    )

    id: Mapped[Id]
    hazard: Mapped[str]
    product: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    authority: Mapped[str]
    level: Mapped[str]
    announced_on: Mapped[datetime.date | None]
    secrecy: Mapped[str]
    remark: Mapped[str | None]
    synthetic: Mapped[Flag]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[CreatedAt]
    created_by: Mapped[str]


class DraftDocument(Base):
    """A document that a draft names as the ground it rests upon."""

    __tablename__ = "draft_documents"

    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("zone_documents.id"), primary_key=True)
