"""Approval by four eyes: what one person proposes, another puts in force; shared by all that is decided so.

A feature says what it decides in a ``Matter`` and keeps the content; here is how it stands: who did what, what may follow,
whether a decision saw the present state, and what waits for whom. Every step leaves an entry in the audit.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.platform.errors import BadParameter, NotAllowed, Refused, Stale
from app.platform.etags import etag_of, require_seen
from app.platform.principals import Principal, Role
from gis_layers.stores import decisions
from gis_layers.stores.decisions import Decision, NewStep
from gis_layers.stores.records import record_audit
from risk_model.decisions import Act, Facts, Life, NextStep, next_steps, require_step
from risk_model.errors import PersonExcluded, StepIncomplete, StepNotAllowed
from risk_model.message import Message, msg


@dataclass(frozen=True, slots=True)
class Matter:
    """Kind of thing decided, by the life it goes through.

    ``audited`` is what the audit calls each step; ``excluded`` tells those who may not take a step why, in its own words.
    ``address`` with ``{number}`` leads to its page.
    """

    kind: str
    life: Life
    audited: Mapping[str, str]
    address: str
    excluded: Mapping[str, Message] = field(default_factory=dict)

    @property
    def authorship(self) -> frozenset[str]:
        """The steps that make whoever takes them an author."""
        return frozenset(self.life.parties.get("authors", ()))


@dataclass(frozen=True, slots=True)
class Asked:
    """A step asked for: by whom, having ``seen`` which tag, with what words; ``beside`` is what else the tag names."""

    step: str
    by: Principal
    seen: str | None
    now: datetime.datetime
    beside: object = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody: the decision, the step it waits for, where it is looked at."""

    decision: Decision
    step: NextStep
    address: str


def begin(
    session: Session, matter: Matter, principal: Principal, number: int, *, content: Mapping[str, Any]
) -> Decision:
    """Begin the decision on what this person proposes."""
    first = _role_of(matter.life.beginnings[0].key, matter, principal)
    state = require_step(matter.life, Facts(), Act(first, principal.name))
    step = NewStep(first, state, principal.name, content=content)
    decision = decisions.begin_decision(session, matter.kind, number, life=matter.life.key, first=step)
    _audit(session, matter, decision, content)
    return decision


def decision_on(session: Session, matter: Matter, number: int) -> Decision:
    """How the matter stands. LookupError where no decision was ever begun on it."""
    found = decisions.find_decision(session, matter.kind, number)
    if found is None:
        raise LookupError(f"no decision was begun on {matter.kind} {number}")
    return found


def tag_of(decision: Decision, beside: object = "") -> str:
    """Tag of a state: whoever decides shows with it what they saw, of the matter and of what stands ``beside`` it."""
    return etag_of(decision.number, decision.state, decision.version, beside)


def require_present(decision: Decision, beside: object, seen: str | None) -> None:
    """Raises Stale where another state was seen than the present; nothing where none was named."""
    if seen is not None:
        require_seen(seen, tag_of(decision, beside), Stale(msg("这件事在您查看之后已经变化；请重新查看后再决定")))


def admit(session: Session, matter: Matter, number: int, asked: Asked) -> Decision:
    """Lock the decision and see that ``asked`` may follow; the work is done between this and ``record``.

    Raises PreconditionMissing, Stale (with both tags), Refused where the step leads on from elsewhere, NotAllowed,
    BadParameter where something is missing.
    """
    decision = decisions.find_decision(session, matter.kind, number, lock=True) or decision_on(session, matter, number)
    present = tag_of(decision, asked.beside)
    told = {"present": present, "state": decision.state} | ({} if asked.seen is None else {"seen": asked.seen})
    require_seen(asked.seen, present, Stale(msg("这件事在您查看之后已经变化；请重新查看后再决定"), **told))
    _state_after(matter, decision, asked)
    _role_of(asked.step, matter, asked.by)
    return decision


