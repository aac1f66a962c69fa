"""``/api/stations`` and its neighbours: the registers, one page at a time."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request, Response

from app.http.dependencies import SessionOf, Viewer
from app.http.geojson import LISTED, answer_list, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.pagination import Listing, PageOf, listing
from app.registers import schemas
from app.registers.schemas import RegisterParameters
from app.registers.service import list_constraint_surveys, list_register, list_shelters

router = APIRouter(prefix="/api", tags=["registers"])


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


@router.get("/equipment", response_model=Listing[schemas.EquipmentItem], responses=LISTED)
def equipment(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Equipment of all forces, one item for each entry of theirs."""
    frame, total = list_register(session, "equipment", query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


@router.get("/facilities", response_model=Listing[schemas.FacilityItem], responses=LISTED)
def facilities(
    request: Request, session: SessionOf, principal: Viewer, page: PageOf, query: RegisterParameters
) -> Response:
    """Public facilities, shelters among them."""
    frame, total = list_register(session, "facilities", query, principal=principal)
    return answer_list(request, frame, total=total, page=page)


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
