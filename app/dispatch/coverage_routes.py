"""``/api/coverage``: what is arrived at within how many minutes, judged on the network."""

from __future__ import annotations

from fastapi import APIRouter

from app.dispatch.coverage import coverage
from app.dispatch.coverage_questions import CoverageAsked
from app.dispatch.coverage_schemas import CoverageAnswer
from app.http.dependencies import Viewer, WorkOf
from app.platform.clock import now

router = APIRouter(prefix="/api/coverage", tags=["dispatch"])


@router.get("")
def covered(work: WorkOf, principal: Viewer, asked: CoverageAsked) -> CoverageAnswer:
    """What is arrived at within so many minutes of the call: roads as bands, and the count of what lies within them.

    Arrival is that of ``/api/dispatch/nearest``; closures in force are gone round.
    """
    return coverage(work, asked, now())
