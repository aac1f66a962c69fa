"""Documents of joint reviews: kept by digest, listed without their bytes, struck out and never deleted."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_layers.tables.review_documents import ReviewDocument, StruckReviewDocument

__all__ = ["KeptReviewDocument", "ReceivedDocument", "ReviewDocument", "StruckReviewDocument"]


@dataclass(frozen=True, slots=True)
class ReceivedDocument:
    """Scan about to be kept; columns as in ``tables.review_documents``."""

    kind: str
    number: str
    department: str | None
    dated: datetime.date | None
    name: str
    media_type: str
    content: bytes
    kept_by: str


@dataclass(frozen=True, slots=True)
class KeptReviewDocument:
    """A document on record: its row, its bytes counted, how it was struck out (None: it stands)."""

    row: ReviewDocument
    size: int
    struck: StruckReviewDocument | None


def save_document(session: Session, review: int, new: ReceivedDocument) -> ReviewDocument:
    """Keep a scan for good."""
    row = ReviewDocument(
        review_id=review, kind=new.kind, number=new.number, department=new.department, dated=new.dated, name=new.name,
        media_type=new.media_type, sha256=digest_of(new.content), content=new.content, kept_by=new.kept_by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def digest_of(content: bytes) -> str:
    """The SHA-256 a scan is kept by, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def read_documents(session: Session, review: int) -> list[KeptReviewDocument]:
    """Every document of a review in the order they were kept, those struck out too; their bytes stay where they are."""
    asked = (
        select(ReviewDocument, func.octet_length(ReviewDocument.content), StruckReviewDocument)
        .outerjoin(StruckReviewDocument, StruckReviewDocument.document_id == ReviewDocument.id)
        .where(ReviewDocument.review_id == review)
        .order_by(ReviewDocument.id)
    )
    return [KeptReviewDocument(row, size, struck) for row, size, struck in session.execute(asked)]


def find_document(session: Session, review: int, number: int) -> ReviewDocument | None:
    """The document of this number, of this review."""
    asked = select(ReviewDocument).where(ReviewDocument.id == number, ReviewDocument.review_id == review)
    return session.scalar(asked)


def strike_document(session: Session, document: int, reason: str, by: str) -> None:
    """Strike a document out for good."""
    session.add(StruckReviewDocument(document_id=document, reason=reason, struck_by=by))
    session.flush()
