"""``/api/stations`` and its neighbours: the registers, one page at a time."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.http.dependencies import SessionOf, Viewer, WorkOf, require
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import LISTED, answer_entry, answer_list, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.pagination import Listing, PageOf, listing
from app.http.request_geometry import read_sound_shape
from app.platform.principals import Principal, Role
from app.registers import facilities as service
from app.registers import schemas
from app.registers.schemas import RegisterParameters
from app.registers.service import list_constraint_surveys, list_register, list_shelters
from gis_layers.stores.entries import FACILITIES, lock_entry

router = APIRouter(prefix="/api", tags=["registers"])
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]


@router.get("/stations", response_model=Listing[schemas.StationItem], responses=LISTED)
def stations(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Places forces set out from."""
    frame, total = list_register(session, "stations", query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


@router.get("/forces", response_model=Listing[schemas.ForceItem], responses=LISTED)
def forces(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Forces with what they can do."""
    frame, total = list_register(session, "forces", query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


@router.get("/facilities", response_model=Listing[schemas.FacilityItem], responses=LISTED)
def facilities(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Public facilities, shelters among them."""
    frame, total = list_register(session, "facilities", query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


@router.get("/facilities/{number}", response_model=schemas.FacilityItem)
def facility(number: int, session: SessionOf, principal: Viewer) -> Response:
    """One facility."""
    return _answer(session, number, principal)


@router.post("/facilities", response_model=schemas.FacilityItem, status_code=201)
def register_facility(new: schemas.NewFacility, work: WorkOf, principal: Officer) -> Response:
    """Register a public facility."""
    metric_crs = work.settings.metric_crs
    shape = read_sound_shape(new.geometry, schemas.FACILITY_SHAPES, crs=new.crs, metric_crs=metric_crs)
    number = service.register_facility(work, new.values(), shape, actor=principal.name)
    return _answer(work.session, number, principal, status=201)


@router.patch("/facilities/{number}", response_model=schemas.FacilityItem)
def change_facility(
    number: int, changes: schemas.FacilityChange, work: WorkOf, principal: Officer, if_match: IfMatch = None
) -> Response:
    """Change what is given of a public facility."""
    version = lock_entry(work.session, FACILITIES, number)
    if version is None:
        raise service.no_such_facility(number)
    require_if_match(if_match, version)
    place, metric_crs = changes.geometry, work.settings.metric_crs
    shapes = schemas.FACILITY_SHAPES
    shape = None if place is None else read_sound_shape(place, shapes, crs=changes.crs, metric_crs=metric_crs)
    service.change_facility(work, number, changes.values(), geometry=shape, actor=principal.name)
    return _answer(work.session, number, principal)


def _answer(session: Session, number: int, principal: Principal, *, status: int = 200) -> Response:
    frame = service.find_facility(session, number, principal=principal)
    (row,) = plain_rows(frame)
    return answer_entry(row, frame.geometry.iloc[0], f"/api/facilities/{number}", status=status)


@router.get("/shelters", response_model=Listing[schemas.FacilityItem], responses=LISTED)
def shelters(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Shelters."""
    frame, total = list_shelters(session, query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


@router.get("/groups", response_model=Listing[schemas.GroupItem], responses=LISTED)
def groups(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Village groups (社)."""
    frame, total = list_register(session, "groups", query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


@router.get("/buildings", response_model=Listing[schemas.BuildingItem], responses=LISTED)
def buildings(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Buildings as the census of houses has them."""
    frame, total = list_register(session, "buildings", query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


@router.get("/constraints", response_model=Listing[schemas.ConstraintItem], responses=LISTED)
def constraints(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Farmland, ground behind the ecological redline, ground inside the urban boundary."""
    frame, total = list_register(session, "constraints", query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


@router.get("/regional-assessments", response_model=Listing[schemas.AssessmentItem], responses=LISTED)
def regional_assessments(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Regional assessments (区域评估): what they assessed, for which area, from when until when."""
    frame, total = list_register(session, "regional-assessments", query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


@router.get("/constraints/surveys")
def constraint_surveys(
    session: SessionOf, request: Request, principal: Viewer, page: PageOf
) -> Listing[schemas.ConstraintSurveyItem]:
    """The ground each survey of constraints speaks for; null geometry means: its own areas and nothing else."""
    frame = list_constraint_surveys(session)
    part = frame.iloc[page.offset : page.offset + page.limit]
    shapes = [None if shape is None else geometry_of(shape) for shape in part.geometry]
    items = [
        cast("schemas.ConstraintSurveyItem", {**row, "geometry": shape})
        for row, shape in zip(plain_rows(part), shapes, strict=True)
    ]
    return listing(request, items, total=len(frame), page=page)
