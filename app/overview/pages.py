"""The overview and the full hazard map as pages."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app import __version__
from app.http.attachments import HTML, attachment
from app.http.dependencies import MomentOf, Viewer, WorkOf
from app.http.i18n import chosen_language
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.judgement.tasks import Caller, tasks_of
from app.maps.hazard_map import HazardMapView, draw_hazard_map
from app.maps.legend import legend_of
from app.maps.panel import layer_panel
from app.maps.standalone import StandaloneView, draw_standalone
from app.overview.about import BROWSERS, VENDOR, describe_layers, vendored_libraries
from app.overview.map_contents import count_objects, read_map_layers, read_relief_picture
from app.overview.service import describe_town
from app.platform.clock import today
from app.platform.errands import reckon
from app.platform.settings import CARRIED
from app.platform.work import Work
from app.reports.deliveries import read_deliveries

router = APIRouter(include_in_schema=False)
LISTS = ("projects", "enterprises", "stations", "shelters", "geohazard-sites", "villages")
"""Registers the list beside the map offers before the layers of zones."""


@router.get("/")
def overview(request: Request, work: WorkOf, principal: Viewer, now: MomentOf) -> Response:
    """The state of the town on one page, and for whoever signed in what waits for them; before anything is published what is missing."""
    town = describe_town(work)
    caller = Caller(principal, now, today())
    legend = legend_of(work.rulebook)
    drawn = draw_hazard_map(HazardMapView(legend, town, town_bounds(work)))
    panel = layer_panel(town["layers"], legend)
    return render(
        request,
        "overview.html",
        map=drawn,
        legend=legend,
        town=town,
        panel=panel,
        object_counts=count_objects(work.session),
        lists=LISTS,
        surveyed=describe_layers(work.session, work.rulebook),
        tasks=tasks_of(work, caller, request.app.state.tellers),
        listed=None if town["edition"] else read_deliveries(work, principal),
    )


@router.get("/maps/overlays")
def overlays(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """The hazards that may be laid over a map, as a piece of any page with one."""
    legend = legend_of(work.rulebook)
    panel = layer_panel(describe_town(work)["layers"], legend)
    return render(request, "overlays_piece.html", panel=panel)


@router.get("/maps/hazards")
def hazards(request: Request, work: WorkOf, principal: Viewer, standalone: bool = False) -> Response:
    """The hazard zones on a full page, or (``standalone``) as one file that opens with no network."""
    if standalone:
        name, page = _single_file(work, chosen_language(request))
        return attachment(work.session, principal, name, page, media_type=HTML)
    town = describe_town(work)
    legend = legend_of(work.rulebook)
    view = HazardMapView(legend, town, town_bounds(work), module="js/pages/hazards.js")
    panel = layer_panel(town["layers"], legend)
    return render(
        request,
        "hazards.html",
        map=draw_hazard_map(view),
        legend=legend,
        town=town,
        panel=panel,
        lists=LISTS[-2:],
        object_counts=count_objects(work.session),
        surveyed=describe_layers(work.session, work.rulebook),
    )


@router.get("/about")
def about(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """Dates and sources, edition, rulebook, licences, keys, browsers, disclaimer."""
    return render(
        request,
        "about.html",
        town=page_context(work),
        layers=describe_layers(work.session, work.rulebook),
        libraries=vendored_libraries(VENDOR),
        version=__version__,
        metric_crs=work.settings.metric_crs,
        browsers=BROWSERS,
    )


def _single_file(work: Work, language: str) -> tuple[str, str]:
    """The name and the text of the map as one file."""
    town = describe_town(work)
    view = StandaloneView(
        legend=legend_of(work.rulebook),
        overview=town,
        bounds=town_bounds(work),
        layers=read_map_layers(work),
        language=language,
        relief=read_relief_picture(work.session),
    )
    edition = town["edition"]["number"] if town["edition"] else 0
    return f"anzhi-hazards-edition-{edition}.html", reckon(_rows(view), draw_standalone, view, readable=CARRIED)


def _rows(view: StandaloneView) -> int:
    return sum(map(len, view.layers.values()))
