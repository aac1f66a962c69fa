"""The register of closed roads."""

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
from gis_layers.stores.frames import read_frame
from gis_layers.tables.closures import Closure

ACTIVE: Final = "active"
LIFTED: Final = "lifted"


@dataclass(frozen=True, slots=True)
class ClosureQuery:
    """Query of the register; None means: any."""

    state: str | None = None
    number: int | None = None
    limit: int | None = None
    offset: int = 0


def read_closures(session: Session, query: ClosureQuery) -> gpd.GeoDataFrame:
    """Closures, newest first, with their columns in plain values."""
    columns: list[Any] = list(Closure.__table__.columns)
    newest = _narrowed(select(*columns), query).order_by(Closure.opened_at.desc(), Closure.id.desc())
    frame = read_frame(session, newest.limit(query.limit).offset(query.offset))
    for name in frame.columns.drop("geometry"):
        plain = [None if pd.isna(value) else value for value in frame[name]]
        frame[name] = pd.Series(plain, index=frame.index, dtype=object)
    return frame


def count_closures(session: Session, query: ClosureQuery) -> int:
    """Number of closures ``query`` finds in all."""
    return session.scalar(_narrowed(select(func.count()).select_from(Closure), query)) or 0


def add_closure(session: Session, values: Mapping[str, Any], geometry: BaseGeometry) -> int:
    """Add a closure (geometry in the storage CRS); its number."""
    statement = insert(Closure).values(**values, geom=from_shape(geometry, srid=STORAGE_SRID))
    return session.execute(statement.returning(Closure.id)).scalar_one()


def lock_closure(session: Session, number: int) -> tuple[int, bool] | None:
    """The version of a closure and whether it was lifted, its row held; None where there is none."""
    row = session.execute(
        select(Closure.version, Closure.lifted_at).where(Closure.id == number).with_for_update()
    ).first()
    return None if row is None else (row.version, row.lifted_at is not None)


def change_closure(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Set columns of a closure; its version grows by one."""
    session.execute(update(Closure).where(Closure.id == number).values(**values, version=Closure.version + 1))


def lift_closure(session: Session, number: int, *, by: str, at: datetime.datetime, reason: str | None) -> None:
    """Put the end of a closure on record."""
    change_closure(session, number, {"lifted_at": at, "lifted_by": by, "lift_reason": reason})


def _narrowed(statement: Select[Any], query: ClosureQuery) -> Select[Any]:
    if query.state is not None:
        is_active = Closure.lifted_at.is_(None)
        statement = statement.where(is_active if query.state == ACTIVE else ~is_active)
    if query.number is not None:
        statement = statement.where(Closure.id == query.number)
    return statement
