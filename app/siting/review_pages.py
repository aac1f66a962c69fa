"""Joint reviews as pages: the list, one with all that belongs to it, and where one is opened on a check."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import AllowanceOf, Viewer, WorkOf, require
from app.http.forms import RegisterForm, fields_of
from app.http.templates import render
from app.judgement.approval import covers
from app.judgement.page_context import page_context
from app.platform.clock import CHINA, today
from app.platform.errors import AnzhiError, NotFound
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.reports.findings import Sources
from app.reports.grounds import read_surveys
from app.reports.opinion import tell_opinion
from app.reports.paper import OFFERED
from app.siting import reviews
from app.siting.document_forms import document_fields, document_rows, strike_forms
from app.siting.notice_schemas import NoticeAnswer, NoticeNoted
from app.siting.places_again import places_asked
from app.siting.review_acts import DECIDES, department_of, may_give
from app.siting.review_schemas import (
    ConditionClosed,
    NewReviewDecision,
    NewReviewOpinion,
    ReviewFeature,
    ReviewStepTaken,
)
from app.siting.reviews import MATTER, PASSED, Review
from app.siting.single_check import judge
from app.siting.told_notices import describe_withdrawals
from app.siting.told_reviews import check_of, describe_item, describe_review
from gis_layers.stores.checks import Check, find_check
from gis_layers.stores.review_notices import list_withdrawals
from gis_layers.stores.reviews import ReviewQuery, list_reviews, numbered, open_next
from risk_model.codes import enumeration
from risk_model.decisions import LifeStep
from risk_model.message import msg
from risk_model.reviews import objections_to, packaged_gates
from risk_model.reviews.vocabulary import ReviewNoticeState, ReviewObjection, ReviewState

router = APIRouter(include_in_schema=False)
Planner = Annotated[Principal, Depends(require(Role.PLANNER))]
A_PAGE = 50
MOST_WITHDRAWALS = 10


@dataclass(frozen=True, slots=True)
class DecisionOffered:
    """A decision that may be taken, by its step, and what speaks against it."""

    step: LifeStep
    objections: tuple[ReviewObjection, ...]


@router.get("/reviews")
def list_them(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    state: ReviewState | None = None,
    owed_by: Annotated[str, Query(max_length=40)] = "",
    heard: bool = False,
    judged_anew: bool = False,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    """Joint reviews, newest first; those that await an opinion, a decision, or a second look apart."""
    states = reviews.OPEN if heard or owed_by else () if state is None else (state.value,)
    query = ReviewQuery(states, owed_by or None, heard, A_PAGE, offset, judged_anew)
    found, total = list_reviews(work.session, query)
    withdrawals = list_withdrawals(work.session, limit=MOST_WITHDRAWALS)[0] if judged_anew else []
    return render(
        request,
        "siting_reviews.html",
        town=page_context(work),
        reviews=[describe_item(one, today()) for one in found],
        total=total,
        offset=offset,
        a_page=A_PAGE,
        asked={
            "state": "" if state is None else state.value,
            "owed_by": owed_by,
            "heard": "true" if heard else "",
            "judged_anew": "true" if judged_anew else "",
        },
        withdrawals=describe_withdrawals(work.session, withdrawals),
        china=CHINA,
        moment=datetime.datetime.fromisoformat,
        mine=department_of(principal),
    )


@router.get("/reviews/new")
def new(
    request: Request, work: WorkOf, principal: Planner, check: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Where a review is opened on what a check was asked."""
    return _new(request, work, _reviewable(work, check), {}, "")


