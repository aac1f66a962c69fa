"""The overview and the full hazard map as pages."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app import __version__
from app.http.attachments import HTML, attachment
from app.http.dependencies import DeploymentOf, SessionOf, Viewer
from app.http.i18n import chosen_language
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.hazard_map import HazardMapView, draw_hazard_map
from app.maps.legend import PRODUCT_NAMES, legend_of
from app.maps.panel import layer_panel
from app.maps.standalone import StandaloneView, draw_standalone
from app.overview.about import BROWSERS, KEYS, VENDOR, describe_layers, vendored_libraries
from app.overview.map_contents import read_map_layers, read_relief_picture
from app.overview.service import describe_town
from app.platform.deployment import Deployment
from app.platform.errands import reckon
from app.platform.settings import CARRIED

router = APIRouter(include_in_schema=False)
OBJECT_KINDS = (("enterprises", "企", "企业"), ("stations", "站", "应急站点"), ("shelters", "避", "避险场所"))
"""What the map can show beside projects and villages: register, sign, title."""
LISTS = (
    ("projects", "项目"),
    ("enterprises", "企业"),
    ("stations", "应急站点"),
    ("shelters", "避险场所"),
    ("villages", "村"),
)
"""Registers the list beside the map offers before the layers of zones."""


@router.get("/")
def overview(request: Request, session: SessionOf, deployment: DeploymentOf, principal: Viewer) -> Response:
    """The state of the town on one page."""
    town = describe_town(session, deployment)
    legend = legend_of(deployment.rulebook)
    drawn = draw_hazard_map(HazardMapView(legend, town, town_bounds(session, deployment)))
    panel = layer_panel(town["layers"], legend)
    return render(
        request,
        "overview.html",
        map=drawn,
        legend=legend,
        town=town,
        panel=panel,
        object_kinds=OBJECT_KINDS,
        lists=LISTS,
        products=PRODUCT_NAMES,
    )


@router.get("/maps/hazards")
def hazards(
    request: Request, session: SessionOf, deployment: DeploymentOf, principal: Viewer, standalone: bool = False
) -> Response:
    """The hazard zones on a full page, or (``standalone``) as one file that opens with no network."""
    if standalone:
        name, page = _single_file(session, deployment, chosen_language(request))
        return attachment(session, principal, name, page, media_type=HTML)
    town = describe_town(session, deployment)
    legend = legend_of(deployment.rulebook)
    view = HazardMapView(legend, town, town_bounds(session, deployment), module="/static/js/pages/hazards.js")
    panel = layer_panel(town["layers"], legend)
    return render(
        request,
        "hazards.html",
        map=draw_hazard_map(view),
        legend=legend,
        town=town,
        panel=panel,
        lists=LISTS[-1:],
        products=PRODUCT_NAMES,
    )


@router.get("/about")
def about(request: Request, session: SessionOf, deployment: DeploymentOf, principal: Viewer) -> Response:
    """Dates and sources, edition, rulebook, licences, keys, browsers, disclaimer."""
    return render(
        request,
        "about.html",
        town=page_context(session, deployment),
        layers=describe_layers(session, deployment.rulebook),
        libraries=vendored_libraries(VENDOR),
        version=__version__,
        metric_crs=deployment.settings.metric_crs,
        keys=KEYS,
        browsers=BROWSERS,
    )


def _single_file(session: Session, deployment: Deployment, language: str) -> tuple[str, str]:
    """The name and the text of the map as one file."""
    town = describe_town(session, deployment)
    view = StandaloneView(
        legend=legend_of(deployment.rulebook),
        overview=town,
        bounds=town_bounds(session, deployment),
        layers=read_map_layers(session, deployment),
        language=language,
        relief=read_relief_picture(session),
    )
    edition = town["edition"]["number"] if town["edition"] else 0
    return f"anzhi-hazards-edition-{edition}.html", reckon(_rows(view), draw_standalone, view, readable=CARRIED)


def _rows(view: StandaloneView) -> int:
    return sum(map(len, view.layers.values()))
