"""``/api/facilities/7`` and its neighbours: entries of registers read, added and changed one by one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy.orm import Session

from app.http.dependencies import SessionOf, Viewer, WorkOf, require
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import answer_entry, plain_rows
from app.http.request_geometry import read_sound_shape
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.registers import entry_schemas as given
from app.registers import schemas
from app.registers.entries import EntryKey, change_held, find_entry, held_version, register_entry
from gis_layers.stores.entries import FACILITIES, FORCES, STATIONS

router = APIRouter(prefix="/api", tags=["registers"])
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
Dispatcher = Annotated[Principal, Depends(require(Role.DISPATCHER))]
SHAPES = {FACILITIES: given.FACILITY_SHAPES, STATIONS: given.POSITION, FORCES: given.POSITION}


@router.get("/facilities/{number}", response_model=schemas.FacilityItem)
def facility(number: int, session: SessionOf, principal: Viewer) -> Response:
    """One facility."""
    return _answer(session, EntryKey(FACILITIES, number), principal)


@router.post("/facilities", response_model=schemas.FacilityItem, status_code=201)
def register_facility(new: given.NewFacility, work: WorkOf, principal: Officer) -> Response:
    """Register a public facility."""
    return _registered(work, FACILITIES, new, principal)


@router.patch("/facilities/{number}", response_model=schemas.FacilityItem)
def change_facility(
    number: int, changes: given.FacilityChange, work: WorkOf, principal: Officer, if_match: IfMatch = None
) -> Response:
    """Change what is given of a public facility."""
    return _changed(work, EntryKey(FACILITIES, number), changes, principal, if_match=if_match)


@router.get("/stations/{number}", response_model=schemas.StationItem)
def station(number: int, session: SessionOf, principal: Viewer) -> Response:
    """One station."""
    return _answer(session, EntryKey(STATIONS, number), principal)


@router.post("/stations", response_model=schemas.StationItem, status_code=201)
def register_station(new: given.NewStation, work: WorkOf, principal: Dispatcher) -> Response:
    """Register a station; forces that name it stand at it from now on."""
    return _registered(work, STATIONS, new, principal)


@router.patch("/stations/{number}", response_model=schemas.StationItem)
def change_station(
    number: int, changes: given.StationChange, work: WorkOf, principal: Dispatcher, if_match: IfMatch = None
) -> Response:
    """Change what is given of a station."""
    return _changed(work, EntryKey(STATIONS, number), changes, principal, if_match=if_match)


@router.get("/forces/{number}", response_model=schemas.ForceItem)
def force(number: int, session: SessionOf, principal: Viewer) -> Response:
    """One force."""
    return _answer(session, EntryKey(FORCES, number), principal)


@router.post("/forces", response_model=schemas.ForceItem, status_code=201)
def register_force(new: given.NewForce, work: WorkOf, principal: Dispatcher) -> Response:
    """Register a force; it is ready unless said otherwise."""
    return _registered(work, FORCES, new, principal)


@router.patch("/forces/{number}", response_model=schemas.ForceItem)
def change_force(
    number: int, changes: given.ForceChange, work: WorkOf, principal: Dispatcher, if_match: IfMatch = None
) -> Response:
    """Change what is given of a force."""
    return _changed(work, EntryKey(FORCES, number), changes, principal, if_match=if_match)


_New = given.NewFacility | given.NewStation | given.NewForce
_Change = given.FacilityChange | given.StationChange | given.ForceChange


def _registered(work: Work, register: str, new: _New, principal: Principal) -> Response:
    shape = read_sound_shape(new.geometry, SHAPES[register], crs=new.crs, metric_crs=work.settings.metric_crs)
    number = register_entry(work, register, new.values(), shape, actor=principal.name)
    return _answer(work.session, EntryKey(register, number), principal, status=201)


def _changed(
    work: Work, key: EntryKey, changes: _Change, principal: Principal, *, if_match: str | None
) -> Response:  # fmt: skip
    require_if_match(if_match, held_version(work.session, key))
    place, asked = changes.geometry, (SHAPES[key.register], work.settings.metric_crs)
    shape = None if place is None else read_sound_shape(place, asked[0], crs=changes.crs, metric_crs=asked[1])
    change_held(work, key, changes.values(), geometry=shape, actor=principal.name)
    return _answer(work.session, key, principal)


def _answer(session: Session, key: EntryKey, principal: Principal, *, status: int = 200) -> Response:
    frame = find_entry(session, key, principal=principal)
    (row,) = plain_rows(frame)
    return answer_entry(row, frame.geometry.iloc[0], f"/api/{key.register}/{key.number}", status=status)
