"""Forces assigned to incidents: one force has one assignment at a time, and is out while it has one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from gis_layers.tables.forces import EquipmentEntry, Force, Station
from gis_layers.tables.incidents import Assignment

__all__ = ["AssignedForce", "Assignment", "ForceTaken", "add_assignment", "change_assignment", "find_taken", "free_force", "lock_assignment", "lock_force", "read_assigned", "take_force"]  # fmt: skip
READY: Final = "ready"
OUT: Final = "out"


@dataclass(frozen=True, slots=True)
class ForceTaken:
    """Who has a force: for which incident, by whom and since when it was assigned, where it stands."""

    incident_id: int
    assigned_by: str
    created_at: datetime.datetime
    state: str


@dataclass(frozen=True, slots=True)
class AssignedForce:
    """An assignment with what stands of its force in the register."""

    assignment: Assignment
    name: str
    kind: str
    crew: int | None
    capabilities: list[str]
    equipment: list[EquipmentEntry]
    contact_name: str | None
    contact_phone: str | None
    station: str | None
    duty_phone: str | None


def lock_force(session: Session, number: int) -> Force | None:
    """A force, its row held until the transaction ends; None where there is none."""
    held = select(Force).where(Force.id == number).with_for_update().execution_options(populate_existing=True)
    return session.scalars(held).first()


def find_taken(session: Session, force: int) -> ForceTaken | None:
    """Who has a force now; None where nobody has."""
    asked = select(Assignment.incident_id, Assignment.assigned_by, Assignment.created_at, Assignment.state)
    row = session.execute(asked.where(Assignment.force_id == force, Assignment.ended_at.is_(None))).first()
    return None if row is None else ForceTaken(*row)


def add_assignment(session: Session, values: Mapping[str, Any]) -> int:
    """Add an assignment; its number."""
    return session.execute(insert(Assignment).values(**values).returning(Assignment.id)).scalar_one()


def lock_assignment(session: Session, incident: int, number: int) -> Assignment | None:
    """An assignment of an incident, its row held; None where there is none."""
    held = select(Assignment).where(Assignment.id == number, Assignment.incident_id == incident).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).first()


def change_assignment(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Set columns of an assignment; its version grows by one."""
    changed = update(Assignment).where(Assignment.id == number)
    session.execute(changed.values(**values, version=Assignment.version + 1))


def take_force(session: Session, number: int) -> None:
    """Put a force out for every other question."""
    session.execute(update(Force).where(Force.id == number).values(state=OUT, version=Force.version + 1))


def free_force(session: Session, number: int) -> None:
    """Make a force ready again, where nobody put it off duty meanwhile."""
    session.execute(
        update(Force).where(Force.id == number, Force.state == OUT).values(state=READY, version=Force.version + 1)
    )


def read_assigned(session: Session, incidents: Sequence[int]) -> Sequence[AssignedForce]:
    """Every assignment of these incidents with its force, in the order they were made."""
    rows = session.execute(_assigned().where(Assignment.incident_id.in_(incidents)).order_by(Assignment.id))
    return [AssignedForce(*row) for row in rows]


def _assigned() -> Select[Any]:
    told = (
        Force.name, Force.kind, Force.crew, Force.capabilities, Force.equipment, Force.contact_name,
        Force.contact_phone, Station.name, Station.duty_phone,
    )  # fmt: skip
    asked: Any = select(Assignment, *told).join(Force, Force.id == Assignment.force_id)
    joined: Select[Any] = asked.outerjoin(Station, Station.id == Force.station_id)
    return joined
