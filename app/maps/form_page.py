"""The page of a form: its fields, and the map beside them where it has a position."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from app.http.forms import Choice, RegisterForm
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.embedding import live_map
from app.maps.legend import legend_of
from app.platform.work import Work
from gis_layers.stores.places import read_places

MODULE = "js/pages/form.js"


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form with its ``title``, a word on it, and where who saves nothing goes."""

    title: str
    form: RegisterForm
    leave: str
    lead: str = ""


def form_page(request: Request, work: Work, shown: FormPage) -> Response:
    """The page in the reader's language; never kept by anybody, for it shows what stands there now."""
    placed = shown.form.position is not None
    legend = legend_of(work.rulebook) if placed else None
    drawn = legend and live_map("form", town_bounds(work), MODULE, {"legend": legend.as_options()})
    page = {"title": shown.title, "form": shown.form, "leave": shown.leave, "lead": shown.lead}
    answer = render(request, "forms/page.html", town=page_context(work), legend=legend, map=drawn, **page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def villages_offered(work: Work) -> tuple[Choice, ...]:
    """Villages to choose from, code and name."""
    villages = read_places(work.session, "villages")
    return tuple((code, name) for code, name in zip(villages["code"], villages["name"], strict=True) if code)
