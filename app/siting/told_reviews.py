"""Joint reviews as answers tell them."""

from __future__ import annotations

import datetime
from typing import Any, cast

import shapely
from sqlalchemy.orm import Session

from app.http.geojson_shapes import geometry_of
from app.http.i18n import tell_in
from app.http.next_steps import describe_step
from app.judgement.approval import steps_from
from app.judgement.logbook import find_answer
from app.platform.work import Work
from app.siting.review_schemas import (
    DecisionAnswer,
    DepartmentAnswer,
    NeighbourGate,
    OpinionAnswerOfReview,
    OutlineChange,
    ReviewActAnswer,
    ReviewConditionAnswer,
    ReviewItem,
    WholeReview,
)
from app.siting.reviews import MATTER, OPEN, Review, is_closed
from app.siting.schemas import DISCLAIMER
from app.siting.told_documents import completion_of, describe_document, describe_needed, scan_of
from app.siting.told_notices import describe_notices
from gis_layers.crs import to_metric
from gis_layers.stores import reviews as store
from gis_layers.stores.checks import Check, find_check
from gis_layers.stores.decisions import TakenStep, find_decision
from gis_layers.stores.reviews import ListedReview, ReviewCondition, ReviewOpinion, SitingReview, numbered
from risk_model.deadlines import days_late
from risk_model.reviews import packaged_gates
from risk_model.reviews.vocabulary import ReviewDepartment, ReviewRoute, ReviewStage, ReviewState
from risk_model.shapes import as_array
from risk_model.vocabulary import Verdict


def check_of(session: Session, row: SitingReview) -> Check:
    """The check on record a review rests on."""
    found = find_check(session, row.check_number)
    if found is None:
        raise LookupError(f"review {row.id} rests on no check")
    return found


def describe_item(listed: ListedReview, on: datetime.date) -> ReviewItem:
    """A review in a list; of one that asks for no opinions any more none is owed."""
    row, asks = listed.review, listed.state in OPEN
    return {
        "id": row.id,
        "number": numbered(row),
        "office": row.office,
        "name": row.name,
        "project_class": row.project_class,
        "project": row.project_id,
        "route": ReviewRoute(row.route),
        "stage": ReviewStage(row.stage),
        "state": ReviewState(listed.state),
        "verdict": Verdict(row.verdict),
        "check": row.check_number,
        "due_on": _day(listed.due_on) if asks else None,
        "owed": listed.owed if asks else 0,
        "overdue_days": days_late(listed.due_on, on) if asks else 0,
        "opened_at": row.created_at.astimezone(datetime.UTC).isoformat(),
        "synthetic": row.synthetic,
    }


def describe_review(work: Work, review: Review, on: datetime.date) -> WholeReview:
    """A review with all that belongs to it; ``evidence`` is the answer of its check word for word."""
    row, standing = review.row, review.standing
    due = [one.due_on for one in review.asked if one.department in standing.owed]
    check = check_of(work.session, row)
    route = packaged_gates().routes[ReviewRoute(row.route)]
    completion = completion_of(review)
    item = describe_item(ListedReview(row, review.decision.state, min(due, default=None), len(due)), on)
    return {
        **item,
        "geometry": geometry_of(store.outline_of(row)),
        "silence_basis": row.silence_basis,
        "order": [gate.stage for gate in route.gates],
        "order_basis": route.basis,
        "order_basis_en": route.basis.english or route.basis,
        "before": _neighbour(work.session, row.follows_id),
        "after": _after(work.session, row.id),
        "next_stage": review.gate.after,
        "outline_change": outline_change(work, row),
        "gate": {
            "passes": standing.passes,
            "owed": list(standing.owed),
            "objecting": list(standing.objecting),
            "open_conditions": standing.open_conditions,
        },
        "departments": _departments(review),
        "opinions": [_opinion(one, review) for one in review.opinions],
        "conditions": [_condition(one, on) for one in review.conditions],
        "documents": [describe_document(one) for one in review.documents],
        "documents_needed": describe_needed(review),
        "completion": completion,
        "completion_en": None if completion is None else tell_in(completion, "en"),
        "decision": _decision(review),
        "acts": [_act(one) for one in review.decision.steps],
        "next_steps": [describe_step(one) for one in steps_from(MATTER, review.decision, on)],
        "evidence": cast("Any", find_answer(work.session, check)),
        "evidence_digest": check.result_digest,
        "judgement_pending": review.judgement_pending,
        "notices": describe_notices(work.session, row),
        "disclaimer": DISCLAIMER,
    }


