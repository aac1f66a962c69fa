"""Coverage as a page: bands on the map, counts beside it; the same as one file that needs no network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response

from app.dispatch.coverage import coverage
from app.dispatch.coverage_gaps import coverage_gaps
from app.dispatch.coverage_questions import CoverageAsked
from app.dispatch.coverage_schemas import CoverageQuery
from app.http.attachments import HTML, attachment
from app.http.dependencies import Viewer, WorkOf
from app.http.i18n import chosen_language
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.coverage_map import CoverageMapView, draw_coverage_file, draw_coverage_map
from app.maps.legend import legend_of
from app.maps.standalone import carried_layers
from app.platform.clock import now
from app.platform.errands import ROWS, reckon
from app.platform.settings import CARRIED
from app.platform.work import Work
from gis_layers.stores.pictures import find_picture, read_picture
from gis_layers.stores.places import read_places
from risk_model.dispatch import coverage_standards

router = APIRouter(include_in_schema=False)
GROUND = ("boundary", "villages", "roads", "water")
FILE = "anzhi-coverage.html"


@router.get("/maps/coverage")
def coverage_page(
    request: Request, work: WorkOf, principal: Viewer, asked: CoverageAsked, standalone: bool = False
) -> Response:
    """Who is arrived at within how many minutes; ``standalone`` gives one file with the answer inside."""
    view = CoverageMapView(legend_of(work.rulebook), town_bounds(work))
    if standalone:
        page = _single_file(work, view, asked, chosen_language(request))
        return attachment(work.session, principal, FILE, page, media_type=HTML)
    drawn = draw_coverage_map(view)
    told = {"town": page_context(work), "legend": view.legend, "standards": coverage_standards()}
    return render(request, "coverage.html", map=drawn, **told)


def drawn_file(view: CoverageMapView, language: str, frames: Any, relief: Any, told: dict[str, object]) -> str:
    """The map as one file, with the answers that are ``told`` beside its ground."""
    layers = carried_layers(frames, relief)
    return draw_coverage_file(
        view, language, layers={**layers, "answers": told["answers"]}, town=told["town"], standards=coverage_standards()
    )


def _single_file(work: Work, view: CoverageMapView, asked: CoverageQuery, language: str) -> str:
    frames = {name: read_places(work.session, name) for name in GROUND}
    note = find_picture(work.session, "hillshade")
    relief = None if note is None else (read_picture(work.session, note.name), note.bounds)
    at, by_day = now(), asked.condition is None
    answers = {
        "coverage": coverage(work, asked, at),
        "night": coverage(work, replace(asked, condition="night"), at) if by_day else None,
        "gaps": coverage_gaps(work, asked, asked.minutes[0], at),
    }
    told = {"answers": answers, "town": page_context(work)}
    return reckon(
        sum(map(len, frames.values())) // ROWS, drawn_file, view, language, frames, relief, told, readable=CARRIED
    )
