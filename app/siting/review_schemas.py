"""Requests and answers of the routes of joint reviews."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from app.http.changes import Closed
from app.http.geojson_shapes import Geometry
from app.http.next_steps import NextStepAnswer
from app.http.written import NOT_BLANK, Filled
from app.platform.iso import IsoDay, IsoMoment
from app.siting.notice_schemas import NoticeAnswer
from app.siting.review_document_schemas import DocumentNumber, NeededDocumentAnswer, ReviewDocumentAnswer
from app.siting.schemas import CheckAnswer, SiteFeature
from risk_model.reviews.vocabulary import (
    DepartmentStanding,
    ReviewDepartment,
    ReviewDocumentKind,
    ReviewObjection,
    ReviewRoute,
    ReviewStage,
    ReviewState,
)
from risk_model.vocabulary import Verdict

OpinionWord = Literal["agree", "conditional", "disagree", "more_material", "not_concerned"]
DecisionWord = Literal["approved", "conditional", "rejected", "returned"]
Line = Annotated[str, Field(min_length=1, max_length=500, json_schema_extra=NOT_BLANK)]


class ReviewFeature(SiteFeature):
    """The Feature of a check with the gate at which it is reviewed jointly.

    ``follows`` is the review of the gate before; ``departments`` and ``due_on`` stand in place of those of the gate. Only where
    ``silence_basis`` cites a document does an opinion that is late count as none.
    """

    stage: ReviewStage
    route: ReviewRoute = ReviewRoute.AUTHORISED
    follows: int | None = Field(None, ge=1)
    project: int | None = Field(None, ge=1)
    departments: list[ReviewDepartment] | None = Field(None, min_length=1, max_length=len(ReviewDepartment))
    due_on: datetime.date | None = None
    silence_basis: DocumentNumber | None = Field(None, description="document by which a late opinion counts as none")


class NewReviewOpinion(Closed):
    """Opinion of a department. Another than the department writes it down from paper: then ``signer`` and ``document`` say whose and which."""

    department: ReviewDepartment
    opinion: OpinionWord
    conditions: list[Line] = Field(
        default_factory=list, max_length=20, description="of a conditional opinion, one each"
    )
    comment: str | None = Field(None, max_length=2000)
    signer: str | None = Field(None, min_length=1, max_length=80, json_schema_extra=NOT_BLANK)
    signed_on: datetime.date | None = None
    document: DocumentNumber | None = None


class NewReviewDecision(Closed):
    """Decision on a review. Against what speaks against it (409 says what) it is taken with ``override`` alone."""

    decision: DecisionWord
    reason: Filled
    override: bool = False


class ReviewStepTaken(Closed):
    """Step besides a decision: ``reopen`` what was decided, ``annul`` what should not have been opened; with its reason."""

    step: Literal["reopen", "annul"]
    reason: Filled


class ConditionClosed(Closed):
    """Document that closes a condition, what it concluded, and how long that holds."""

    document: DocumentNumber
    conclusion: Filled
    valid_to: datetime.date | None = None


class OpinionAnswerOfReview(TypedDict):
    """An opinion as it was given; ``stale`` where what it saw (``check``, ``result_digest``) is not before the gate any more.

    ``scan`` is the document that holds the letter it names, null where none is on record.
    """

    id: int
    department: ReviewDepartment
    opinion: OpinionWord
    conditions: list[str]
    comment: str | None
    signer: str
    signed_on: IsoDay
    document: str | None
    scan: int | None
    entered_for: bool
    check: str
    result_digest: str
    stale: bool
    by: str
    at: IsoMoment


class DepartmentAnswer(TypedDict):
    """A department at the gate: whether it was ``asked``, by when, how it stands, its opinion that counts."""

    department: ReviewDepartment
    asked: bool
    due_on: IsoDay | None
    standing: DepartmentStanding
    overdue_days: int
    opinion: OpinionAnswerOfReview | None


class ReviewConditionAnswer(TypedDict):
    """A condition: of ``rules`` or of a ``department``; ``state`` is open, closed, or carried to a later gate. ``lapsed``: what closed it holds no more."""

    id: int
    wording: str
    wording_en: str
    rules: list[str]
    department: ReviewDepartment | None
    carried_from: int | None
    carried_to: ReviewStage | None
    state: Literal["open", "closed", "carried"]
    document: str | None
    conclusion: str | None
    valid_to: IsoDay | None
    lapsed: bool
    closed_by: str | None


class GateAnswer(TypedDict):
    """Whether the gate passes, and what keeps it from passing."""

    passes: bool
    owed: list[ReviewDepartment]
    objecting: list[ReviewDepartment]
    open_conditions: int


class DecisionAnswer(TypedDict):
    """A decision that stands: on which verdict, ``overriding`` which objections (none: it went against nothing).

    ``lacking``: documents the gate needs that were not on record then.
    """

    decision: DecisionWord
    reason: str
    override: bool
    overriding: list[ReviewObjection]
    lacking: list[ReviewDocumentKind]
    verdict: Verdict
    check: str
    by: str
    at: IsoMoment


class ReviewActAnswer(TypedDict):
    """A step in the life of a review, with what came with it."""

    step: str
    state: ReviewState
    by: str
    at: IsoMoment
    comment: str | None
    overriding: list[ReviewObjection]


class OutlineChange(TypedDict):
    """Square metres the outline gained and lost against the gate before (metric CRS)."""

    added_m2: float
    lost_m2: float


class NeighbourGate(TypedDict):
    """The review of the gate before or after."""

    id: int
    number: str
    stage: ReviewStage
    state: ReviewState


class ReviewItem(TypedDict):
    """A review in a list; ``due_on`` is the first day by which an opinion is owed, ``owed`` by how many departments."""

    id: int
    number: str
    office: str
    name: str
    project_class: str
    project: int | None
    route: ReviewRoute
    stage: ReviewStage
    state: ReviewState
    verdict: Verdict
    check: str
    due_on: IsoDay | None
    owed: int
    overdue_days: int
    opened_at: IsoMoment
    synthetic: bool


class WholeReview(ReviewItem):
    """A review: gate, departments, conditions, decision, every step, and the check it rests on word for word (``evidence``).

    ``notices``: what judging it anew came to; ``judgement_pending``: that is still to come. ``completion``:
    the sentence to return it with, naming the documents that lack.
    """

    geometry: Geometry
    silence_basis: str | None
    order: list[ReviewStage]
    order_basis: str
    order_basis_en: str
    before: NeighbourGate | None
    after: NeighbourGate | None
    next_stage: ReviewStage | None
    outline_change: OutlineChange | None
    gate: GateAnswer
    departments: list[DepartmentAnswer]
    opinions: list[OpinionAnswerOfReview]
    conditions: list[ReviewConditionAnswer]
    documents: list[ReviewDocumentAnswer]
    documents_needed: list[NeededDocumentAnswer]
    completion: str | None
    completion_en: str | None
    decision: DecisionAnswer | None
    acts: list[ReviewActAnswer]
    next_steps: list[NextStepAnswer]
    evidence: CheckAnswer
    evidence_digest: str
    judgement_pending: bool
    notices: list[NoticeAnswer]
    disclaimer: str
