"""Decisions of several people: begun, led on step by step, found by what they decide on."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.tables import decisions as tables


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step as it was taken."""

    step: str
    state: str
    by: str
    at: datetime.datetime
    comment: str | None = None
    content: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """How a matter stands, with every step there was; ``version`` counts them."""

    id: int
    kind: str
    number: int
    life: str
    state: str
    ended: bool
    version: int
    authors: tuple[str, ...]
    steps: tuple[TakenStep, ...]

    @property
    def last(self) -> TakenStep:
        """The step that led to its state."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to be added: the state it leads to, whether that is an end, and whether whoever takes it is an author."""

    step: str
    state: str
    by: str
    ended: bool = False
    by_author: bool = False
    at: datetime.datetime | None = None
    comment: str | None = None
    content: Mapping[str, Any] | None = None


def begin_decision(session: Session, kind: str, number: int, *, life: str, first: NewStep) -> Decision:
    """Begin the decision on a matter with its first step."""
    row = tables.DecisionRecord(
        kind=kind, number=number, life=life, state=first.state, ended=first.ended, version=1, authors=[first.by],
        changed_by=first.by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _with_step(session, row, first)


def add_step(session: Session, decision: Decision, new: NewStep) -> Decision:
    """Add a step to a decision that was found with its lock."""
    row = session.get_one(tables.DecisionRecord, decision.id)
    row.state, row.ended, row.version, row.changed_by = new.state, new.ended, row.version + 1, new.by
    if new.by_author and new.by not in row.authors:
        row.authors = [*row.authors, new.by]
    session.flush()
    return _with_step(session, row, new)


def find_decision(session: Session, kind: str, number: int, *, lock: bool = False) -> Decision | None:
    """The decision on a matter, locked until the end of the transaction where that is asked for."""
    asked = select(tables.DecisionRecord).where(
        tables.DecisionRecord.kind == kind, tables.DecisionRecord.number == number
    )
    asked = asked.with_for_update().execution_options(populate_existing=True) if lock else asked
    row = session.scalar(asked)
    return None if row is None else _told(session, [row])[row.number]


def is_begun(session: Session, kind: str, number: int) -> bool:
    """Whether a decision was ever begun on a matter."""
    asked = select(tables.DecisionRecord.id).where(
        tables.DecisionRecord.kind == kind, tables.DecisionRecord.number == number
    )
    return session.scalar(asked) is not None


def find_decisions(session: Session, kind: str, numbers: Collection[int]) -> dict[int, Decision]:
    """The decisions on several matters of one kind, by their numbers."""
    asked = select(tables.DecisionRecord).where(
        tables.DecisionRecord.kind == kind, tables.DecisionRecord.number.in_(numbers)
    )
    return _told(session, list(session.scalars(asked)))


def find_pending(session: Session, kind: str) -> list[Decision]:
    """The decisions of a kind that have not ended, oldest first."""
    asked = select(tables.DecisionRecord).where(tables.DecisionRecord.kind == kind, ~tables.DecisionRecord.ended)
    return list(_told(session, list(session.scalars(asked.order_by(tables.DecisionRecord.number)))).values())


def _with_step(session: Session, row: tables.DecisionRecord, new: NewStep) -> Decision:
    step = tables.DecisionStep(
        decision_id=row.id, ordinal=row.version, step=new.step, state=new.state, taken_by=new.by, comment=new.comment,
        content=None if new.content is None else dict(new.content),
    )  # fmt: skip
    if new.at is not None:
        step.taken_at = new.at
    session.add(step)
    session.flush()
    return _told(session, [row])[row.number]


def _told(session: Session, rows: list[tables.DecisionRecord]) -> dict[int, Decision]:
    taken: dict[int, list[TakenStep]] = {row.id: [] for row in rows}
    asked = select(tables.DecisionStep).where(tables.DecisionStep.decision_id.in_(taken))
    for one in session.scalars(asked.order_by(tables.DecisionStep.decision_id, tables.DecisionStep.ordinal)):
        step = TakenStep(one.step, one.state, one.taken_by, one.taken_at, one.comment, one.content)
        taken[one.decision_id].append(step)
    return {
        row.number: Decision(
            row.id, row.kind, row.number, row.life, row.state, row.ended, row.version, tuple(row.authors),
            tuple(taken[row.id]),
        )
        for row in rows
    }  # fmt: skip
