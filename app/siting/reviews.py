"""Joint reviews: opened on a check, answered by departments, held to conditions, decided; every step is kept."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.judgement.approval import Asked, Matter, admit, begin, decision_on, record, tag_of
from app.platform.clock import CHINA
from app.platform.errors import BadParameter, NotFound, Refused
from app.platform.principals import Principal
from app.platform.work import Work
from app.siting.outlines import find_project
from app.siting.parts_compared import condition_of_part
from app.siting.review_schemas import ReviewFeature
from app.siting.single_check import Judged
from gis_layers.stores import review_documents as documents
from gis_layers.stores import review_notices as notices
from gis_layers.stores import reviews as store
from gis_layers.stores.decisions import Decision, TakenStep
from gis_layers.stores.review_documents import KeptReviewDocument
from gis_layers.stores.reviews import KIND, NewReview, Rested, ReviewCondition, ReviewOpinion, SitingReview
from risk_model.codes import code_name
from risk_model.decisions import SITING_REVIEW, life_of
from risk_model.message import Message, msg
from risk_model.reviews import (
    AskedDepartment,
    GateCondition,
    GateStanding,
    GivenOpinion,
    NeededDocument,
    ReviewGate,
    WeighedDecision,
    gate_standing,
    lacking,
    packaged_gates,
)
from risk_model.reviews.vocabulary import (
    DepartmentStanding,
    ReviewDepartment,
    ReviewDocumentKind,
    ReviewRoute,
    ReviewStage,
    ReviewState,
)
from risk_model.vocabulary import Verdict

MATTER: Final = Matter(
    kind=KIND,
    life=life_of(SITING_REVIEW),
    audited={
        "open": "open siting review",
        "approve": "approve siting review",
        "approve_conditionally": "approve siting review conditionally",
        "reject": "reject siting review",
        "return": "return siting review",
        "resubmit": "resubmit siting review",
        "reopen": "reopen siting review",
        "annul": "annul siting review",
    },
    address="/reviews/{number}",
)
OPEN: Final = tuple(step.to for step in MATTER.life.beginnings)
"""States in which departments are asked."""
DECIDED: Final = frozenset(MATTER.life.steps["reopen"].leaves)
"""States in which a decision of record stands, which a person alone re-opens."""
PASSED: Final = MATTER.life.passed
"""Decisions after which the next gate may be opened on a review."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review as it stands: its row, decision, what was asked and said, conditions, documents, the gate, its standing today.

    ``judgement_pending``: zones, rules or registers may have changed, and it is not judged by them yet.
    """

    row: SitingReview
    decision: Decision
    gate: ReviewGate
    asked: tuple[AskedDepartment, ...]
    opinions: Sequence[ReviewOpinion]
    conditions: Sequence[ReviewCondition]
    standing: GateStanding
    judgement_pending: bool
    documents: Sequence[KeptReviewDocument]

    @property
    def kinds_kept(self) -> frozenset[ReviewDocumentKind]:
        """Kinds of which a document stands on record."""
        return frozenset(ReviewDocumentKind(one.row.kind) for one in self.documents if one.struck is None)

    @property
    def lacking(self) -> tuple[NeededDocument, ...]:
        """Documents the gate needs that are not on record."""
        return lacking(self.gate.documents, self.kinds_kept)

    @property
    def tag(self) -> str:
        """Tag of its state, of every write about it."""
        return tag_of(self.decision, self.row.version)

    @property
    def decided(self) -> TakenStep | None:
        """The step that decided it as it stands; None while it is open, returned or annulled."""
        return self.decision.last if self.decision.last.step in DECIDING.values() else None


def _deciding() -> dict[str, str]:
    """The step that leads to each decision."""
    (opening,) = MATTER.life.beginnings
    return {step.to: step.key for step in MATTER.life.leaving(opening.to) if not MATTER.life.states[step.to].end}


DECIDING: Final[Mapping[str, str]] = _deciding()


def find_review(work: Work, number: int, on: datetime.date, *, lock: bool = False) -> Review:
    """The review of this number as it stands on a day. NotFound."""
    row = store.find_review(work.session, number, lock=lock)
    if row is None:
        raise NotFound(msg("没有编号为 {number} 的联审", number=number))
    return _standing(work.session, row, on)


def _standing(session: Session, row: SitingReview, on: datetime.date) -> Review:
    asked = tuple(
        AskedDepartment(ReviewDepartment(one.department), one.due_on) for one in store.read_requests(session, row.id)
    )
    opinions, conditions = store.read_opinions(session, row.id), store.read_conditions(session, row.id)
    given = [
        GivenOpinion(ReviewDepartment(one.department), DepartmentStanding(one.opinion))
        for one in opinions
        if store.counts(one, row)
    ]
    judged = [
        GateCondition(
            is_closed(one, on), None if one.carried_to is None else ReviewStage(one.carried_to), bool(one.rules)
        )
        for one in conditions
    ]
    standing = gate_standing(asked, given, judged, on, silence_counts=row.silence_basis is not None)
    decision = decision_on(session, MATTER, row.id)
    pending = notices.awaits_judgement(session, row.id)
    kept = documents.read_documents(session, row.id)
    return Review(row, decision, gate_of(row), asked, opinions, conditions, standing, pending, kept)


def weighed(review: Review, decision: str) -> WeighedDecision:
    """A decision on a review as it stands, to be held against what speaks against it."""
    return WeighedDecision(
        ReviewState(decision),
        Verdict(review.row.verdict),
        review.standing,
        review.gate.after,
        review.judgement_pending,
        any(one.required for one in review.lacking),
    )


def is_closed(condition: ReviewCondition, on: datetime.date) -> bool:
    """Whether a document closed a condition that still holds on a day."""
    return condition.closed_at is not None and (condition.valid_to is None or condition.valid_to >= on)


def gate_of(row: SitingReview) -> ReviewGate:
    """The gate at which a review stands."""
    gate = packaged_gates().gate(ReviewRoute(row.route), ReviewStage(row.stage))
    if gate is None:
        raise LookupError(f"review {row.id} stands at a gate its route does not have")
    return gate


# ---- opened ----


def refuse_opening(work: Work, asked: ReviewFeature, on: datetime.date) -> ReviewGate:
    """The gate a review may be opened at. Raises BadParameter or Refused before anything is judged or kept."""
    gate = packaged_gates().gate(asked.route, asked.stage)
    if gate is None:
        raise wrong("stage", msg("「{route}」不经过「{stage}」这一环节", route=code_name("review_route", asked.route), stage=code_name("review_stage", asked.stage)), "together")  # fmt: skip
    if asked.due_on is not None and asked.due_on < on:
        raise wrong("due_on", msg("复函期限不能早于今天"), "days")
    if asked.project is not None:
        _require_project(work, asked.project)
    if asked.follows is not None:
        _require_passed(work, asked.follows, gate, on)
    return gate


def _require_project(work: Work, number: int) -> None:
    try:
        find_project(work.session, number)
    except NotFound as trouble:
        raise wrong("project", trouble.args[0], "no-such-thing") from trouble


def _require_passed(work: Work, number: int, gate: ReviewGate, on: datetime.date) -> None:
    try:
        before = find_review(work, number, on)
    except NotFound as trouble:
        raise wrong("follows", trouble.args[0], "no-such-thing") from trouble
    if (before.row.route, before.gate.after) != (gate.route, gate.stage):
        told = msg("联审 {number} 之后的环节不是「{stage}」", number=store.numbered(before.row), stage=code_name("review_stage", gate.stage))  # fmt: skip
        raise wrong("follows", told, "together")
    following = store.find_following(work.session, number)
    if following is not None and not MATTER.life.states[decision_on(work.session, MATTER, following.id).state].end:
        raise Refused(
            msg("后一环节的联审 {number} 已经开启；请先注销它", number=store.numbered(following)), code="taken"
        )
    if before.decision.state not in PASSED:
        raise Refused(
            msg("前一环节的联审 {number} 还没有通过；请先作出决定", number=store.numbered(before.row)), code="unready"
        )


def open_review(work: Work, asked: ReviewFeature, judged: Judged, principal: Principal, on: datetime.date) -> int:
    """Open a review on a check that was made for it; its number. The gate's departments are asked, its conditions made."""
    gate = refuse_opening(work, asked, on)
    answer = judged.answer
    row = store.add_review(
        work.session,
        NewReview(
            office=principal.department or "",
            year=on.year,
            name=asked.properties.name,
            project_class=asked.properties.project_class.value,
            project_id=asked.project,
            route=asked.route.value,
            stage=asked.stage.value,
            follows_id=asked.follows,
            check_number=answer["record"]["number"],
            verdict=answer["verdict"],
            silence_basis=asked.silence_basis,
            synthetic=answer["synthetic"],
            geometry=outline_judged(judged),
        ),
    )
    departments = list(dict.fromkeys(asked.departments or gate.departments))
    due_on = asked.due_on or on + datetime.timedelta(days=gate.days)
    store.add_requests(work.session, row.id, [one.value for one in departments], due_on)
    make_conditions(work.session, row, answer, on)
    content = {"check": row.check_number, "verdict": row.verdict, "stage": row.stage, "route": row.route}
    begin(work.session, MATTER, principal, row.id, content=content)
    _judge_anew_where_overtaken(work.session, answer)
    return row.id


