"""One incident as a page to be read and printed: what was told, who was sent, who was called, what was reported, its whole log."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from app.dispatch.incidents import find_incident
from app.dispatch.log import tell_log
from app.dispatch.told_incident import place_lines, position_of
from app.dispatch.village_calls import tell_calls
from app.http.dependencies import Dispatcher, WorkOf
from app.http.forms import field_words
from app.http.geojson import plain_rows
from app.http.templates import render
from app.judgement.page_context import page_context
from risk_model.message import Message

router = APIRouter(include_in_schema=False)
CODED: Final = {
    "kind": "incident_kind",
    "level": "incident_level",
    "rescue_level": "rescue_level",
    "converted_from": "shifted_system",
}
"""Fields of an incident that hold codes, with the enumeration they are of."""
PLACED: Final = {"place": "geometry"}
"""What the log calls otherwise than the forms do."""


@router.get("/dispatch/incidents/{number}")
def incident(number: int, request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """An incident, under way or closed, as the log tells it; nothing is changed here."""
    frame = find_incident(work, number)
    assigned = list(frame["assignments"].iloc[0])
    (row,) = plain_rows(frame.drop(columns="assignments"))
    told: dict[str, Any] = {
        "row": row,
        "place": place_lines(row, *position_of(frame)),
        "assigned": assigned,
        "calls": tell_calls(work, number),
        "log": tell_log(work, number)["items"],
        "coded": CODED,
        "words": _words,
    }
    answer = render(request, "incident.html", town=page_context(work), **told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _words(name: str) -> Message:
    """What a field of an incident is called."""
    return field_words(PLACED.get(name, name), "incident")[0]
