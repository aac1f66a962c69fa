"""Registers as lists that people look through: filtered by words, kind and village, in the order they ask for."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from sqlalchemy import ColumnElement, Select, Table, Text, case, cast, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Session

from gis_layers.stores.frames import read_frame
from gis_layers.stores.incidents import CLOSED, OPEN
from gis_layers.stores.town import REGISTERS, plain_frame
from gis_layers.stores.word_search import holding_every_word
from gis_layers.tables.base import Base
from gis_layers.tables.constraints import ConstraintSurvey
from gis_layers.tables.duty import VillageContact
from gis_layers.tables.hidden_dangers import HiddenDanger
from gis_layers.tables.incidents import Incident
from gis_layers.tables.places import Road, Village
from gis_layers.tables.projects import Project
from gis_layers.tables.surveys import SurveyedLayer
from gis_layers.tables.town import Enterprise
from gis_layers.tables.zones import ZoneVersion

LISTED: Mapping[str, type[DeclarativeBase]] = {
    **REGISTERS,
    "villages": Village,
    "roads": Road,
    "projects": Project,
    "zones": ZoneVersion,
    "hidden-dangers": HiddenDanger,
    "incidents": Incident,
    "village-contacts": VillageContact,
}
DERIVED: Mapping[str, Mapping[str, ColumnElement[Any]]] = {
    Incident.__tablename__: {"state": case((Incident.closed_at.is_(None), OPEN), else_=CLOSED)}
}
"""What a row is asked for that follows from its columns, by its table."""
LOOKED_THROUGH = (
    "name", "force", "code", "number", "group_name", "industry", "address", "credit_code", "source_id", "station", "contact_name",
    "said", "village", "landmark", "stake", "outcome",
)  # fmt: skip
"""Columns in which words are looked for, beside names of village and enterprise; telephone numbers are no such column."""
UNLISTED = ("created_at", "changed_at", "digest", "danger")
SURVEYED: Mapping[str, type[Base]] = {"layer_id": SurveyedLayer, "survey_id": ConstraintSurvey}
"""The delivery a row came with, by the column that names it."""
OF_SURVEY = ("survey_date", "scale", "source")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Query of a list; empty means any. Every one of ``words`` must be found, in whatever order.

    ``only`` are columns and the value they must have (of several one), or hold where they are lists; ``before`` are columns and the day
    before which they must lie, None for those nobody filled in; ``between`` columns and the moments from and before which they lie.
    """

    words: str = ""
    only: Mapping[str, str | Collection[str]] | None = None
    before: Mapping[str, datetime.date | None] | None = None
    between: Mapping[str, tuple[datetime.datetime | None, datetime.datetime | None]] | None = None
    order: str = ""
    descending: bool = False
    limit: int = 50
    offset: int = 0


def read_list(session: Session, register: str, query: ListQuery) -> gpd.GeoDataFrame:
    """One page of one of ``LISTED``: its columns, its ``village`` and ``enterprise`` by name where it has them, ``geometry``.

    What is unknown comes last whatever the order; rows that are equal in it come by id.
    """
    table = _table(register)
    columns, rows = _shown(table)
    statement = select(*columns).select_from(rows)
    for column in _order(table, query):
        statement = statement.order_by(column)
    frame = read_frame(session, _narrowed(statement, table, query).limit(query.limit).offset(query.offset))
    return plain_frame(frame, table)


def _shown(table: Table) -> tuple[list[Any], Any]:
    """The columns of a list and what they are read from: what is named elsewhere, and the survey a row came with.

    What a row tells of its survey goes before what its delivery does.
    """
    elsewhere = _named_elsewhere(table)
    rows: Any = table
    for key, survey in SURVEYED.items():
        if key in table.columns:
            told: Any = survey.__table__
            rows = rows.outerjoin(told, told.c.id == table.c[key])
            elsewhere["survey"] = told.c.name
            elsewhere |= {name: _first(table, told, name) for name in OF_SURVEY if name in told.columns}
    elsewhere |= DERIVED.get(table.name, {})
    if "geom" not in table.columns:
        elsewhere["geom"] = _of_village(table, Village.geom)
    own = [one for one in table.columns if one.name not in {*UNLISTED, *elsewhere}]
    return [*own, *(column.label(name) for name, column in elsewhere.items())], rows


def _first(table: Table, survey: Table, name: str) -> Any:
    return func.coalesce(table.c[name], survey.c[name]) if name in table.columns else survey.c[name]


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
    kept = _asked(_table(register), column)
    each = func.unnest(kept) if isinstance(kept.type, ARRAY) else kept
    found = select(each.label("value")).distinct().subquery()
    return [value for value in session.scalars(select(found.c.value).order_by(found.c.value)) if value is not None]


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
    if "retired_at" in table.columns:
        statement = statement.where(table.c.retired_at.is_(None))
    for name, value in (query.only or {}).items():
        is_told = name in table.columns or name in DERIVED.get(table.name, {})
        statement = statement.where(_has(table, name, value) if is_told else ~true())
    for name, (begin, end) in (query.between or {}).items():
        statement = statement.where(
            *([table.c[name] >= begin] if begin else []), *([table.c[name] < end] if end else [])
        )
    for name, day in (query.before or {}).items():
        column = table.c[name]
        statement = statement.where(column.is_(None) if day is None else column < day)
    return statement.where(*holding_every_word(query.words, _looked_through(table)))


def _has(table: Table, name: str, value: str | Collection[str]) -> ColumnElement[bool]:
    column: ColumnElement[Any] = _asked(table, name)
    if not isinstance(value, str):
        return column.in_(value)
    return column.contains([value]) if isinstance(column.type, ARRAY) else column == value


def _asked(table: Table, name: str) -> Any:
    return DERIVED.get(table.name, {}).get(name, table.c.get(name))


def _looked_through(table: Table) -> list[ColumnElement[str]]:
    looked: list[Any] = [table.c[name] for name in LOOKED_THROUGH if name in table.columns]
    return [*looked, *_named_elsewhere(table).values()]


def _named_elsewhere(table: Table) -> dict[str, Any]:
    """What a row is named by in other registers: the name of its village, of its enterprise."""
    named: dict[str, Any] = {}
    if "village_code" in table.columns:
        named["village"] = _of_village(table, Village.name)
    if "enterprise_id" in table.columns:
        named["enterprise"] = select(Enterprise.name).where(Enterprise.id == table.c.enterprise_id).scalar_subquery()
    return named


def _of_village(table: Table, column: Any) -> Any:
    """A column of the village whose code a row has."""
    return select(column).where(Village.code == table.c.village_code).scalar_subquery()
