"""The registers as tables to look through, and the lists beside the map; both come in pieces where a piece is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import Viewer, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context
from app.maps.legend import legend_of
from app.platform.clock import today
from app.registers.register_page import RequestScope, choices_of, marked_in, page_of_row, read_leaf, sheet_of
from app.registers.register_views import SHEETS, RegisterView, limits_of
from gis_layers.stores.lists import ListQuery

router = APIRouter(include_in_schema=False)
ROWS, BESIDE_MAP = 50, 200
FIRST = "projects"


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """Query of a register in the address."""

    q: str
    kind: str
    ability: str
    lapse: str
    village: str
    sort: str
    down: bool
    page: int
    row: str


def asked(
    q: Annotated[str, Query(max_length=100)] = "",
    kind: Annotated[str, Query(max_length=60)] = "",
    ability: Annotated[str, Query(max_length=60)] = "",
    lapse: Annotated[str, Query(max_length=20)] = "",
    village: Annotated[str, Query(max_length=60)] = "",
    sort: Annotated[str, Query(max_length=40)] = "",
    down: bool = False,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    row: Annotated[str, Query(max_length=60, pattern="^[^\\x00]*$", description="a key, or code: and a code")] = "",
) -> RegisterFilter:
    """The words, filters, order and page of a request; a ``row`` it names decides the page."""
    return RegisterFilter(q.strip(), kind, ability, lapse, village, sort, down, page, row)


AskedOf = Annotated[RegisterFilter, Depends(asked)]


@router.get("/registers")
def registers(principal: Viewer) -> Response:
    """The first of the registers."""
    return RedirectResponse(f"/registers/{FIRST}", 303)


@router.get("/registers/{layer}")
def register(request: Request, work: WorkOf, principal: Viewer, asked: AskedOf, layer: str) -> Response:
    """One register; only its table where the page itself asks for another part of it."""
    query = _query(sheet_of(layer), asked)
    turned = page_of_row(work.session, layer, query, asked.row) if asked.row else None
    leaf = read_leaf(work.session, layer, turned or query, RequestScope(principal, work.deployment, today()))
    told: dict[str, object] = {"leaf": leaf, "asked": asked, "marked": marked_in(leaf, asked.row), **_words(work)}
    if _wants_piece(request):
        return _piece(render(request, "registers/table.html", **told))
    town, choices = page_context(work), choices_of(work.session, layer)
    return _piece(render(request, "registers/register.html", town=town, choices=choices, sheets=SHEETS, **told))


def _query(sheet: RegisterView, asked: RegisterFilter) -> ListQuery:
    """The part of a sheet that is asked for; a filter, lapse or order the sheet does not know asks for nothing more."""
    columns = ((sheet.kind, asked.kind), (sheet.ability, asked.ability))
    only = {column.key: value for column, value in columns if column and value}
    if asked.village:
        only["village_code"] = asked.village
    sortable = asked.sort in {column.key for column in sheet.columns if column.sortable}
    order = asked.sort if sortable else ""
    before = limits_of(sheet, asked.lapse, today())
    return ListQuery(asked.q, only, before, order, asked.down, ROWS, (asked.page - 1) * ROWS)


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
    return {"hazard_name": legend.hazard_name, "numerals": numerals}


def _wants_piece(request: Request) -> bool:
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def _piece(answer: Response) -> Response:
    """The same address answers a page and a piece of it: what is kept must not be mixed up."""
    answer.headers["Vary"] = "Cookie, HX-Request"
    answer.headers["Cache-Control"] = "no-store"
    return answer
