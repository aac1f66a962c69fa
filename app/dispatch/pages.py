"""The dispatcher's page."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.http.dependencies import Dispatcher, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.dispatch_map import DispatchMapView, draw_dispatch_map
from app.maps.legend import legend_of

router = APIRouter(include_in_schema=False)


@router.get("/dispatch")
def dispatch(request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """The map, the question and the place where the forces will stand."""
    view = DispatchMapView(legend_of(work.rulebook), town_bounds(work))
    return render(request, "dispatch.html", town=page_context(work), map=draw_dispatch_map(view))
