"""``/api/incidents``: the register of incidents, the forces assigned to them, and the log of both."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
import orjson
from fastapi import APIRouter, Query, Request, Response

from app.dispatch import assignments, incidents
from app.dispatch.assignment_schemas import AssignmentAnswer, AssignmentChange, NewAssignment
from app.dispatch.incident_schemas import (
    AREAS,
    PLACE,
    IncidentChange,
    IncidentClosed,
    IncidentItem,
    IncidentState,
    LogListing,
    NewIncident,
    NewNote,
    WholeIncident,
)
from app.dispatch.log import tell_log
from app.dispatch.schemas import VillageCallAnswer
from app.dispatch.village_calls import tell_calls
from app.http.dependencies import Dispatcher, Viewer, WorkOf
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import CREATED, LISTED, answer_list, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.masking import MAY_NOT_CALL, masked, masked_for, masked_name
from app.http.pagination import Listing, PageOf
from app.http.request_geometry import read_sound_shape
from app.platform.etags import etag_of
from app.platform.principals import Principal
from app.platform.work import Work
from gis_layers.stores.incidents import IncidentQuery

router = APIRouter(prefix="/api/incidents", tags=["dispatch"])


@router.get("", response_model=Listing[IncidentItem], responses=LISTED)
def list_incidents(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    page: PageOf,
    state: Annotated[IncidentState | None, Query(description="those under way, or those that were closed")] = None,
) -> Response:
    """Incidents, the newest first."""
    query = IncidentQuery(state, limit=page.limit, offset=page.offset)
    frame, total = incidents.list_incidents(work, query)
    seen = masked_for(principal, frame.drop(columns="assignments"))
    return answer_list(request, seen, total=total, page=page)


@router.get("/{number}", response_model=WholeIncident)
def incident(number: int, work: WorkOf, principal: Viewer) -> Response:
    """One incident, with the forces assigned to it."""
    return _answer(work, number, principal)


@router.post("", response_model=WholeIncident, status_code=201)
def open_incident(new: NewIncident, work: WorkOf, principal: Dispatcher) -> Response:
    """Open an incident as it was reported."""
    metric_crs = work.settings.metric_crs
    place = read_sound_shape(new.geometry, PLACE, crs=new.crs, metric_crs=metric_crs)
    number = incidents.open_incident(work, new.values(), place, actor=principal.name)
    return _answer(work, number, principal, status=CREATED)


@router.patch("/{number}", response_model=WholeIncident)
def change(
    number: int, changes: IncidentChange, work: WorkOf, principal: Dispatcher, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Correct what is given of an open incident."""
    require_if_match(if_match, incidents.hold_open(work, number))
    given, metric_crs = changes.geometry, work.settings.metric_crs
    place = None if given is None else read_sound_shape(given, PLACE, crs=changes.crs, metric_crs=metric_crs)
    values = changes.values()
    if changes.danger is not None:
        values["danger"] = read_sound_shape(changes.danger, AREAS, crs=changes.crs, metric_crs=metric_crs)
    incidents.change_incident(work, number, values, place, actor=principal.name)
    return _answer(work, number, principal)


