"""The overview and the full hazard map as pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from app.dependencies import DeploymentOf, SessionOf, Viewer
from app.deployment import Deployment
from app.maps.hazard_map import HazardMapView, draw_hazard_map
from app.maps.legend import PRODUCT_NAMES, legend_of
from app.maps.standalone import StandaloneView, draw_standalone
from app.overview.service import describe_town
from app.overview.sheet import read_map_layers
from app.rendering import chosen_language, render
from app.town import town_bounds

router = APIRouter(include_in_schema=False)

SHOWN_AT_FIRST = frozenset({"fault", "declared_geological", "flood"})
"""Hazards laid over the first theme when a page opens; the rest wait for their checkbox."""


@router.get("/")
def overview(request: Request, session: SessionOf, deployment: DeploymentOf, asking: Viewer) -> Response:
    """The state of the town on one page."""
    town = describe_town(session, deployment)
    legend = legend_of(deployment.rulebook)
    drawn = draw_hazard_map(HazardMapView(legend, town, town_bounds(session, deployment)))
    return render(request, "overview.html", map=drawn, legend=legend, **_layer_panel(town))


@router.get("/maps/hazards")
def hazards(
    request: Request, session: SessionOf, deployment: DeploymentOf, asking: Viewer, standalone: bool = False
) -> Response:
    """The hazard zones on a full page, or (``standalone``) as one file that opens with no network."""
    if standalone:
        return _single_file(session, deployment, chosen_language(request))
    town = describe_town(session, deployment)
    legend = legend_of(deployment.rulebook)
    view = HazardMapView(legend, town, town_bounds(session, deployment), module="/static/js/pages/hazards.js")
    return render(request, "hazards.html", map=draw_hazard_map(view), legend=legend, **_layer_panel(town))


def _single_file(session: Session, deployment: Deployment, language: str) -> Response:
    town = describe_town(session, deployment)
    view = StandaloneView(
        legend=legend_of(deployment.rulebook),
        overview=town,
        bounds=town_bounds(session, deployment),
        layers=read_map_layers(session, deployment),
        first_theme=first_theme(town["layers"]),
        shown_hazards=SHOWN_AT_FIRST,
        language=language,
    )
    edition = town["edition"]["number"] if town["edition"] else 0
    disposition = f'attachment; filename="anzhi-hazards-edition-{edition}.html"'
    return HTMLResponse(draw_standalone(view), headers={"Content-Disposition": disposition})


def _layer_panel(town: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "town": town,
        "overview": town,
        "product_names": PRODUCT_NAMES,
        "first_theme": first_theme(town["layers"]),
        "shown_hazards": SHOWN_AT_FIRST,
    }


def first_theme(layers: list[dict[str, Any]]) -> str | None:
    """``hazard/product`` of the theme a page opens with: the composite risk, else the first graded layer."""
    graded = [layer for layer in layers if layer["grade_scheme"]]
    chosen = next((layer for layer in graded if layer["hazard"] == "composite"), graded[0] if graded else None)
    return f"{chosen['hazard']}/{chosen['product']}" if chosen else None