def _judge_anew_where_overtaken(session: Session, answer: Mapping[str, Any]) -> None:
    """Have a review judged anew whose check an edition or rulebook overtook before the review was on record."""
    edition = answer["edition"]
    notices.order_where_overtaken(session, edition and edition["number"], answer["rulebook"]["fingerprint"])


def refuse_resubmitting(work: Work, number: int, asked: Asked) -> None:
    """Raises what ``resubmit`` would raise, before the site is judged and that is kept."""
    review = find_review(work, number, local_day(asked.now))
    admit(work.session, MATTER, number, beside(review, asked))


def resubmit(work: Work, number: int, judged: Judged, asked: Asked) -> None:
    """Let a review that was returned rest on a new check; opinions on the earlier one count no more, and stay.

    Whoever owes one has the days of the gate anew: nobody is late on what was not before them.
    """
    review = find_review(work, number, local_day(asked.now), lock=True)
    asked = beside(review, asked)
    decision = admit(work.session, MATTER, number, asked)
    answer, site = judged.answer, judged.checked.site
    store.rest_on(
        work.session,
        review.row,
        Rested(
            answer["record"]["number"], answer["verdict"], site.name, site.project_class.value, outline_judged(judged)
        ),
    )
    store.drop_conditions(work.session, number)
    make_conditions(work.session, review.row, answer, local_day(asked.now))
    store.postpone_requests(work.session, review.row, local_day(asked.now) + datetime.timedelta(days=review.gate.days))
    content = {"check": review.row.check_number, "verdict": review.row.verdict}
    record(work.session, MATTER, decision, asked, content=content)
    store.count_write(work.session, review.row)
    _judge_anew_where_overtaken(work.session, answer)


