"""One page of a register, made ready to be read: words for codes, and where each row lies on the map."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import geopandas as gpd
import shapely
from sqlalchemy.orm import Session

from app.http.geojson import Row, plain_rows
from app.http.masking import masked_for
from app.judgement.screening import with_verdicts
from app.platform.deployment import Deployment
from app.platform.errors import NotFound
from app.platform.principals import Principal
from app.platform.work import Work
from app.registers.register_views import SHEETS, Column, RegisterView, stored_as
from gis_layers.stores.gazetteer_search import read_aliases
from gis_layers.stores.lists import ListQuery, count_list, read_list, rows_before, values_of
from gis_layers.stores.places import read_places
from risk_model.codes import Code, code_name, enumerations
from risk_model.message import msg
from risk_model.readiness import lapse_of

PLACES = frozenset(["village", "group", "enterprise", "station", "shelter", "facility", "project"])
"""What a row is called where the gazetteer knows each row of its register as one place."""

PLACE_ZOOM = 15
CLOSE_ZOOM = 17


@dataclass(frozen=True, slots=True)
class RequestScope:
    """The caller, of which deployment, on which day."""

    principal: Principal
    deployment: Deployment
    on: datetime.date


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of a sheet: ``rows`` have the sheet's columns and ``at`` (lon, lat), ``bbox``, ``address`` on the map.

    ``lapsed`` of a row tells by column which of its dates are not to be relied upon any more, and why.

    A row that is a place of the gazetteer has its id there as ``named`` and ``aliases``, what people call it too.
    """

    layer: str
    sheet: RegisterView
    rows: Sequence[Row]
    total: int
    query: ListQuery

    @property
    def page(self) -> int:
        """Number of the page, from 1."""
        return self.query.offset // self.query.limit + 1

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.query.limit))


def sheet_of(layer: str) -> RegisterView:
    """The sheet of that name; NotFound where there is none."""
    sheet = SHEETS.get(layer)
    if sheet is None:
        raise NotFound(msg("没有台账 {layer}；可用的台账：{known}", layer=layer, known=[*SHEETS]))
    return sheet


def read_leaf(session: Session, layer: str, query: ListQuery, scope: RequestScope) -> RegisterPage:
    """The page of ``layer`` that ``query`` asks for."""
    sheet = SHEETS[layer]
    asked = narrowed(sheet, query)
    frame = masked_for(scope.principal, read_list(session, stored_as(layer), asked))
    if layer == "projects" and len(frame):
        frame = with_verdicts(Work(session, scope.deployment), frame, on=scope.on)
    total = count_list(session, stored_as(layer), asked)
    rows = [{**row, "lapsed": _lapsed(sheet, row, scope.on)} for row in _rows(frame, sheet)]
    return RegisterPage(layer, sheet, _with_aliases(session, sheet, rows), total, query)


