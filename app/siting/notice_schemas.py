"""Requests and answers of the routes of notices on joint reviews judged anew."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.http.changes import Closed
from app.http.written import Filled
from app.platform.iso import IsoMoment
from risk_model.reviews.vocabulary import ReviewNoticeState
from risk_model.vocabulary import Verdict


class NoticeNoted(Closed):
    """Reason for which the decision stays as it is."""

    reason: Filled


class NoticeAnswer(TypedDict):
    """A judgement anew that came out otherwise: ``lines`` say what differs, ``cause`` which edition or rulebook brought it.

    Of a review under way it is ``applied``; of a decided one a notice that a person settles (``by``, ``reason``), or that a
    ``withdrawal`` took back.
    """

    id: int
    review: int
    number: str
    office: str
    name: str
    state: ReviewNoticeState
    verdict_before: Verdict
    verdict: Verdict
    check_before: str
    check: str
    cause: list[str]
    cause_en: list[str]
    lines: list[str]
    lines_en: list[str]
    at: IsoMoment
    reason: str | None
    by: str | None
    settled_at: IsoMoment | None
    withdrawal: int | None


class WithdrawnNotice(TypedDict):
    """A notice that was withdrawn: its number, and the review it was on."""

    id: int
    review: int
    number: str


class WithdrawalAnswer(TypedDict):
    """Notices withdrawn together, because the reviews are judged as they were decided again."""

    id: int
    cause: list[str]
    cause_en: list[str]
    at: IsoMoment
    notices: list[WithdrawnNotice]
