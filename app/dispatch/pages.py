"""The dispatcher's page."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.http.dependencies import Dispatcher, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.embedding import live_map
from app.maps.legend import legend_of

router = APIRouter(include_in_schema=False)
MODULE = "js/pages/dispatch.js"


@router.get("/dispatch")
def dispatch(request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """The map, the question and the place where the forces will stand."""
    options = {"legend": legend_of(work.rulebook).as_options()}
    drawn = live_map("dispatch", town_bounds(work), MODULE, options)
    return render(request, "dispatch.html", town=page_context(work), map=drawn)
