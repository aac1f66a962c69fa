"""Joint reviews of sites: opened under a number, asked about, answered, held to conditions; listed with how they stand."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Select, and_, any_, exists, func, or_, select, text, tuple_, update
from sqlalchemy.orm import Session, aliased

from gis_layers.crs import STORAGE_SRID
from gis_layers.tables.decisions import DecisionRecord
from gis_layers.tables.review_notices import ReviewNotice
from gis_layers.tables.reviews import ReviewCondition, ReviewOpinion, ReviewRequest, SitingReview

__all__ = ["ReviewCondition", "ReviewOpinion", "ReviewRequest", "SitingReview", "numbered"]

KIND = "siting review"
"""What the decisions on reviews are kept as."""
NUMBER = "联审-"
"""The kind of document a number belongs to; year and ordinal follow."""


@dataclass(frozen=True, slots=True)
class NewReview:
    """Review about to be opened; ``geometry`` in the storage CRS, other columns as in ``tables.reviews``."""

    office: str
    year: int
    name: str
    project_class: str
    project_id: int | None
    route: str
    stage: str
    follows_id: int | None
    check_number: str
    verdict: str
    silence_basis: str | None
    synthetic: bool
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class NewOpinion:
    """Opinion about to be kept; columns as in ``tables.reviews``."""

    department: str
    opinion: str
    conditions: tuple[str, ...]
    comment: str | None
    signer: str
    signed_on: datetime.date
    document: str | None
    entered_for: bool
    check_number: str
    result_digest: str
    given_by: str


@dataclass(frozen=True, slots=True)
class ReviewQuery:
    """Query of reviews; empty means any. ``owed_by``: on which this department owes an opinion; ``heard``: on which nobody owes any.

    ``judged_anew``: on which an open notice tells that they are judged otherwise now.
    """

    states: Collection[str] = ()
    owed_by: str | None = None
    heard: bool = False
    limit: int = 100
    offset: int = 0
    judged_anew: bool = False


@dataclass(frozen=True, slots=True)
class ListedReview:
    """A review in a list: itself, its state, the first day by which an opinion is owed (None: none is), by how many departments."""

    review: SitingReview
    state: str
    due_on: datetime.date | None
    owed: int


def numbered(review: SitingReview) -> str:
    """Number of a review as it is written."""
    return f"{NUMBER}{review.year}-{review.ordinal:06d}"


def add_review(session: Session, new: NewReview) -> SitingReview:
    """Open a review under the next number of its year and office, which stays locked until the transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('joint reviews ' || :office, 0))"), {"office": new.office}
    )
    taken = select(func.coalesce(func.max(SitingReview.ordinal), 0)).where(
        SitingReview.office == new.office, SitingReview.year == new.year
    )
    row = SitingReview(
        office=new.office, year=new.year, ordinal=(session.scalar(taken) or 0) + 1, name=new.name,
        project_class=new.project_class, project_id=new.project_id, route=new.route, stage=new.stage,
        follows_id=new.follows_id, check_number=new.check_number, verdict=new.verdict,
        silence_basis=new.silence_basis, synthetic=new.synthetic, geom=from_shape(new.geometry, srid=STORAGE_SRID),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def find_review(session: Session, number: int, *, lock: bool = False) -> SitingReview | None:
    """The review of this number, held until the transaction ends where that is asked for."""
    asked = select(SitingReview).where(SitingReview.id == number)
    asked = asked.with_for_update().execution_options(populate_existing=True) if lock else asked
    return session.scalar(asked)


def find_following(session: Session, number: int) -> SitingReview | None:
    """The last review opened at the gate after this one."""
    asked = select(SitingReview).where(SitingReview.follows_id == number).order_by(SitingReview.id.desc()).limit(1)
    return session.scalar(asked)


def count_write(session: Session, review: SitingReview) -> None:
    """Count a write about a review whose row is held."""
    review.version += 1
    session.flush()


@dataclass(frozen=True, slots=True)
class Rested:
    """What a review rests on: the check with its verdict, the project as it was declared for it, the outline judged (storage CRS).

    ``honoured``: earlier checks, opinions on which count as well.
    """

    check_number: str
    verdict: str
    name: str
    project_class: str
    geometry: BaseGeometry
    honoured: tuple[str, ...] = ()


def rest_on(session: Session, review: SitingReview, rested: Rested) -> None:
    """Let a review whose row is held rest on another check."""
    review.check_number, review.verdict = rested.check_number, rested.verdict
    review.honoured = list(rested.honoured)
    review.name, review.project_class = rested.name, rested.project_class
    review.geom = from_shape(rested.geometry, srid=STORAGE_SRID)
    session.flush()


def add_requests(session: Session, review: int, departments: Sequence[str], due_on: datetime.date) -> None:
    """Ask departments, in this order."""
    session.add_all(
        ReviewRequest(review_id=review, department=one, ordinal=place, due_on=due_on)
        for place, one in enumerate(departments, 1)
    )
    session.flush()


def read_requests(session: Session, review: int) -> list[ReviewRequest]:
    """Departments asked, in order."""
    asked = select(ReviewRequest).where(ReviewRequest.review_id == review).order_by(ReviewRequest.ordinal)
    return list(session.scalars(asked))


def postpone_requests(session: Session, review: SitingReview, due_on: datetime.date) -> None:
    """Give every department that owes its opinion time until ``due_on`` at least: what is before it changed."""
    spoken = {one.department for one in read_opinions(session, review.id) if counts(one, review)}
    for one in read_requests(session, review.id):
        if one.department not in spoken:
            one.due_on = max(one.due_on, due_on)
    session.flush()


def add_opinion(session: Session, review: int, new: NewOpinion) -> ReviewOpinion:
    """Keep an opinion for good."""
    row = ReviewOpinion(
        review_id=review, department=new.department, opinion=new.opinion, conditions=list(new.conditions),
        comment=new.comment, signer=new.signer, signed_on=new.signed_on, document=new.document,
        entered_for=new.entered_for, check_number=new.check_number, result_digest=new.result_digest,
        given_by=new.given_by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def read_opinions(session: Session, review: int) -> list[ReviewOpinion]:
    """Every opinion on a review, in the order they were kept."""
    asked = select(ReviewOpinion).where(ReviewOpinion.review_id == review).order_by(ReviewOpinion.id)
    return list(session.scalars(asked))


def add_conditions(session: Session, conditions: Sequence[ReviewCondition]) -> None:
    """Keep conditions."""
    session.add_all(conditions)
    session.flush()


def read_conditions(session: Session, review: int) -> list[ReviewCondition]:
    """Conditions of a review that count, in the order they were made."""
    asked = select(ReviewCondition).where(ReviewCondition.review_id == review, ~ReviewCondition.dropped)
    return list(session.scalars(asked.order_by(ReviewCondition.id)))


def drop_conditions(session: Session, review: int, department: str | None = None) -> None:
    """Let the open conditions of a department's earlier opinion (None: all open ones) count no more."""
    of = () if department is None else (ReviewCondition.department == department,)
    held = (ReviewCondition.review_id == review, ReviewCondition.closed_at.is_(None), *of)
    session.execute(update(ReviewCondition).where(*held).values(dropped=True))


def is_taken_over(session: Session, condition: int) -> bool:
    """Whether a later review took a condition over."""
    taken = select(exists().where(ReviewCondition.carried_from == condition))
    return bool(session.scalar(taken))


def counts(opinion: ReviewOpinion, review: SitingReview) -> bool:
    """Whether an opinion is on what is before the gate now, or on a judgement that held no less against the site."""
    return opinion.check_number == review.check_number or opinion.check_number in review.honoured


def outline_of(review: SitingReview) -> BaseGeometry:
    """The outline a review rests on, in the storage CRS."""
    return to_shape(review.geom)


def open_next(session: Session, states: Collection[str]) -> list[SitingReview]:
    """Reviews in one of these states that no later one follows, newest first, 200 at most: those a next gate may be opened on."""
    later = aliased(SitingReview)
    decided = and_(DecisionRecord.kind == KIND, DecisionRecord.number == SitingReview.id)
    asked = select(SitingReview).join(DecisionRecord, decided).where(DecisionRecord.state.in_(states))
    asked = asked.where(~exists().where(later.follows_id == SitingReview.id))
    return list(session.scalars(asked.order_by(SitingReview.id.desc()).limit(200)))


def list_reviews(session: Session, query: ReviewQuery) -> tuple[list[ListedReview], int]:
    """One page of reviews, newest first, and how many there are."""
    asked = _asked(query)
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    page = asked.order_by(SitingReview.id.desc()).limit(query.limit).offset(query.offset)
    rows = list(session.execute(page))
    owed = _owed(session, [review.id for review, _ in rows])
    return [ListedReview(review, state, *owed.get(review.id, (None, 0))) for review, state in rows], total


def count_reviews(session: Session, query: ReviewQuery) -> int:
    """Number of reviews ``list_reviews`` lists in all."""
    return session.scalar(select(func.count()).select_from(_asked(query).subquery())) or 0


def _asked(query: ReviewQuery) -> Select[SitingReview, str]:
    decided = and_(DecisionRecord.kind == KIND, DecisionRecord.number == SitingReview.id)
    asked = select(SitingReview, DecisionRecord.state).join(DecisionRecord, decided)
    if query.states:
        asked = asked.where(DecisionRecord.state.in_(query.states))
    if query.owed_by is not None:
        asked = asked.where(
            exists().where(
                ReviewRequest.review_id == SitingReview.id, ReviewRequest.department == query.owed_by, ~_answered()
            )
        )
    if query.judged_anew:
        asked = asked.where(exists().where(ReviewNotice.review_id == SitingReview.id, ReviewNotice.state == "open"))
    if query.heard:
        asked = asked.where(~exists().where(ReviewRequest.review_id == SitingReview.id, ~_answered()))
    return asked


def _owed(session: Session, reviews: Collection[int]) -> dict[int, tuple[datetime.date, int]]:
    asked = (
        select(ReviewRequest.review_id, func.min(ReviewRequest.due_on), func.count())
        .join(SitingReview, SitingReview.id == ReviewRequest.review_id)
        .where(ReviewRequest.review_id.in_(reviews), ~_answered())
        .group_by(ReviewRequest.review_id)
    )
    return {number: (due, count) for number, due, count in session.execute(asked)}


def _answered() -> ColumnElement[bool]:
    """The condition that a request was answered by an opinion on what is before the gate now."""
    return exists().where(
        tuple_(ReviewOpinion.review_id, ReviewOpinion.department)
        == tuple_(ReviewRequest.review_id, ReviewRequest.department),
        or_(
            ReviewOpinion.check_number == SitingReview.check_number,
            ReviewOpinion.check_number == any_(SitingReview.honoured),
        ),
    )
