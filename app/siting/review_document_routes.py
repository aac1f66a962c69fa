"""``/api/siting/reviews/{number}/documents``: scans kept with joint reviews."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, Viewer, WorkOf
from app.http.etags import IfMatch
from app.http.geojson import made_of
from app.http.scans import SUFFIXES, received_scan
from app.siting import review_documents
from app.siting.review_document_schemas import DocumentStruck, NewReviewDocument
from app.siting.review_routes import answer_of, require_seen_present
from app.siting.review_schemas import WholeReview
from risk_model.reviews.vocabulary import ReviewDepartment, ReviewDocumentKind

router = APIRouter(prefix="/api/siting/reviews", tags=["joint reviews"])
Numbered = Annotated[
    str,
    Form(
        alias="number", min_length=1, max_length=200, pattern=r"\S", description="its number; of one without, its title"
    ),
]


@router.post("/{number}/documents", status_code=201)
def add_document(
    number: int,
    work: WorkOf,
    principal: Viewer,
    now: MomentOf,
    answer: Response,
    file: Annotated[UploadFile, File(description="scan of the document: PDF, JPEG or PNG of at most 20 MB")],
    kind: Annotated[ReviewDocumentKind, Form()],
    document_number: Numbered,
    department: Annotated[ReviewDepartment | None, Form(description="whose it is; needed of a letter")] = None,
    dated: Annotated[datetime.date | None, Form(description="day it is dated")] = None,
    seen: IfMatch = None,
) -> WholeReview:
    """Keep a scan with a review, for good. A department's account adds its own letter alone."""
    require_seen_present(work, number, seen)
    told = NewReviewDocument(kind=kind, number=document_number, department=department, dated=dated)
    review_documents.add_document(work, number, told, received_scan(file, "document"), (principal, now))
    return answer_of(work, number, answer)


@router.get("/{number}/documents/{document}", **made_of(*SUFFIXES))
def document(number: int, document: int, work: WorkOf, principal: Viewer) -> Response:
    """A document of a review, as it was scanned; one that was struck out as well."""
    found = review_documents.require_document(work, number, document)
    name = f"anzhi-review-{number}-document-{document}.{SUFFIXES[found.media_type]}"
    return attachment(work.session, principal, name, found.content, media_type=found.media_type)


@router.post("/{number}/documents/{document}/strike")
def strike(
    number: int,
    document: int,
    struck: DocumentStruck,
    work: WorkOf,
    principal: Viewer,
    now: MomentOf,
    answer: Response,
    seen: IfMatch = None,
) -> WholeReview:
    """Strike out a document that was kept by mistake, with a reason; it stays on record and counts no more."""
    require_seen_present(work, number, seen)
    review_documents.strike(work, (number, document), struck.reason, (principal, now))
    return answer_of(work, number, answer)
