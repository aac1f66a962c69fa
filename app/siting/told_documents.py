"""Documents of joint reviews as answers tell them, and what a review is returned for to be completed."""

from __future__ import annotations

import datetime

from app.siting.review_document_schemas import NeededDocumentAnswer, ReviewDocumentAnswer, StrikeAnswer
from app.siting.reviews import Review
from gis_layers.stores.review_documents import KeptReviewDocument, StruckReviewDocument
from gis_layers.stores.reviews import ReviewOpinion
from risk_model.codes import code_name
from risk_model.message import Message, msg
from risk_model.reviews import is_same_number
from risk_model.reviews.vocabulary import ReviewDepartment, ReviewDocumentKind


def describe_document(kept: KeptReviewDocument) -> ReviewDocumentAnswer:
    """A document on record."""
    row = kept.row
    return {
        "id": row.id,
        "kind": ReviewDocumentKind(row.kind),
        "number": row.number,
        "department": None if row.department is None else ReviewDepartment(row.department),
        "dated": None if row.dated is None else row.dated.isoformat(),
        "name": row.name,
        "media_type": row.media_type,
        "size": kept.size,
        "sha256": row.sha256,
        "by": row.kept_by,
        "at": row.kept_at.astimezone(datetime.UTC).isoformat(),
        "struck": None if kept.struck is None else _strike(kept.struck),
    }


def describe_needed(review: Review) -> list[NeededDocumentAnswer]:
    """The documents the gate needs, and which are there."""
    there = review.kinds_kept
    return [
        {
            "kind": one.kind,
            "on_record": one.kind in there,
            "required": one.required,
            "where": one.where,
            "where_en": one.where.english or one.where,
            "basis": one.basis,
            "basis_en": one.basis.english or one.basis,
            "confidence": one.confidence,
        }
        for one in review.gate.documents
    ]


def completion_of(review: Review) -> Message | None:
    """The sentence a review is returned with to be completed, naming what lacks; None where nothing does."""
    lacking = review.lacking
    if not lacking:
        return None
    named = [
        msg("{document}（{where}）", document=code_name("review_document", one.kind), where=one.where)
        if one.where
        else code_name("review_document", one.kind)
        for one in lacking
    ]
    return msg("请补正下列材料：{documents}。", documents=named)


def scan_of(review: Review, opinion: ReviewOpinion) -> int | None:
    """The scan of the letter an opinion was written down from: the last of its department and number; None without one."""
    if opinion.document is None:
        return None
    fitting = [
        one.row.id
        for one in review.documents
        if one.struck is None
        and (one.row.kind, one.row.department) == (ReviewDocumentKind.REPLY, opinion.department)
        and is_same_number(one.row.number, opinion.document)
    ]
    return fitting[-1] if fitting else None


def _strike(struck: StruckReviewDocument) -> StrikeAnswer:
    return {
        "reason": struck.reason,
        "by": struck.struck_by,
        "at": struck.struck_at.astimezone(datetime.UTC).isoformat(),
    }
