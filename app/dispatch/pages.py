"""The dispatcher's page, and that of the network it stands on."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.http.dependencies import Dispatcher, Viewer, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.embedding import live_map
from app.maps.legend import legend_of

router = APIRouter(include_in_schema=False)
MODULE = "js/pages/dispatch.js"
ROADS_MODULE = "js/pages/roads.js"


@router.get("/dispatch")
def dispatch(request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """The map, the question and the place where the forces will stand."""
    options = {"legend": legend_of(work.rulebook).as_options()}
    drawn = live_map("dispatch", town_bounds(work), MODULE, options)
    return render(request, "dispatch.html", town=page_context(work), map=drawn)


@router.get("/dispatch/roads")
def roads(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """Where the network keeps drivers from each other, on the map and as a list."""
    drawn = live_map("dispatch", town_bounds(work), ROADS_MODULE, {"legend": legend_of(work.rulebook).as_options()})
    return render(request, "dispatch_roads.html", town=page_context(work), map=drawn)
