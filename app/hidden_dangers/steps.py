"""Steps in the life of a hidden danger: taken by whoever may, kept as acts; a deadline that passed is noted once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from app.hidden_dangers.service import as_text, check_days, facts_of
from app.judgement.approval import covers, state_after
from app.judgement.enterprise_grades import regrade
from app.platform.errors import BadParameter, NotAllowed
from app.platform.principals import Principal
from app.platform.work import Work
from gis_layers.stores import danger_acts, hidden_dangers
from gis_layers.stores.danger_acts import NOTICE, DangerAct, NewAct
from gis_layers.stores.records import record_audit
from risk_model.decisions import HIDDEN_DANGER, Act, LifeStep, life_of
from risk_model.message import msg

LIFE = life_of(HIDDEN_DANGER)


def take_step(
    work: Work, number: int, key: str, brought: Mapping[str, Any], *, by: Principal, on: datetime.date
) -> None:  # fmt: skip
    """Take a step on a danger whose row is held: the act is kept, the register follows, the enterprise is graded anew.

    Raises Refused with the steps that lead on, NotAllowed, BadParameter at the field that is missing or wrong.
    """
    step = LIFE.steps[key]
    if not covers(by, step.roles):
        raise NotAllowed(msg("「{step}」须由另一位有权限的人办理", step=step.name))
    (row,) = hidden_dangers.read_dangers(work.session, number=number).to_dict("records")
    acts = danger_acts.read_acts(work.session, number)
    given = {name: value for name, value in brought.items() if value is not None}
    state = state_after(LIFE, facts_of(row, acts), Act(key, by.name), brought=given)
    recorded = _recorded(step, given, acts)
    _check(row, {**recorded, "state": state}, given, on)
    hidden_dangers.change_danger(work.session, number, {**recorded, "state": state})
    content = {name: as_text(value) for name, value in given.items() if name != "comment"}
    act = NewAct(by.name, state, key, comment=given.get("comment"), content=content)
    danger_acts.add_act(work.session, number, act)
    if row["enterprise_id"] is not None:
        regrade(work, cause="danger_step", actor=by.name, numbers=[row["enterprise_id"]])
    detail = {"code": row["code"], "step": key, "state": state, **content}
    record_audit(work.session, actor=by.name, action="step on hidden danger", subject=f"hidden danger {number}", detail=detail)  # fmt: skip


def mark_overdue(work: Work, on: datetime.date, *, actor: str) -> int:
    """Note on every danger that is past its deadline that it is, once a deadline; on how many."""
    late = hidden_dangers.find_newly_overdue(work.session, on)
    for one in late:
        content = {"deadline": one.deadline.isoformat(), "noted_on": on.isoformat()}
        danger_acts.add_act(work.session, one.number, NewAct(actor, one.state, kind=NOTICE, content=content))
    if late:
        detail = {"dangers": [one.number for one in late]}
        record_audit(work.session, actor=actor, action="mark overdue", subject="hidden dangers", detail=detail)
    return len(late)


def _recorded(step: LifeStep, given: Mapping[str, Any], acts: Sequence[DangerAct]) -> dict[str, Any]:
    """What a step puts on record: what it brings, or, where it settles something, what the opening of that brought."""
    if step.settles is None:
        return {name: given[name] for name in step.records}
    opening = next(one for one in reversed(acts) if one.step is not None and LIFE.steps[one.step].opens == step.settles)
    return {name: datetime.date.fromisoformat(opening.content[name]) for name in step.records}


def _check(row: Mapping[Any, Any], after: Mapping[str, Any], given: Mapping[str, Any], on: datetime.date) -> None:
    check_days({**{str(name): value for name, value in row.items()}, **after}, on)
    asked = given.get("deadline")
    if asked is not None and asked <= row["deadline"]:
        wrong = [{"field": "deadline", "message": msg("延期后的期限应晚于现在的期限 {day}", day=row["deadline"])}]
        raise BadParameter(wrong[0]["message"], code="days", errors=wrong)
