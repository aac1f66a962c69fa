"""Acts on hidden dangers: added, read in order, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, exists, func, insert, select
from sqlalchemy.orm import Session

from gis_layers.tables.hidden_dangers import DangerAct, HiddenDanger

__all__ = ["DangerAct", "NewAct", "add_act", "is_noted", "read_acts"]
STEP, ENTRY, NOTICE = "step", "entry", "notice"


@dataclass(frozen=True, slots=True)
class NewAct:
    """An act to be added: by whom, where the danger stands afterwards; without a step its entry, or a notice."""

    by: str
    state: str
    step: str | None = None
    kind: str = STEP
    comment: str | None = None
    content: Mapping[str, Any] = field(default_factory=dict)


def add_act(session: Session, number: int, new: NewAct) -> None:
    """Add an act to a danger whose row is held, or was added in this transaction."""
    last = select(func.coalesce(func.max(DangerAct.ordinal), 0) + 1).where(DangerAct.danger_id == number)
    row = {"danger_id": number, "kind": new.kind, "step": new.step, "state": new.state, "taken_by": new.by}
    told = {"comment": new.comment, "content": dict(new.content)}
    session.execute(insert(DangerAct).values(**row, **told, ordinal=last.scalar_subquery()))


def read_acts(session: Session, number: int) -> Sequence[DangerAct]:
    """Every act on a danger, in order."""
    asked = select(DangerAct).where(DangerAct.danger_id == number).order_by(DangerAct.ordinal)
    return session.scalars(asked).all()


def is_noted() -> ColumnElement[bool]:
    """The condition that of a danger's deadline it was noted that it has passed."""
    return exists().where(
        DangerAct.danger_id == HiddenDanger.id,
        DangerAct.kind == NOTICE,
        DangerAct.content["deadline"].astext == func.to_char(HiddenDanger.deadline, "YYYY-MM-DD"),
    )
