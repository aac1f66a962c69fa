"""The day an edition is effective from: the day itself, an earlier one its documents allow, or one to come, when it is put in force."""

from __future__ import annotations

import datetime
from dataclasses import replace
from operator import itemgetter
from typing import Final

from sqlalchemy.orm import Session

from app.judgement.approval import Asked
from app.platform.errors import AnzhiError, BadParameter
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.zones import drafts
from app.zones.draft_schemas import PublishBody
from app.zones.publication import PublicationOrder, publish, require_publishable
from gis_layers.stores import decisions, editions, zone_documents
from gis_layers.stores.decisions import Decision
from gis_layers.stores.editions import Draft, Edition
from gis_layers.stores.zone_documents import DocumentQuery
from risk_model.message import msg

FARTHEST: Final = datetime.timedelta(days=366)
"""So far ahead a day may be set."""
SCHEDULE: Final = "schedule"


def effective_day(session: Session, draft: Draft, said: PublishBody, today: datetime.date) -> datetime.date:
    """The day asked for, today where none is. BadParameter for one that is too early, too late, or past without a reason."""
    day = said.effective_on or today
    if day < today:
        _require_past(session, draft, said, day)
    if day > today + FARTHEST:
        raise _wrong(msg("生效日期最多定在一年以内"))
    return day


def _require_past(session: Session, draft: Draft, said: PublishBody, day: datetime.date) -> None:
    found = zone_documents.read_documents(session, DocumentQuery(draft=draft.id))
    announced = [one.announced_on for one in found if one.announced_on is not None]
    if not announced:
        raise _wrong(msg("草稿没有写明有公告日期的文件，生效日期不能早于今天"))
    if day < max(announced):
        raise _wrong(msg("生效日期不能早于文件的公告日期 {day}", day=max(announced).isoformat()))
    if not said.reason:
        trouble = msg("生效日期早于今天，请写明理由")
        raise BadParameter(trouble, code="days", errors=[{"field": "reason", "message": trouble}])


def _wrong(trouble: str) -> BadParameter:
    return BadParameter(trouble, code="days", errors=[{"field": "effective_on", "message": trouble}])


def put_in_force(work: Work, number: int, asked: Asked, said: PublishBody, today: datetime.date) -> Edition:
    """Put an approved draft in force now, effective from today or from the day before it that is asked for."""
    draft = drafts.require_draft(work.session, number, lock=True)
    day = effective_day(work.session, draft, said, today)
    return publish(work, number, asked, PublicationOrder(said.edition, asked.by.name, said.reason or draft.name, day))


def schedule(work: Work, number: int, asked: Asked, said: PublishBody, today: datetime.date) -> Draft:
    """Set the day to come on which an approved draft is put in force, with every check of that day.

    Raises Refused where it could not be put in force today, BadParameter where the day is too far.
    """
    editions.lock_publication(work.session)
    draft = drafts.require_draft(work.session, number, lock=True)
    decision = drafts.admit(work.session, draft, replace(asked, step=SCHEDULE))
    day = effective_day(work.session, draft, said, today)
    require_publishable(work, draft, decision)
    content = {"effective_on": day.isoformat(), "reason": said.reason}
    return drafts.record(work.session, draft, decision, replace(asked, step=SCHEDULE), content=content)


def call_off(session: Session, number: int, asked: Asked) -> Draft:
    """Call off what was to be put in force on a day: it stays approved and waits for its authors."""
    return drafts.take_step(session, number, asked)


def scheduled_day(decision: Decision) -> datetime.date | None:
    """The day on which a draft is put in force by itself; None of one that is not."""
    last = decision.last
    told = (last.content or {}).get("effective_on") if last.step == SCHEDULE else None
    return None if told is None else datetime.date.fromisoformat(told)


def enforce_due(work: Work, now: datetime.datetime, on: datetime.date, *, actor: str) -> dict[str, object]:
    """Put in force the drafts whose day has come, those set earlier first; one that no longer may be is held back and says why."""
    found = [(scheduled_day(one), one) for one in decisions.find_pending(work.session, drafts.DRAFTS.kind)]
    due = sorted(((day, one.last.at, one) for day, one in found if day is not None and day <= on), key=itemgetter(0, 1))
    told: dict[str, list[int]] = {"editions": [], "held": []}
    for day, _, decision in due:
        edition = _enforced(work, decision, day, Principal(actor, Role.ADMIN), now)
        if edition is None:
            told["held"].append(decision.number)
        else:
            told["editions"].append(edition)
    return {**told}


def _enforced(work: Work, decision: Decision, day: datetime.date, by: Principal, now: datetime.datetime) -> int | None:
    """The edition a draft became, published by whoever set the day; None where it was held back."""
    number, last = decision.number, decision.last
    draft = drafts.require_draft(work.session, number)
    reason = (last.content or {}).get("reason") or draft.name
    asked = Asked("publish", by, drafts.tag_of(work.session, draft), now)
    try:
        with work.session.begin_nested():
            return publish(work, number, asked, PublicationOrder(None, last.by, reason, day)).number
    except AnzhiError as trouble:
        why = str(trouble)
    call_off(work.session, number, replace(asked, step="call_off", comment=why))
    return None
