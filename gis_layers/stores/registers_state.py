"""The state of the registers: what is measured from them is measured anew whenever a row of them came, changed or went."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.tables.base import Base
from gis_layers.tables.constraints import ConstraintSurvey
from gis_layers.tables.forces import Force, Station
from gis_layers.tables.geohazard_sites import GeohazardSite
from gis_layers.tables.hidden_dangers import HiddenDanger
from gis_layers.tables.places import Boundary, Road, Village
from gis_layers.tables.projects import Project
from gis_layers.tables.regional_assessments import RegionalAssessment
from gis_layers.tables.register_writes import RegisterWrite
from gis_layers.tables.town import Building, Enterprise, Facility

WATCHED: Final = (Boundary, Village, Road, Building, Enterprise, Facility)
OF_LAYER: Final[Mapping[str, tuple[type[Base], ...]]] = {
    "projects": (Project,),
    "villages": (Village,),
    "enterprises": (Enterprise,),
    "hidden-dangers": (HiddenDanger, Enterprise),
    "stations": (Station,),
    "forces": (Force, Station),
    "facilities": (Facility,),
    "roads": (Road,),
    "constraints": (ConstraintSurvey,),
    "regional-assessments": (RegionalAssessment,),
    "geohazard-sites": (GeohazardSite,),
}
"""Registers that a file of each layer is held against; zones are held against none, for they become a draft of their own."""


def read_registers_state(session: Session) -> str:
    """A text that changes whenever the boundary, villages, roads, buildings, enterprises or facilities do."""
    return _state_of(session, WATCHED)


def read_layer_state(session: Session, layer: str) -> str:
    """A text that changes whenever something does against which a file of this layer is held: its register, the boundary."""
    return _state_of(session, (Boundary, *OF_LAYER.get(layer, ())))


def read_database_mark(session: Session) -> str:
    """A text no other database has: its cluster, made once, and its number there."""
    asked = text(
        "SELECT system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()) FROM pg_control_system()"
    )
    return " ".join(map(str, session.execute(asked).one()))


def read_writes(session: Session, registers: Collection[str]) -> dict[str, str]:
    """A text for each of these tables that changes whenever rows of it come, change or go, read from none of them."""
    noted = (
        select(
            RegisterWrite.register,
            func.count(),
            func.sum(RegisterWrite.statements),
            func.max(RegisterWrite.transaction),
        )
        .where(RegisterWrite.register.in_(registers))
        .group_by(RegisterWrite.register)
    )
    told = {register: " ".join(map(str, figures)) for register, *figures in session.execute(noted)}
    return {register: told.get(register, "") for register in registers}


def _state_of(session: Session, watched: Iterable[type[Base]]) -> str:
    return ", ".join(read_writes(session, [one.__tablename__ for one in watched]).values())
