"""The registers as tables to look through, and the lists beside the map; both come in pieces where a piece is asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import Viewer, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context
from app.maps.legend import legend_of
from app.platform.clock import today
from app.registers.filters import AskedOf
from app.registers.register_page import RequestScope, choices_of, marked_in, page_of_row, read_leaf, sheet_of
from app.registers.register_views import SHEETS
from gis_layers.stores.lists import ListQuery
from risk_model.dispatch import provisions_asked, provisions_lacking

router = APIRouter(include_in_schema=False)
ROWS, BESIDE_MAP = 50, 200
FIRST = "projects"


@router.get("/registers")
def registers(principal: Viewer) -> Response:
    """The first of the registers."""
    return RedirectResponse(f"/registers/{FIRST}", 303)


@router.get("/registers/{layer}")
def register(request: Request, work: WorkOf, principal: Viewer, asked: AskedOf, layer: str) -> Response:
    """One register; only its table where the page itself asks for another part of it."""
    query = asked.query(sheet_of(layer), limit=ROWS, offset=(asked.page - 1) * ROWS)
    turned = page_of_row(work.session, layer, query, asked.row) if asked.row else None
    leaf = read_leaf(work.session, layer, turned or query, RequestScope(principal, work.deployment, today()))
    told: dict[str, object] = {"leaf": leaf, "asked": asked, "marked": marked_in(leaf, asked.row), **_words(work)}
    if _wants_piece(request):
        return _piece(render(request, "registers/table.html", **told))
    town, choices = page_context(work), choices_of(work.session, layer)
    return _piece(render(request, "registers/register.html", town=town, choices=choices, sheets=SHEETS, **told))


@router.get("/lists")
def beside_map(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    asked: AskedOf,
    shown: Annotated[str, Query(alias="list", max_length=80)] = FIRST,
) -> Response:
    """A piece of the list beside the map: one of the registers, or the zones of ``hazard/product``."""
    hazard, slash, product = shown.partition("/")
    layer = "zones" if slash else shown
    sheet_of(layer)
    only, order = ({"hazard": hazard, "product": product}, "grade_rank") if slash else ({}, "")
    query = ListQuery(asked.q, only, order=order, limit=BESIDE_MAP, offset=(asked.page - 1) * BESIDE_MAP)
    leaf = read_leaf(work.session, layer, query, RequestScope(principal, work.deployment, today()))
    return _piece(render(request, "registers/list.html", leaf=leaf, asked=asked, shown=shown, **_words(work)))


def _words(work: WorkOf) -> dict[str, object]:
    legend = legend_of(work.rulebook)
    numerals = {(entry.scheme, entry.rank): entry.numeral for entry in legend.grades}
    provisions = {"provisions_asked": provisions_asked(), "provisions_lacking": provisions_lacking}
    return {"hazard_name": legend.hazard_name, "numerals": numerals, **provisions}


def _wants_piece(request: Request) -> bool:
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def _piece(answer: Response) -> Response:
    """The same address answers a page and a piece of it: what is kept must not be mixed up."""
    answer.headers["Vary"] = "Cookie, HX-Request"
    answer.headers["Cache-Control"] = "no-store"
    return answer
