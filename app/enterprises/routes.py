"""``/api/enterprises``: the register with its colours, and the writes that change them."""

from __future__ import annotations

from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from app.enterprises import service
from app.enterprises.schemas import (
    ColourAsked,
    EnterpriseChange,
    EnterpriseItem,
    GradeAnswer,
    InspectionAnswer,
    NewEnterprise,
    NewInspection,
    WholeEnterprise,
)
from app.http.bbox import WindowOf
from app.http.dependencies import Viewer, WorkOf, require
from app.http.drawn_layers import DrawingOf
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import DRAWN, answer_list, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.masking import masked_for
from app.http.pagination import Listing, PageOf
from app.http.request_geometry import read_sound_shape
from app.platform.clock import today
from app.platform.errors import BadParameter, NotFound
from app.platform.etags import etag_of
from app.platform.principals import Principal, Role
from app.platform.work import Work
from gis_layers.stores import enterprises as store
from gis_layers.stores.enterprise_grades import grade_history
from gis_layers.stores.enterprises import EnterpriseQuery
from risk_model.message import msg
from risk_model.vocabulary import Colour

router = APIRouter(prefix="/api", tags=["enterprises"])
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
SHAPES = ("Point", "Polygon", "MultiPolygon")


def asked(
    work: WorkOf,
    page: PageOf,
    window: WindowOf,
    q: Annotated[
        str | None, Query(max_length=100, description="part of a name, credit code or pinyin initials")
    ] = None,
    colour: Annotated[ColourAsked | None, Query(description="the effective colour")] = None,
    sector: str | None = None,
    kind: Annotated[str | None, Query(description="the same as sector")] = None,
    village: Annotated[str | None, Query(description="a village code")] = None,
    due: Annotated[Literal["overdue"] | None, Query(description="those whose inspection is")] = None,
) -> EnterpriseQuery:
    """Query of the enterprises a request asks for."""
    late = service.inspections_due(work, today()) if due else None
    return EnterpriseQuery(q, colour, sector or kind, village, window, page.limit, page.offset, late)


EnterpriseParameters = Annotated[EnterpriseQuery, Depends(asked)]


@router.get("/enterprises", response_model=Listing[EnterpriseItem], responses=DRAWN)
def enterprises(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    page: PageOf,
    query: EnterpriseParameters,
    drawing: DrawingOf,
) -> Response:
    """Enterprises, worst first, each with its colour, the reason, its major hazard and what zones its ground touches."""
    found, total = service.list_enterprises(work, query, today())
    frame = drawing.thinned(service.with_exposure(work, found, today()))
    return drawing.kept(answer_list(request, masked_for(principal, frame), total=total, page=page))


@router.get("/enterprises/{number}", response_model=WholeEnterprise)
def enterprise(number: int, work: WorkOf, principal: Viewer) -> Response:
    """One enterprise with its working, inspections and the history of its grade."""
    return _answer(work, number, principal)


@router.post("/enterprises", response_model=WholeEnterprise, status_code=201)
def register(new: NewEnterprise, work: WorkOf, principal: Officer) -> Response:
    """Register an enterprise; its grade is reckoned at once."""
    shape = read_sound_shape(new.geometry, SHAPES, crs=new.crs, metric_crs=work.settings.metric_crs)
    number = service.register_enterprise(work, new.values(), shape, actor=principal.name)
    return _answer(work, number, principal, status=201)


@router.patch("/enterprises/{number}", response_model=WholeEnterprise)
def change(
    number: int,
    changes: EnterpriseChange,
    work: WorkOf,
    principal: Officer,
    if_match: IfMatch = None,
) -> Response:
    """Change what is given; the grade follows."""
    _hold(work.session, number, if_match)
    place, metric_crs = changes.geometry, work.settings.metric_crs
    shape = None if place is None else read_sound_shape(place, SHAPES, crs=changes.crs, metric_crs=metric_crs)
    service.change_enterprise(work, number, changes.values(), geometry=shape, actor=principal.name)
    return _answer(work, number, principal)


@router.post("/enterprises/{number}/inspections", response_model=WholeEnterprise, status_code=201)
def inspect(number: int, new: NewInspection, work: WorkOf, principal: Officer) -> Response:
    """Record an inspection; the next one is due by the colour in force."""
    if store.lock_enterprise(work.session, number) is None:
        raise NotFound(msg("没有编号为 {number} 的企业", number=number))
    if new.day > today():
        raise BadParameter(
            msg("检查日期在将来"), code="days", errors=[{"field": "day", "message": new.day.isoformat()}]
        )
    service.record_inspection(
        work.session, number, day=new.day, department=new.department, result=new.result, actor=principal.name
    )
    return _answer(work, number, principal, status=201)


def _hold(session: Session, number: int, if_match: str | None) -> None:
    version = store.lock_enterprise(session, number)
    if version is None:
        raise NotFound(msg("没有编号为 {number} 的企业", number=number))
    require_if_match(if_match, version)


def _answer(work: Work, number: int, principal: Principal, *, status: int = 200) -> Response:
    frame = masked_for(principal, service.find_enterprise(work, number, today()))
    (row,) = plain_rows(frame)
    inspections: list[InspectionAnswer] = [
        {"day": one.day, "department": one.department, "result": one.result}
        for one in store.read_inspections(work.session, number)
    ]
    history: list[GradeAnswer] = [
        {
            "at": one.at,
            "base_grade": _colour(one.base_grade),
            "overlay_grade": _colour(one.overlay_grade),
            "effective_grade": _colour(one.effective_grade),
            "major_hazard_level": one.major_hazard_level,
            "cause": one.cause,
            "rulebook": {"version": one.rulebook_version, "fingerprint": one.rulebook_fingerprint},
        }
        for one in grade_history(work.session, number)
    ]
    place = geometry_of(frame.geometry.iloc[0])
    told = {**row, "geometry": place, "inspections": inspections, "history": history}
    headers = {"ETag": etag_of(row["version"])}
    if status == 201:
        headers["Location"] = f"/api/enterprises/{number}"
    return Response(orjson.dumps(told), status, headers, media_type="application/json")


def _colour(kept: str | None) -> Colour | None:
    return None if kept is None else Colour(kept)
