"""``/api/village-contacts``: whom to call in a village."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from app.dispatch import contacts
from app.dispatch.contact_schemas import ContactAnswer, ContactChange, ContactListing, NewContact
from app.http.dependencies import Dispatcher, WorkOf
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import CREATED
from app.platform.etags import etag_of
from app.platform.work import Work

router = APIRouter(prefix="/api/village-contacts", tags=["dispatch"])


@router.get("")
def list_contacts(work: WorkOf, principal: Dispatcher) -> ContactListing:
    """Whom to call in each village: the official in charge, the party secretary, the disaster informer."""
    return contacts.list_contacts(work)


@router.get("/{number}", response_model=ContactAnswer)
def contact(number: int, work: WorkOf, principal: Dispatcher) -> Response:
    """Somebody to call, retired or not."""
    return _answer(work, number)


@router.post("", response_model=ContactAnswer, status_code=201)
def register(new: NewContact, work: WorkOf, principal: Dispatcher) -> Response:
    """Register somebody to call in a village that is on record."""
    number = contacts.add_contact(work, new.values(), actor=principal.name)
    return _answer(work, number, status=CREATED)


@router.patch("/{number}", response_model=ContactAnswer)
def change(
    number: int, changes: ContactChange, work: WorkOf, principal: Dispatcher, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Change what is given of somebody to call, or retire them: they stay on record and are called no more."""
    held = contacts.lock_contact(work, number)
    require_if_match(if_match, held.version)
    contacts.change_contact(work, held, changes.values(), actor=principal.name)
    return _answer(work, number)


def _answer(work: Work, number: int, *, status: int = 200) -> Response:
    held = contacts.lock_contact(work, number)
    address = {"Location": f"/api/village-contacts/{number}"} if status == CREATED else {}
    headers = {"ETag": etag_of(held.version), **address}
    content = orjson.dumps(contacts.tell_contact(work, held))
    return Response(content, status, headers, media_type="application/json")
