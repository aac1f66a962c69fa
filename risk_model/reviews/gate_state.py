"""Standing of a gate: what each department said or owes, whether the gate passes, what speaks against a decision on it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from risk_model.deadlines import days_late
from risk_model.reviews.vocabulary import (
    DepartmentStanding,
    ReviewDepartment,
    ReviewObjection,
    ReviewStage,
    ReviewState,
)
from risk_model.vocabulary import Verdict

OBJECTING = frozenset([DepartmentStanding.DISAGREE, DepartmentStanding.MORE_MATERIAL])
OWED = frozenset([DepartmentStanding.AWAITED, DepartmentStanding.OVERDUE])
BEYOND_CONDITIONS = frozenset([Verdict.PROHIBITED, Verdict.INSUFFICIENT_DATA])
"""Verdicts that no condition mends: what a rule prohibits, and what nobody has surveyed."""


@dataclass(frozen=True, slots=True)
class AskedDepartment:
    """A department asked for its opinion, and the day by which it is due (China)."""

    department: ReviewDepartment
    due_on: datetime.date


@dataclass(frozen=True, slots=True)
class GivenOpinion:
    """An opinion on exactly what is before the gate now; one on an earlier outline is none."""

    department: ReviewDepartment
    opinion: DepartmentStanding


@dataclass(frozen=True, slots=True)
class GateCondition:
    """A condition: closed by a document, carried to a later gate by name, or (neither) open. ``of_rule`` tells those the verdict made."""

    closed: bool
    carried_to: ReviewStage | None
    of_rule: bool

    @property
    def open(self) -> bool:
        """Whether nothing has settled it."""
        return not self.closed and self.carried_to is None


@dataclass(frozen=True, slots=True)
class GateStanding:
    """Standing of a gate: of every department, asked or not, and how many conditions are open.

    ``departments`` keeps the order in which they were asked; those that spoke unasked follow.
    """

    departments: Mapping[ReviewDepartment, DepartmentStanding]
    overdue_days: Mapping[ReviewDepartment, int]
    open_conditions: int
    open_of_rules: int

    def those(self, standings: Iterable[DepartmentStanding]) -> tuple[ReviewDepartment, ...]:
        """The departments that stand so."""
        wanted = frozenset(standings)
        return tuple(one for one, standing in self.departments.items() if standing in wanted)

    @property
    def owed(self) -> tuple[ReviewDepartment, ...]:
        """The departments whose opinion is due or will be."""
        return self.those(OWED)

    @property
    def objecting(self) -> tuple[ReviewDepartment, ...]:
        """The departments that disagree or ask for more."""
        return self.those(OBJECTING)

    @property
    def passes(self) -> bool:
        """Whether every opinion is there, none objects, and no condition is open."""
        return not self.owed and not self.objecting and not self.open_conditions


@dataclass(frozen=True, slots=True)
class WeighedDecision:
    """A decision about to be taken: on which verdict, at which standing, and the next gate (None: this is the last).

    ``judgement_pending``: zones, rules or registers may have changed, and the site is not judged by them yet. ``documents_lacking``: a document the gate
    requires is not there.
    """

    decision: ReviewState
    verdict: Verdict
    standing: GateStanding
    next_stage: ReviewStage | None
    judgement_pending: bool = False
    documents_lacking: bool = False


def gate_standing(
    asked: Sequence[AskedDepartment],
    given: Sequence[GivenOpinion],
    conditions: Sequence[GateCondition],
    today: datetime.date,
    *,
    silence_counts: bool,
) -> GateStanding:
    """Standing of a gate on a day; of several opinions of one department the last in order counts.

    ``silence_counts``: the review cites the document by which an opinion that is late counts as none.
    """
    said = {one.department: one.opinion for one in given}
    late = {one.department: days_late(one.due_on, today) for one in asked if one.department not in said}
    owed = {
        one.department: _owed(late[one.department], silence_counts=silence_counts)
        for one in asked
        if one.department in late
    }
    order = dict.fromkeys([*(one.department for one in asked), *said])
    unsettled = [one for one in conditions if one.open]
    return GateStanding(
        {one: said.get(one) or owed[one] for one in order},
        {one: days for one, days in late.items() if days},
        len(unsettled),
        sum(one.of_rule for one in unsettled),
    )


def _owed(late: int, *, silence_counts: bool) -> DepartmentStanding:
    if not late:
        return DepartmentStanding.AWAITED
    return DepartmentStanding.SILENT if silence_counts else DepartmentStanding.OVERDUE


def objections_to(decided: WeighedDecision) -> tuple[ReviewObjection, ...]:
    """What speaks against a decision; whoever takes it all the same overrides these, and says why.

    Returning a review decides nothing and is always open.
    """
    if decided.decision is ReviewState.RETURNED:
        return ()
    owed = (ReviewObjection.OPINIONS_OWED,) if decided.standing.owed else ()
    if decided.decision is ReviewState.REJECTED:
        return owed
    pending = (ReviewObjection.JUDGEMENT_PENDING,) if decided.judgement_pending else ()
    papers = (ReviewObjection.DOCUMENTS_LACKING,) if decided.documents_lacking else ()
    return (*_of_verdict(decided), *owed, *_of_gate(decided), *pending, *papers)


def _of_verdict(decided: WeighedDecision) -> Iterable[ReviewObjection]:
    unmet = decided.verdict is Verdict.RESTRICTED and decided.standing.open_of_rules > 0
    if decided.verdict in BEYOND_CONDITIONS or (decided.decision is ReviewState.APPROVED and unmet):
        yield ReviewObjection.VERDICT


def _of_gate(decided: WeighedDecision) -> Iterable[ReviewObjection]:
    if decided.standing.objecting:
        yield ReviewObjection.DEPARTMENTS_OBJECT
    if not decided.standing.open_conditions:
        return
    if decided.decision is ReviewState.APPROVED:
        yield ReviewObjection.CONDITIONS_OPEN
    elif decided.next_stage is None:
        yield ReviewObjection.NO_NEXT_GATE