def record(
    session: Session,
    matter: Matter,
    decision: Decision,
    asked: Asked,
    *,
    detail: Mapping[str, Any] | None = None,
    content: Mapping[str, Any] | None = None,
) -> Decision:
    """Add the admitted step, with what is proposed by it, and say in the audit who took it with what ``detail``."""
    state, comment = _state_after(matter, decision, asked), asked.comment.strip() or None
    step = NewStep(
        asked.step,
        state,
        asked.by.name,
        ended=matter.life.states[state].end,
        by_author=asked.step in matter.authorship,
        at=asked.now,
        comment=comment,
        content=content,
    )
    after = decisions.add_step(session, decision, step)
    told = {**(detail or {}), **(content or {})} | ({} if comment is None else {"comment": comment})
    _audit(session, matter, after, told)
    return after


def steps_from(matter: Matter, decision: Decision, today: datetime.date) -> tuple[NextStep, ...]:
    """Every step that leads on from where the matter stands."""
    return next_steps(matter.life, decision.state, _facts(decision), today)


def waiting_for(
    session: Session, principal: Principal, matters: Iterable[Matter], today: datetime.date
) -> list[Waiting]:
    """What waits for this person: their step, by role and by what they did before; oldest first, kind after kind."""
    return [
        Waiting(decision, step, matter.address.format(number=decision.number))
        for matter in matters
        for decision in decisions.find_pending(session, matter.kind)
        for step in _awaited_of(matter, decision, principal, today)[:1]
    ]


def _awaited_of(matter: Matter, decision: Decision, principal: Principal, today: datetime.date) -> list[NextStep]:
    party = matter.life.states[decision.state].awaits_of
    if party is not None and principal.name not in _members(matter, decision, party):
        return []
    steps = steps_from(matter, decision, today)
    return [one for one in steps if one.awaited and one.open_to(principal.name) and covers(principal, one.step.roles)]


def _members(matter: Matter, decision: Decision, party: str) -> set[str]:
    return {step.by for step in decision.steps if step.step in matter.life.parties[party]}


def covers(principal: Principal, roles: Iterable[str]) -> bool:
    """Whether this person's role is one of those that may."""
    return any(principal.role.covers(Role(role)) for role in roles)


def state_after(
    life: Life, facts: Facts, act: Act, *, brought: Collection[str], excluded: Mapping[str, Message] | None = None
) -> str:
    """State that a step leads to, of whatever goes through a life; ``excluded`` says why somebody may not take it.

    Raises Refused where it leads on from elsewhere or what it needs is not on record, NotAllowed, BadParameter where
    something is missing that comes with it.
    """
    try:
        return require_step(life, facts, act, brought=brought)
    except StepNotAllowed as trouble:
        ended = trouble.state is not None and life.states[trouble.state].end
        raise Refused(
            str(trouble), code="ended" if ended else "step", state=trouble.state, allowed=list(trouble.allowed)
        ) from trouble
    except PersonExcluded as trouble:
        raise NotAllowed((excluded or {}).get(act.step, str(trouble))) from trouble
    except StepIncomplete as trouble:
        wrong = [{"field": name, "message": msg("缺少")} for name in trouble.missing]
        if set(trouble.missing) - set(life.steps[act.step].asks):
            raise Refused(str(trouble), code="unready", errors=wrong) from trouble
        raise BadParameter(str(trouble), errors=wrong) from trouble


def _role_of(step: str, matter: Matter, principal: Principal) -> str:
    """The step, where this person's role may take it. Raises NotAllowed."""
    if not covers(principal, matter.life.steps[step].roles):
        raise NotAllowed(msg("「{step}」须由另一位有权限的人办理", step=matter.life.steps[step].name))
    return step


def _state_after(matter: Matter, decision: Decision, asked: Asked) -> str:
    brought = {"comment"} if asked.comment.strip() else set()
    act = Act(asked.step, asked.by.name)
    return state_after(matter.life, _facts(decision), act, brought=brought, excluded=matter.excluded)


def _facts(decision: Decision) -> Facts:
    return Facts(tuple(Act(step.step, step.by) for step in decision.steps))


def _audit(session: Session, matter: Matter, decision: Decision, detail: Mapping[str, Any]) -> None:
    taken = decision.last
    action, subject = matter.audited[taken.step], f"{matter.kind} {decision.number}"
    record_audit(session, actor=taken.by, action=action, subject=subject, detail=dict(detail))
