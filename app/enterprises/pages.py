"""The register of enterprises as a page: filter, table, map, the working of one, the dynamic list as a workbook."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import partial
from typing import Annotated, cast

import geopandas as gpd
from fastapi import APIRouter, Depends, Query, Request, Response
from typing_extensions import TypedDict

from app.enterprises import labels
from app.enterprises.schemas import ColourAsked, EnterpriseAnswer
from app.enterprises.service import find_enterprise, inspections_due, list_enterprises
from app.enterprises.workbook import write_list
from app.http.attachments import attachment
from app.http.dependencies import Viewer, WorkOf
from app.http.geojson import Row, plain_rows
from app.http.i18n import chosen_language, tell_in
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.enterprises_map import EnterprisesMapView, draw_enterprises_map
from app.maps.legend import Legend, LegendEntry, legend_of
from app.platform.clock import today
from app.platform.errands import reckon
from app.platform.work import Work
from gis_layers.stores.enterprise_grades import EnterpriseGrade, grade_history
from gis_layers.stores.enterprises import EnterpriseQuery, Inspection, count_by_colour, read_inspections
from gis_layers.stores.hidden_dangers import DangerQuery, read_dangers
from gis_layers.stores.places import read_places
from risk_model.codes import enumeration
from risk_model.decisions import HIDDEN_DANGER, life_of, overdue_in
from risk_model.enterprises import enterprise_terms

router = APIRouter(include_in_schema=False)
A_PAGE = 50
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OVERDUE = "overdue"
SHOWN = (*enumeration("colour"), "unassessed")


def asked(
    work: WorkOf,
    q: Annotated[str, Query(max_length=100)] = "",
    colour: Annotated[ColourAsked | str, Query(max_length=20)] = "",
    sector: Annotated[str, Query(max_length=40)] = "",
    village: Annotated[str, Query(max_length=100)] = "",
    due: Annotated[str, Query(max_length=20)] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> EnterpriseQuery:
    """Query set by the filter of the page; empty fields ask for all."""
    return EnterpriseQuery(
        q.strip() or None,
        colour if colour in SHOWN else None,
        sector if sector in enumeration("sector") else None,
        village or None,
        None,
        A_PAGE,
        offset,
        inspections_due(work, today()) if due == OVERDUE else None,
    )


Filter = Annotated[EnterpriseQuery, Depends(asked)]


@router.get("/enterprises")
def register(request: Request, work: WorkOf, principal: Viewer, query: Filter) -> Response:
    """Every enterprise by colour."""
    return _page(request, work, query, one=None)


@router.get("/enterprises/table")
def table(request: Request, work: WorkOf, principal: Viewer, query: Filter) -> Response:
    """The table alone, for the filter."""
    return render(request, "enterprises/table.html", **_listed(request, work, query), swapped=True)


@router.get("/enterprises/list.xlsx")
def workbook(request: Request, work: WorkOf, principal: Viewer, query: Filter) -> Response:
    """The dynamic list of what the filter finds, as a workbook."""
    tell, on = _tell(request), today()
    everything = replace(query, limit=None, offset=0)
    frame, total = list_enterprises(work, everything, on, tell)
    content = reckon(len(frame), write_list, _rows(frame), _provenance(work, on, total=total), tell)
    return attachment(work.session, principal, f"anzhi-enterprises-{on.isoformat()}.xlsx", content, media_type=WORKBOOK)


@router.get("/enterprises/{number}")
def enterprise(number: int, request: Request, work: WorkOf, principal: Viewer, query: Filter) -> Response:
    """One enterprise: the drawer where the page asks for it, else the page with it open."""
    one = _one(request, work, number)
    if "hx-request" in request.headers:
        return render(request, "enterprises/detail.html", **one)
    return _page(request, work, query, one=one)


def _page(request: Request, work: Work, query: EnterpriseQuery, *, one: OneShown | None) -> Response:
    legend = legend_of(work.rulebook)
    view = EnterprisesMapView(legend, town_bounds(work), one["item"]["id"] if one else None)
    villages = read_places(work.session, "villages")
    return render(
        request,
        "enterprises/page.html",
        map=draw_enterprises_map(view),
        legend=legend,
        town=page_context(work),
        villages=list(villages[["code", "name"]].itertuples(index=False, name=None)),
        **{**(one or {"item": None}), **_listed(request, work, query)},
        swapped=False,
    )


def _listed(request: Request, work: Work, query: EnterpriseQuery) -> dict[str, object]:
    frame, total = list_enterprises(work, query, today(), _tell(request))
    return {
        "items": _rows(frame),
        "total": total,
        "counts": count_by_colour(work.session, query),
        "query": query,
        "a_page": A_PAGE,
        "entries": _entries(work, legend_of(work.rulebook)),
    }


class OneShown(TypedDict):
    """The drawer of one enterprise, as its template needs it."""

    item: EnterpriseAnswer
    dangers: list[Row]
    inspections: list[Inspection]
    history: list[EnterpriseGrade]
    entries: dict[str, LegendEntry]
    english: dict[str, str]


def _one(request: Request, work: Work, number: int) -> OneShown:
    (item,) = _rows(find_enterprise(work, number, today(), _tell(request)))
    dangers = read_dangers(work.session, DangerQuery(enterprise=number))
    return {
        "item": item,
        "dangers": plain_rows(dangers.assign(overdue_days=_days_overdue(dangers, today()))),
        "inspections": read_inspections(work.session, number),
        "history": grade_history(work.session, number),
        "entries": _entries(work, legend_of(work.rulebook)),
        "english": _english_bases(work) if chosen_language(request) == "en" else {},
    }


def _days_overdue(dangers: gpd.GeoDataFrame, on: datetime.date) -> list[int]:
    life, rows = life_of(HIDDEN_DANGER), zip(dangers["state"], dangers["deadline"], strict=True)
    return [overdue_in(life, state, {"deadline": deadline}, on) for state, deadline in rows]


def _english_bases(work: Work) -> dict[str, str]:
    """Bases of grades in English, by the Chinese words kept with them; a basis of other rules is missing."""
    tables = work.rulebook.documents["enterprises"].values()
    return {one["basis"]: one["basis_en"] for one in tables if isinstance(one, dict) and one.get("basis_en")}


def _entries(work: Work, legend: Legend) -> dict[str, LegendEntry]:
    """Legend entry of each colour, by colour."""
    scheme = enterprise_terms(work.rulebook).scheme
    return dict(zip(SHOWN, legend.of_scheme(scheme), strict=False))


def _rows(frame: gpd.GeoDataFrame) -> list[EnterpriseAnswer]:
    """The items of a frame; who is to be called is no matter of this page."""
    rows = frame.drop(columns="geometry").to_dict("records")
    told = [{name: value for name, value in row.items() if not str(name).startswith("contact_")} for row in rows]
    return cast("list[EnterpriseAnswer]", told)


def _tell(request: Request) -> labels.Tell:
    return partial(tell_in, language=chosen_language(request))


def _provenance(work: Work, on: datetime.date, *, total: int) -> list[tuple[str, object]]:
    town, rulebook = page_context(work), work.rulebook
    edition = town["edition"]
    return [
        ("使用范围", "内部资料"),
        ("清单日期", on.isoformat()),
        ("单位数", total),
        ("辖区", town["township"]),
        ("数据性质", "演示数据(合成)" if town["synthetic"] else "正式数据"),
        ("区划数据日期", town["data_date"]),
        ("区划版次", edition and edition["number"]),
        ("规则库版本", rulebook.version),
        ("规则库指纹", rulebook.fingerprint),
        ("等级依据", enterprise_terms(rulebook).overlay_basis),
        ("性质", "辅助研判的筛查意见，不替代法定评估"),
    ]
