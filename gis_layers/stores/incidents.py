"""The register of incidents."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID
from gis_layers.stores.frames import geometries_of, read_frame
from gis_layers.tables.incidents import Incident

__all__ = ["CLOSED", "OPEN", "Incident", "IncidentQuery", "add_incident", "change_incident", "count_incidents", "lock_incident", "read_incidents"]  # fmt: skip
OPEN: Final = "open"
CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class IncidentQuery:
    """Query of the register; None means: any."""

    state: str | None = None
    number: int | None = None
    limit: int | None = None
    offset: int = 0


def read_incidents(session: Session, query: IncidentQuery) -> gpd.GeoDataFrame:
    """Incidents, newest first, with their columns in plain values; ``danger`` is a shape (storage CRS) or None."""
    columns: list[Any] = list(Incident.__table__.columns)
    newest = _narrowed(select(*columns), query).order_by(Incident.occurred_at.desc(), Incident.id.desc())
    frame = read_frame(session, newest.limit(query.limit).offset(query.offset))
    frame["danger"] = pd.Series(geometries_of(frame["danger"]), index=frame.index, dtype=object)
    for name in frame.columns.drop(["geometry", "danger"]):
        plain = [None if pd.isna(value) else value for value in frame[name]]
        frame[name] = pd.Series(plain, index=frame.index, dtype=object)
    return frame


def count_incidents(session: Session, query: IncidentQuery) -> int:
    """Number of incidents ``query`` finds in all."""
    return session.scalar(_narrowed(select(func.count()).select_from(Incident), query)) or 0


def add_incident(session: Session, values: Mapping[str, Any], geometry: BaseGeometry) -> int:
    """Add an incident (geometry in the storage CRS); its number."""
    statement = insert(Incident).values(**values, geom=from_shape(geometry, srid=STORAGE_SRID))
    return session.execute(statement.returning(Incident.id)).scalar_one()


def lock_incident(session: Session, number: int) -> tuple[int, datetime.datetime | None] | None:
    """The version of an incident and when it was closed, its row held; None where there is none."""
    asked = select(Incident.version, Incident.closed_at).where(Incident.id == number).with_for_update()
    row = session.execute(asked).first()
    return None if row is None else (row.version, row.closed_at)


def change_incident(
    session: Session, number: int, values: Mapping[str, Any], geometry: BaseGeometry | None = None
) -> None:  # fmt: skip
    """Set columns of an incident and, where given, its place; its version grows by one. ``danger`` is a shape or None."""
    place = {} if geometry is None else {"geom": from_shape(geometry, srid=STORAGE_SRID)}
    values = {**values}
    if values.get("danger") is not None:
        values["danger"] = from_shape(values["danger"], srid=STORAGE_SRID)
    changed = update(Incident).where(Incident.id == number)
    session.execute(changed.values(**values, **place, version=Incident.version + 1))


def _narrowed(statement: Select[Any], query: IncidentQuery) -> Select[Any]:
    if query.state is not None:
        is_open = Incident.closed_at.is_(None)
        statement = statement.where(is_open if query.state == OPEN else ~is_open)
    if query.number is not None:
        statement = statement.where(Incident.id == query.number)
    return statement
