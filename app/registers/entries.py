"""Facilities, stations and forces registered and changed one by one; every write is audited."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import geopandas as gpd
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.http.masking import masked_for
from app.platform.errors import BadParameter, NotFound, Refused
from app.platform.principals import Principal
from app.platform.work import Work
from gis_layers.stores import forces
from gis_layers.stores.assignments import find_taken
from gis_layers.stores.entries import FACILITIES, FORCES, STATIONS, add_entry, change_entry, lock_entry
from gis_layers.stores.gazetteer import refresh_names
from gis_layers.stores.records import record_audit
from gis_layers.stores.town import RegisterQuery, read_register
from risk_model.message import Message, msg

CALLED = ("contact_", "duty_phone")
"""Whom to call stays out of the audit."""


class EntryKey(NamedTuple):
    """An entry: its register and its number there."""

    register: str
    number: int


@dataclass(frozen=True, slots=True)
class WrittenRegister:
    """A register people write: what one of its entries is called in the audit, and what to say where there is none."""

    subject: str
    missing: Callable[[int], Message]


WRITTEN: Final[Mapping[str, WrittenRegister]] = {
    FACILITIES: WrittenRegister("facility", lambda number: msg("没有编号为 {number} 的设施", number=number)),
    STATIONS: WrittenRegister("station", lambda number: msg("没有编号为 {number} 的站点", number=number)),
    FORCES: WrittenRegister("force", lambda number: msg("没有编号为 {number} 的队伍", number=number)),
}


def find_entry(session: Session, key: EntryKey, *, principal: Principal) -> gpd.GeoDataFrame:
    """One entry as a frame of one row, its telephone number as ``principal`` may see it. Raises NotFound."""
    frame = read_register(session, key.register, RegisterQuery(number=key.number))
    if frame.empty:
        raise NotFound(WRITTEN[key.register].missing(key.number))
    return masked_for(principal, frame)


def held_version(session: Session, key: EntryKey) -> int:
    """The version of an entry, its row held until the transaction ends. Raises NotFound."""
    version = lock_entry(session, key.register, key.number)
    if version is None:
        raise NotFound(WRITTEN[key.register].missing(key.number))
    return version


def register_entry(work: Work, register: str, values: dict[str, Any], geometry: BaseGeometry, *, actor: str) -> int:
    """Add an entry; its number."""
    _require_station(work.session, values)
    number = add_entry(work.session, register, values, geometry)
    _written(work, EntryKey(register, number), values, actor=actor, action="register")
    return number


def change_held(
    work: Work, key: EntryKey, values: dict[str, Any], *, geometry: BaseGeometry | None, actor: str
) -> None:  # fmt: skip
    """Change what is given of an entry whose row is held; capabilities no list knows stay until they are taken away by name."""
    _require_station(work.session, values)
    if key.register == FORCES:
        _refuse_state_of_assigned(work.session, key.number, values)
        values = _with_strange_capabilities(work.session, key.number, values)
    change_entry(work.session, key.register, key.number, values, geometry)
    _written(work, key, values, actor=actor, action="change")


def _refuse_state_of_assigned(session: Session, force: int, values: Mapping[str, Any]) -> None:
    """A force that is out on an incident is led there, step by step, and not by its register."""
    taken = find_taken(session, force) if "state" in values else None
    if taken is not None and values["state"] != "out":
        told = msg("这支队伍正在事件 {incident} 中出动；请在应急调派页上撤回", incident=taken.incident_id)
        raise Refused(told, code="step", allowed=["out"], errors=[{"field": "state", "message": told}])


def _require_station(session: Session, values: Mapping[str, Any]) -> None:
    """The station a force is to stand at must be on record."""
    station = values.get("station_id")
    if station is not None and lock_entry(session, STATIONS, station) is None:
        trouble = WRITTEN[STATIONS].missing(station)
        raise BadParameter(trouble, code="no-such-thing", errors=[{"field": "station_id", "message": trouble}])


def _written(work: Work, key: EntryKey, values: dict[str, Any], *, actor: str, action: str) -> None:
    """Names follow; whom to call stays out of the audit."""
    if key.register == STATIONS:
        forces.rename_station(work.session, key.number)
        forces.station_forces(work.session)
    if key.register == FORCES and "station_id" in values:
        forces.name_station(work.session, key.number)
    refresh_names(work.session, work.settings.metric_crs)
    told = {name: value for name, value in values.items() if not name.startswith(CALLED)}
    detail = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in told.items()}
    subject = WRITTEN[key.register].subject
    record_audit(
        work.session, actor=actor, action=f"{action} {subject}", subject=f"{subject} {key.number}", detail=detail
    )


def _with_strange_capabilities(session: Session, force: int, values: dict[str, Any]) -> dict[str, Any]:
    if not {"capabilities", "unknown_capabilities"} & {*values}:
        return values
    before, strange = forces.capabilities_of(session, force)
    kept = [] if "unknown_capabilities" in values else strange
    known = values.get("capabilities", [word for word in before if word not in strange])
    return {**values, "capabilities": [*known, *kept]}
