"""Joint reviews judged anew: what came out otherwise, told to whom, and what was withdrawn again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Id, Moment, code_of
from gis_layers.tables.said import SaidJson


class ReviewWithdrawal(Base):
    """Withdrawal of every notice that an edition or rulebook left without object, told as one (append-only).

    ``edition`` and ``rulebook`` (fingerprint) are those by which the reviews are judged as before again. ``told``: ``cause``.
    """

    __tablename__ = "review_withdrawals"
    __table_args__ = (UniqueConstraint("edition", "rulebook", postgresql_nulls_not_distinct=True),)

    id: Mapped[Id]
    edition: Mapped[int | None] = mapped_column(ForeignKey("editions.number"))
    rulebook: Mapped[str]
    told: Mapped[dict[str, Any]] = mapped_column(SaidJson)
    created_at: Mapped[CreatedAt]


class ReviewNotice(Base):
    """Judgement of a review anew that differs from the one it rests on. Never deleted.

    Of a review under way it is ``applied``: the review rests on ``check_number`` since. Of a decided one it is a notice (复核提示单)
    that a person settles with a reason. ``told``: the ``cause`` and the ``lines`` that differ.
    """

    __tablename__ = "review_notices"
    __table_args__ = (
        code_of("review_notice_state", "state"),
        code_of("verdict", "verdict_before", name="before_known"),
        code_of("verdict", "verdict"),
        CheckConstraint(
            "(state IN ('reopened','noted') AND settled_by IS NOT NULL OR state IN ('replaced','withdrawn') "
            "OR settled_by IS NULL) AND (settled_by IS NULL) = (settled_at IS NULL)",
            name="settled_by_somebody",
        ),
        CheckConstraint(
            "(settled_by IS NULL) = (reason IS NULL) AND length(btrim(reason)) > 0", name="settled_with_a_reason"
        ),
        CheckConstraint("(state = 'withdrawn') = (withdrawal_id IS NOT NULL)", name="withdrawn_by_a_withdrawal"),
        Index("ix_review_notices_review_id", "review_id", "id"),
        Index("ix_review_notices_withdrawal_id", "withdrawal_id"),
    )

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey("siting_reviews.id"))
    state: Mapped[str]
    check_before: Mapped[str] = mapped_column(ForeignKey("checks.number"))
    check_number: Mapped[str] = mapped_column(ForeignKey("checks.number"))
    verdict_before: Mapped[str]
    verdict: Mapped[str]
    told: Mapped[dict[str, Any]] = mapped_column(SaidJson)
    created_at: Mapped[CreatedAt]
    reason: Mapped[str | None]
    settled_by: Mapped[str | None]
    settled_at: Mapped[Moment | None]
    withdrawal_id: Mapped[int | None] = mapped_column(ForeignKey("review_withdrawals.id"))
