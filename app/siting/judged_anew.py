"""Joint reviews judged anew where zones, rules or registers may have changed: a review under way goes on by the new judgement, a decided one is only told of."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import orjson
from pydantic import ValidationError

from app.judgement.approval import decision_on
from app.judgement.logbook import Maker, find_answer, grounds_of, record_single
from app.judgement.screening import CheckedSite, check_site
from app.platform import clock
from app.platform.allowance import Allowance, allow
from app.platform.deployment import Deployment
from app.platform.errors import AnzhiError, NotFound
from app.platform.principals import Role
from app.platform.rulebooks import SOFTWARE
from app.platform.work import Work
from app.queue.orders import Progress
from app.siting.alternatives import places_beside
from app.siting.answered import answer_of
from app.siting.compared import cause_of, change_lines, compare
from app.siting.places_again import places_asked
from app.siting.review_grounds import rest_on_answer
from app.siting.reviews import DECIDED, MATTER, local_day
from app.siting.schemas import SiteFeature
from app.siting.service import read_site, refuse_declaration
from app.siting.told_reviews import check_of
from gis_layers.errors import GisError
from gis_layers.stores import review_notices as notices
from gis_layers.stores import reviews as store
from gis_layers.stores.checks import Check, find_check
from gis_layers.stores.records import record_audit
from gis_layers.stores.refusals import refusals_named
from gis_layers.stores.review_notices import NewNotice, ReviewNotice
from gis_layers.stores.reviews import SitingReview, numbered
from risk_model.errors import RiskModelError
from risk_model.message import msg
from risk_model.reviews import JudgementChange

log = logging.getLogger(__name__)


class AnewOutcome(StrEnum):
    """Outcome of judging a review anew; ``same`` leaves no trace."""

    SAME = "same"
    CHANGED = "changed"
    TOLD = "told"
    WITHDRAWN = "withdrawn"
    UNJUDGED = "unjudged"


TOUCHED: Final = (AnewOutcome.CHANGED, AnewOutcome.TOLD, AnewOutcome.WITHDRAWN, AnewOutcome.UNJUDGED)


@dataclass(frozen=True, slots=True)
class Anew:
    """A review judged anew: what it rests on, the check now, both answers, and what differs between them."""

    row: SitingReview
    check: Check
    before: Mapping[str, Any]
    checked: CheckedSite
    answer: dict[str, Any]
    change: JudgementChange

    @property
    def told(self) -> dict[str, Any]:
        """What differs and why, in sentences."""
        return {
            "cause": cause_of(self.before, self.answer),
            "lines": change_lines(self.change, self.checked.rulebook),
        }


def judge_reviews_anew(deployment: Deployment, progress: Progress) -> dict[str, object]:
    """Judge every review anew, each in a transaction of its own; done twice it changes nothing more."""
    with deployment.sessions() as session:
        numbers = notices.find_numbers(session)
    outcomes: dict[int, AnewOutcome] = {}
    for place, number in enumerate(numbers):
        progress(place / len(numbers), msg("正在按现行区划和规则判定联审 {place}/{count}", place=place + 1, count=len(numbers)))  # fmt: skip
        outcomes[number] = _judged(deployment, number)
    told = {each.value: [number for number, one in outcomes.items() if one is each] for each in TOUCHED}
    return {"judged": len(numbers), **told}


def _judged(deployment: Deployment, number: int) -> AnewOutcome:
    try:
        with refusals_named(), deployment.sessions.begin() as session:
            return judge_anew(Work(session, deployment), number, clock.now())
    except (AnzhiError, GisError, RiskModelError, ValidationError):
        log.exception("review %s could not be judged anew", number)
        return AnewOutcome.UNJUDGED


def judge_anew(work: Work, number: int, now: datetime.datetime) -> AnewOutcome:
    """Judge a review by what is in force; where that differs from what it rests on, apply it, or tell of it where it is decided.

    Raises NotFound where what was handed in, or what was answered, is not kept.
    """
    row = store.find_review(work.session, number, lock=True)
    state = decision_on(work.session, MATTER, number).state
    if row is None or MATTER.life.states[state].end:
        return AnewOutcome.SAME
    anew = _anew(work, row, local_day(now))
    if state in DECIDED:
        return _tell(work, anew)
    if anew.change.empty:
        return AnewOutcome.SAME
    return _apply(work, anew, local_day(now))


def _anew(work: Work, row: SitingReview, on: datetime.date) -> Anew:
    check = check_of(work.session, row)
    before, feature = find_answer(work.session, check), _asked(check)
    checked = _checked(work, feature, on)
    answer = orjson.loads(orjson.dumps(answer_of(work, checked, feature.properties)))
    return Anew(row, check, before, checked, answer, compare(before, answer, checked.rulebook))


def _asked(check: Check) -> SiteFeature:
    if check.input is None:
        raise NotFound(msg("记录 {number} 没有保存提交的内容，不能重新判定", number=check.number))
    return SiteFeature.model_validate(orjson.loads(check.input))


def _checked(work: Work, feature: SiteFeature, on: datetime.date) -> CheckedSite:
    refuse_declaration(feature.properties, work.likely_rulebook().terms)
    allowed = _allowed(work)
    site, repaired = read_site(feature, work.settings.metric_crs, allowed)
    return check_site(work, site, on=on, repaired=repaired, reckoner=allowed.reckon, by_class=True)


def _allowed(work: Work) -> Allowance:
    return allow(Role.ADMIN, work.settings, threading.Event())


def _apply(work: Work, anew: Anew, on: datetime.date) -> AnewOutcome:
    """Let a review that nobody has decided rest on the new judgement; the one before stays on record beside it."""
    answer, verdict_before = _recorded(work, anew), anew.row.verdict
    rest_on_answer(work, anew.row, answer, on)
    _keep(work, anew, answer, ("applied", verdict_before))
    _audit(
        work, anew.row, "judge siting review anew", {"check": answer["record"]["number"], "verdict": answer["verdict"]}
    )
    return AnewOutcome.CHANGED


def _tell(work: Work, anew: Anew) -> AnewOutcome:
    """Tell the office of a decided review, once, how it is judged now; withdraw that where it is judged as it was decided."""
    standing = notices.find_standing(work.session, anew.row.id)
    if anew.change.empty:
        return AnewOutcome.SAME if standing is None else _withdraw(work, anew, standing)
    if standing is not None and _says(work, standing, anew):
        return AnewOutcome.SAME
    answer = _recorded(work, anew)
    if standing is not None:
        notices.replace_notice(work.session, standing)
    notice = _keep(work, anew, answer, ("open", anew.row.verdict))
    _audit(work, anew.row, "tell of siting review judged anew", {"notice": notice.id, "verdict": answer["verdict"]})
    return AnewOutcome.TOLD


def _withdraw(work: Work, anew: Anew, standing: ReviewNotice) -> AnewOutcome:
    grounds = grounds_of(anew.checked)
    last = find_check(work.session, standing.check_number)
    before = anew.before if last is None else find_answer(work.session, last)
    told = {"cause": cause_of(before, anew.answer)}
    withdrawal = notices.withdraw(work.session, standing, (grounds.edition, grounds.rulebook_fingerprint), told)
    _audit(work, anew.row, "withdraw notice of siting review", {"notice": standing.id, "withdrawal": withdrawal})
    return AnewOutcome.WITHDRAWN


def _says(work: Work, standing: ReviewNotice, anew: Anew) -> bool:
    """Whether a notice tells exactly this judgement already."""
    check = find_check(work.session, standing.check_number)
    if check is None:
        return False
    return compare(find_answer(work.session, check), anew.answer, anew.checked.rulebook).empty


def _recorded(work: Work, anew: Anew) -> dict[str, Any]:
    """The answer with the number under which it is kept as every check is, and the places to compare with where it had any before."""
    maker, answer = Maker(SOFTWARE, Role.ADMIN.value, anew.row.office or None), anew.answer
    asked, places = orjson.loads(anew.check.input or "null"), places_asked(work.session, anew.check)
    if places is not None:
        told = places_beside(work, places, anew.checked, _allowed(work))
        answer = {**answer, "alternatives": orjson.loads(orjson.dumps(told))}
    record = record_single(work.session, maker, asked, answer, grounds_of(anew.checked))
    return {**answer, "record": record}


def _keep(work: Work, anew: Anew, answer: Mapping[str, Any], of: tuple[str, str]) -> ReviewNotice:
    """Keep what came of it in a state, beside the verdict before."""
    state, verdict_before = of
    new = NewNotice(state, anew.check.number, answer["record"]["number"], verdict_before, answer["verdict"], anew.told)
    return notices.add_notice(work.session, anew.row.id, new)


def _audit(work: Work, row: SitingReview, action: str, detail: dict[str, Any]) -> None:
    told = {"number": numbered(row), **detail}
    record_audit(work.session, actor=SOFTWARE, action=action, subject=f"siting review {row.id}", detail=told)
