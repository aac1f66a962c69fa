"""``/api/dispatch``: who can get there, by which road."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.dispatch.incidents import find_incident
from app.dispatch.schemas import MOST_FORCES, Condition, Incident, Level, NearestAnswer, NearestQuery
from app.dispatch.service import nearest_forces
from app.http.dependencies import Viewer, WorkOf
from app.http.masking import MAY_NOT_CALL, masked_name
from app.platform.clock import now

router = APIRouter(prefix="/api/dispatch", tags=["dispatch"])


@router.get("/nearest")
def nearest(
    work: WorkOf,
    principal: Viewer,
    lon: Annotated[float, Query(ge=-180, le=180, description="degrees, CGCS2000")],
    lat: Annotated[float, Query(ge=-90, le=90, description="degrees, CGCS2000")],
    incident: Annotated[Incident | None, Query(description="its kind; without one nothing is called for")] = None,
    level: Annotated[
        Level | None,
        Query(description="its rescue level, the first is the lightest; the ordinary one of its card without"),
    ] = None,
    k: Annotated[int, Query(ge=1, le=MOST_FORCES, description="how many forces are named in all")] = 10,
    condition: Annotated[Condition | None, Query(description="what slows everybody down")] = None,
    avoid_zones: Annotated[
        str | None,
        Query(max_length=500, description="hazards whose worst zones nobody drives through, by comma; true for all"),
    ] = None,
    gather: Annotated[
        int | None,
        Query(ge=1, description="an incident: forces come to where they gather for it, round its danger area"),
    ] = None,
    case: Annotated[int | None, Query(description="the incident whose calls to villages are told")] = None,
) -> NearestAnswer:
    """Every force ranked by when it arrives, by road: turnout, drive and the walk from the road; those that meet the run card first.

    Closures in force are gone round; ``avoid`` tells them, and who would come when without.
    """
    if case is not None:
        find_incident(work, case)
    asked = NearestQuery(lon, lat, incident, k, condition, avoid_zones, gather, case, level)
    answer = nearest_forces(work, asked, now())
    if principal.role in MAY_NOT_CALL:
        for call in (one["call"] for one in answer["cut_off_villages"] if one["call"] is not None):
            call["who"] = masked_name(call["who"])
    return answer
