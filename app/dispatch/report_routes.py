"""``/api/incidents/{number}/…``: reports upwards as text, calls to villages, the place to gather, the call sheet."""

from __future__ import annotations

import datetime
from typing import Annotated, cast

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from app.dispatch import situation_reports, village_calls
from app.dispatch.assembly import tell_assembly
from app.dispatch.call_sheet import CallSheet, SheetQuery, tell_sheet
from app.dispatch.incident_schemas import LogListing
from app.dispatch.incidents import lock_incident
from app.dispatch.log import tell_log, write_entry
from app.dispatch.report_schemas import (
    AssemblyAnswer,
    GivenReport,
    ReportAnswer,
    ReportKind,
    SheetAnswer,
    SheetFigures,
    VillageCalled,
)
from app.dispatch.schemas import Condition
from app.http.attachments import attachment
from app.http.dependencies import Dispatcher, MomentOf, WorkOf
from app.http.geojson import CREATED, made_of
from app.http.i18n import chosen_language
from app.platform.work import Work
from app.reports.call_sheet import SheetPaper, sheet_paper, write_sheet, write_text
from app.reports.imprint import house_of
from gis_layers.stores.dispatch_log import NewEntry

router = APIRouter(prefix="/api/incidents", tags=["dispatch"])
PDF = "application/pdf"


def sheet_query(
    condition: Annotated[Condition | None, Query(description="what slows everybody down")] = None,
    avoid_zones: Annotated[
        str | None,
        Query(max_length=500, description="hazards whose worst zones nobody drives through, by comma; true for all"),
    ] = None,
) -> SheetQuery:
    """What the arrivals on a sheet are reckoned with."""
    return SheetQuery(condition, avoid_zones or None)


SheetAsked = Annotated[SheetQuery, Depends(sheet_query)]


@router.get("/{number}/report")
def report(
    request: Request,
    number: int,
    work: WorkOf,
    principal: Dispatcher,
    kind: Annotated[ReportKind | None, Query(description="which; the one that is due where none is named")] = None,
) -> ReportAnswer:
    """A first, further or final report as text to be copied; nothing is ever sent from here."""
    return situation_reports.tell_report(work, number, kind, language=chosen_language(request))


@router.post("/{number}/reports", response_model=LogListing, status_code=201)
def give_report(number: int, given: GivenReport, work: WorkOf, principal: Dispatcher) -> Response:
    """Record that a report was given, to whom and in which words."""
    lock_incident(work, number)
    situation_reports.give_report(work, number, given, actor=principal.name)
    return _logged(work, number)


@router.post("/{number}/calls", response_model=LogListing, status_code=201)
def note_call(number: int, called: VillageCalled, work: WorkOf, principal: Dispatcher) -> Response:
    """Record that somebody in a village was called, and whether they answered."""
    lock_incident(work, number)
    village_calls.note_call(work, number, called, actor=principal.name)
    return _logged(work, number)


@router.get("/{number}/assembly")
def assembly(number: int, work: WorkOf, principal: Dispatcher, moment: MomentOf) -> AssemblyAnswer:
    """Where forces gather: outside the danger area, upwind where the wind is told, on a road they reach."""
    return tell_assembly(work, number, moment)


@router.get("/{number}/call-sheet")
def call_sheet(
    request: Request, number: int, work: WorkOf, principal: Dispatcher, moment: MomentOf, asked: SheetAsked
) -> SheetAnswer:
    """The call sheet as text, and the figures on it unrounded; that it was looked at is in the log."""
    sheet, paper = _sheet(request, number, (work, asked), moment)
    write_entry(work, number, NewEntry("sheet", principal.name, moment, content={"as": "text"}))
    told = [dict(one) for one in sheet["forces"]]
    figures = [cast("SheetFigures", {name: one[name] for name in SheetFigures.__annotations__}) for one in told]
    return {
        "text": write_text(paper),
        "forces": figures,
        "graph": sheet["graph"],
        "condition": sheet["condition"],
        "avoided": sheet["avoided"],
        "danger_m": sheet["danger_m"],
    }


@router.get("/{number}/call-sheet.pdf", **made_of(PDF))
def call_sheet_pdf(
    request: Request, number: int, work: WorkOf, principal: Dispatcher, moment: MomentOf, asked: SheetAsked
) -> Response:
    """The call sheet on A4; that it was taken away is in the log."""
    _, paper = _sheet(request, number, (work, asked), moment)
    write_entry(work, number, NewEntry("sheet", principal.name, moment, content={"as": "pdf"}))
    name = f"anzhi-call-sheet-{number}.pdf"
    return attachment(work.session, principal, name, write_sheet(paper), media_type=PDF)


def _sheet(
    request: Request, number: int, asking: tuple[Work, SheetQuery], moment: datetime.datetime
) -> tuple[CallSheet, SheetPaper]:
    work, asked = asking
    sheet = tell_sheet(work, number, asked, moment)
    return sheet, sheet_paper(sheet, house_of(work), chosen_language(request))


def _logged(work: Work, number: int) -> Response:
    headers = {"Location": f"/api/incidents/{number}/log"}
    return Response(orjson.dumps(tell_log(work, number)), CREATED, headers, media_type="application/json")
