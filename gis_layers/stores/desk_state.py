"""State of what an open desk shows: a few figures that change whenever something on it does, in two cheap statements."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.stores.registers_state import read_writes

_STATE = """
SELECT (SELECT count(*) FROM closures WHERE lifted_at IS NULL AND review_at < :at) AS overdue,
    (SELECT coalesce(max(id), 0) FROM duty_shifts WHERE begins_at <= :at AND ends_at > :at) AS shift
"""
_WATCHED: Final = ("dispatch_log", "closures", "forces", "duty_shifts")


@dataclass(frozen=True, slots=True)
class DeskState:
    """Marks of the log, the closures, the forces and the roster; how many closures ask to be looked at; whose shift it is."""

    log: str
    closures: str
    forces: str
    duty: str
    overdue: int
    shift: int


def read_desk_state(session: Session, at: datetime.datetime) -> DeskState:
    """The state at a moment."""
    log, closures, forces, duty = read_writes(session, _WATCHED).values()
    overdue, shift = session.execute(text(_STATE), {"at": at}).one()
    return DeskState(log, closures, forces, duty, overdue, shift)
