"""Acts on a joint review: an opinion given, a condition closed, the review decided, re-opened or annulled."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final

from app.judgement.approval import Asked, admit, decision_on, record
from app.platform.errors import NotAllowed, NotFound, Refused
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.siting.review_grounds import settle_notice
from app.siting.review_schemas import ConditionClosed, NewReviewDecision, NewReviewOpinion
from app.siting.reviews import DECIDING, MATTER, Review, beside, find_review, is_closed, local_day, weighed, wrong
from gis_layers.stores import review_notices as notices
from gis_layers.stores import reviews as store
from gis_layers.stores.checks import find_check
from gis_layers.stores.records import record_audit
from gis_layers.stores.review_notices import ReviewNotice
from gis_layers.stores.reviews import NewOpinion, ReviewCondition, numbered
from risk_model.codes import code_name, enumeration
from risk_model.message import msg
from risk_model.reviews import objections_to
from risk_model.reviews.vocabulary import ReviewObjection

DECIDES: Final = (Role.PLANNER, Role.APPROVER)
"""Who decides reviews, closes their conditions, and writes down what a department answered on paper."""
CONDITIONAL: Final = "conditional"


def department_of(principal: Principal) -> str | None:
    """The department an account speaks for; None where it names none that a review asks."""
    return enumeration("review_department").find(principal.department or "")


def may_give(principal: Principal, department: str) -> bool:
    """Whether somebody may give or write down the opinion of a department."""
    own = not principal.is_guest and department_of(principal) == department
    return own or any(principal.role.covers(role) for role in DECIDES)


def give_opinion(work: Work, number: int, given: NewReviewOpinion, by: Principal, now: datetime.datetime) -> None:
    """Keep the opinion of a department on what is before the gate; its conditions stand in place of those it made before.

    Raises NotAllowed for another department's account, Refused where no opinion is asked for any more, BadParameter.
    """
    review = find_review(work, number, local_day(now), lock=True)
    if not may_give(by, given.department):
        raise NotAllowed(msg("只有「{department}」的账号可以填写它的意见；纸质意见由规划审查代录", department=code_name("review_department", given.department)))  # fmt: skip
    _require_open(review)
    new = _opinion_of(work, review, given, by, local_day(now))
    store.add_opinion(work.session, number, new)
    store.drop_conditions(work.session, number, new.department)
    store.add_conditions(
        work.session,
        [
            ReviewCondition(review_id=number, department=new.department, wording=one, wording_en=one)
            for one in new.conditions
        ],
    )
    store.count_write(work.session, review.row)
    detail = {"department": new.department, "opinion": new.opinion, "entered_for": new.entered_for}
    _audit(work, review, by, "give opinion on siting review", detail)


def _opinion_of(work: Work, review: Review, given: NewReviewOpinion, by: Principal, on: datetime.date) -> NewOpinion:
    entered_for = department_of(by) != given.department
    signer = given.signer or (None if entered_for or by.visit is None else by.visit.display_name) or ""
    signed_on = given.signed_on or on
    if not signer:
        raise wrong("signer", msg("代录的意见须写明签署人"), "together")
    if entered_for and given.document is None:
        raise wrong("document", msg("代录的意见须写明复函文号"), "together")
    if (given.opinion == CONDITIONAL) != bool(given.conditions):
        raise wrong("conditions", msg("附条件同意须逐条写明条件；其他意见不带条件"), "together")
    if signed_on > on:
        raise wrong("signed_on", msg("签署日期不能晚于今天"), "days")
    check = find_check(work.session, review.row.check_number)
    if check is None:
        raise LookupError(f"review {review.row.id} rests on no check")
    return NewOpinion(
        department=given.department.value, opinion=given.opinion, conditions=tuple(given.conditions),
        comment=given.comment, signer=signer, signed_on=signed_on, document=given.document,
        entered_for=entered_for, check_number=check.number, result_digest=check.result_digest, given_by=by.name,
    )  # fmt: skip


def close_condition(
    work: Work, of: tuple[int, int], closing: ConditionClosed, by: Principal, now: datetime.datetime
) -> None:
    """Close a condition (``of`` which review, and which of it) by a document. Refused where it is closed, or a later gate took it over."""
    (number, condition), on = of, local_day(now)
    review = find_review(work, number, on, lock=True)
    found = next((one for one in review.conditions if one.id == condition), None)
    if found is None:
        raise NotFound(msg("这次联审没有编号为 {number} 的条件", number=condition))
    if MATTER.life.states[review.decision.state].end or is_closed(found, on):
        raise Refused(msg("这一条件已经关闭，或联审已注销；在案的不再改动"), code="ended")
    if store.is_taken_over(work.session, condition):
        raise Refused(msg("这一条件已由后一环节的联审承接，请在那里关闭"), code="ended")
    if closing.valid_to is not None and closing.valid_to < on:
        raise wrong("valid_to", msg("文件已过有效期，不能用来关闭条件"), "days")
    found.document, found.conclusion, found.valid_to = closing.document, closing.conclusion, closing.valid_to
    found.closed_by, found.closed_at, found.carried_to = by.name, now, None
    store.count_write(work.session, review.row)
    _audit(work, review, by, "close condition of siting review", {"condition": condition, "document": closing.document})


def decide(work: Work, number: int, decided: NewReviewDecision, asked: Asked) -> None:
    """Decide a review. Refused with ``objections`` where something speaks against it and it is not overridden.

    An override keeps the verdict it went against for ever; of a conditional decision the open conditions go to the next gate.
    """
    review = find_review(work, number, local_day(asked.now), lock=True)
    asked = beside(review, asked)
    admitted = admit(work.session, MATTER, number, asked)
    objections = objections_to(weighed(review, decided.decision))
    if objections and not decided.override:
        raise Refused(
            msg("不能这样决定：{why}；确需如此，请说明理由并选择「越过」", why=_named(objections)),
            code="objections",
            objections=[one.value for one in objections],
        )
    if decided.decision == CONDITIONAL and review.gate.after is not None:
        _carry(review, review.gate.after, local_day(asked.now))
    content: dict[str, Any] = {
        "decision": decided.decision,
        "override": bool(objections),
        "overriding": [one.value for one in objections],
        "lacking": [one.kind.value for one in review.lacking],
        "verdict": review.row.verdict,
        "check": review.row.check_number,
    }
    record(work.session, MATTER, admitted, asked, content=content)
    store.count_write(work.session, review.row)


def decision_step(decision: str) -> str:
    """The step of the life that leads to a decision."""
    return DECIDING[decision]


def take_step(work: Work, number: int, asked: Asked) -> None:
    """Re-open what was decided, or annul a review; what was carried to the next gate by the decision is open again.

    What is re-opened rests on the judgement that its notice tells from then on.
    """
    review = find_review(work, number, local_day(asked.now), lock=True)
    asked = beside(review, asked)
    admitted = admit(work.session, MATTER, number, asked)
    following = store.find_following(work.session, number)
    if following is not None and not MATTER.life.states[_state(work, following.id)].end:
        raise Refused(
            msg("后一环节的联审 {number} 已经开启；请先注销它", number=numbered(following)), code="unready",
        )  # fmt: skip
    for one in review.conditions:
        one.carried_to = None
    record(work.session, MATTER, admitted, asked)
    store.count_write(work.session, review.row)
    settle_notice(work, review.row, asked)


def note(work: Work, number: int, reason: str, by: Principal, now: datetime.datetime) -> ReviewNotice:
    """Take note of a notice and leave the decision as it is. NotFound; Refused where it was settled or withdrawn already."""
    found = notices.find_notice(work.session, number)
    if found is None:
        raise NotFound(msg("没有编号为 {number} 的复核提示单", number=number))
    review = find_review(work, found.review_id, local_day(now), lock=True)
    notice = notices.find_notice(work.session, number, lock=True) or found
    if notice.state != notices.OPEN:
        raise Refused(
            msg("提示单现在是「{state}」，不再办理", state=code_name("review_notice_state", notice.state)), code="ended"
        )
    notices.settle(work.session, notice, notices.NOTED, by=by.name, reason=reason.strip(), at=now)
    _audit(work, review, by, "take note of siting review judged anew", {"notice": number, "reason": reason.strip()})
    return notice


def _state(work: Work, number: int) -> str:
    return decision_on(work.session, MATTER, number).state


def _carry(review: Review, stage: str, on: datetime.date) -> None:
    """Hand the open conditions to a later gate; of one whose document has expired that document counts no more."""
    for one in review.conditions:
        if not is_closed(one, on):
            one.document = one.conclusion = one.valid_to = one.closed_by = one.closed_at = None
            one.carried_to = stage


def _require_open(review: Review) -> None:
    if not any(step.key in DECIDING.values() for step in MATTER.life.leaving(review.decision.state)):
        raise Refused(
            msg("联审现在是「{state}」，不再征求意见", state=code_name("review_state", review.decision.state)),
            code="ended",
        )


def _named(objections: Sequence[ReviewObjection]) -> list[Any]:
    return [code_name("review_objection", one) for one in objections]


def _audit(work: Work, review: Review, by: Principal, action: str, detail: dict[str, Any]) -> None:
    told = {"number": numbered(review.row), **detail}
    record_audit(work.session, actor=by.name, action=action, subject=f"siting review {review.row.id}", detail=told)
