"""Joint reviews judged anew: ordered where zones or rules change, their notices kept, settled, withdrawn, listed."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.orm import Session

from gis_layers.stores.jobs import DONE, order_job
from gis_layers.tables.editions import Edition
from gis_layers.tables.records import Job
from gis_layers.tables.review_notices import ReviewNotice, ReviewWithdrawal
from gis_layers.tables.reviews import SitingReview
from gis_layers.tables.rulebooks import RulebookVersion

__all__ = ["JUDGE_ANEW", "NewNotice", "NoticeQuery", "ReviewNotice", "ReviewWithdrawal"]

JUDGE_ANEW: Final = "judge anew"
"""The kind of job that judges every review anew."""
AUTHOR: Final = "software"
OPEN, NOTED = "open", "noted"
STANDING: Final = (OPEN, NOTED)
"""States in which the last notice on a review says how it is judged now."""


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Judgement anew about to be kept; columns as in ``tables.review_notices``."""

    state: str
    check_before: str
    check_number: str
    verdict_before: str
    verdict: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoticeQuery:
    """Query of notices; empty means any."""

    states: Collection[str] = ()
    review: int | None = None
    limit: int = 100
    offset: int = 0


def order_judging_anew(session: Session) -> None:
    """Have every review judged anew, where there is any, once this transaction is committed.

    Called by whatever puts an edition or a rulebook in force, under its lock.
    """
    if session.scalar(select(exists().select_from(SitingReview))):
        order_job(session, JUDGE_ANEW, {}, author=AUTHOR)


def order_where_overtaken(session: Session, edition: int | None, rulebook: str) -> None:
    """Have every review judged anew where another edition or rulebook came in force than the one just judged by.

    Waits for whoever puts one in force; whoever does so later finds the review. The last a transaction does.
    """
    for key in ("anzhi publish", "anzhi rulebook"):
        session.execute(text("SELECT pg_advisory_xact_lock_shared(hashtext(:key))"), {"key": key})
    in_force = session.scalar(select(func.max(Edition.number)))
    newest = select(RulebookVersion.fingerprint).order_by(RulebookVersion.number.desc()).limit(1)
    if (in_force, session.scalar(newest) or rulebook) != (edition, rulebook):
        order_judging_anew(session)


def awaits_judgement(session: Session, review: int) -> bool:
    """Whether this review is still to be judged anew, or could not be."""
    newest = select(Job.state, Job.result).where(Job.kind == JUDGE_ANEW).order_by(Job.id.desc()).limit(1)
    found = session.execute(newest).one_or_none()
    if found is None:
        return False
    unjudged: Any = (found.result or {}).get("unjudged", ())
    return found.state != DONE or review in unjudged


def find_numbers(session: Session) -> list[int]:
    """The number of every review, the oldest first."""
    return list(session.scalars(select(SitingReview.id).order_by(SitingReview.id)))


def add_notice(session: Session, review: int, new: NewNotice) -> ReviewNotice:
    """Keep a judgement anew that came out otherwise."""
    row = ReviewNotice(
        review_id=review, state=new.state, check_before=new.check_before, check_number=new.check_number,
        verdict_before=new.verdict_before, verdict=new.verdict, told=dict(new.told),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def find_notice(session: Session, number: int, *, lock: bool = False) -> ReviewNotice | None:
    """The notice of this number, held until the transaction ends where that is asked for."""
    asked = select(ReviewNotice).where(ReviewNotice.id == number)
    asked = asked.with_for_update().execution_options(populate_existing=True) if lock else asked
    return session.scalar(asked)


def find_standing(session: Session, review: int) -> ReviewNotice | None:
    """The last notice on a review where it says how the review is judged now; None where that is as it rests."""
    last = select(ReviewNotice).where(ReviewNotice.review_id == review).order_by(ReviewNotice.id.desc()).limit(1)
    found = session.scalar(last)
    return found if found is not None and found.state in STANDING else None


def checks_before(session: Session, review: SitingReview) -> list[str]:
    """Checks a review rested on before, back to the one it was opened or resubmitted with: only judging anew came between."""
    taken = select(ReviewNotice).where(
        ReviewNotice.review_id == review.id, ReviewNotice.state.in_(("applied", "reopened"))
    )
    before = {one.check_number: one.check_before for one in session.scalars(taken)}
    found = [review.check_number]
    while found[-1] in before:
        found.append(before.pop(found[-1]))
    return found[1:]


def settle(session: Session, notice: ReviewNotice, state: str, *, by: str, reason: str, at: datetime.datetime) -> None:
    """Let a person settle a notice for good."""
    notice.state, notice.settled_by, notice.settled_at, notice.reason = state, by, at, reason
    session.flush()


def replace_notice(session: Session, notice: ReviewNotice) -> None:
    """Let a later notice stand in place of an open one; what a person took note of stays noted."""
    if notice.state == OPEN:
        notice.state = "replaced"
        session.flush()


def withdraw(session: Session, notice: ReviewNotice, grounds: tuple[int | None, str], told: Mapping[str, Any]) -> int:
    """Withdraw a notice together with all others that these ``grounds`` (edition, fingerprint of the rulebook) withdraw; the withdrawal."""
    edition, rulebook = grounds
    same = select(ReviewWithdrawal).where(
        ReviewWithdrawal.edition.is_not_distinct_from(edition), ReviewWithdrawal.rulebook == rulebook
    )
    found = session.scalar(same)
    if found is None:
        found = ReviewWithdrawal(edition=edition, rulebook=rulebook, told=dict(told))
        session.add(found)
        session.flush()
    notice.state, notice.withdrawal_id = "withdrawn", found.id
    session.flush()
    return found.id


def list_notices(session: Session, query: NoticeQuery) -> tuple[list[tuple[ReviewNotice, SitingReview]], int]:
    """One page of notices with their reviews, newest first, and how many there are."""
    asked = _asked(query)
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    page = asked.order_by(ReviewNotice.id.desc()).limit(query.limit).offset(query.offset)
    return [(notice, review) for notice, review in session.execute(page)], total


def count_notices(session: Session, query: NoticeQuery) -> int:
    """Number of notices ``list_notices`` lists in all."""
    return session.scalar(select(func.count()).select_from(_asked(query).subquery())) or 0


def list_withdrawals(session: Session, *, limit: int, offset: int = 0) -> tuple[list[ReviewWithdrawal], int]:
    """One page of withdrawals, newest first, and how many there are."""
    total = session.scalar(select(func.count()).select_from(ReviewWithdrawal)) or 0
    newest = select(ReviewWithdrawal).order_by(ReviewWithdrawal.id.desc()).limit(limit).offset(offset)
    return list(session.scalars(newest)), total


def read_withdrawn(session: Session, withdrawals: Sequence[int]) -> list[tuple[ReviewNotice, SitingReview]]:
    """The notices of some withdrawals with their reviews."""
    asked = select(ReviewNotice, SitingReview).join(SitingReview, SitingReview.id == ReviewNotice.review_id)
    asked = asked.where(ReviewNotice.withdrawal_id.in_(withdrawals)).order_by(ReviewNotice.id)
    return [(notice, review) for notice, review in session.execute(asked)]


def _asked(query: NoticeQuery) -> Select[ReviewNotice, SitingReview]:
    asked = select(ReviewNotice, SitingReview).join(SitingReview, SitingReview.id == ReviewNotice.review_id)
    if query.states:
        asked = asked.where(ReviewNotice.state.in_(query.states))
    return asked if query.review is None else asked.where(ReviewNotice.review_id == query.review)
