"""``/api/siting/reviews``: joint reviews, on record."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from app.http.attachments import attachment
from app.http.dependencies import AllowanceOf, MomentOf, Received, Viewer, WorkOf, require
from app.http.etags import IfMatch
from app.http.geojson import made_of
from app.http.i18n import chosen_language
from app.http.pagination import Listing, PageOf, listing
from app.judgement.approval import Asked, require_present
from app.judgement.logbook import find_answer
from app.platform.clock import today
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.reports.findings import Sources
from app.reports.grounds import read_surveys
from app.reports.imprint import Order, Profile, house_of
from app.reports.kept import print_opinion
from app.reports.opinion import tell_opinion
from app.reports.paper import KINDS, ReportKind, VisitsAsked
from app.reports.recognition import recognition_of
from app.reports.review_sheet import write_review_sheet
from app.siting import review_acts, reviews
from app.siting.review_schemas import (
    ConditionClosed,
    NewReviewDecision,
    NewReviewOpinion,
    ReviewFeature,
    ReviewItem,
    ReviewStepTaken,
    WholeReview,
)
from app.siting.review_sheet import tell_sheet
from app.siting.schemas import SiteFeature
from app.siting.single_check import judge
from app.siting.told_reviews import check_of, describe_item, describe_review
from gis_layers.stores.reviews import ReviewQuery, list_reviews
from risk_model.reviews.vocabulary import ReviewDepartment, ReviewState

router = APIRouter(prefix="/api/siting/reviews", tags=["joint reviews"])
Planner = Annotated[Principal, Depends(require(Role.PLANNER))]
Decider = Annotated[Principal, Depends(require(Role.PLANNER, Role.APPROVER))]
PDF = "application/pdf"
OF_A_CHECK = ("type", "geometry", "properties", "crs")


@router.get("")
def list_them(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    page: PageOf,
    state: ReviewState | None = None,
    owed_by: Annotated[ReviewDepartment | None, Query(description="a department that owes its opinion")] = None,
) -> Listing[ReviewItem]:
    """Joint reviews, newest first."""
    anywhere = reviews.OPEN if owed_by is not None else ()
    states = anywhere if state is None else (state.value,)
    query = ReviewQuery(states, None if owed_by is None else owed_by.value, limit=page.limit, offset=page.offset)
    found, total = list_reviews(work.session, query)
    return listing(request, [describe_item(one, today()) for one in found], total=total, page=page)


@router.get("/{number}")
def review(number: int, work: WorkOf, principal: Viewer, answer: Response) -> WholeReview:
    """One joint review."""
    return answer_of(work, number, answer)


@router.post("", status_code=201)
def open_review(
    feature: ReviewFeature,
    work: WorkOf,
    principal: Planner,
    asked: Received,
    allowed: AllowanceOf,
    answer: Response,
) -> WholeReview:
    """Judge a site as ``POST /api/siting/check`` does and open a joint review on that check at a gate."""
    reviews.refuse_opening(work, feature, today())
    judged = judge(work, feature=feature, principal=principal, asked=_of_check(asked), allowed=allowed)
    number = reviews.open_review(work, feature, judged, principal, today())
    answer.headers["Location"] = f"/api/siting/reviews/{number}"
    return answer_of(work, number, answer)


@router.post("/{number}/opinions", status_code=201)
def give_opinion(
    number: int,
    given: NewReviewOpinion,
    work: WorkOf,
    principal: Viewer,
    now: MomentOf,
    answer: Response,
    seen: IfMatch = None,
) -> WholeReview:
    """Give a department's opinion, or write down what it answered on paper. With If-Match it is of exactly the state that was read."""
    require_seen_present(work, number, seen)
    review_acts.give_opinion(work, number, given, principal, now)
    return answer_of(work, number, answer)


@router.post("/{number}/conditions/{condition}/close")
def close_condition(
    number: int,
    condition: int,
    closing: ConditionClosed,
    work: WorkOf,
    principal: Decider,
    now: MomentOf,
    answer: Response,
    seen: IfMatch = None,
) -> WholeReview:
    """Close a condition by a document."""
    require_seen_present(work, number, seen)
    review_acts.close_condition(work, (number, condition), closing, principal, now)
    return answer_of(work, number, answer)


