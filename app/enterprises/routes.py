"""``/api/enterprises``: the register with its colours, and the writes that change them."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.clock import today
from app.dependencies import DeploymentOf, SessionOf, Viewer, require
from app.deployment import Deployment
from app.enterprises import service
from app.enterprises.schemas import Asked, EnterpriseChange, EnterpriseItem, NewEnterprise, NewInspection
from app.errors import BadParameter, NotFound
from app.features import LISTED, answer_list, plain_rows
from app.pagination import Listing, PageOf
from app.phones import masked_for
from app.placing import read_sound_shape
from app.preconditions import IfMatch, etag_of, insist_on
from app.security import Principal, Role
from gis_layers.stores import enterprises as store
from gis_layers.stores.enterprise_grades import grade_history
from risk_model.said import said

router = APIRouter(prefix="/api", tags=["enterprises"])
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
SHAPES = ("Point", "Polygon", "MultiPolygon")


@router.get("/enterprises", response_model=Listing[EnterpriseItem], responses=LISTED)
def enterprises(
    request: Request, session: SessionOf, deployment: DeploymentOf, asking: Viewer, page: PageOf, query: Asked
) -> Response:
    """Enterprises, worst first, each with its colour, the reason, its major hazard and what zones its ground touches."""
    found, total = service.list_enterprises(session, deployment, query, today())
    frame = service.with_exposure(session, deployment, found, today())
    return answer_list(request, masked_for(asking, frame), total=total, page=page)


@router.get("/enterprises/{number}", response_model=EnterpriseItem)
def enterprise(number: int, session: SessionOf, deployment: DeploymentOf, asking: Viewer) -> Response:
    """One enterprise with its working, inspections and the history of its grade."""
    return _answer(session, deployment, number, asking)


@router.post("/enterprises", response_model=EnterpriseItem, status_code=201)
def register(new: NewEnterprise, session: SessionOf, deployment: DeploymentOf, asking: Officer) -> Response:
    """Register an enterprise; its grade is reckoned at once."""
    shape = read_sound_shape(new.geometry, SHAPES, crs=new.crs, metric_crs=deployment.settings.metric_crs)
    number = service.register_enterprise(session, deployment, new.values(), shape, actor=asking.name)
    return _answer(session, deployment, number, asking, status=201)


@router.patch("/enterprises/{number}", response_model=EnterpriseItem)
def change(
    number: int,
    changes: EnterpriseChange,
    session: SessionOf,
    deployment: DeploymentOf,
    asking: Officer,
    if_match: IfMatch = None,
) -> Response:
    """Change what is given; the grade follows."""
    _hold(session, number, if_match)
    place, metric_crs = changes.geometry, deployment.settings.metric_crs
    shape = None if place is None else read_sound_shape(place, SHAPES, crs=changes.crs, metric_crs=metric_crs)
    service.change_enterprise(session, deployment, number, changes.values(), geometry=shape, actor=asking.name)
    return _answer(session, deployment, number, asking)


@router.post("/enterprises/{number}/inspections", response_model=EnterpriseItem, status_code=201)
def inspect(number: int, new: NewInspection, session: SessionOf, deployment: DeploymentOf, asking: Officer) -> Response:
    """Record an inspection; the next one is due by the colour in force."""
    if store.lock_enterprise(session, number) is None:
        raise NotFound(said("没有编号为 {number} 的企业", number=number))
    if new.day > today():
        raise BadParameter("检查日期在将来", code="days", errors=[{"field": "day", "message": new.day.isoformat()}])
    service.record_inspection(
        session, number, day=new.day, department=new.department, result=new.result, actor=asking.name
    )
    return _answer(session, deployment, number, asking, status=201)


def _hold(session: Session, number: int, if_match: str | None) -> None:
    version = store.lock_enterprise(session, number)
    if version is None:
        raise NotFound(said("没有编号为 {number} 的企业", number=number))
    insist_on(if_match, version)


def _answer(session: Session, deployment: Deployment, number: int, asking: Principal, *, status: int = 200) -> Response:
    frame = masked_for(asking, service.find_enterprise(session, deployment, number, today()))
    (row,) = plain_rows(frame)
    told: dict[str, Any] = {**row, "geometry": frame.geometry.iloc[0].__geo_interface__}
    told["inspections"] = [
        {"day": one.day, "department": one.department, "result": one.result}
        for one in store.read_inspections(session, number)
    ]
    told["history"] = [
        {
            "at": one.at,
            "base_grade": one.base_grade,
            "overlay_grade": one.overlay_grade,
            "effective_grade": one.effective_grade,
            "major_hazard_level": one.major_hazard_level,
            "cause": one.cause,
            "rulebook": {"version": one.rulebook_version, "fingerprint": one.rulebook_fingerprint},
        }
        for one in grade_history(session, number)
    ]
    headers = {"ETag": etag_of(row["version"])}
    if status == 201:
        headers["Location"] = f"/api/enterprises/{number}"
    return Response(orjson.dumps(told), status, headers, media_type="application/json")
