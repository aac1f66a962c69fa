"""Documents of joint reviews: scans that are kept, and those struck out."""

from __future__ import annotations

import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, Id, code_of


class ReviewDocument(Base):
    """Scan of a document of a review (append-only), of its ``kind``, under its ``number`` as it is written on it.

    ``department`` wrote it, a letter's always; ``dated`` is its day where it names one.
    """

    __tablename__ = "review_documents"
    __table_args__ = (
        code_of("review_document", "kind"),
        code_of("review_department", "department"),
        CheckConstraint("kind <> 'reply' OR department IS NOT NULL", name="letter_of_a_department"),
        CheckConstraint("length(btrim(number)) > 0", name="numbered"),
        CheckConstraint("length(content) > 0", name="not_empty"),
        CheckConstraint("sha256 = encode(sha256(content), 'hex')", name="as_digested"),
        Index("ix_review_documents_review_id", "review_id", "id"),
    )

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey("siting_reviews.id"))
    kind: Mapped[str]
    number: Mapped[str]
    department: Mapped[str | None]
    dated: Mapped[datetime.date | None]
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    kept_by: Mapped[str]
    kept_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class StruckReviewDocument(Base):
    """Document that was kept by mistake: struck out with a reason, and still there (append-only)."""

    __tablename__ = "struck_review_documents"
    __table_args__ = (CheckConstraint("length(btrim(reason)) > 0", name="with_a_reason"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("review_documents.id"), primary_key=True)
    reason: Mapped[str]
    struck_by: Mapped[str]
    struck_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
