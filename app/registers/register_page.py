"""One page of a register, made ready to be read: words for codes, and where each row lies on the map."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
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
from app.registers.register_views import SHEETS, RegisterView, stored_as
from gis_layers.stores.gazetteer_search import read_aliases
from gis_layers.stores.lists import ListQuery, count_list, read_list, rows_before, values_of
from gis_layers.stores.places import read_places
from risk_model.codes import enumerations
from risk_model.message import msg

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
    narrowed = _narrowed(sheet, query)
    frame = masked_for(scope.principal, read_list(session, stored_as(layer), narrowed))
    if layer == "projects" and len(frame):
        frame = with_verdicts(Work(session, scope.deployment), frame, on=scope.on)
    total = count_list(session, stored_as(layer), narrowed)
    return RegisterPage(layer, sheet, _with_aliases(session, sheet, _rows(frame, sheet)), total, query)


def page_of_row(session: Session, layer: str, query: ListQuery, row: str) -> ListQuery | None:
    """``query`` turned to the page on which ``row`` lies, a key or ``code:`` and a code; None where it finds no such row."""
    sheet = SHEETS[layer]
    named, code = row.partition(":")[::2]
    column, value = ("code", code) if named == "code" else ("zone_id" if sheet.place == "zone" else "id", row)
    before = rows_before(session, stored_as(layer), _narrowed(sheet, query), column=column, value=value)
    return None if before is None else replace(query, offset=before // query.limit * query.limit)


def marked_in(leaf: RegisterPage, row: str) -> object:
    """The key of the row that ``row`` names, None where the page does not hold it."""
    return next((one["key"] for one in leaf.rows if row in (str(one["key"]), f"code:{one.get('code')}")), None)


def choices_of(session: Session, layer: str) -> dict[str, list[tuple[str, str]]]:
    """Choices to narrow a sheet: values and words of its ``kind``, codes and names of its ``village``."""
    sheet = SHEETS[layer]
    choices: dict[str, list[tuple[str, str]]] = {}
    if sheet.kind:
        words = enumerations().get(sheet.kind.words)
        found = set(values_of(session, stored_as(layer), sheet.kind.key))
        known: list[tuple[str, str]] = [(code.code, code.name) for code in (words or {}).values() if code.code in found]
        choices["kind"] = known or [(value, value) for value in sorted(found)]
    if sheet.by_village:
        villages = read_places(session, "villages")
        choices["village"] = [
            (code, name) for code, name in zip(villages["code"], villages["name"], strict=True) if code
        ]
    return choices


def _narrowed(sheet: RegisterView, query: ListQuery) -> ListQuery:
    return replace(query, only={**(sheet.always or {}), **(query.only or {})})


def _rows(frame: gpd.GeoDataFrame, sheet: RegisterView) -> list[Row]:
    shapes = frame.geometry.to_numpy()
    middles: Any = shapely.get_coordinates(shapely.point_on_surface(shapes)) if len(frame) else []
    rows = []
    for row, (lon, lat), bbox in zip(plain_rows(frame), middles, shapely.bounds(shapes).tolist(), strict=True):
        key = row["zone_id"] if sheet.place == "zone" else row["id"]
        at = (float(lon), float(lat))
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
    named = row.get("name") or row.get("group_name") or sheet.title
    told = {"place": named, "kind": sheet.place, "row": key}
    return "/?" + urlencode({**where, **told, **({"village": row["village"]} if row.get("village") else {})})