def outline_change(work: Work, row: SitingReview) -> OutlineChange | None:
    """How the outline differs from that of the gate before, in the metric CRS; None without one."""
    before = None if row.follows_id is None else store.find_review(work.session, row.follows_id)
    if before is None:
        return None
    now, then = to_metric(as_array([store.outline_of(row), store.outline_of(before)]), work.settings.metric_crs)
    return {
        "added_m2": float(shapely.area(shapely.difference(now, then))),
        "lost_m2": float(shapely.area(shapely.difference(then, now))),
    }


def _neighbour(session: Session, number: int | None) -> NeighbourGate | None:
    row = None if number is None else store.find_review(session, number)
    decision = None if row is None else find_decision(session, MATTER.kind, row.id)
    if row is None or decision is None:
        return None
    return {
        "id": row.id,
        "number": numbered(row),
        "stage": ReviewStage(row.stage),
        "state": ReviewState(decision.state),
    }


def _after(session: Session, number: int) -> NeighbourGate | None:
    following = store.find_following(session, number)
    return None if following is None else _neighbour(session, following.id)


def _departments(review: Review) -> list[DepartmentAnswer]:
    due = {one.department: one.due_on for one in review.asked}
    counting: dict[str, ReviewOpinion] = {
        one.department: one for one in review.opinions if store.counts(one, review.row)
    }
    return [
        {
            "department": department,
            "asked": department in due,
            "due_on": _day(due.get(department)),
            "standing": standing,
            "overdue_days": review.standing.overdue_days.get(department, 0),
            "opinion": _opinion(counting[department], review) if department in counting else None,
        }
        for department, standing in review.standing.departments.items()
    ]


def _opinion(one: ReviewOpinion, review: Review) -> OpinionAnswerOfReview:
    return {
        "id": one.id,
        "department": ReviewDepartment(one.department),
        "opinion": cast("Any", one.opinion),
        "conditions": list(one.conditions),
        "comment": one.comment,
        "signer": one.signer,
        "signed_on": one.signed_on.isoformat(),
        "document": one.document,
        "scan": scan_of(review, one),
        "entered_for": one.entered_for,
        "check": one.check_number,
        "result_digest": one.result_digest,
        "stale": not store.counts(one, review.row),
        "by": one.given_by,
        "at": one.given_at.astimezone(datetime.UTC).isoformat(),
    }


def _condition(one: ReviewCondition, on: datetime.date) -> ReviewConditionAnswer:
    closed = is_closed(one, on)
    return {
        "id": one.id,
        "wording": one.wording,
        "wording_en": one.wording_en,
        "rules": list(one.rules),
        "department": None if one.department is None else ReviewDepartment(one.department),
        "carried_from": one.carried_from,
        "carried_to": None if one.carried_to is None else ReviewStage(one.carried_to),
        "state": "closed" if closed else "open" if one.carried_to is None else "carried",
        "document": one.document,
        "conclusion": one.conclusion,
        "valid_to": _day(one.valid_to),
        "lapsed": one.closed_at is not None and not closed,
        "closed_by": one.closed_by,
    }


def _decision(review: Review) -> DecisionAnswer | None:
    taken = review.decided
    if taken is None:
        return None
    told = taken.content or {}
    return {
        "decision": told["decision"],
        "reason": taken.comment or "",
        "override": told["override"],
        "overriding": told["overriding"],
        "lacking": told.get("lacking", []),
        "verdict": Verdict(told["verdict"]),
        "check": told["check"],
        "by": taken.by,
        "at": taken.at.astimezone(datetime.UTC).isoformat(),
    }


def _act(step: TakenStep) -> ReviewActAnswer:
    return {
        "step": step.step,
        "state": ReviewState(step.state),
        "by": step.by,
        "at": step.at.astimezone(datetime.UTC).isoformat(),
        "comment": step.comment,
        "overriding": (step.content or {}).get("overriding", []),
    }


def _day(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()
