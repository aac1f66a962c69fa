"""Sets of uploaded units: kept once under a name, read ever after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis_layers.stores.frames import append_frame, read_frame
from gis_layers.tables.unitsets import UnitPolygon, UnitSet

__all__ = [
    "NewSet", "UnitSet", "count_sets", "find_set", "find_set_named", "list_sets", "read_units_of", "save_set"
]  # fmt: skip

UNIT_COLUMNS = ("code", "name", "population")


@dataclass(frozen=True, slots=True)
class NewSet:
    """A set about to be kept: its name, the file it came in, the gate's report, and by whom."""

    name: str
    file: str
    report: Mapping[str, object]
    author: str


def save_set(session: Session, new: NewSet, units: gpd.GeoDataFrame) -> UnitSet:
    """Keep ``units`` (storage CRS; ``code name population``, multi polygons) as a set; the name must be free."""
    row = UnitSet(name=new.name, file=new.file, report=new.report, created_by=new.author, unit_count=len(units))
    session.add(row)
    session.flush()
    stored = gpd.GeoDataFrame(units[list(UNIT_COLUMNS)].assign(set_id=row.id), geometry=units.geometry)
    table: Any = UnitPolygon.__table__
    append_frame(session, table, stored)
    return row


def find_set(session: Session, number: int) -> UnitSet | None:
    """The set of this number."""
    return session.get(UnitSet, number)


def find_set_named(session: Session, name: str) -> UnitSet | None:
    """The set of this name."""
    return session.scalar(select(UnitSet).where(UnitSet.name == name.strip()))


def list_sets(session: Session, *, limit: int, offset: int) -> list[UnitSet]:
    """Sets, newest first."""
    return list(session.scalars(select(UnitSet).order_by(UnitSet.id.desc()).limit(limit).offset(offset)))


def count_sets(session: Session, author: str | None = None) -> int:
    """Number of sets: handed in by one author, or (None) by everybody."""
    counted = select(func.count()).select_from(UnitSet)
    return session.scalar(counted if author is None else counted.where(UnitSet.created_by == author)) or 0


def read_units_of(session: Session, number: int) -> gpd.GeoDataFrame:
    """The units of a set in the order of their file: ``code name population geometry`` (storage CRS)."""
    columns = [getattr(UnitPolygon, name) for name in UNIT_COLUMNS]
    statement = select(*columns, UnitPolygon.geom).where(UnitPolygon.set_id == number).order_by(UnitPolygon.id)
    return read_frame(session, statement)
