"""``/api/zones/deputies``: who decides on drafts in whose place, from which day to which (AB岗)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.http.dependencies import MomentOf, SessionOf, require
from app.platform.clock import CHINA, today
from app.platform.principals import Principal, Role
from app.zones import deputies
from app.zones.deputy_schemas import DeputyBody, DeputyItem, DeputyList
from gis_layers.stores.deputies import list_deputies

router = APIRouter(prefix="/api", tags=["zones"])
Approver = Annotated[Principal, Depends(require(Role.APPROVER))]
Decider = Annotated[Principal, Depends(require(Role.OFFICER, Role.APPROVER))]


@router.get("/zones/deputies")
def listed(session: SessionOf, principal: Decider) -> DeputyList:
    """Deputies of approvers, the latest appointment first."""
    return {"items": [deputies.describe_deputy(one, today()) for one in list_deputies(session)]}


@router.post("/zones/deputies", status_code=201)
def appoint(body: DeputyBody, session: SessionOf, principal: Approver, now: MomentOf, answer: Response) -> DeputyItem:
    """Appoint a deputy: an approver one of their own, an admin anybody's."""
    told = deputies.appoint(session, principal, body, now.astimezone(CHINA).date())
    answer.headers["Location"] = "/api/zones/deputies"
    return told


@router.post("/zones/deputies/{number}/end")
def end(number: int, session: SessionOf, principal: Approver, now: MomentOf) -> DeputyItem:
    """End an appointment before its last day; what was decided by it stands."""
    return deputies.end(session, principal, number, now)