@router.post("/reviews/new")
def open_review(
    request: Request,
    work: WorkOf,
    principal: Planner,
    allowed: AllowanceOf,
    check: Annotated[str, Form(max_length=40)],
    route: Annotated[str, Form(max_length=40)],
    stage: Annotated[str, Form(max_length=40)],
    follows: Annotated[str, Form(max_length=20)] = "",
    due_on: Annotated[str, Form(max_length=20)] = "",
    silence_basis: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Judge the same site anew and open the review on that check; what is wrong is told over the form."""
    kept = _reviewable(work, check)
    asked = orjson.loads(kept.input or "{}")
    written = {"route": route, "stage": stage, "follows": follows, "due_on": due_on, "silence_basis": silence_basis}
    given = {name: value.strip() for name, value in written.items() if value.strip()}
    try:
        feature = ReviewFeature.model_validate({**asked, **given})
        reviews.refuse_opening(work, feature, today())
        places = places_asked(work.session, kept)
        judged = judge(work, feature=feature, principal=principal, asked=asked, allowed=allowed, places=places)
        number = reviews.open_review(work, feature, judged, principal, today())
    except AnzhiError as trouble:
        return _new(request, work, kept, written, trouble.args[0])
    except ValueError:
        return _new(request, work, kept, written, msg("日期或编号写得不对，请改正后重交"))
    return RedirectResponse(f"/reviews/{number}", 303)


@router.get("/reviews/{number}")
def review(number: int, request: Request, work: WorkOf, principal: Viewer) -> Response:
    """One review: gate, departments, conditions, decision, the opinion it rests on, every step."""
    found = reviews.find_review(work, number, today())
    check = check_of(work.session, found.row)
    told = describe_review(work, found, today())
    rulebook = work.deployment.books.of(work.session, check.rulebook_fingerprint)
    answer = told["evidence"]
    shown = render(
        request,
        "siting_review.html",
        town=page_context(work),
        review=told,
        opinion=tell_opinion(answer, Sources(rulebook, read_surveys(work.session, answer))),
        on_screen=False,
        papers=OFFERED,
        order=packaged_gates().routes[found.gate.route],
        opinion_forms=_opinion_forms(found, principal),
        closing_forms=_closing_forms(found, principal),
        documents=document_rows(told),
        document_fields=document_fields(found, principal),
        strike_forms=strike_forms(found, principal),
        seen=found.tag,
        decision=_decision_form(found, principal),
        offered=_offered(found),
        steps=_step_forms(found, principal),
        notice=told["notices"][0] if told["notices"] else None,
        note_form=_note_form(found, told["notices"], principal),
        life=MATTER.life,
        china=CHINA,
        moment=datetime.datetime.fromisoformat,
    )
    shown.headers["Cache-Control"] = "no-store"
    return shown


def _reviewable(work: Work, number: str) -> Check:
    found = find_check(work.session, number.strip()) if number.strip() else None
    if found is None or found.kind != "single" or found.input is None:
        raise NotFound(msg("没有可以联审的筛查记录「{number}」；请先在选址审查页筛查", number=number[:40]))
    return found


def _new(request: Request, work: Work, check: Check, written: Mapping[str, str], trouble: object) -> Response:
    before = open_next(work.session, PASSED)
    answer = render(
        request,
        "siting_review_new.html",
        town=page_context(work),
        check=check,
        routes=packaged_gates().routes,
        before=[(one, numbered(one)) for one in before],
        written=written,
        trouble=trouble,
    )
    answer.status_code = 422 if trouble else 200
    return answer


def _opinion_forms(review: Review, principal: Principal) -> dict[str, RegisterForm]:
    """A form for each department this reader may answer for, while opinions are asked for."""
    if not _awaits(review, "approve"):
        return {}
    fields = fields_of(NewReviewOpinion, "review", but=("department",))
    mine = department_of(principal)
    return {
        one: _form(review, fields, "/opinions", {"department": one}, paper=one != mine)
        for one in enumeration("review_department")
        if may_give(principal, one)
    }


def _closing_forms(review: Review, principal: Principal) -> dict[int, RegisterForm]:
    """A form for each condition this reader may close."""
    if MATTER.life.states[review.decision.state].end or not covers(principal, DECIDES):
        return {}
    fields = fields_of(ConditionClosed, "condition")
    address = "/api/siting/reviews/{number}/conditions/{condition}/close"
    here = f"/reviews/{review.row.id}"
    return {
        one.id: RegisterForm(
            fields, address, here, path={"number": review.row.id, "condition": one.id}, seen=review.tag
        )
        for one in review.conditions
    }


def _decision_form(review: Review, principal: Principal) -> RegisterForm | None:
    if not _awaits(review, "approve") or not covers(principal, DECIDES):
        return None
    named = tuple((step.to, step.name) for step in _decisions(review))
    fields = (
        replace(one, choices=named) if one.name == "decision" else one for one in fields_of(NewReviewDecision, "review")
    )
    return _form(review, tuple(fields), "/decision", {})


def _offered(review: Review) -> list[DecisionOffered]:
    """What speaks against each decision as the review stands."""
    return [DecisionOffered(one, objections_to(reviews.weighed(review, one.to))) for one in _decisions(review)]


def _decisions(review: Review) -> list[LifeStep]:
    return [one for one in MATTER.life.leaving(review.decision.state) if one.to in reviews.DECIDING]


def _step_forms(review: Review, principal: Principal) -> dict[str, RegisterForm]:
    """Forms of the steps besides decisions that lead on from here and are this reader's."""
    fields = fields_of(ReviewStepTaken, "review", but=("step",))
    return {
        step.key: _form(review, fields, "/steps", {"step": step.key})
        for step in MATTER.life.leaving(review.decision.state)
        if step.key in ("reopen", "annul") and covers(principal, step.roles)
    }


def _note_form(review: Review, told: Sequence[NoticeAnswer], principal: Principal) -> RegisterForm | None:
    """A form that takes note of the notice that stands, for whoever decides."""
    if not told or told[0]["state"] is not ReviewNoticeState.OPEN or not covers(principal, DECIDES):
        return None
    address, here = "/api/siting/review-notices/{number}/note", f"/reviews/{review.row.id}"
    return RegisterForm(fields_of(NoticeNoted, "review"), address, here, path={"number": told[0]["id"]})


def _form(review: Review, fields: Any, address: str, fixed: Mapping[str, str], *, paper: bool = False) -> RegisterForm:
    needed = ("signer", "document") if paper else ()
    told = tuple(replace(one, required=one.required or one.name in needed) for one in fields)
    number = review.row.id
    return RegisterForm(
        told, f"/api/siting/reviews/{{number}}{address}", f"/reviews/{number}", path={"number": number}, fixed=fixed, seen=review.tag,
    )  # fmt: skip


def _awaits(review: Review, step: str) -> bool:
    return step in MATTER.life.states[review.decision.state].awaits
