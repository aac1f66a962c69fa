"""Documents of a review on its page: a row for each kind, the form that keeps one, the forms that strike one out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.http.forms import FormField, RegisterForm, fields_of
from app.judgement.approval import covers
from app.platform.principals import Principal
from app.siting.review_acts import DECIDES, department_of
from app.siting.review_document_schemas import (
    DocumentStruck,
    NeededDocumentAnswer,
    NewReviewDocument,
    ReviewDocumentAnswer,
)
from app.siting.review_documents import may_keep
from app.siting.review_schemas import WholeReview
from app.siting.reviews import MATTER, Review
from risk_model.codes import code_name
from risk_model.reviews.vocabulary import ReviewDocumentKind


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A kind of document: what the gate says of it (None: it needs none), and those on record."""

    kind: ReviewDocumentKind
    needed: NeededDocumentAnswer | None
    documents: Sequence[ReviewDocumentAnswer]


def document_rows(told: WholeReview) -> list[DocumentRow]:
    """Documents of a review by kind, those the gate needs first."""
    needed = {one["kind"]: one for one in told["documents_needed"]}
    kinds = dict.fromkeys([*needed, *(one["kind"] for one in told["documents"])])
    return [
        DocumentRow(kind, needed.get(kind), [one for one in told["documents"] if one["kind"] == kind]) for kind in kinds
    ]


def document_fields(review: Review, principal: Principal) -> tuple[FormField, ...]:
    """Fields of the form that keeps a document; none for whoever may keep none. A department's account has its letter alone."""
    own = department_of(principal)
    if MATTER.life.states[review.decision.state].end:
        return ()
    fields = fields_of(NewReviewDocument, "review_document")
    if covers(principal, DECIDES):
        return fields
    if own is None or principal.is_guest:
        return ()
    alone = {"kind": ("review_document", ReviewDocumentKind.REPLY.value), "department": ("review_department", own)}
    return tuple(
        replace(one, required=True, choices=((alone[one.name][1], code_name(*alone[one.name])),))
        if one.name in alone
        else one
        for one in fields
    )


def strike_forms(review: Review, principal: Principal) -> dict[int, RegisterForm]:
    """A form for each document that stands and this reader may strike out."""
    if MATTER.life.states[review.decision.state].end:
        return {}
    fields, number = fields_of(DocumentStruck, "review"), review.row.id
    address, here = "/api/siting/reviews/{number}/documents/{document}/strike", f"/reviews/{number}"
    return {
        one.row.id: RegisterForm(
            fields, address, here, path={"number": number, "document": one.row.id}, seen=review.tag
        )
        for one in review.documents
        if one.struck is None and may_keep(principal, one.row.kind, one.row.department)
    }
