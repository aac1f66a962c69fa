"""Graded areas as pages: a map, a table and charts beside it, the reasons of the one chosen; two runs under a divider."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import geopandas as gpd
import orjson
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.assessments.comparison import compare_runs
from app.assessments.routes import RunNumber, SetNumber
from app.assessments.run_view import (
    DRAWN_ONE_BY_ONE,
    LISTED,
    carried_areas,
    carried_frames,
    figures_of,
    listed_areas,
    page_of_area,
    relief_picture,
)
from app.assessments.schemas import RunAnswer, describe_run
from app.assessments.service import require_run, shown_run
from app.http.attachments import HTML, attachment
from app.http.dependencies import Viewer, WorkOf
from app.http.geojson import plain_rows
from app.http.i18n import chosen_language
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.areas_map import AreasMapView, ComparedView, draw_areas_file, draw_areas_map, draw_compared_map
from app.maps.legend import legend_of
from app.maps.standalone import carried_layers
from app.platform.errands import reckon
from app.platform.errors import NotFound
from app.platform.principals import Role
from app.platform.settings import CARRIED
from app.platform.work import Work
from gis_layers.stores import runs, unitsets
from gis_layers.stores.runs import GradingProduct, GradingRun, UnitKind
from risk_model.grading import grading_terms
from risk_model.message import msg

router = APIRouter(include_in_schema=False)

EARLIER = 50
"""How many runs are offered to be looked at or compared."""

Context: TypeAlias = dict[str, Any]
"""Contents of a template by name."""


class EarlierRun(TypedDict):
    """A run offered beside the one shown; ``comparable`` where its cells have the same size."""

    id: int
    day: str
    cell_m: float | None
    comparable: bool


@router.get("/maps/areas")
def areas(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    unit: UnitKind = "village",
    run: RunNumber = None,
    set: SetNumber = None,  # noqa: A002 - the word of the address
    product: GradingProduct = "hazard",
    page: Annotated[int | None, Query(ge=1)] = None,
    area: Annotated[int | None, Query(ge=1, le=2**62, description="the page with this area, which is marked")] = None,
    standalone: bool = False,
) -> Response:
    """Every village, grid cell or uploaded polygon by its grade; ``standalone`` gives one file that needs no network.

    Only the table where the page itself asks for another part of it.
    """
    shown = shown_run(work.session, unit, run, set)
    if standalone:
        name, file = _single_file(work, shown, product, chosen_language(request))
        return attachment(work.session, principal, name, file, media_type=HTML)
    told = _table(work, shown, unit=unit, product=product, page=page, area=area)
    if "hx-request" in request.headers:
        return render(request, "areas/_list.html", **told)
    view = _view(work, shown, unit=unit, product=product)
    return render(
        request,
        "areas.html",
        map=draw_areas_map(view),
        may_order=principal.role.covers(Role.OFFICER),
        earlier=_earlier(work.session, unit, shown),
        sets=unitsets.list_sets(work.session, limit=EARLIER, offset=0),
        **{**_context(work, shown, view), **told},
    )


@router.get("/maps/areas/compare")
def compare(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    first: Annotated[int, Query(alias="from", description="the earlier run")],
    second: Annotated[int, Query(alias="to", description="the later run")],
) -> Response:
    """Two runs of the same units under one divider, and what moved with its causes."""
    told, legend = compare_runs(work.session, first, second), legend_of(work.rulebook)
    run = require_run(work.session, second)
    marks = [{"area": move["area"], "from": move["from"]["id"], "to": move["to"]["id"]} for move in told["moved"]]
    joined = run.area_count > DRAWN_ONE_BY_ONE
    view = ComparedView(legend, town_bounds(work), first, second, joined, marks[:LISTED])
    return render(
        request,
        "areas_compare.html",
        map=draw_compared_map(view),
        told=told,
        moved=told["moved"][:LISTED],
        legend=legend,
        town=page_context(work),
        grades=legend.of_scheme(grading_terms(work.rulebook).scheme),
        ranks=[*_ranks_drawn(told["from"]), *_ranks_drawn(told["to"])],
    )


def _ranks_drawn(run: RunAnswer) -> list[int | None]:
    """Ranks of the grades a run drew; None stands for ground without one."""
    summary = run["summary"]
    return [
        *(one["grade_rank"] for one in summary["grades"] if one["areas"]),
        *([None] if summary["ungraded"]["areas"] else []),
    ]


def _table(
    work: Work,
    shown: GradingRun | None,
    *,
    unit: str,
    product: GradingProduct,
    page: int | None,
    area: int | None,
) -> Context:
    """Contents of the table of areas: one page, that of ``area`` where no other is asked for."""
    legend = legend_of(work.rulebook)
    told: Context = {"unit": unit, "product": product, "marked": area}
    told["grades"] = legend.of_scheme(grading_terms(work.rulebook).scheme)
    if shown is None:
        return {**told, "run": None, "page": 1, "areas": [], "pages": 0}
    found = page_of_area(work.session, shown, area, product=product) if area and not page else None
    at = page or found or 1
    areas = listed_areas(work.session, shown, legend, product=product, page=at)
    return {**told, "run": describe_run(shown), "page": at, "areas": areas, "pages": -(-shown.area_count // LISTED)}


def _view(work: Work, shown: GradingRun | None, *, unit: str, product: GradingProduct) -> AreasMapView:
    legend = legend_of(work.rulebook)
    return AreasMapView(
        legend,
        town_bounds(work),
        unit,
        None if shown is None else shown.id,
        product,
        joined=shown is not None and shown.area_count > DRAWN_ONE_BY_ONE,
        figures=None if shown is None else figures_of(work.session, shown, legend, product),
        cell_m=None if shown is None else shown.cell_m,
    )


def _context(work: Work, shown: GradingRun | None, view: AreasMapView) -> Context:
    """Contents that the page and the single file share."""
    units = None if shown is None or shown.set_id is None else unitsets.find_set(work.session, shown.set_id)
    return {
        "town": page_context(work),
        "unit": view.unit,
        "product": view.product,
        "run": shown and describe_run(shown),
        "unit_set": units and {"id": units.id, "name": units.name, "file": units.file},
        "grades": view.legend.of_scheme(grading_terms(work.rulebook).scheme),
        "figures": view.figures,
        "legend": view.legend,
    }


def _earlier(session: Session, unit: str, shown: GradingRun | None) -> list[EarlierRun]:
    """The runs that grade the same units as the one shown: same set, same size of cells."""
    if shown is None:
        return []
    found = runs.list_runs(session, unit=unit, set_id=shown.set_id, limit=EARLIER)
    return [
        {
            "id": one.id,
            "day": one.ended_at.isoformat()[:10],
            "cell_m": one.cell_m,
            "comparable": one.cell_m == shown.cell_m,
        }
        for one in found
    ]


def drawn(view: AreasMapView, language: str, frame: gpd.GeoDataFrame, told: Context) -> str:
    """The map of ``frame`` as one file, with all that is ``told`` beside it."""
    areas = [
        {"type": "Feature", "properties": row, "geometry": orjson.loads(orjson.dumps(shape.__geo_interface__))}
        for row, shape in zip(plain_rows(frame), frame.geometry, strict=True)
    ]
    return draw_areas_file(view, language, **{**told, "layers": {**told["layers"], "areas": areas}})


def _single_file(work: Work, shown: GradingRun | None, product: GradingProduct, language: str) -> tuple[str, str]:
    """The name and the text of the map as one file."""
    if shown is None:
        raise NotFound(msg("还没有分级结果，不能导出单文件地图；先运行 anzhi grade"))
    view = _view(work, shown, unit=shown.unit, product=product)
    frame = carried_areas(work.session, shown)
    context = _context(work, shown, view)
    del context["legend"]
    layers = carried_layers(carried_frames(work.session, shown), relief_picture(work.session))
    areas = listed_areas(work.session, shown, view.legend, product=product)
    told = {**context, "layers": layers, "areas": areas, "page": 1, "pages": -(-shown.area_count // LISTED)}
    page = reckon(len(frame), drawn, view, language, frame, told, readable=CARRIED)
    return f"anzhi-areas-run-{shown.id}.html", page
