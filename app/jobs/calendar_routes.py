"""``/api/calendar``: work that comes by itself, and starting it by hand."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from app.http.dependencies import Admin, MomentOf, WorkOf
from app.http.i18n import answer_in_language, chosen_language
from app.http.pagination import Listing, PageOf, listing
from app.jobs.calendar import describe_run, describe_scheduled, list_scheduled, run_now
from app.jobs.schemas import CalendarItem, CalendarRun

router = APIRouter(prefix="/api/calendar", tags=["jobs"])


@router.get("", response_model=Listing[CalendarItem])
def calendar(request: Request, work: WorkOf, principal: Admin, now: MomentOf, page: PageOf) -> Any:
    """Every entry with its last run and its next turn."""
    told = [describe_scheduled(one) for one in list_scheduled(work, now)]
    shown = told[page.offset : page.offset + page.limit]
    return answer_in_language(listing(request, shown, total=len(told), page=page), chosen_language(request))


@router.post("/{key}/run", response_model=CalendarRun, status_code=202)
def run(request: Request, key: str, work: WorkOf, principal: Admin, answer: Response) -> Any:
    """Start an entry's work now; its next turn comes all the same."""
    job = run_now(work, key, principal)
    answer.headers["Location"] = f"/api/jobs/{job.id}"
    return answer_in_language(describe_run(job), chosen_language(request))
