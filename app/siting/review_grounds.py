"""What a joint review under way rests on, changed without its outline: conditions made anew, opinions that saw no less kept."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from shapely.geometry import shape

from app.judgement.approval import Asked
from app.judgement.logbook import find_answer
from app.platform.errors import NotFound
from app.platform.work import Work
from app.siting.compared import judgement_of
from app.siting.parts_compared import same_site
from app.siting.reviews import gate_of, is_closed, local_day, make_conditions
from gis_layers.stores import review_notices as notices
from gis_layers.stores import reviews as store
from gis_layers.stores.checks import find_check
from gis_layers.stores.reviews import Rested, ReviewCondition, ReviewOpinion, SitingReview
from risk_model.reviews import saw_no_less

CONDITIONAL = "conditional"


def rest_on_answer(work: Work, row: SitingReview, answer: Mapping[str, Any], on: datetime.date) -> None:
    """Let a review whose row is held rest on a recorded answer for the same site.

    An opinion counts on where its department saw no less against the site; whoever owes one now has the days of the gate anew, unless
    nothing became worse.
    """
    before, site = row.check_number, answer["site"]
    honoured = _honoured(work, row, answer)
    rested = Rested(
        answer["record"]["number"], answer["verdict"], site["name"], site["project_class"], shape(site["geometry"]), honoured
    )  # fmt: skip
    store.rest_on(work.session, row, rested)
    store.drop_conditions(work.session, row.id)
    make_conditions(work.session, row, answer, on)
    _keep_conditions_of_departments(work, row, on)
    if before not in honoured:
        store.postpone_requests(work.session, row, on + datetime.timedelta(days=gate_of(row).days))
    store.count_write(work.session, row)


def _honoured(work: Work, row: SitingReview, answer: Mapping[str, Any]) -> tuple[str, ...]:
    """The checks before this answer, opinions on which hold of it as well: none from before the site was resubmitted."""
    now = judgement_of(answer, work.rulebook)
    earlier = (_answer(work, one) for one in (row.check_number, *notices.checks_before(work.session, row)))
    return tuple(
        one["record"]["number"]
        for one in earlier
        if one is not None and same_site(one, answer) and saw_no_less(judgement_of(one, work.rulebook), now)
    )


def _answer(work: Work, number: str) -> dict[str, Any] | None:
    check = find_check(work.session, number)
    try:
        return None if check is None else find_answer(work.session, check)
    except NotFound:
        return None


def _keep_conditions_of_departments(work: Work, row: SitingReview, on: datetime.date) -> None:
    """Make the conditions of opinions that count anew, those that stand or are closed already apart."""
    last: dict[str, ReviewOpinion] = {
        one.department: one for one in store.read_opinions(work.session, row.id) if store.counts(one, row)
    }
    standing = store.read_conditions(work.session, row.id)
    held = {(one.department, one.wording) for one in standing if one.closed_at is None or is_closed(one, on)}
    made = [
        ReviewCondition(review_id=row.id, department=one.department, wording=words, wording_en=words)
        for one in last.values()
        if one.opinion == CONDITIONAL
        for words in one.conditions
        if (one.department, words) not in held
    ]
    store.add_conditions(work.session, made)


def settle_notice(work: Work, row: SitingReview, asked: Asked) -> None:
    """Settle the notice on a review that a person re-opened, which rests on the judgement it tells from then on, or annulled."""
    standing = notices.find_standing(work.session, row.id)
    if standing is None:
        return
    reopened = asked.step == "reopen"
    if reopened or standing.state == notices.OPEN:
        state, reason = "reopened" if reopened else notices.NOTED, asked.comment.strip()
        notices.settle(work.session, standing, state, by=asked.by.name, reason=reason, at=asked.now)
    if not reopened:
        return
    answer = _answer(work, standing.check_number)
    if answer is None:
        notices.order_judging_anew(work.session)
        return
    rest_on_answer(work, row, answer, local_day(asked.now))
