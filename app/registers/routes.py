"""``/api/stations`` and its neighbours: the registers, one page at a time."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from app.dependencies import SessionOf, Viewer
from app.features import LISTED, answer_list, plain_rows
from app.pagination import Listing, PageOf, listing
from app.registers import schemas
from app.registers.schemas import Asked
from app.registers.service import list_constraint_surveys, list_register, list_shelters

router = APIRouter(prefix="/api", tags=["registers"])


@router.get("/stations", response_model=Listing[schemas.StationItem], responses=LISTED)
def stations(request: Request, session: SessionOf, asking: Viewer, page: PageOf, query: Asked) -> Response:
    """Places forces set out from."""
    frame, total = list_register(session, "stations", query, asking=asking)
    return answer_list(request, frame, total=total, page=page)


@router.get("/forces", response_model=Listing[schemas.ForceItem], responses=LISTED)
def forces(request: Request, session: SessionOf, asking: Viewer, page: PageOf, query: Asked) -> Response:
    """Forces with what they can do."""
    frame, total = list_register(session, "forces", query, asking=asking)
    return answer_list(request, frame, total=total, page=page)


@router.get("/facilities", response_model=Listing[schemas.FacilityItem], responses=LISTED)
def facilities(request: Request, session: SessionOf, asking: Viewer, page: PageOf, query: Asked) -> Response:
    """Public facilities, shelters among them."""
    frame, total = list_register(session, "facilities", query, asking=asking)
    return answer_list(request, frame, total=total, page=page)


@router.get("/shelters", response_model=Listing[schemas.FacilityItem], responses=LISTED)
def shelters(request: Request, session: SessionOf, asking: Viewer, page: PageOf, query: Asked) -> Response:
    """Shelters."""
    frame, total = list_shelters(session, query, asking=asking)
    return answer_list(request, frame, total=total, page=page)


@router.get("/groups", response_model=Listing[schemas.GroupItem], responses=LISTED)
def groups(request: Request, session: SessionOf, asking: Viewer, page: PageOf, query: Asked) -> Response:
    """Village groups (社)."""
    frame, total = list_register(session, "groups", query, asking=asking)
    return answer_list(request, frame, total=total, page=page)


@router.get("/buildings", response_model=Listing[schemas.BuildingItem], responses=LISTED)
def buildings(request: Request, session: SessionOf, asking: Viewer, page: PageOf, query: Asked) -> Response:
    """Buildings as the census of houses has them."""
    frame, total = list_register(session, "buildings", query, asking=asking)
    return answer_list(request, frame, total=total, page=page)


@router.get("/constraints", response_model=Listing[schemas.ConstraintItem], responses=LISTED)
def constraints(request: Request, session: SessionOf, asking: Viewer, page: PageOf, query: Asked) -> Response:
    """Farmland, ground behind the ecological redline, ground inside the urban boundary."""
    frame, total = list_register(session, "constraints", query, asking=asking)
    return answer_list(request, frame, total=total, page=page)


@router.get("/regional-assessments", response_model=Listing[schemas.AssessmentItem], responses=LISTED)
def regional_assessments(request: Request, session: SessionOf, asking: Viewer, page: PageOf, query: Asked) -> Response:
    """Regional assessments (区域评估): what they assessed, for which area, from when until when."""
    frame, total = list_register(session, "regional-assessments", query, asking=asking)
    return answer_list(request, frame, total=total, page=page)


@router.get("/constraints/surveys")
def constraint_surveys(session: SessionOf, request: Request, asking: Viewer, page: PageOf) -> dict[str, Any]:
    """The ground each survey of constraints speaks for; null geometry means: its own areas and nothing else."""
    frame = list_constraint_surveys(session)
    part = frame.iloc[page.offset : page.offset + page.limit]
    shapes = [None if shape is None else shape.__geo_interface__ for shape in part.geometry]
    items = [{**row, "geometry": shape} for row, shape in zip(plain_rows(part), shapes, strict=True)]
    return listing(request, items, total=len(frame), page=page)