@router.post("/{number}/decision")
def decide(
    number: int,
    decided: NewReviewDecision,
    work: WorkOf,
    principal: Decider,
    now: MomentOf,
    answer: Response,
    seen: IfMatch = None,
) -> WholeReview:
    """Decide a review; against its verdict, or while opinions are owed, with ``override`` alone, which keeps what it went against."""
    step = review_acts.decision_step(decided.decision)
    review_acts.decide(work, number, decided, Asked(step, principal, seen, now, comment=decided.reason))
    return answer_of(work, number, answer)


@router.post("/{number}/steps")
def take_step(
    number: int,
    taken: ReviewStepTaken,
    work: WorkOf,
    principal: Decider,
    now: MomentOf,
    answer: Response,
    seen: IfMatch = None,
) -> WholeReview:
    """Re-open what was decided, or annul a review; both with a reason, by a person."""
    review_acts.take_step(work, number, Asked(taken.step, principal, seen, now, comment=taken.reason))
    return answer_of(work, number, answer)


@router.post("/{number}/resubmit")
def resubmit(
    number: int,
    feature: SiteFeature,
    work: WorkOf,
    principal: Planner,
    asked: Received,
    allowed: AllowanceOf,
    now: MomentOf,
    answer: Response,
    seen: IfMatch = None,
) -> WholeReview:
    """Judge the completed site anew and let the returned review rest on that check."""
    again = Asked("resubmit", principal, seen, now)
    reviews.refuse_resubmitting(work, number, again)
    judged = judge(work, feature=feature, principal=principal, asked=_of_check(asked), allowed=allowed)
    reviews.resubmit(work, number, judged, again)
    return answer_of(work, number, answer)


@router.get("/{number}/report.{kind}", **made_of(*KINDS.values()))
def report(
    request: Request,
    number: int,
    kind: ReportKind,
    work: WorkOf,
    principal: Viewer,
    now: MomentOf,
    profile: Profile = Profile.INTERNAL,
    visits: VisitsAsked = False,
) -> Response:
    """The screening opinion a review rests on as a file, as it was given; nothing is judged anew.

    A PDF is the one its check keeps: asked for again in the same way it is the same file, byte for byte.
    """
    check = check_of(work.session, reviews.find_review(work, number, today()).row)
    rulebook = work.deployment.books.of(work.session, check.rulebook_fingerprint)
    order = Order(chosen_language(request), profile, now, visits)
    name, content = print_opinion(work, find_answer(work.session, check), kind, rulebook=rulebook, order=order)
    return attachment(work.session, principal, name, content, media_type=KINDS[kind], check=check.number)


@router.get("/{number}/sheet.pdf", **made_of(PDF))
def sheet(request: Request, number: int, work: WorkOf, principal: Viewer) -> Response:
    """The joint review on one page (联审联查意见表), with room for signatures and seals."""
    found = reviews.find_review(work, number, today())
    told = describe_review(work, found, today())
    check = check_of(work.session, found.row)
    rulebook = work.deployment.books.of(work.session, check.rulebook_fingerprint)
    opinion = tell_opinion(told["evidence"], Sources(rulebook, read_surveys(work.session, told["evidence"])))
    paper = tell_sheet(told, opinion, house_of(work), chosen_language(request))
    code = recognition_of(work, told["evidence"]["record"])
    content = write_review_sheet(replace(paper, code=code.drawn() if code else ""))
    name = f"anzhi-review-{number}-sheet.pdf"
    return attachment(work.session, principal, name, content, media_type=PDF, check=check.number)


def answer_of(work: Work, number: int, answer: Response) -> WholeReview:
    """A review as every operation answers it, with the tag of its state."""
    found = reviews.find_review(work, number, today())
    answer.headers["ETag"] = found.tag
    return describe_review(work, found, today())


def require_seen_present(work: Work, number: int, seen: str | None) -> None:
    """Hold a review. Raises Stale where another state of it was seen than the present."""
    found = reviews.find_review(work, number, today(), lock=True)
    require_present(found.decision, found.row.version, seen)


def _of_check(asked: Any) -> dict[str, Any]:
    """What a check of this site alone would have been asked."""
    return {name: asked[name] for name in OF_A_CHECK if name in asked}
