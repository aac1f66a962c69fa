"""Forces assigned to an incident: one at a time each, step by step, the last step taken back within seconds."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, cast

from app.dispatch.assignment_schemas import AssignmentAnswer, AssignmentChange, NewAssignment
from app.dispatch.log import circumstances, occurred, write_entry
from app.judgement.forces import force_on_record
from app.platform.clock import CHINA, now
from app.platform.errors import BadParameter, NotFound, Refused
from app.platform.work import Work
from gis_layers.stores import assignments as store
from gis_layers.stores.assignments import AssignedForce, Assignment
from gis_layers.stores.dispatch_log import NewEntry, read_steps
from gis_layers.stores.forces import kind_of_station
from risk_model.codes import code_name
from risk_model.dispatch import (
    ENDED,
    FIRST,
    RECALLED,
    STEPS,
    UNDONE,
    ForceOnRecord,
    authorities,
    may_undo,
    steps_after,
    why_passed_over,
)
from risk_model.message import msg

MOMENTS = {step: f"{step}_at" for step in STEPS}


def assign(work: Work, incident: int, new: NewAssignment, *, began: datetime.datetime, actor: str) -> int:
    """Assign a force to an open incident whose row is held; the number of the assignment.

    Raises BadParameter where there is no such force, Refused where somebody has it, or it may not be sent.
    """
    at = now()
    force = store.lock_force(work.session, new.force)
    if force is None:
        wrong = [{"field": "force", "message": msg("没有编号为 {number} 的力量", number=new.force)}]
        raise BadParameter(wrong[0]["message"], code="no-such-thing", errors=wrong)
    _refuse_taken(work, force.id, force.name)
    station = kind_of_station(work.session, force.station_id)
    _refuse_passed_over(force_on_record(force, station), at.astimezone(CHINA).date())
    moment = occurred(new.occurred_at, at=at, after=began)
    authority = authorities().over(force.kind, station)
    row = {"incident_id": incident, "force_id": force.id, "authority": authority.verb, "state": FIRST}
    number = store.add_assignment(work.session, {**row, MOMENTS[FIRST]: moment, "assigned_by": actor})
    store.take_force(work.session, force.id)
    shown = None if new.shown is None else new.shown.model_dump()
    content = {"force": force.id, "name": force.name, "authority": authority.verb, "addressee": authority.addressee}
    told = {**content, "shown": shown, "first": _first(new), **circumstances(work)}
    write_entry(work, incident, NewEntry("chosen", actor, moment, number, FIRST, new.why, told))
    return number


def take_step(work: Work, incident: int, held: Assignment, change: AssignmentChange, *, actor: str) -> None:
    """Take a step of an assignment whose row is held; whoever is recalled is ready again."""
    following = steps_after(held.state)
    if change.state not in following:
        raise Refused(
            msg(
                "现在是「{state}」，不能改为「{step}」",
                state=code_name("assignment_state", held.state),
                step=code_name("assignment_state", change.state),
            ),
            code="step",
            allowed=[*following],
        )
    moment = occurred(change.occurred_at, at=now(), after=_last_moment(held))
    content = {"from": held.state, "force": held.force_id}
    _stand(work, held, change.state, moment)
    write_entry(work, incident, NewEntry("step", actor, moment, held.id, change.state, change.said, content))


def undo_step(work: Work, incident: int, held: Assignment, *, actor: str) -> None:
    """Take back the last step of an assignment whose row is held. Raises Refused where it was another's, or too long ago."""
    at, entries = now(), read_steps(work.session, held.id)
    last = entries[-1]
    if last.act == "undone" or last.taken_by != actor or not may_undo(last.recorded_at, at):
        raise Refused(msg("只有本人刚记下的一步可以撤销，限 10 秒；更早的请记下新的状态"), code="ended")
    before = last.content.get("from")
    if held.state in ENDED and before is not None:
        _refuse_taken(work, held.force_id, None)
        store.take_force(work.session, held.force_id)
    state = UNDONE if before is None else before
    gone = {} if before is None else {MOMENTS[held.state]: None}
    values = {"state": state, "ended_at": at if before is None else None, **gone}
    content = {"from": held.state, "force": held.force_id}
    store.change_assignment(work.session, held.id, values)
    if before is None:
        store.free_force(work.session, held.force_id)
    write_entry(work, incident, NewEntry("undone", actor, at, held.id, state, None, content))


