"""The rulebook of this deployment: texts by fingerprint, numbered versions, and what people propose to change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Id
from risk_model.vocabulary import FieldChange


class RulebookText(Base):
    """Every file of one rulebook by path, the overlay included: whoever has its fingerprint can judge by it again."""

    __tablename__ = "rulebook_texts"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    packaged: Mapped[str]
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)
    recorded_at: Mapped[CreatedAt]


class RulebookVersion(Base):
    """One rulebook in force until the next; its rows never change. ``proposal_id`` is null where software brought it."""

    __tablename__ = "rulebook_versions"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(btrim(reason)) > 0", name="reason_given"),
        CheckConstraint("proposed_by IS NULL OR proposed_by <> published_by", name="four_eyes"),
        CheckConstraint("(proposal_id IS NULL) = (proposed_by IS NULL)", name="proposed_by_somebody"),
        CheckConstraint("equal_to < number", name="equal_to_an_older_one"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(ForeignKey("rulebook_texts.fingerprint"))
    published_at: Mapped[CreatedAt]
    published_by: Mapped[str]
    proposed_by: Mapped[str | None]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("rulebook_proposals.id"), unique=True)
    equal_to: Mapped[int | None] = mapped_column(ForeignKey("rulebook_versions.number"))
    reason: Mapped[str]
    diff: Mapped[list[FieldChange]] = mapped_column(JSONB)


class RulebookProposal(Base):
    """Proposal to change the rulebook: ``steps`` on the overlay, or a return to the version ``equal_to``.

    How it stands is told by its decision. What it says changes only while it is returned; every wording it had stays
    with the steps of the decision.
    """

    __tablename__ = "rulebook_proposals"
    __table_args__ = (
        CheckConstraint("length(btrim(reason)) > 0", name="reason_given"),
        CheckConstraint("(jsonb_array_length(steps) > 0) = (equal_to IS NULL)", name="something_proposed"),
    )

    id: Mapped[Id]
    created_at: Mapped[CreatedAt]
    created_by: Mapped[str]
    reason: Mapped[str]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    equal_to: Mapped[int | None] = mapped_column(
        ForeignKey("rulebook_versions.number", use_alter=True, name="fk_rulebook_proposals_equal_to")
    )
