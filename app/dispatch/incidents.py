"""Incidents opened, corrected and closed; every write stands in the log of the incident and in the audit."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from app.dispatch.assignments import recall_all, tell_assignments
from app.dispatch.log import BEGINNING, circumstances, occurred, write_entry
from app.http.geojson_shapes import geometry_of
from app.platform.clock import now
from app.platform.errors import NotFound, Refused
from app.platform.work import Work
from gis_layers.stores import incidents as store
from gis_layers.stores.dispatch_log import NewEntry
from gis_layers.stores.incidents import CLOSED, OPEN, IncidentQuery
from risk_model.dispatch import ENDED
from risk_model.message import msg


def list_incidents(work: Work, query: IncidentQuery) -> tuple[gpd.GeoDataFrame, int]:
    """One page of incidents, and how many there are in all."""
    return _told(work, store.read_incidents(work.session, query)), store.count_incidents(work.session, query)


def find_incident(work: Work, number: int) -> gpd.GeoDataFrame:
    """One incident as a frame of one row. Raises NotFound."""
    frame = store.read_incidents(work.session, IncidentQuery(number=number))
    if frame.empty:
        raise no_such_incident(number)
    return _told(work, frame)


def no_such_incident(number: int) -> NotFound:
    """That there is no incident of this number."""
    return NotFound(msg("没有编号为 {number} 的事件", number=number))


def open_incident(work: Work, values: Mapping[str, Any], place: BaseGeometry, *, actor: str) -> int:
    """Open an incident; its number. Raises BadParameter where it would occur in the future."""
    at = now()
    row = {**values, "occurred_at": occurred(values["occurred_at"], at=at, after=BEGINNING), "created_by": actor}
    number = store.add_incident(work.session, row, place)
    told = {**_plain(row), "place": [place.x, place.y], **circumstances(work)}  # type: ignore[attr-defined]
    entry = NewEntry("opened", actor, row["occurred_at"], said=row["said"], content=told)
    write_entry(work, number, entry)
    return number


def change_incident(
    work: Work, number: int, values: Mapping[str, Any], place: BaseGeometry | None, *, actor: str
) -> None:  # fmt: skip
    """Correct what is given of an open incident whose row is held; the log keeps what stood there before.

    A place that is told anew is the one it was told as, converted from nothing unless that is said too.
    """
    at = now()
    if "occurred_at" in values:
        occurred(values["occurred_at"], at=at, after=BEGINNING)
    if place is not None:
        values = {"converted_from": None, **values}
    before = store.read_incidents(work.session, IncidentQuery(number=number))
    store.change_incident(work.session, number, values, place)
    after = store.read_incidents(work.session, IncidentQuery(number=number))
    told = {"before": _stood(before, after), "after": _stood(after, before)}
    write_entry(work, number, NewEntry("changed", actor, at, content=told))


def close_incident(
    work: Work, number: int, outcome: str, closed_at: datetime.datetime | None, *, actor: str
) -> None:  # fmt: skip
    """Close an incident whose row is held; whoever is still out is recalled and ready again."""
    at = now()
    (began,) = store.read_incidents(work.session, IncidentQuery(number=number))["occurred_at"]
    ended = occurred(closed_at, at=at, after=began)
    recall_all(work, number, ended, actor=actor)
    store.change_incident(work.session, number, {"closed_at": ended, "closed_by": actor, "outcome": outcome})
    write_entry(work, number, NewEntry("closed", actor, ended, said=outcome, content=circumstances(work)))


def note(work: Work, number: int, said: str, occurred_at: datetime.datetime | None, *, actor: str) -> None:
    """Write a note into the log of an incident whose row is held."""
    moment = occurred(occurred_at, at=now(), after=BEGINNING)
    write_entry(work, number, NewEntry("note", actor, moment, said=said))


def lock_incident(work: Work, number: int) -> tuple[int, bool]:
    """The version of an incident and whether it was closed, its row held. Raises NotFound."""
    held = store.lock_incident(work.session, number)
    if held is None:
        raise no_such_incident(number)
    version, closed_at = held
    return version, closed_at is not None


def hold_open(work: Work, number: int) -> int:
    """The version of an open incident, its row held. Raises NotFound, Refused for one that was closed."""
    version, closed = lock_incident(work, number)
    require_open(number, closed=closed)
    return version


def require_open(number: int, *, closed: bool) -> None:
    """Raises Refused for an incident that was closed: it is read and changed no more."""
    if closed:
        raise Refused(msg("编号为 {number} 的事件已结束；再次发生请另行接报", number=number), code="ended")


def _told(work: Work, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    numbers = [int(number) for number in frame["id"]]
    assigned = tell_assignments(work, numbers)
    out = [sum(one["state"] not in ENDED for one in assigned[number]) for number in numbers]
    told = {
        "state": [OPEN if gone is None else CLOSED for gone in frame["closed_at"]],
        "forces_out": out,
        "assignments": [assigned[number] for number in numbers],
        "danger": [None if shape is None else geometry_of(shape) for shape in frame["danger"]],
    }
    return frame.assign(**{name: pd.Series(some, index=frame.index, dtype=object) for name, some in told.items()})


def _stood(frame: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> dict[str, Any]:
    """What stands in the one row of a frame and differs from that of another, as the log keeps it."""
    here, there = (_row(one) for one in (frame, other))
    return {name: value for name, value in here.items() if value != there[name] and name != "version"}


def _row(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    values = {str(name): value for name, value in frame.drop(columns="geometry").iloc[0].items()}
    return {**_plain(values), "place": shapely.get_coordinates(frame.geometry.iloc[0])[0].tolist()}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of columns as the log keeps them."""
    return {name: _kept(value) for name, value in values.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, BaseGeometry):
        return geometry_of(value)
    return value.isoformat() if isinstance(value, datetime.datetime) else value
