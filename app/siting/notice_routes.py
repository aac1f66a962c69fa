"""``/api/siting/review-notices``: joint reviews judged anew, told of and settled by people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, Viewer, WorkOf, require
from app.http.geojson import made_of
from app.http.i18n import chosen_language
from app.http.pagination import Listing, PageOf, listing
from app.platform.errors import NotFound
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.reports.imprint import house_of
from app.reports.notice_sheet import write_notice_sheet
from app.siting import review_acts
from app.siting.notice_schemas import NoticeAnswer, NoticeNoted, WithdrawalAnswer
from app.siting.told_notices import describe_notice, describe_withdrawals, tell_notice
from gis_layers.stores import review_notices as notices
from gis_layers.stores import reviews as store
from gis_layers.stores.review_notices import NoticeQuery, ReviewNotice
from gis_layers.stores.reviews import SitingReview
from risk_model.message import msg
from risk_model.reviews.vocabulary import ReviewNoticeState

router = APIRouter(prefix="/api/siting", tags=["joint reviews"])
Decider = Annotated[Principal, Depends(require(Role.PLANNER, Role.APPROVER))]
PDF = "application/pdf"


@router.get("/review-notices")
def list_them(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    page: PageOf,
    state: ReviewNoticeState | None = None,
    review: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
) -> Listing[NoticeAnswer]:
    """Judgements anew of joint reviews that came out otherwise, newest first."""
    states = () if state is None else (state.value,)
    found, total = notices.list_notices(work.session, NoticeQuery(states, review, page.limit, page.offset))
    return listing(request, [describe_notice(*one) for one in found], total=total, page=page)


@router.get("/review-withdrawals")
def list_withdrawals(request: Request, work: WorkOf, principal: Viewer, page: PageOf) -> Listing[WithdrawalAnswer]:
    """Notices withdrawn because their reviews are judged as they were decided again, newest first, one entry for each cause."""
    found, total = notices.list_withdrawals(work.session, limit=page.limit, offset=page.offset)
    return listing(request, describe_withdrawals(work.session, found), total=total, page=page)


@router.post("/review-notices/{number}/note")
def note(number: int, noted: NoticeNoted, work: WorkOf, principal: Decider, now: MomentOf) -> NoticeAnswer:
    """Take note of a notice and leave the decision as it is; to re-open the review is a step of the review."""
    review_acts.note(work, number, noted.reason, principal, now)
    return describe_notice(*_found(work, number))


@router.get("/review-notices/{number}/sheet.pdf", **made_of(PDF))
def sheet(request: Request, number: int, work: WorkOf, principal: Viewer) -> Response:
    """The notice on one page (复核提示单), with room to say what follows and to sign."""
    notice, review = _found(work, number)
    told = describe_notice(notice, review)
    content = write_notice_sheet(tell_notice(told, review, house_of(work), chosen_language(request)))
    name = f"anzhi-review-notice-{number}.pdf"
    return attachment(work.session, principal, name, content, media_type=PDF, check=notice.check_number)


def _found(work: Work, number: int) -> tuple[ReviewNotice, SitingReview]:
    notice = notices.find_notice(work.session, number)
    review = None if notice is None else store.find_review(work.session, notice.review_id)
    if notice is None or review is None:
        raise NotFound(msg("没有编号为 {number} 的复核提示单", number=number))
    return notice, review
