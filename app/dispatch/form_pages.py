"""Forms of the desk: an incident corrected, somebody to call in a village registered or changed."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from app.dispatch.contact_schemas import ContactChange, NewContact
from app.dispatch.contacts import lock_contact, tell_contact
from app.dispatch.incident_schemas import IncidentChange
from app.dispatch.incidents import find_incident, require_open
from app.dispatch.report_routes import SheetAsked
from app.http.dependencies import Dispatcher, WorkOf
from app.http.forms import RegisterForm, fields_of
from app.http.geojson import plain_rows
from app.http.geojson_shapes import geometry_of
from app.maps.form_page import FormPage, form_page, villages_offered
from app.platform.etags import etag_of
from risk_model.message import msg

router = APIRouter(include_in_schema=False)
NOT_ASKED: Final = frozenset(["converted_from", "danger"])
"""A place that is told anew on a form is told in the system the form reads; the danger area is drawn on the desk."""
CONTACTS: Final = "/registers/village-contacts?row={id}#marked"


@router.get("/dispatch/incidents/{number}/change")
def change_incident(number: int, request: Request, work: WorkOf, principal: Dispatcher, desk: SheetAsked) -> Response:
    """An incident under way, to be corrected as it stands; it leads back to the desk as that was asked."""
    frame = find_incident(work, number)
    (row,) = plain_rows(frame.drop(columns="assignments"))
    require_open(number, closed=row["state"] != "open")
    asked = {"case": number, "condition": desk.condition, "avoid_zones": desk.avoid_zones}
    back = f"/dispatch?{urlencode({name: value for name, value in asked.items() if value})}"
    form = RegisterForm(
        fields_of(IncidentChange, "incident", but=NOT_ASKED),
        "/api/incidents/{number}",
        back,
        path={"number": number},
        etag=etag_of(row["version"]),
        values={**row, "geometry": geometry_of(frame.geometry.iloc[0])},
    )
    lead = msg("更正记入事件记录，改前和改后的内容都在。")
    return form_page(request, work, FormPage(msg("更正事件 {number}", number=number), form, back, lead))


@router.get("/village-contacts/new")
def new_contact(request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """Somebody to call in a village, to be registered."""
    fields = fields_of(NewContact, "contact", choices={"village_code": villages_offered(work)})
    form = RegisterForm(fields, "/api/village-contacts", CONTACTS)
    return form_page(request, work, FormPage(msg("登记村级联系人"), form, "/registers/village-contacts"))


@router.get("/village-contacts/{number}/change")
def changed_contact(number: int, request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """Somebody to call as they stand, to be changed or retired."""
    told = tell_contact(work, lock_contact(work, number))
    form = RegisterForm(
        fields_of(ContactChange, "contact", choices={"village_code": villages_offered(work)}),
        "/api/village-contacts/{number}",
        CONTACTS,
        path={"number": number},
        etag=etag_of(told["version"]),
        values=told,
    )
    title = msg("修改「{name}」", name=told["name"])
    return form_page(request, work, FormPage(title, form, CONTACTS.format(id=number)))
