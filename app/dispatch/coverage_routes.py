"""``/api/coverage``: what is arrived at within how many minutes, judged on the network, and what follows from that."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.dispatch.coverage import coverage
from app.dispatch.coverage_gaps import coverage_gaps
from app.dispatch.coverage_questions import CoverageAsked, Within
from app.dispatch.coverage_schemas import CoverageAnswer
from app.dispatch.losses import coverage_losses
from app.dispatch.moving_up import move_up
from app.dispatch.planning_schemas import (
    GapsAnswer,
    LossesAnswer,
    MoveUpAnswer,
    StationPlanAnswer,
    StationPlanQuery,
)
from app.dispatch.station_plan import plan_stations
from app.http.dependencies import Viewer, WorkOf
from app.platform.clock import now

router = APIRouter(prefix="/api/coverage", tags=["dispatch"])


@router.get("")
def covered(work: WorkOf, principal: Viewer, asked: CoverageAsked) -> CoverageAnswer:
    """What is arrived at within so many minutes of the call: roads as bands, and the count of what lies within them.

    Arrival is that of ``/api/dispatch/nearest``; closures in force are gone round.
    """
    return coverage(work, asked, now())


@router.get("/gaps")
def gaps(work: WorkOf, principal: Viewer, asked: CoverageAsked, within: Within = 5) -> GapsAnswer:
    """Villages with people nobody reaches in time, ranked by people times the hazard they live under."""
    return coverage_gaps(work, asked, within, now())


@router.get("/move-up")
def moves(
    work: WorkOf,
    principal: Viewer,
    asked: CoverageAsked,
    within: Within = 5,
    away: Annotated[
        str | None, Query(pattern=r"^\d{1,18}(,\d{1,18}){0,49}$", description="forces thought away beside those out")
    ] = None,
) -> MoveUpAnswer:
    """Cover left behind by who is away, and the forces that restore most of it by standing by at their bases."""
    return move_up(work, asked, within, frozenset((away or "").split(",")), at=now())


@router.get("/losses")
def losses(work: WorkOf, principal: Viewer, asked: CoverageAsked, within: Within = 5) -> LossesAnswer:
    """The bridges, stretches of road and forces whose loss leaves most people unreached in time."""
    return coverage_losses(work, asked, within, now())


@router.post("/plan")
def plan(work: WorkOf, principal: Viewer, asked: StationPlanQuery) -> StationPlanAnswer:
    """Sites for so many more stations that cover most people, with the gain of each; nothing is stored.

    A quick choice answers where ``prove`` is false; else it is proven, and ``gap`` says how far from the best it may be.
    """
    return plan_stations(work, asked, now())
