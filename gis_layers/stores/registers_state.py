"""The state of the registers: what is measured from them is measured anew whenever a row of them came, changed or went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import BigInteger, Table, Text, cast, func, literal_column, select, text
from sqlalchemy.orm import Session

from gis_layers.tables.base import Base
from gis_layers.tables.constraints import ConstraintSurvey
from gis_layers.tables.forces import Force, Station
from gis_layers.tables.hidden_dangers import HiddenDanger
from gis_layers.tables.places import Boundary, Road, Village
from gis_layers.tables.projects import Project
from gis_layers.tables.regional_assessments import RegionalAssessment
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


def _state_of(session: Session, watched: Iterable[type[Base]]) -> str:
    """The state of these tables.

    Of every table the number of rows and the last transaction that wrote one: a row that came or changed has a new
    one, a row that went is missing.
    """
    wrote = func.max(cast(cast(literal_column("xmin"), Text), BigInteger))
    tables: list[Table] = [one.__table__ for one in watched]  # type: ignore[misc]
    asked = [
        column.scalar_subquery()
        for table in tables
        for column in (select(func.count()).select_from(table), select(wrote).select_from(table))
    ]
    return " ".join(map(str, session.execute(select(*asked)).one()))
