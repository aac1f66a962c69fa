"""``/api/shelters/allocation``: who takes refuge where."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.dispatch.shelter_allocation import allocate_shelters
from app.dispatch.shelter_schemas import AllocationAnswer, ShelterQuery, ShelterTerm
from app.http.dependencies import Viewer, WorkOf
from app.platform.clock import now

router = APIRouter(prefix="/api/shelters", tags=["dispatch"])


@router.get("/allocation")
def allocation(
    work: WorkOf,
    principal: Viewer,
    term: Annotated[
        ShelterTerm, Query(description="how long people stay; shelters for a shorter stay take nobody")
    ] = "short",
    avoid_zones: Annotated[
        str | None,
        Query(max_length=500, description="hazards in whose worst zones no shelter is used, by comma; true for all"),
    ] = None,
    people: Annotated[
        Literal["all", "endangered"], Query(description="everybody, or who lives in these zones")
    ] = "all",
) -> AllocationAnswer:
    """People to shelters, the nearest first by the walking way and no more than each holds; who finds no place is told."""
    return allocate_shelters(work, ShelterQuery(term, avoid_zones, people == "endangered"), now())
