"""Registers as lists that people look through: filtered by words, kind and village, in the order they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from sqlalchemy import Select, Table, Text, cast, func, or_, select, true
from sqlalchemy.orm import Session

from gis_layers.stores.frames import read_frame
from gis_layers.stores.town import REGISTERS, plain_frame
from gis_layers.tables.base import Base
from gis_layers.tables.places import Road, Village
from gis_layers.tables.projects import Project
from gis_layers.tables.zones import ZoneVersion

LISTED: Mapping[str, type[Base]] = {
    **REGISTERS,
    "villages": Village,
    "roads": Road,
    "projects": Project,
    "zones": ZoneVersion,
}
LOOKED_THROUGH = ("name", "code", "group_name", "industry", "address", "credit_code", "source_id")
"""Columns in which words are looked for."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Query of a list; empty means any. ``only`` are columns and the values they must have."""

    words: str = ""
    only: Mapping[str, str] | None = None
    order: str = ""
    descending: bool = False
    limit: int = 50
    offset: int = 0


def read_list(session: Session, register: str, query: ListQuery) -> gpd.GeoDataFrame:
    """One page of one of ``LISTED``: its columns, the ``village`` it lies in where it has one, and ``geometry``.

    What is unknown comes last whatever the order; rows that are equal in it come by id.
    """
    table = _table(register)
    columns: list[Any] = [column for column in table.columns if column.name not in ("created_at", "digest")]
    statement = select(*columns)
    if "village_code" in table.columns:
        named = table.outerjoin(Village.__table__, Village.code == table.c.village_code)
        statement = select(*columns, Village.name.label("village")).select_from(named)
    for column in _order(table, query):
        statement = statement.order_by(column)
    frame = read_frame(session, _narrowed(statement, table, query).limit(query.limit).offset(query.offset))
    return plain_frame(frame, table)


def count_list(session: Session, register: str, query: ListQuery) -> int:
    """Number of rows ``query`` finds in all."""
    table = _table(register)
    return session.scalar(_narrowed(select(func.count()).select_from(table), table, query)) or 0


def rows_before(session: Session, register: str, query: ListQuery, *, column: str, value: str) -> int | None:
    """Number of rows ``query`` lists before that whose ``column`` has ``value``; None where it lists no such row."""
    table = _table(register)
    if column not in table.columns:
        return None
    turn = func.row_number().over(order_by=_order(table, query)).label("turn")
    listed = _narrowed(select(cast(table.c[column], Text).label("value"), turn), table, query).subquery()
    found = session.scalar(select(func.min(listed.c.turn)).where(listed.c.value == value))
    return None if found is None else int(found) - 1


def values_of(session: Session, register: str, column: str) -> list[str]:
    """The different values of a column, in their order."""
    found = _table(register).c[column]
    return [value for value in session.scalars(select(found).distinct().order_by(found)) if value is not None]


def _table(register: str) -> Table:
    table: Any = LISTED[register].__table__
    return table  # type: ignore[no-any-return]


def _order(table: Table, query: ListQuery) -> list[Any]:
    key = next(iter(table.primary_key.columns))
    if query.order not in table.columns:
        return [key]
    column = table.c[query.order]
    return [(column.desc() if query.descending else column.asc()).nulls_last(), key]


def _narrowed(statement: Select[Any], table: Table, query: ListQuery) -> Select[Any]:
    if "to_edition" in table.columns:
        statement = statement.where(table.c.to_edition.is_(None))
    for name, value in (query.only or {}).items():
        statement = statement.where(table.c[name] == value if name in table.columns else ~true())
    if query.words:
        looked = [table.c[name] for name in LOOKED_THROUGH if name in table.columns]
        statement = statement.where(or_(*(column.icontains(query.words, autoescape=True) for column in looked)))
    return statement
