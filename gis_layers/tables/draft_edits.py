"""Edits of drafts, each with the exact states before and after it, the descent they bring about, who is at work, signed papers, impacts kept."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, Moment, code_of


class DraftEdit(Base):
    """One edit of a draft, numbered in it. ``undone`` can be done again unless a later edit made it ``dropped``.

    ``version`` is the version of the draft it led to when it was made.
    """

    __tablename__ = "draft_edits"
    __table_args__ = (
        code_of("zone_edit", "op"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("NOT dropped OR undone", name="dropped_where_undone"),
        UniqueConstraint("draft_id", "number"),
    )

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    number: Mapped[int]
    version: Mapped[int]
    op: Mapped[str]
    reason: Mapped[str | None]
    made_by: Mapped[str]
    made_at: Mapped[Moment]
    undone: Mapped[Flag]
    dropped: Mapped[Flag]


class DraftEditZone(Base):
    """What an edit did to one zone: the draft's proposal for it before and after (null: none), geometry as exact WKB."""

    __tablename__ = "draft_edit_zones"
    __table_args__ = (
        CheckConstraint("(before IS NULL) = (before_wkb IS NULL)", name="before_whole"),
        CheckConstraint("(after IS NULL) = (after_wkb IS NULL)", name="after_whole"),
    )

    edit_id: Mapped[int] = mapped_column(ForeignKey("draft_edits.id"), primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zones.id"), primary_key=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    before_wkb: Mapped[bytes | None] = mapped_column(LargeBinary)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after_wkb: Mapped[bytes | None] = mapped_column(LargeBinary)


class DraftLineage(Base):
    """Descent an edit brings about; it becomes that of an edition when the draft is published."""

    __tablename__ = "draft_lineage"

    edit_id: Mapped[int] = mapped_column(ForeignKey("draft_edits.id"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("zones.id"), primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("zones.id"), primary_key=True)


class DraftPresence(Base):
    """The zones of a draft an account works on, and when it last touched them. It locks nothing: others are told."""

    __tablename__ = "draft_presences"
    __table_args__ = (CheckConstraint("cardinality(zones) <= 2000", name="zones_bounded"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    zones: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    seen_at: Mapped[Moment]


class DraftPaper(Base):
    """Scan of an approval sheet that was signed, kept for good with the approval it stands for (append-only)."""

    __tablename__ = "draft_papers"
    __table_args__ = (
        CheckConstraint("length(content) > 0", name="not_empty"),
        CheckConstraint("length(btrim(signed_by)) > 0", name="signer_named"),
    )

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    signed_by: Mapped[str]
    signed_on: Mapped[datetime.date]
    kept_by: Mapped[str]
    kept_at: Mapped[CreatedAt]


class KeptDraftImpact(Base):
    """Impact of a draft as it was submitted (append-only): ``digest`` names the content, ``against`` the edition then in force.

    ``against`` is null where nothing had ever been published.
    """

    __tablename__ = "draft_impacts"
    __table_args__ = (Index("ix_draft_impacts_draft_id", "draft_id", "id"),)

    id: Mapped[Id]
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    digest: Mapped[str]
    against: Mapped[int | None] = mapped_column(ForeignKey("editions.number"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    kept_at: Mapped[Moment]
