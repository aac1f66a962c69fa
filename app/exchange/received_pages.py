"""资料清单 as a page, a sheet and JSON: what was received, from whom and when, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.exchange.letter import write_letter
from app.exchange.provenance import provenance_now
from app.exchange.received_sheet import history_sheet, list_sheet
from app.exchange.received_words import UNREGISTERED
from app.http.attachments import attachment
from app.http.dependencies import SessionOf, Viewer, WorkOf
from app.http.geojson import made_of
from app.http.i18n import chosen_language, tell_in
from app.http.pagination import Listing, PageOf, listing
from app.http.templates import render
from app.judgement.page_context import page_context
from app.platform.clock import today
from app.platform.errands import reckon
from app.platform.principals import Principal
from app.platform.work import Work
from app.reports import phrases
from app.reports.deliveries import DeliveryItem, read_deliveries, read_history, read_list
from app.reports.imprint import Profile
from app.reports.letters import Letter, letter_as_word
from app.reports.workbook import BookSheet, about_sheet, write_book
from gis_layers.exchange.delivery.provenance import ABOUT, HEADINGS, Provenance
from gis_layers.stores.receipts import count_receipts

router = APIRouter()
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_PAGE = 50
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Asked = Annotated[str, Query(max_length=60, description="a layer of the list")]
Offset = Annotated[int, Query(ge=0, le=10**9)]


@router.get("/deliveries", include_in_schema=False)
def deliveries(request: Request, work: WorkOf, principal: Viewer, offset: Offset = 0) -> Response:
    """Every expected layer with what came of it, and every file that was received."""
    listed = read_deliveries(work, principal)
    return render(
        request,
        "exchange/deliveries.html",
        town=page_context(work),
        listed=listed,
        titles={line.layer.key: line.layer.title for line in listed.lines},
        history=read_history(work.session, principal, limit=A_PAGE, offset=offset),
        total=count_receipts(work.session),
        offset=offset,
        a_page=A_PAGE,
        unregistered=UNREGISTERED,
        on=today().isoformat(),
    )


def workbook_of(sheets: Sequence[BookSheet], provenance: Provenance) -> bytes:
    """The workbook of these sheets and of what they rest on."""
    item, value = HEADINGS
    return write_book([*sheets, about_sheet(ABOUT, (item, value), provenance.items())])


@router.get("/deliveries/list.xlsx", include_in_schema=False, **made_of(EXCEL))
def sheet(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """The same as a workbook of three sheets: layers, files received, what it rests on."""
    tell = partial(tell_in, language=chosen_language(request))
    english = chosen_language(request) == "en"
    lines = read_list(work, principal)
    history = read_history(work.session, principal)
    sheets = [list_sheet(lines, tell, english=english), history_sheet(history, lines, tell, english=english)]
    whom = {tell(phrases.PROFILE): tell(Profile.INTERNAL.words)}
    provenance = {**whom, **provenance_now(work, today())}
    content = reckon(len(lines) + len(history), workbook_of, sheets, provenance)
    name = f"anzhi-deliveries-{today().isoformat()}.xlsx"
    return attachment(work.session, principal, name, content, media_type=EXCEL)


@router.get("/deliveries/letter", include_in_schema=False)
def letter(request: Request, work: WorkOf, principal: Viewer, layer: Asked) -> Response:
    """The letter that asks for one layer, to be read, copied and printed."""
    told = _letter(request, work, principal, layer)
    return render(request, "exchange/letter.html", town=page_context(work), letter=told, layer=layer)


@router.get("/deliveries/letter.docx", include_in_schema=False, **made_of(WORD))
def letter_file(request: Request, work: WorkOf, principal: Viewer, layer: Asked) -> Response:
    """The same as a Word file."""
    content = reckon(1, letter_as_word, _letter(request, work, principal, layer))
    name = f"anzhi-letter-{layer.replace('/', '-')}.docx"
    return attachment(work.session, principal, name, content, media_type=WORD)


def _letter(request: Request, work: Work, principal: Principal, layer: str) -> Letter:
    language = chosen_language(request)
    line = read_deliveries(work, principal).line_of(layer)
    tell = partial(tell_in, language=language)
    return write_letter(line, page_context(work)["township"], today(), tell, english=language == "en")


@router.get("/api/deliveries", tags=["imports"])
def received(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> Listing[DeliveryItem]:
    """The files that were received, newest first: what each is, who provided it, what was loaded and refused."""
    found = read_history(session, principal, limit=page.limit, offset=page.offset)
    return listing(request, found, total=count_receipts(session), page=page)
