"""Forms of facilities, stations and forces: one of them registered or changed on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.http.dependencies import WorkOf, require
from app.http.forms import Choice, RegisterForm, fields_of
from app.http.geojson import plain_rows
from app.http.geojson_shapes import geometry_of
from app.maps.form_page import FormPage, form_page, villages_offered
from app.platform.etags import etag_of
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.registers.entries import EntryKey, find_entry
from app.registers.entry_schemas import (
    FacilityChange,
    ForceChange,
    NewFacility,
    NewForce,
    NewStation,
    StationChange,
)
from gis_layers.stores.entries import FACILITIES, FORCES, STATIONS
from gis_layers.stores.forces import offered_stations
from risk_model.message import Message, msg

router = APIRouter(include_in_schema=False)
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
Dispatcher = Annotated[Principal, Depends(require(Role.DISPATCHER))]


@dataclass(frozen=True, slots=True)
class EntryForms:
    """The two forms of a register: requests they are made of, and what is said above an empty one."""

    new: type[BaseModel]
    change: type[BaseModel]
    title: Message


FORMS: Final[Mapping[str, EntryForms]] = {
    FACILITIES: EntryForms(NewFacility, FacilityChange, msg("登记公共设施")),
    STATIONS: EntryForms(NewStation, StationChange, msg("登记应急站点")),
    FORCES: EntryForms(NewForce, ForceChange, msg("登记救援队伍")),
}
NOT_ASKED: Final = frozenset(["unknown_capabilities"])
"""What only programs hand in."""


@router.get("/facilities/new")
def new_facility(request: Request, work: WorkOf, principal: Officer) -> Response:
    """A facility to be registered."""
    return _new(request, work, FACILITIES)


@router.get("/facilities/{number}/change")
def changed_facility(number: int, request: Request, work: WorkOf, principal: Officer) -> Response:
    """A facility to be changed as it stands."""
    return _change(request, work, EntryKey(FACILITIES, number), principal)


@router.get("/stations/new")
def new_station(request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """A station to be registered."""
    return _new(request, work, STATIONS)


@router.get("/stations/{number}/change")
def changed_station(number: int, request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """A station to be changed as it stands."""
    return _change(request, work, EntryKey(STATIONS, number), principal)


@router.get("/forces/new")
def new_force(request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """A force to be registered."""
    return _new(request, work, FORCES)


@router.get("/forces/{number}/change")
def changed_force(number: int, request: Request, work: WorkOf, principal: Dispatcher) -> Response:
    """A force to be changed as it stands."""
    return _change(request, work, EntryKey(FORCES, number), principal)


def _new(request: Request, work: Work, register: str) -> Response:
    forms, choices = FORMS[register], _offered(work, register)
    form = RegisterForm(fields_of(forms.new, choices=choices, but=NOT_ASKED), f"/api/{register}", _back(register))
    return form_page(request, work, FormPage(forms.title, form, f"/registers/{register}"))


def _change(request: Request, work: Work, key: EntryKey, principal: Principal) -> Response:
    frame = find_entry(work.session, key, principal=principal)
    (row,) = plain_rows(frame)
    form = RegisterForm(
        fields_of(FORMS[key.register].change, choices=_offered(work, key.register), but=NOT_ASKED),
        f"/api/{key.register}/{{number}}",
        _back(key.register),
        path={"number": key.number},
        etag=etag_of(row["version"]),
        values={**row, "geometry": geometry_of(frame.geometry.iloc[0])},
    )
    strange = row.get("unknown_capabilities") or []
    lead = msg("能力中有系统不认识的词：{words}；照原样保留。", words=[*strange]) if strange else ""
    leave = _back(key.register).format(id=key.number)
    return form_page(request, work, FormPage(msg("修改「{name}」", name=row["name"]), form, leave, lead))


def _back(register: str) -> str:
    return f"/registers/{register}?row={{id}}#marked"


def _offered(work: Work, register: str) -> Mapping[str, Sequence[Choice]]:
    offered: dict[str, Sequence[Choice]] = {"village_code": villages_offered(work)}
    if register == FORCES:
        offered["station_id"] = [(str(number), name) for number, name in offered_stations(work.session)]
    return offered
