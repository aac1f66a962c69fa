"""``/api/coverage``: what is arrived at within how many minutes, judged on the network."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.dispatch.coverage import bands_asked, coverage
from app.dispatch.coverage_schemas import CoverageAnswer, CoverageQuery
from app.dispatch.schemas import Condition
from app.http.dependencies import Viewer, WorkOf
from app.platform.clock import now
from risk_model.codes import enumeration
from risk_model.dispatch import coverage_minutes

router = APIRouter(prefix="/api/coverage", tags=["dispatch"])

A_MINUTE = r"([1-9]\d{0,2}(\.\d)?|0\.[1-9])"
MINUTES = rf"^{A_MINUTE}(,{A_MINUTE}){{0,7}}$"
A_KIND = f"({'|'.join(enumeration('force_kind'))})"
KINDS = rf"^{A_KIND}(,{A_KIND}){{0,15}}$"


@router.get("")
def covered(
    work: WorkOf,
    principal: Viewer,
    minutes: Annotated[str | None, Query(pattern=MINUTES, description="from the call on, by comma")] = None,
    kinds: Annotated[str | None, Query(pattern=KINDS, description="kinds of forces, by comma; any where none")] = None,
    condition: Annotated[Condition | None, Query(description="what slows everybody down")] = None,
    avoid_zones: Annotated[
        str | None,
        Query(max_length=500, description="hazards whose worst zones nobody drives through, by comma; true for all"),
    ] = None,
) -> CoverageAnswer:
    """What is arrived at within so many minutes of the call: roads as bands, and the count of what lies within them.

    Arrival is that of ``/api/dispatch/nearest``; closures in force are gone round.
    """
    asked = None if kinds is None else frozenset(kinds.split(","))
    return coverage(work, CoverageQuery(bands_asked(minutes, coverage_minutes()), asked, condition, avoid_zones), now())
