"""Routes of the first picture: ``/api/overview``, the ground, what was not surveyed, projects, their verdicts."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from app.http.dependencies import SessionOf, Viewer, WorkOf
from app.http.drawn_layers import DrawingOf
from app.http.geojson import DRAWN, SAME, answer_collection, answer_list, collection_of
from app.http.pagination import Listing, PageOf
from app.judgement.town_facts import TownFacts
from app.overview.causes import causes_of
from app.overview.gaps import unsurveyed_ground
from app.overview.schemas import BasemapProperties, CausesAnswer, GapProperties, ProjectItem, VillageItem
from app.overview.service import describe_town, projects_with_verdicts
from app.platform.clock import today
from app.platform.errors import NotFound
from gis_layers.stores.places import read_places, read_relief
from risk_model.message import msg

router = APIRouter(prefix="/api", tags=["overview"])


@router.get("/overview")
def overview(work: WorkOf, principal: Viewer) -> TownFacts:
    """The state of the town."""
    return describe_town(work)


@router.get("/basemap/{kind}", **collection_of(BasemapProperties), responses={304: SAME})
def basemap(
    kind: Literal["villages", "roads", "water", "boundary", "relief"],
    session: SessionOf,
    principal: Viewer,
    drawing: DrawingOf,
) -> Response:
    """One layer of the offline basemap as a FeatureCollection."""
    frame = read_relief(session) if kind == "relief" else read_places(session, kind)
    return drawing.kept(answer_collection(drawing.thinned(frame)))


@router.get("/surveys/unsurveyed", **collection_of(GapProperties), responses={304: SAME})
def unsurveyed(
    work: WorkOf,
    principal: Viewer,
    drawing: DrawingOf,
    hazard: Annotated[str, Query(description="hazard key")],
) -> Response:
    """Ground inside the boundary that nobody surveyed for one theme."""
    if hazard not in work.rulebook.hazards:
        raise NotFound(msg("没有灾种 {hazard}；可用的灾种：{known}", hazard=hazard, known=[*work.rulebook.hazards]))
    return drawing.kept(answer_collection(drawing.thinned(unsurveyed_ground(work, hazard))))


@router.get("/villages", response_model=Listing[VillageItem], responses=DRAWN)
def villages(request: Request, session: SessionOf, principal: Viewer, page: PageOf, drawing: DrawingOf) -> Response:
    """Villages and communities."""
    frame = read_places(session, "villages")
    part = drawing.thinned(frame.iloc[page.offset : page.offset + page.limit])
    return drawing.kept(answer_list(request, part, total=len(frame), page=page))


@router.get("/projects", response_model=Listing[ProjectItem], responses=DRAWN)
def projects(request: Request, work: WorkOf, principal: Viewer, page: PageOf, drawing: DrawingOf) -> Response:
    """Projects, each with the verdict of today against the published edition and its reasons."""
    frame, total = projects_with_verdicts(work, limit=page.limit, offset=page.offset, on=today())
    return drawing.kept(answer_list(request, drawing.thinned(frame), total=total, page=page))


@router.get("/projects/{number}/causes", tags=["projects"])
def causes(number: int, work: WorkOf, principal: Viewer) -> CausesAnswer:
    """Why a project has its verdict of today: the zones and objects that decide it, or the ground nobody surveyed."""
    return causes_of(work, number, on=today())
