"""The registers of the town: enterprises, groups, facilities, buildings, stations, forces, their equipment, constraint areas, assessments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Column, Select, Table, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import BigInteger, SmallInteger

from gis_layers.crs import STORAGE_SRID, Bounds
from gis_layers.stores.frames import append_frame, plain_value, read_frame
from gis_layers.tables.constraints import ConstraintArea
from gis_layers.tables.equipment import Equipment
from gis_layers.tables.forces import EquipmentEntry, Force, Station
from gis_layers.tables.geohazard_sites import GeohazardSite
from gis_layers.tables.places import Village
from gis_layers.tables.regional_assessments import RegionalAssessment
from gis_layers.tables.town import (
    Building,
    Enterprise,
    Facility,
    Group,
)

__all__ = [
    "REGISTERS",
    "EquipmentEntry",
    "RegisterQuery",
    "append_register",
    "count_register",
    "count_registers",
    "light_buildings",
    "plain_frame",
    "read_register",
]

REGISTERS: Mapping[str, type[DeclarativeBase]] = {
    "enterprises": Enterprise,
    "groups": Group,
    "facilities": Facility,
    "buildings": Building,
    "stations": Station,
    "forces": Force,
    "equipment": Equipment,
    "constraints": ConstraintArea,
    "regional-assessments": RegionalAssessment,
    "geohazard-sites": GeohazardSite,
}
_KIND_COLUMN = {"enterprises": "sector", "buildings": "use", "equipment": "name"}


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """Query of a register; None means: any.

    ``kind`` is the sector of an enterprise, the use of a building, the kind of everything else; ``village`` a code.
    ``limit`` and ``offset`` say which part of the list, ``number`` which row alone.
    """

    kind: str | None = None
    village: str | None = None
    window: Bounds | None = None
    limit: int | None = None
    offset: int = 0
    number: int | None = None


def read_register(session: Session, register: str, query: RegisterQuery | None = None) -> gpd.GeoDataFrame:
    """Rows of one of ``REGISTERS`` by id, with their columns, the ``village`` they lie in and ``geometry`` (storage CRS).

    Whole numbers and texts are None where unknown, never NaN.
    """
    table, asked = _table(register), query or RegisterQuery()
    columns = [column for column in table.columns if column.name != "created_at"]
    statement = _narrowed(_in_villages(table, columns), register, asked)
    frame = read_frame(session, statement.order_by(table.c.id).limit(asked.limit).offset(asked.offset))
    return plain_frame(frame, table)


def count_register(session: Session, register: str, query: RegisterQuery | None = None) -> int:
    """Number of rows of a register ``query`` finds in all."""
    return count_registers(session, {register: (register, query or RegisterQuery())})[register]


def count_registers(session: Session, asked: Mapping[str, tuple[str, RegisterQuery]]) -> dict[str, int]:
    """Number of rows each of several queries finds in its register, by the name it is asked under; counted in one statement."""
    counts = [
        _narrowed(select(func.count()).select_from(_table(register)), register, query).scalar_subquery()
        for register, query in asked.values()
    ]
    return dict(zip(asked, session.execute(select(*counts)).one(), strict=True))


def append_register(session: Session, register: str, frame: gpd.GeoDataFrame) -> None:
    """Append ``frame`` (storage CRS, columns of the table, lists as lists) to a register."""
    table = _table(register)
    append_frame(session, table, _as_stored(frame, table))


def light_buildings(session: Session, window: Bounds | None) -> gpd.GeoDataFrame:
    """``id floors geometry`` of the buildings in ``window``, corners rounded to a decimetre: enough to draw them."""
    columns: list[Any] = [Building.id, Building.floors, Building.geom]
    statement = select(*columns).order_by(Building.id)
    if window is not None:
        statement = statement.where(Building.geom.op("&&")(func.ST_MakeEnvelope(*window, STORAGE_SRID)))
    frame = plain_frame(read_frame(session, statement), _table("buildings"))
    rounded = shapely.transform(frame.geometry.to_numpy(), lambda corners: np.round(corners, 6))
    return frame.set_geometry(gpd.GeoSeries(rounded, index=frame.index, crs=STORAGE_SRID))


def _table(register: str) -> Table:
    table: Any = REGISTERS[register].__table__
    return table  # type: ignore[no-any-return]


def _in_villages(table: Table, columns: list[Column[Any]]) -> Select[Any]:
    if "village_code" not in table.columns:
        return select(*columns)
    villages = table.outerjoin(Village.__table__, Village.code == table.c.village_code)
    return select(*columns, Village.name.label("village")).select_from(villages)


def _narrowed(statement: Select[Any], register: str, query: RegisterQuery) -> Select[Any]:
    table = _table(register)
    wanted = {_KIND_COLUMN.get(register, "kind"): query.kind, "village_code": query.village}
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(table.c[name] == value if name in table.columns else ~true())
    if query.number is not None:
        statement = statement.where(table.c.id == query.number)
    if query.window is not None:
        box = func.ST_MakeEnvelope(*query.window, STORAGE_SRID)
        statement = statement.where(func.ST_Intersects(table.c.geom, box))
    return statement


def plain_frame(frame: gpd.GeoDataFrame, table: Table) -> gpd.GeoDataFrame:
    """``frame`` with whole numbers whole and what is unknown as None, never NaN."""
    for name in frame.columns:
        if name == "geometry":
            continue
        whole = name in table.columns and isinstance(table.c[name].type, BigInteger | SmallInteger)
        values = [plain_value(value, whole=whole) for value in frame[name]]
        frame[name] = pd.Series(values, index=frame.index, dtype=object)
    return frame


def _as_stored(frame: gpd.GeoDataFrame, table: Table) -> gpd.GeoDataFrame:
    """Lists as the server reads them in a COPY, whole numbers without a fraction."""
    ready = frame.copy()
    for name in ready.columns.intersection(list(table.columns.keys())):
        kind = table.c[name].type
        if isinstance(kind, JSONB):
            ready[name] = [json.dumps(value, ensure_ascii=False) for value in ready[name]]
        elif isinstance(kind, ARRAY):
            ready[name] = [
                "{" + ",".join(json.dumps(word, ensure_ascii=False) for word in words) + "}" for words in ready[name]
            ]
        elif isinstance(kind, BigInteger | SmallInteger):
            ready[name] = pd.array([None if pd.isna(value) else int(value) for value in ready[name]], dtype="Int64")
    return ready
