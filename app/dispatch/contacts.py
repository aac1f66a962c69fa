"""Whom to call in a village: registered, changed, retired; every write is audited, numbers stay out of the audit."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, cast

from app.dispatch.contact_schemas import ContactAnswer, ContactListing
from app.platform.clock import CHINA, now
from app.platform.errors import BadParameter, NotFound
from app.platform.work import Work
from gis_layers.stores import duty as store
from gis_layers.stores.duty import VillageContact
from gis_layers.stores.places import read_places
from gis_layers.stores.records import record_audit
from risk_model.message import msg
from risk_model.readiness import lapse_of

PHONES = ("contact_phone", "satellite_phone")
RETIRED = ("retired_at", "retired_by")


def list_contacts(work: Work) -> ContactListing:
    """Everybody to call, village by village."""
    return {"items": [_told(one, number, name) for one, number, name in store.read_contacts(work.session)]}


def lock_contact(work: Work, number: int) -> VillageContact:
    """Somebody to call, the row held. Raises NotFound."""
    held = store.lock_contact(work.session, number)
    if held is None:
        raise NotFound(msg("没有编号为 {number} 的联系人", number=number))
    return held


def tell_contact(work: Work, contact: VillageContact) -> ContactAnswer:
    """Somebody to call as answers tell it."""
    number, name = _villages(work).get(contact.village_code, (None, None))
    return _told(contact, number, name)


def add_contact(work: Work, values: Mapping[str, Any], *, actor: str) -> int:
    """Register somebody to call; the number. Raises BadParameter for a village that is not on record."""
    _require_village(work, values)
    number = store.add_contact(work.session, values)
    _audit(work, number, ("register village contact", actor), values)
    return number


def change_contact(work: Work, held: VillageContact, values: Mapping[str, Any], *, actor: str) -> None:
    """Change what is given of somebody to call whose row is held. Raises BadParameter for a village that is not on record."""
    _require_village(work, values)
    columns = {name: value for name, value in values.items() if name != "retired"}
    if "retired" in values and values["retired"] != (held.retired_at is not None):
        columns |= {"retired_at": now(), "retired_by": actor} if values["retired"] else dict.fromkeys(RETIRED)
    store.change_contact(work.session, held.id, columns)
    _audit(work, held.id, ("change village contact", actor), values)


def _require_village(work: Work, values: Mapping[str, Any]) -> None:
    code = values.get("village_code")
    if code is not None and code not in _villages(work):
        trouble = msg("没有代码为 {code} 的村；请先登记村，或改选一个村", code=code)
        raise BadParameter(trouble, code="no-such-thing", errors=[{"field": "village_code", "message": trouble}])


def _villages(work: Work) -> dict[str, tuple[int, str]]:
    villages = read_places(work.session, "villages")[["code", "id", "name"]]
    return {str(code): (int(number), str(name)) for code, number, name in villages.itertuples(index=False) if code}


def _told(one: VillageContact, number: int | None, village: str | None) -> ContactAnswer:
    today = now().astimezone(CHINA).date()
    kept = ("id", "village_code", "role", "name", "contact_phone", "satellite_phone", "version")
    told = {
        **{name: getattr(one, name) for name in kept},
        "village": None if number is None else str(number),
        "village_name": village,
        "last_verified": None if one.last_verified is None else one.last_verified.isoformat(),
        "lapse": lapse_of("last_verified", one.last_verified, today),
        "retired": one.retired_at is not None,
    }
    return cast("ContactAnswer", told)


def _audit(work: Work, number: int, act: tuple[str, str], values: Mapping[str, Any]) -> None:
    action, actor = act
    told = {name: value for name, value in values.items() if name not in PHONES}
    detail = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in told.items()}
    subject = f"village contact {number}"
    record_audit(work.session, actor=actor, action=action, subject=subject, detail=detail)
