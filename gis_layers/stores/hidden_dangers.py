"""The register of hidden dangers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
from geoalchemy2.shape import from_shape
from sqlalchemy import ColumnElement, Select, and_, func, insert, select, update
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, Bounds
from gis_layers.stores.danger_acts import ENTRY, NewAct, add_act, is_noted
from gis_layers.stores.frames import read_frame
from gis_layers.tables.hidden_dangers import HiddenDanger
from gis_layers.tables.places import Village
from gis_layers.tables.town import Enterprise
from risk_model.decisions import HIDDEN_DANGER, life_of

__all__ = [
    "KEPT",
    "DangerQuery",
    "NewlyOverdue",
    "change_danger",
    "count_dangers",
    "find_newly_overdue",
    "is_ended",
    "is_overdue",
    "keep_dangers",
    "known_codes",
    "level_of",
    "lock_danger",
    "next_number",
    "read_dangers",
]

KEPT = (
    "code", "enterprise_id", "place", "village_code", "sector", "state", "channel", "supervision", "criteria", "clause",
    "measures", "responsible_person", "funds", "emergency_plan", "found_on", "confirmed_on", "deadline", "closed_on", "remark",
    "synthetic",
)  # fmt: skip
"""The columns a delivery or a form may fill."""


@dataclass(frozen=True, slots=True)
class DangerQuery:
    """Query of the register; None means: any. ``overdue_on``: open, not awaiting acceptance, due before that day."""

    state: str | None = None
    enterprise: int | None = None
    village: str | None = None
    is_open: bool | None = None
    overdue_on: datetime.date | None = None
    window: Bounds | None = None
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class NewlyOverdue:
    """A danger in hand past a deadline of which that was not noted yet."""

    number: int
    state: str
    deadline: datetime.date


def read_dangers(session: Session, query: DangerQuery | None = None, *, number: int | None = None) -> gpd.GeoDataFrame:
    """Hidden dangers, newest found first, with their columns, ``enterprise`` and ``village`` by name."""
    asked = query or DangerQuery()
    columns: list[Any] = list(HiddenDanger.__table__.columns)
    table: Any = HiddenDanger.__table__
    joined = table.outerjoin(Enterprise.__table__, Enterprise.id == HiddenDanger.enterprise_id).outerjoin(
        Village.__table__, Village.code == HiddenDanger.village_code
    )
    statement: Select[Any] = select(
        *columns, Enterprise.name.label("enterprise"), Village.name.label("village")
    ).select_from(joined)
    statement = _narrowed(statement, asked)
    if number is not None:
        statement = statement.where(HiddenDanger.id == number)
    newest = statement.order_by(HiddenDanger.found_on.desc(), HiddenDanger.id)
    frame = read_frame(session, newest.limit(asked.limit).offset(asked.offset))
    for name in frame.columns.drop("geometry"):
        plain = [None if pd.isna(value) else value for value in frame[name]]
        if name == "enterprise_id":
            plain = [None if value is None else int(value) for value in plain]
        frame[name] = pd.Series(plain, index=frame.index, dtype=object)
    return frame


def count_dangers(session: Session, query: DangerQuery) -> int:
    """Number of dangers ``query`` finds in all."""
    return session.scalar(_narrowed(select(func.count()).select_from(HiddenDanger), query)) or 0


def keep_dangers(
    session: Session, frame: gpd.GeoDataFrame, *, by: str, begun: Sequence[NewAct] | None = None
) -> list[int]:  # fmt: skip
    """Add dangers (columns of ``KEPT`` and ``geometry``, points in the storage CRS); their ids in order.

    Each begins with the acts ``begun``; without them it enters in its state, with its past elsewhere.
    """
    ids = []
    for row in frame.to_dict("records"):
        values = {name: row[name] for name in KEPT if name in row and not pd.isna(row[name])}
        shape = from_shape(row["geometry"], srid=STORAGE_SRID)
        statement = insert(HiddenDanger).values(**values, level=level_of(values["state"]), geom=shape)
        number = session.execute(statement.returning(HiddenDanger.id)).scalar_one()
        for act in begun or [NewAct(by, values["state"], kind=ENTRY)]:
            add_act(session, number, act)
        ids.append(number)
    session.flush()
    return ids


def find_newly_overdue(session: Session, on: datetime.date) -> list[NewlyOverdue]:
    """Dangers past their deadline on a day, without a notice of that deadline; their rows are held."""
    asked = select(HiddenDanger).where(is_overdue(on), ~is_noted()).order_by(HiddenDanger.id).with_for_update()
    return [NewlyOverdue(row.id, row.state, row.deadline) for row in session.scalars(asked) if row.deadline]


def lock_danger(session: Session, number: int) -> int | None:
    """The version of a danger, its row held until the transaction ends; None where there is none."""
    return session.scalar(select(HiddenDanger.version).where(HiddenDanger.id == number).with_for_update())


def change_danger(session: Session, number: int, values: Mapping[str, Any], geometry: Any | None = None) -> None:
    """Set columns of a danger and, where given, its place; its version grows by one. The level follows from the state."""
    place = {} if geometry is None else {"geom": from_shape(geometry, srid=STORAGE_SRID)}
    level = {"level": level_of(values["state"])} if "state" in values else {}
    statement = update(HiddenDanger).where(HiddenDanger.id == number)
    told = {"version": HiddenDanger.version + 1, "changed_at": func.now()}
    session.execute(statement.values(**values, **place, **level, **told))


def known_codes(session: Session, codes: Sequence[str]) -> set[str]:
    """Those of ``codes`` that are registered."""
    return set(session.scalars(select(HiddenDanger.code).where(HiddenDanger.code.in_(codes))))


def next_number(session: Session) -> int:
    """One more than the highest number given so far."""
    return (session.scalar(select(func.max(HiddenDanger.id))) or 0) + 1


def level_of(state: str) -> str | None:
    """``major`` once it was confirmed, ``general`` where that was found, None before and for a state there is not."""
    known = life_of(HIDDEN_DANGER).states.get(state)
    return None if known is None else known.level


def is_ended() -> ColumnElement[bool]:
    """The condition that a danger's life has ended."""
    return HiddenDanger.state.in_(life_of(HIDDEN_DANGER).ends)


def is_overdue(on: datetime.date) -> ColumnElement[bool]:
    """The condition that a danger is in hand and past its deadline on a day."""
    in_hand = HiddenDanger.state.in_(life_of(HIDDEN_DANGER).due_by("deadline"))
    return and_(in_hand, HiddenDanger.deadline < on)


def _narrowed(statement: Select[Any], query: DangerQuery) -> Select[Any]:
    wanted = (
        (HiddenDanger.state, query.state), (HiddenDanger.enterprise_id, query.enterprise),
        (HiddenDanger.village_code, query.village),
    )  # fmt: skip
    for column, value in wanted:
        if value is not None:
            statement = statement.where(column == value)
    if query.is_open is not None:
        statement = statement.where(~is_ended() if query.is_open else is_ended())
    if query.overdue_on is not None:
        statement = statement.where(is_overdue(query.overdue_on))
    if query.window is not None:
        box = func.ST_MakeEnvelope(*query.window, STORAGE_SRID)
        statement = statement.where(func.ST_Intersects(HiddenDanger.geom, box))
    return statement
