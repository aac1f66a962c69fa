"""Decisions by several people: how each stands now, every step that led there, and who decides in whose place."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, Moment, is_code, is_one_of
from risk_model.decisions import APPROVAL, SITING_REVIEW, ZONE_DRAFT, life_of

_LIFE, _DRAFTED, _REVIEWED = life_of(APPROVAL), life_of(ZONE_DRAFT), life_of(SITING_REVIEW)
_APPROVAL, _DRAFT, _REVIEW = (f"life <> '{life.key}'" for life in (_LIFE, _DRAFTED, _REVIEWED))
_ENDED = is_one_of("state", _LIFE.ends)
_BY_ANOTHER, _BY_ITSELF = (
    is_one_of("state", reached("authors")) for reached in (_LIFE.reached_without, _LIFE.reached_by)
)

_DRAFT_BY_ANOTHER = is_one_of("state", _DRAFTED.reached_without("authors"))
_DRAFT_ENDED = is_one_of("state", _DRAFTED.ends)
_REVIEW_ENDED = is_one_of("state", _REVIEWED.ends)


class DecisionRecord(Base):
    """Standing of one matter, of a ``kind`` and by its ``number`` there; ``version`` counts its steps.

    The state follows from the steps; it is kept to be asked for. ``authors`` only ever grow.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("version > 0", name="version_counted"),
        CheckConstraint("cardinality(authors) > 0", name="somebody_proposed"),
        CheckConstraint(f"{_APPROVAL} OR {is_code('proposal_state', 'state')}", name="state_of_an_approval"),
        CheckConstraint(f"{_APPROVAL} OR ended = ({_ENDED})", name="ended_where_decided"),
        CheckConstraint(f"{_APPROVAL} OR NOT ({_BY_ANOTHER}) OR NOT changed_by = ANY (authors)", name="four_eyes"),
        CheckConstraint(
            f"{_APPROVAL} OR NOT ({_BY_ITSELF}) OR changed_by = ANY (authors)", name="withdrawn_by_its_author"
        ),
        CheckConstraint(f"{_DRAFT} OR {is_code('draft_state', 'state')}", name="state_of_a_draft"),
        CheckConstraint(f"{_DRAFT} OR ended = ({_DRAFT_ENDED})", name="draft_ended_where_decided"),
        CheckConstraint(
            f"{_DRAFT} OR NOT ({_DRAFT_BY_ANOTHER}) OR NOT changed_by = ANY (authors)", name="draft_four_eyes"
        ),
        CheckConstraint(f"{_REVIEW} OR {is_code('review_state', 'state')}", name="state_of_a_review"),
        CheckConstraint(f"{_REVIEW} OR ended = ({_REVIEW_ENDED})", name="review_ended_where_annulled"),
        Index("ix_decisions_pending", "kind", "number", postgresql_where="NOT ended"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    number: Mapped[int]
    life: Mapped[str]
    state: Mapped[str]
    ended: Mapped[Flag]
    version: Mapped[int]
    authors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    changed_by: Mapped[str]


class DecisionStep(Base):
    """One step of a decision (append-only): who took it to which state, with what words and what content."""

    __tablename__ = "decision_steps"
    __table_args__ = (
        CheckConstraint("ordinal > 0", name="ordinal_counted"),
        CheckConstraint("step <> 'return' OR length(btrim(comment)) > 0", name="returned_with_a_comment"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    step: Mapped[str]
    state: Mapped[str]
    taken_by: Mapped[str]
    taken_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    comment: Mapped[str | None]
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Deputy(Base):
    """Account that may decide in place of another from one day to another; ended early or not, never deleted."""

    __tablename__ = "deputies"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="days_in_order"),
        CheckConstraint("deputy <> in_place_of", name="somebody_else"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        Index("ix_deputies_deputy", "deputy", "to_on"),
    )

    id: Mapped[Id]
    deputy: Mapped[str]
    in_place_of: Mapped[str]
    from_on: Mapped[datetime.date]
    to_on: Mapped[datetime.date]
    appointed_by: Mapped[str]
    appointed_at: Mapped[CreatedAt]
    ended_at: Mapped[Moment | None]
    ended_by: Mapped[str | None]