@router.post("/{number}/close", response_model=WholeIncident)
def close(
    number: int, closed: IncidentClosed, work: WorkOf, principal: Dispatcher, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Close an incident: every force that is still out is recalled and ready again."""
    require_if_match(if_match, incidents.hold_open(work, number))
    incidents.close_incident(work, number, closed.outcome, closed.closed_at, actor=principal.name)
    return _answer(work, number, principal)


@router.get("/{number}/log")
def log(number: int, work: WorkOf, principal: Dispatcher) -> LogListing:
    """The log of an incident: what was shown, chosen and done; nothing in it is ever changed."""
    incidents.find_incident(work, number)
    return tell_log(work, number)


@router.post("/{number}/log", response_model=LogListing, status_code=201)
def write_note(number: int, new: NewNote, work: WorkOf, principal: Dispatcher) -> Response:
    """Write a note into the log, of an incident that was closed as well."""
    incidents.lock_incident(work, number)
    incidents.note(work, number, new.said, new.occurred_at, actor=principal.name)
    return _created(tell_log(work, number), f"/api/incidents/{number}/log")


@router.post("/{number}/assignments", response_model=WholeIncident, status_code=201)
def assign(number: int, new: NewAssignment, work: WorkOf, principal: Dispatcher) -> Response:
    """Set a force in motion by the authority there is over it; whoever comes second is told who has it."""
    incidents.hold_open(work, number)
    (began,) = incidents.find_incident(work, number)["occurred_at"]
    assignments.assign(work, number, new, began=began, actor=principal.name)
    return _answer(work, number, principal, status=CREATED)


@router.get("/{number}/assignments/{assignment}", response_model=AssignmentAnswer)
def assignment(number: int, assignment: int, work: WorkOf, principal: Dispatcher) -> Response:
    """One force assigned to an incident, and where it stands."""
    held = assignments.lock_assignment(work, number, assignment)
    (told,) = (one for one in assignments.tell_assignments(work, [number])[number] if one["id"] == held.id)
    return Response(orjson.dumps(told), headers={"ETag": etag_of(held.version)}, media_type="application/json")


@router.patch("/{number}/assignments/{assignment}", response_model=WholeIncident)
def step(
    number: int,
    assignment: int,
    change: AssignmentChange,
    work: WorkOf,
    principal: Dispatcher,
    if_match: IfMatch = None,
) -> Response:
    """Record a step of a force: answered, under way, on scene, recalled; each may be skipped, none repeated."""
    incidents.hold_open(work, number)
    held = assignments.lock_assignment(work, number, assignment)
    require_if_match(if_match, held.version)
    assignments.take_step(work, number, held, change, actor=principal.name)
    return _answer(work, number, principal)


@router.post("/{number}/assignments/{assignment}/undo", response_model=WholeIncident)
def undo(
    number: int, assignment: int, work: WorkOf, principal: Dispatcher, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Take back the step of a force that was just recorded by whoever asks; the log keeps both."""
    incidents.hold_open(work, number)
    held = assignments.lock_assignment(work, number, assignment)
    require_if_match(if_match, held.version)
    assignments.undo_step(work, number, held, actor=principal.name)
    return _answer(work, number, principal)


def _answer(work: Work, number: int, principal: Principal, *, status: int = 200) -> Response:
    work.session.expire_all()
    frame = incidents.find_incident(work, number)
    row = _seen(principal, frame)
    headers = {"ETag": etag_of(row["version"])} | (
        {"Location": f"/api/incidents/{number}"} if status == CREATED else {}
    )
    row["calls"] = _calls(work, number, principal)
    content = orjson.dumps({**row, "geometry": geometry_of(frame.geometry.iloc[0])})
    return Response(content, status, headers, media_type="application/json")


def _calls(work: Work, number: int, principal: Principal) -> list[VillageCallAnswer]:
    told = tell_calls(work, number)
    return [{**one, "who": masked_name(one["who"])} for one in told] if principal.role in MAY_NOT_CALL else told


def _seen(principal: Principal, frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """An incident as ``principal`` may see it: names and telephone numbers are for those who may call."""
    assigned = list(frame["assignments"].iloc[0])
    (row,) = plain_rows(masked_for(principal, frame.drop(columns="assignments")))
    if principal.role in MAY_NOT_CALL:
        hidden = {"contact_name": masked_name, "contact_phone": masked}
        assigned = [{**one, **{name: hide(one[name]) for name, hide in hidden.items()}} for one in assigned]
    return {**row, "assignments": assigned}


def _created(told: Any, address: str) -> Response:
    return Response(orjson.dumps(told), CREATED, {"Location": address}, media_type="application/json")
