"""Entries of the registers people write one by one: facilities, stations, forces and projects. Enterprises and dangers have stores of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID
from gis_layers.tables.forces import Force, Station
from gis_layers.tables.projects import Project
from gis_layers.tables.town import Facility

FACILITIES, PROJECTS, STATIONS, FORCES = "facilities", "projects", "stations", "forces"
WRITTEN: Final[Mapping[str, type[Facility | Project | Station | Force]]] = {
    FACILITIES: Facility, PROJECTS: Project, STATIONS: Station, FORCES: Force,
}  # fmt: skip


def add_entry(session: Session, register: str, values: Mapping[str, Any], geometry: BaseGeometry) -> int:
    """Add an entry (columns of the register, geometry in the storage CRS); its number."""
    table = WRITTEN[register]
    statement = insert(table).values(**values, geom=from_shape(geometry, srid=STORAGE_SRID))
    return session.execute(statement.returning(table.id)).scalar_one()


def lock_entry(session: Session, register: str, number: int) -> int | None:
    """The version of an entry, its row held until the transaction ends; None where there is none."""
    table = WRITTEN[register]
    return session.scalar(select(table.version).where(table.id == number).with_for_update())


def change_entry(
    session: Session, register: str, number: int, values: Mapping[str, Any], geometry: BaseGeometry | None
) -> None:  # fmt: skip
    """Set columns of an entry and, where given, its ground; its version grows by one."""
    table = WRITTEN[register]
    place = {} if geometry is None else {"geom": from_shape(geometry, srid=STORAGE_SRID)}
    session.execute(update(table).where(table.id == number).values(**values, **place, version=table.version + 1))
