"""Steps judged: which may follow, who may take them, what is missing, by when; and the state a row of acts leads to."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from risk_model.deadlines import days_late
from risk_model.decisions.life import Life, LifeStep
from risk_model.errors import PersonExcluded, StepIncomplete, StepNotAllowed

ACTS = "acts"
"""Missing where what happened before is not on record, so that nobody can say who is excluded."""


@dataclass(frozen=True, slots=True)
class Act:
    """A step somebody took; or, as the first, that somebody entered it in the state ``enters``, with its past elsewhere."""

    step: str
    by: str
    enters: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one matter: its acts in order, what is on record by name, and its days by name."""

    acts: tuple[Act, ...] = ()
    given: frozenset[str] = frozenset()
    days: Mapping[str, datetime.date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step that leads on from here.

    ``only`` are the persons it is left to (None: whoever has one of ``roles``), ``never`` those excluded. ``missing``
    must be on record first, ``asks`` comes with the step. ``overdue_days`` counts from the day after ``deadline``.
    """

    step: LifeStep
    only: frozenset[str] | None
    never: frozenset[str]
    missing: tuple[str, ...]
    awaited: bool
    deadline: datetime.date | None
    overdue_days: int

    def open_to(self, person: str) -> bool:
        """Whether it is this person's, their role apart."""
        return person not in self.never and (self.only is None or person in self.only)


def next_steps(life: Life, state: str, facts: Facts, today: datetime.date) -> tuple[NextStep, ...]:
    """Every step out of ``state``, in the order of the data; none out of an end."""
    parties, here = parties_of(life, facts.acts), life.states[state]
    deadline = deadline_in(life, state, facts.days)
    recorded, given = _leads_to(life, facts.acts, state), facts.given | open_matters(life, facts.acts)
    return tuple(
        NextStep(
            step=step,
            only=_persons(parties, step.only) if step.only else None,
            never=_persons(parties, step.never),
            missing=_missing(step, given, recorded=recorded),
            awaited=step.key in here.awaits,
            deadline=deadline,
            overdue_days=days_late(deadline, today),
        )
        for step in life.leaving(state)
    )


def deadline_in(life: Life, state: str, days: Mapping[str, datetime.date | None]) -> datetime.date | None:
    """The day by which ``state`` is to be left, by its name in ``days``; None where none runs or is set."""
    due = life.states[state].due
    return days.get(due) if due else None


def overdue_in(life: Life, state: str, days: Mapping[str, datetime.date | None], today: datetime.date) -> int:
    """Days by which ``state`` should have been left; 0 where no deadline runs in it or it is not over."""
    return days_late(deadline_in(life, state, days), today)


def require_step(life: Life, facts: Facts, act: Act, *, brought: Collection[str] = ()) -> str:
    """State that ``act`` leads to after ``facts``; ``brought`` is what came with it.

    Raises StepNotAllowed, PersonExcluded or StepIncomplete.
    """
    step = _require_allowed(life, replay(life, facts.acts), act, parties_of(life, facts.acts))
    given = facts.given | open_matters(life, facts.acts)
    missing = [*_missing(step, given, recorded=True), *(name for name in step.asks if name not in brought)]
    if missing:
        raise StepIncomplete(step.name, missing)
    return step.to


def replay(life: Life, acts: Sequence[Act]) -> str | None:
    """State that ``acts`` lead to, None before the first. Raises StepNotAllowed or PersonExcluded for a forged row."""
    state: str | None = None
    for number, act in enumerate(acts):
        if act.enters is not None and number == 0 and act.enters in life.states:
            state = act.enters
        else:
            state = _require_allowed(life, state, act, parties_of(life, acts[:number])).to
    return state


def open_matters(life: Life, acts: Iterable[Act]) -> frozenset[str]:
    """What a step opened and none has settled since."""
    opened: set[str] = set()
    for act in acts:
        step = life.steps.get(act.step)
        if step is not None:
            opened = (opened - {step.settles}) | ({step.opens} if step.opens else set())
    return frozenset(opened)


def parties_of(life: Life, acts: Iterable[Act]) -> dict[str, frozenset[str]]:
    """The persons of every party, by what they did; whoever entered a matter may have been of any."""
    done = list(acts)
    return {
        name: frozenset(act.by for act in done if act.step in taken or act.enters is not None)
        for name, taken in life.parties.items()
    }


def _require_allowed(life: Life, state: str | None, act: Act, parties: Mapping[str, frozenset[str]]) -> LifeStep:
    allowed = life.beginnings if state is None else life.leaving(state)
    step = life.steps.get(act.step)
    if step is None or step not in allowed:
        raise StepNotAllowed(act.step, state, [(one.key, one.name) for one in allowed])
    if act.by in _persons(parties, step.never) or (step.only and act.by not in _persons(parties, step.only)):
        raise PersonExcluded(step.key, step.name)
    return step


def _persons(parties: Mapping[str, frozenset[str]], names: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(parties[name] for name in names))


def _missing(step: LifeStep, given: Collection[str], *, recorded: bool) -> tuple[str, ...]:
    lacking = tuple(name for name in step.needs if name not in given)
    return lacking if recorded or not (step.only or step.never) else (*lacking, ACTS)


def _leads_to(life: Life, acts: Sequence[Act], state: str) -> bool:
    try:
        return replay(life, acts) == state
    except (StepNotAllowed, PersonExcluded):
        return False