def page_of_row(session: Session, layer: str, query: ListQuery, row: str) -> ListQuery | None:
    """``query`` turned to the page on which ``row`` lies, a key or ``code:`` and a code; None where it finds no such row."""
    sheet = SHEETS[layer]
    named, code = row.partition(":")[::2]
    column, value = ("code", code) if named == "code" else ("zone_id" if sheet.place == "zone" else "id", row)
    before = rows_before(session, stored_as(layer), narrowed(sheet, query), column=column, value=value)
    return None if before is None else replace(query, offset=before // query.limit * query.limit)


def marked_in(leaf: RegisterPage, row: str) -> object:
    """The key of the row that ``row`` names, None where the page does not hold it."""
    return next((one["key"] for one in leaf.rows if row in (str(one["key"]), f"code:{one.get('code')}")), None)


def choices_of(session: Session, layer: str) -> dict[str, list[tuple[str, str]]]:
    """Choices to narrow a sheet: values and words of its ``kind`` and ``ability``, codes and names of its ``village``, ``lapses``."""
    sheet = SHEETS[layer]
    choices: dict[str, list[tuple[str, str]]] = {}
    for name, column in (("kind", sheet.kind), ("ability", sheet.ability)):
        if column:
            choices[name] = _values_in(session, layer, column)
    choices["lapse"] = [(one.code, code_name("lapse", one.code)) for one in sheet.lapses]
    if sheet.by_village:
        villages = read_places(session, "villages")
        choices["village"] = [
            (code, name) for code, name in zip(villages["code"], villages["name"], strict=True) if code
        ]
    return choices


def _values_in(session: Session, layer: str, column: Column) -> list[tuple[str, str]]:
    """Values of a column with their words: first the codes in their order, then what no list knows."""
    found = set(values_of(session, stored_as(layer), column.key))
    words: Mapping[str, Code] = enumerations().get(column.words) or {}
    known: list[tuple[str, str]] = [(code.code, code.name) for code in words.values() if code.code in found]
    return known + [(value, value) for value in sorted(found - set(words))]


def _lapsed(sheet: RegisterView, row: Row, on: datetime.date) -> dict[str, str]:
    if sheet.due_in is not None and row["state"] not in sheet.due_in:
        return {}
    days = {column.key: row[column.key] for column in sheet.columns if column.look == "day"}
    found = {key: lapse_of(key, day and datetime.date.fromisoformat(day), on) for key, day in days.items()}
    return {key: lapse for key, lapse in found.items() if lapse}


def narrowed(sheet: RegisterView, query: ListQuery) -> ListQuery:
    """``query`` with what all rows of ``sheet`` have; where a deadline is asked for, only while it runs."""
    only: dict[str, str | Collection[str]] = {**(sheet.always or {}), **(query.only or {})}
    if query.before and sheet.due_in is not None:
        asked = only.get("state")
        only["state"] = sheet.due_in & {asked} if isinstance(asked, str) else sheet.due_in
    return replace(query, only=only)


def _rows(frame: gpd.GeoDataFrame, sheet: RegisterView) -> list[Row]:
    shapes = frame.geometry.to_numpy()
    middles: Any = shapely.point_on_surface(shapes) if len(frame) else []
    rows = []
    for row, middle, bbox in zip(plain_rows(frame), middles, shapely.bounds(shapes).tolist(), strict=True):
        key = row["zone_id"] if sheet.place == "zone" else row["id"]
        if middle is None:
            rows.append({**{column.key: None for column in sheet.columns}, **row, "key": key, "address": ""})
            continue
        at = (float(middle.x), float(middle.y))
        placed = {"key": key, "at": at, "bbox": ",".join(f"{edge:.6f}" for edge in bbox)}
        shown = {column.key: None for column in sheet.columns} | row
        rows.append({**shown, **placed, "address": _address(sheet, row, key, at)})
    return rows


def _with_aliases(session: Session, sheet: RegisterView, rows: list[Row]) -> list[Row]:
    if sheet.place not in PLACES:
        return rows
    ids = [_place_id(sheet, row) for row in rows]
    called: dict[str, list[str]] = {one: [] for one in ids}
    for alias in read_aliases(session, places=ids):
        called[alias.place].append(alias.alias)
    return [{**row, "named": one, "aliases": called[one]} for row, one in zip(rows, ids, strict=True)]


def _place_id(sheet: RegisterView, row: Mapping[str, object]) -> str:
    """Id of a row's place in the gazetteer: a village by its code where it has one, else its number."""
    kind = "shelter" if row.get("kind") == "shelter" else sheet.place
    owner = (row.get("code") or f"id:{row['id']}") if kind == "village" else row["id"]
    return f"{kind}:{owner}"


def _address(sheet: RegisterView, row: Mapping[str, object], key: object, at: tuple[float, float]) -> str:
    lon, lat = at
    zoom = CLOSE_ZOOM if sheet.place == "building" else PLACE_ZOOM
    where = {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "zoom": zoom}
    if sheet.select:
        shown = {"objects": f"flagged,others,villages,{sheet.select}"} if sheet.select in SHEETS else {}
        return "/?" + urlencode({**where, **shown, "select": f"{sheet.select}:{key}"})
    named = row.get("name") or row.get("group_name") or row.get("code") or sheet.title
    told = {"place": named, "kind": sheet.place, "row": key}
    return "/?" + urlencode({**where, **told, **({"village": row["village"]} if row.get("village") else {})})
