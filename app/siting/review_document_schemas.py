"""Requests and answers about the documents of joint reviews."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from app.http.changes import Closed
from app.http.written import NOT_BLANK, Filled
from app.platform.iso import IsoDay, IsoMoment
from risk_model.reviews.vocabulary import ReviewDepartment, ReviewDocumentKind

DocumentNumber = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)]


class NewReviewDocument(Closed):
    """Document to be kept: its kind, its number (of one that has none its title), whose it is (of a letter always), its day."""

    kind: ReviewDocumentKind
    number: DocumentNumber
    department: ReviewDepartment | None = None
    dated: datetime.date | None = None


class DocumentStruck(Closed):
    """Why a document is struck out that was kept by mistake."""

    reason: Filled


class StrikeAnswer(TypedDict):
    """Why a document was struck out, by whom and when."""

    reason: str
    by: str
    at: IsoMoment


class ReviewDocumentAnswer(TypedDict):
    """A document on record; ``struck`` where it was kept by mistake and counts no more. ``size`` in bytes."""

    id: int
    kind: ReviewDocumentKind
    number: str
    department: ReviewDepartment | None
    dated: IsoDay | None
    name: str
    media_type: str
    size: int
    sha256: str
    by: str
    at: IsoMoment
    struck: StrikeAnswer | None


class NeededDocumentAnswer(TypedDict):
    """A kind of document the gate needs, and whether one stands on record.

    ``required``: the review is not approved without it unless overridden. ``where``: on which sites alone it is needed (empty: on all).
    """

    kind: ReviewDocumentKind
    on_record: bool
    required: bool
    where: str
    where_en: str
    basis: str
    basis_en: str
    confidence: str