def make_conditions(session: Session, row: SitingReview, answer: Mapping[str, Any], on: datetime.date) -> None:
    """Conditions of the verdict that nothing closed, and what the gate before carried here.

    A condition of the same words that a document closed at an earlier gate, and still holds, is closed here too by that document.
    """
    earlier = _of_gates_before(session, row)
    kept = [one for one in store.read_conditions(session, row.id) if is_closed(one, on)]
    settled, taken = {one.wording for one in kept if one.rules}, {one.carried_from for one in kept}
    carried = [one for one in earlier if one.carried_to == row.stage and one.id not in taken]
    told = [condition_of_part(one) for one in answer["conditions"]]
    asked = [one for one in told if not one["closed"] and one["procedure"] not in settled]
    made = {one["procedure"]: one for one in asked}
    taken_over = [_taken_over(row, one) for one in carried if one.wording not in made]
    store.add_conditions(session, [*(_of_rules(row, one, earlier, on) for one in made.values()), *taken_over])


def _of_rules(
    row: SitingReview, told: Mapping[str, Any], earlier: Sequence[ReviewCondition], on: datetime.date
) -> ReviewCondition:
    same = [one for one in earlier if one.wording == told["procedure"]]
    closing = next((one for one in reversed(same) if is_closed(one, on)), None)
    carried = next((one.id for one in same if one.carried_to == row.stage), None)
    new = ReviewCondition(
        review_id=row.id, department=None, rules=list(told["rules"]), wording=told["procedure"],
        wording_en=told["procedure_en"], carried_from=closing.id if closing is not None else carried,
    )  # fmt: skip
    if closing is not None:
        new.document, new.conclusion, new.valid_to = closing.document, closing.conclusion, closing.valid_to
        new.closed_by, new.closed_at = closing.closed_by, closing.closed_at
    return new


def _taken_over(row: SitingReview, before: ReviewCondition) -> ReviewCondition:
    return ReviewCondition(
        review_id=row.id, department=before.department, rules=list(before.rules), wording=before.wording,
        wording_en=before.wording_en, carried_from=before.id,
    )  # fmt: skip


def _of_gates_before(session: Session, row: SitingReview) -> list[ReviewCondition]:
    """Conditions of all gates before, the earliest first."""
    found: list[ReviewCondition] = []
    seen, number = {row.id}, row.follows_id
    while number is not None and number not in seen:
        seen.add(number)
        before = store.find_review(session, number)
        found[:0] = store.read_conditions(session, number)
        number = None if before is None else before.follows_id
    return found


# ---- what every act shares ----


def outline_judged(judged: Judged) -> BaseGeometry:
    """The outline that was judged, in the storage CRS."""
    return cast("BaseGeometry", judged.checked.footprint)


def beside(review: Review, asked: Asked) -> Asked:
    """What was asked, with the version of the review its tag names."""
    return replace(asked, beside=review.row.version)


def local_day(moment: datetime.datetime) -> datetime.date:
    """The civil day of a moment in China."""
    return moment.astimezone(CHINA).date()


def wrong(field: str, why: Message, code: str) -> BadParameter:
    """A field of a request that is wrong, and why."""
    return BadParameter(why, code=code, errors=[{"field": field, "message": why}])
