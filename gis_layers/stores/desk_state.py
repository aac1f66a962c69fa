"""State of what an open desk shows: a few figures that change whenever something on it does, in one statement."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

_STATE = """
SELECT (SELECT coalesce(max(id), 0) FROM dispatch_log) AS log,
    (SELECT count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) FROM closures) AS closures,
    (SELECT count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) FROM forces) AS forces,
    (SELECT count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) FROM duty_shifts) AS duty,
    (SELECT count(*) FROM closures WHERE lifted_at IS NULL AND review_at < :at) AS overdue,
    (SELECT coalesce(max(id), 0) FROM duty_shifts WHERE begins_at <= :at AND ends_at > :at) AS shift
"""


@dataclass(frozen=True, slots=True)
class DeskState:
    """Marks of the log, the closures, the forces and the roster; how many closures ask to be looked at; whose shift it is."""

    log: int
    closures: str
    forces: str
    duty: str
    overdue: int
    shift: int


def read_desk_state(session: Session, at: datetime.datetime) -> DeskState:
    """The state at a moment."""
    return DeskState(*session.execute(text(_STATE), {"at": at}).one())
