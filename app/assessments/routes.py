"""``/api/areas`` and ``/api/runs``: how endangered each area is, why, and what changed between two runs."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from app.assessments.comparison import compare_runs
from app.assessments.schemas import AreaAnswer, AreaItem, ComparisonAnswer, PictureProperties, RunAnswer, describe_run
from app.assessments.service import joined_by_grade, read_shown_areas, require_run, shown_run, with_extremes
from app.http.bbox import WindowOf
from app.http.dependencies import SessionOf, Viewer
from app.http.drawn_layers import DrawingOf
from app.http.etags import unless_current
from app.http.geojson import DRAWN, SAME, answer_collection, answer_list, collection_of, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.pagination import Listing, PageOf, listing
from app.platform.errors import NotFound
from app.platform.etags import etag_of
from gis_layers.stores import runs
from gis_layers.stores.runs import GradingProduct, UnitKind
from risk_model.message import msg

router = APIRouter(prefix="/api", tags=["areas"])

RunNumber = Annotated[int | None, Query(description="the number of a run; the published one of the unit unless given")]

SetNumber = Annotated[int | None, Query(description="of polygons: the number of the set, see /api/unit-sets")]


@router.get("/areas", response_model=Listing[AreaItem], responses=DRAWN)
def areas(
    request: Request,
    session: SessionOf,
    principal: Viewer,
    page: PageOf,
    window: WindowOf,
    drawing: DrawingOf,
    unit: UnitKind = "village",
    run: RunNumber = None,
    set: SetNumber = None,  # noqa: A002 - as the contract of the page calls it
) -> Response:
    """Graded areas with their reasons, worst first, those without a grade last; empty while nothing was graded."""
    shown = shown_run(session, unit, run, set)
    if shown is None:
        return answer_list(request, runs.read_areas(session, 0), total=0, page=page)
    frame, total = read_shown_areas(session, shown, window, limit=page.limit, offset=page.offset)
    return drawing.kept(answer_list(request, drawing.thinned(frame), total=total, page=page))


@router.get("/areas/{area}")
def area(area: int, session: SessionOf, principal: Viewer) -> AreaAnswer:
    """One graded area of one run, with the run it belongs to."""
    frame = with_extremes(runs.find_area(session, area))
    if frame.empty:
        raise NotFound(msg("没有编号为 {area} 的分级单元；列表见 /api/areas", area=area))
    row = plain_rows(frame)[0]
    run = require_run(session, row["run"])
    told = {**row, "unit": run.unit, "geometry": geometry_of(frame.geometry.iloc[0]), "run": describe_run(run)}
    return cast("AreaAnswer", told)


@router.get("/runs")
def list_of_runs(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, unit: UnitKind | None = None
) -> Listing[RunAnswer]:
    """Grading runs, newest first."""
    found = runs.list_runs(session, unit=unit, limit=page.limit, offset=page.offset)
    return listing(request, [describe_run(run) for run in found], total=runs.count_runs(session, unit), page=page)


@router.get("/runs/{run}")
def run_of_number(run: int, session: SessionOf, principal: Viewer) -> RunAnswer:
    """One run: what it read, by which rules, what came of it."""
    return describe_run(require_run(session, run))


@router.get("/runs/{run}/picture", **collection_of(PictureProperties), responses={304: SAME})
def picture(
    run: int, request: Request, session: SessionOf, principal: Viewer, product: GradingProduct = "hazard"
) -> Response:
    """The areas of a run joined by grade, to be drawn: ``grade grade_rank grade_scheme`` and rounded geometry.

    A run never changes, so its ETag is known without drawing it.
    """
    tag = etag_of(require_run(session, run).results_digest[:32], product)
    return unless_current(request, tag, lambda: answer_collection(joined_by_grade(session, run, product)))


@router.get("/runs/{run}/compare/{other}")
def compare(run: int, other: int, session: SessionOf, principal: Viewer) -> ComparisonAnswer:
    """Changes from one run to another: which areas moved, and what moved them."""
    return compare_runs(session, run, other)