def recall_all(work: Work, incident: int, at: datetime.datetime, *, actor: str) -> None:
    """Recall every force that is still out on an incident."""
    for one in store.read_assigned(work.session, [incident]):
        held = one.assignment
        if held.state not in ENDED:
            content = {"from": held.state, "force": held.force_id, "closed": True}
            moment = max(at, _last_moment(held))
            _stand(work, held, RECALLED, moment)
            write_entry(work, incident, NewEntry("step", actor, moment, held.id, RECALLED, None, content))


def lock_assignment(work: Work, incident: int, number: int) -> Assignment:
    """An assignment of an incident, its row held. Raises NotFound."""
    held = store.lock_assignment(work.session, incident, number)
    if held is None:
        raise NotFound(msg("事件 {incident} 没有编号为 {number} 的调派", incident=incident, number=number))
    return held


def tell_assignments(work: Work, incidents: Sequence[int]) -> dict[int, list[AssignmentAnswer]]:
    """The assignments of each of these incidents, as answers tell them."""
    told: dict[int, list[AssignmentAnswer]] = {number: [] for number in incidents}
    for one in store.read_assigned(work.session, incidents):
        told[one.assignment.incident_id].append(_told(one))
    return told


def _told(one: AssignedForce) -> AssignmentAnswer:
    held = one.assignment
    moments = {name: _iso(getattr(held, name)) for name in MOMENTS.values()}
    verb = authorities().over(one.kind, None)
    return cast(
        "AssignmentAnswer",
        {
            "id": held.id,
            "force": held.force_id,
            "name": one.name,
            "kind": one.kind,
            "crew": one.crew,
            "authority": held.authority,
            "addressee": None if held.authority in {"direct", "invite"} else verb.addressee,
            "state": held.state,
            **moments,
            "assigned_by": held.assigned_by,
            "contact_name": one.contact_name,
            "contact_phone": one.contact_phone,
            "next": [*steps_after(held.state)],
            "version": held.version,
        },
    )


def _stand(work: Work, held: Assignment, state: str, moment: datetime.datetime) -> None:
    ended = {"ended_at": moment} if state == RECALLED else {}
    store.change_assignment(work.session, held.id, {"state": state, MOMENTS[state]: moment, **ended})
    if state == RECALLED:
        store.free_force(work.session, held.force_id)


def _last_moment(held: Assignment) -> datetime.datetime:
    moments: list[datetime.datetime | None] = [getattr(held, name) for name in MOMENTS.values()]
    return max(moment for moment in moments if moment is not None)


def _refuse_taken(work: Work, force: int, name: str | None) -> None:
    """Raises Refused where somebody has the force: by whom, since when and for which incident."""
    taken = store.find_taken(work.session, force)
    if taken is not None:
        since = taken.created_at.astimezone(CHINA).strftime("%H:%M:%S")
        told = msg(
            "{name}已由 {by} 于 {since} 派往事件 {incident}",
            name=name or force,
            by=taken.assigned_by,
            since=since,
            incident=taken.incident_id,
        )
        who = {"incident": taken.incident_id, "by": taken.assigned_by, "at": taken.created_at.isoformat()}
        raise Refused(told, code="taken", taken=who)


def _refuse_passed_over(force: ForceOnRecord, today: datetime.date) -> None:
    why = why_passed_over(force, today)
    if why is not None:
        told = msg("{name}现在不能派出：{why}；请先在台账中更正", name=force.name, why=code_name("passed_over", why))
        raise Refused(told, code="unready")


def _first(new: NewAssignment) -> bool | None:
    """Whether the force was the first of those shown; None where nothing was."""
    if new.shown is None:
        return None
    named = [one.id for one in new.shown.forces if one.arrival_s is not None]
    return bool(named) and named[0] == str(new.force)


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
