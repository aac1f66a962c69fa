"""The calendar as a page that works without scripts."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import Admin, MomentOf, WorkOf
from app.http.templates import render
from app.jobs.calendar import list_scheduled, run_now
from app.judgement.page_context import page_context
from app.platform.clock import CHINA
from app.platform.errors import Refused

router = APIRouter(include_in_schema=False)


@router.get("/calendar")
def calendar(request: Request, work: WorkOf, principal: Admin, now: MomentOf) -> Response:
    """What comes by itself: its last run, its next turn, and a button."""
    return _page(request, work, now)


@router.post("/calendar/{key}/run")
def run(request: Request, key: str, work: WorkOf, principal: Admin, now: MomentOf) -> Response:
    """Start an entry's work and show the calendar, or say why not."""
    try:
        run_now(work, key, principal)
    except Refused as refusal:
        answer = _page(request, work, now, str(refusal))
        answer.status_code = refusal.status
        return answer
    return RedirectResponse("/calendar", 303)


def _page(request: Request, work: WorkOf, now: MomentOf, trouble: str = "") -> Response:
    shown = list_scheduled(work, now)
    town = page_context(work)
    return render(request, "jobs/calendar.html", town=town, shown=shown, china=CHINA, trouble=trouble)
