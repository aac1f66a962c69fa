"""Notices on joint reviews judged anew as answers and papers tell them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from app.http.i18n import tell_in
from app.reports.notice_sheet import NoticePaper
from app.siting.notice_schemas import NoticeAnswer, WithdrawalAnswer
from gis_layers.stores import review_notices as notices
from gis_layers.stores.review_notices import NoticeQuery, ReviewNotice, ReviewWithdrawal
from gis_layers.stores.reviews import SitingReview, numbered
from risk_model.codes import code_name
from risk_model.message import Message, msg
from risk_model.reviews.vocabulary import ReviewNoticeState
from risk_model.vocabulary import Verdict

ON_A_PAGE = 50


def describe_notice(notice: ReviewNotice, review: SitingReview) -> NoticeAnswer:
    """A notice with its review."""
    cause, lines = notice.told["cause"], notice.told["lines"]
    return {
        "id": notice.id,
        "review": review.id,
        "number": numbered(review),
        "office": review.office,
        "name": review.name,
        "state": ReviewNoticeState(notice.state),
        "verdict_before": Verdict(notice.verdict_before),
        "verdict": Verdict(notice.verdict),
        "check_before": notice.check_before,
        "check": notice.check_number,
        "cause": list(cause),
        "cause_en": _english(cause),
        "lines": list(lines),
        "lines_en": _english(lines),
        "at": _moment(notice.created_at),
        "reason": notice.reason,
        "by": notice.settled_by,
        "settled_at": None if notice.settled_at is None else _moment(notice.settled_at),
        "withdrawal": notice.withdrawal_id,
    }


def describe_notices(session: Session, review: SitingReview) -> list[NoticeAnswer]:
    """What judging a review anew came to, newest first, 50 at most."""
    found, _ = notices.list_notices(session, NoticeQuery(review=review.id, limit=ON_A_PAGE))
    return [describe_notice(*one) for one in found]


def describe_withdrawals(session: Session, found: Sequence[ReviewWithdrawal]) -> list[WithdrawalAnswer]:
    """Withdrawals, each with all it withdrew."""
    withdrawn = notices.read_withdrawn(session, [one.id for one in found])
    return [
        {
            "id": one.id,
            "cause": list(one.told["cause"]),
            "cause_en": _english(one.told["cause"]),
            "at": _moment(one.created_at),
            "notices": [
                {"id": notice.id, "review": review.id, "number": numbered(review)}
                for notice, review in withdrawn
                if notice.withdrawal_id == one.id
            ],
        }
        for one in found
    ]


def tell_notice(told: NoticeAnswer, of: SitingReview, house: Message, language: str) -> NoticePaper:
    """The notice as a page to be signed."""

    def say(words: str) -> str:
        return tell_in(words, language)

    english = language == "en"
    facts = (
        (msg("编号"), f"{told['id']}"),
        (msg("联审联查"), " ".join(filter(None, (told["office"], told["number"])))),
        (msg("项目"), f"{told['name'] or say(msg('未命名'))} · {of.project_class}"),
        (msg("环节"), say(code_name("review_stage", of.stage))),
        (msg("原登记编号"), told["check_before"]),
        (msg("本次登记编号"), told["check"]),
        (msg("状态"), say(code_name("review_notice_state", told["state"]))),
    )
    return NoticePaper(
        title=say(msg("复核提示单")),
        house=say(house),
        language=language,
        facts=tuple((say(name), words) for name, words in facts),
        before=say(code_name("verdict", told["verdict_before"])),
        now=say(code_name("verdict", told["verdict"])),
        cause=tuple(told["cause_en" if english else "cause"]),
        lines=tuple(told["lines_en" if english else "lines"]),
        settled=tuple(filter(None, (told["reason"], told["by"], (told["settled_at"] or "")[:10]))),
        synthetic=of.synthetic,
    )


def _english(words: Iterable[str]) -> list[str]:
    return [tell_in(one, "en") for one in words]


def _moment(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).isoformat()
