"""Hidden dangers listed, registered and changed; the enterprise they are in is graded anew."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.http.masking import PERSONS
from app.judgement.enterprise_grades import regrade
from app.platform.errors import BadParameter, NotFound, Refused
from app.platform.work import Work
from gis_layers.crs import STORAGE_SRID
from gis_layers.exchange.layers.hidden_dangers import contradiction
from gis_layers.stores import enterprises, hidden_dangers
from gis_layers.stores.danger_acts import ENTRY, NOTICE, DangerAct, NewAct
from gis_layers.stores.hidden_dangers import DangerQuery
from gis_layers.stores.records import record_audit
from risk_model.decisions import HIDDEN_DANGER, Act, Facts, NextStep, life_of, next_steps, overdue_in
from risk_model.message import msg


def list_dangers(session: Session, query: DangerQuery, on: datetime.date) -> tuple[gpd.GeoDataFrame, int]:
    """One page of dangers with ``overdue_days``, and how many there are in all."""
    return _dated(hidden_dangers.read_dangers(session, query), on), hidden_dangers.count_dangers(session, query)


def find_danger(session: Session, number: int, on: datetime.date) -> gpd.GeoDataFrame:
    """One danger as a frame of one row. Raises NotFound."""
    frame = hidden_dangers.read_dangers(session, number=number)
    if frame.empty:
        raise NotFound(msg("没有编号为 {number} 的隐患", number=number))
    return _dated(frame, on)


def next_steps_of(row: Mapping[Any, Any], acts: Sequence[DangerAct], on: datetime.date) -> tuple[NextStep, ...]:
    """The steps that lead on from where a danger stands, by what is on record of it and who did what."""
    return next_steps(life_of(HIDDEN_DANGER), row["state"], facts_of(row, acts), on)


def facts_of(row: Mapping[Any, Any], acts: Sequence[DangerAct]) -> Facts:
    """What a life is asked about a danger: a row of the register, and the acts on it, notices apart."""
    given = frozenset(name for name, value in row.items() if value is not None)
    days = {name: value for name, value in row.items() if isinstance(value, datetime.date)}
    taken = tuple(
        Act(one.step or one.kind, one.taken_by, enters=one.state if one.kind == ENTRY else None)
        for one in acts
        if one.kind != NOTICE
    )
    return Facts(taken, given, days)


def register_danger(
    work: Work, values: dict[str, Any], geometry: BaseGeometry | None, *, actor: str, on: datetime.date
) -> int:  # fmt: skip
    """Add a danger at its place, else at that of its enterprise. Refused for a code that is taken."""
    owner = _owner(work.session, values.get("enterprise_id"))
    if geometry is None and owner is None:
        raise BadParameter(
            msg("请给出隐患的位置，或它所在的企业"), errors=[{"field": "geometry", "message": msg("缺少")}]
        )
    place = geometry if geometry is not None else shapely.point_on_surface(owner.geometry)  # type: ignore[union-attr]
    row: dict[str, Any] = {
        "place": None,
        "village_code": None,
        "sector": None,
        "deadline": None,
        "closed_on": None,
        "confirmed_on": None,
    }
    row |= {} if owner is None else {name: owner[name] for name in ("village_code", "sector")}
    row |= {name: value for name, value in values.items() if value is not None}
    check_days(row, on)
    row["code"] = row.get("code") or _next_code(work.session, on)
    if hidden_dangers.known_codes(work.session, [row["code"]]):
        raise Refused(msg("隐患编号「{code}」已登记", code=row["code"]), code="taken")
    columns = {name: pd.Series([value], dtype=object) for name, value in row.items()}
    frame = gpd.GeoDataFrame(columns, geometry=[place], crs=STORAGE_SRID)
    (number,) = hidden_dangers.keep_dangers(work.session, frame, by=actor, begun=_begun(row, actor))
    if owner is not None:
        regrade(work, cause="danger_recorded", actor=actor, numbers=[int(owner["id"])])
    detail = {"code": row["code"], "state": row["state"], "enterprise": row.get("enterprise_id")}
    record_audit(
        work.session, actor=actor, action="register hidden danger", subject=f"hidden danger {number}", detail=detail
    )
    return number


def change_danger(
    work: Work, number: int, values: dict[str, Any], *, geometry: BaseGeometry | None, actor: str, on: datetime.date
) -> None:
    """Change what is given of a danger whose row is held; who answers for it stays out of the audit.

    Refused once it has ended, and for a deadline that runs.
    """
    (row,) = hidden_dangers.read_dangers(work.session, number=number).to_dict("records")
    state = life_of(HIDDEN_DANGER).states[row["state"]]
    if state.end:
        raise Refused(msg("这件事已经了结，不能再办理"), code="ended", state=state.key)
    if "deadline" in state.records and values.get("deadline", row["deadline"]) != row["deadline"]:
        wrong = [{"field": "deadline", "message": msg("已交办，期限只能申请延期")}]
        raise Refused(msg("已交办，期限只能申请延期"), code="step", state=state.key, errors=wrong)
    check_days({**{str(name): value for name, value in row.items()}, **values}, on)
    hidden_dangers.change_danger(work.session, number, values, geometry)
    detail = {name: as_text(value) for name, value in values.items() if name not in PERSONS}
    record_audit(
        work.session, actor=actor, action="change hidden danger", subject=f"hidden danger {number}", detail=detail
    )


def _begun(row: Mapping[str, Any], actor: str) -> list[NewAct]:
    """The steps that lead to where a danger is registered, all of them this person's: the shortest way there."""
    life, ways = life_of(HIDDEN_DANGER), [[step] for step in life_of(HIDDEN_DANGER).beginnings]
    while ways[0][-1].to != row["state"]:
        way = ways.pop(0)
        ways += [[*way, step] for step in life.leaving(way[-1].to) if step not in way]
    return [
        NewAct(actor, step.to, step.key, content={name: as_text(row[name]) for name in step.records if row.get(name)})
        for step in ways[0]
    ]


def as_text(value: object) -> object:
    """A value as an act keeps it: days and moments as text."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def _owner(session: Session, number: int | None) -> pd.Series[Any] | None:
    if number is None:
        return None
    found = enterprises.find_enterprise(session, number)
    if found.empty:
        raise BadParameter(
            msg("没有编号为 {number} 的企业", number=number),
            code="no-such-thing",
            errors=[{"field": "enterprise_id", "message": str(number)}],
        )
    return found.iloc[0]


def check_days(row: Mapping[str, Any], on: datetime.date) -> None:
    """Raises BadParameter, at the field that is wrong, where the days of a danger contradict its state or one another."""
    trouble, field = contradiction(row), "found_on"
    confirmed = life_of(HIDDEN_DANGER).states[row["state"]].records
    if trouble is None and "confirmed_on" not in confirmed and row["confirmed_on"]:
        trouble = msg("还没有确认，却有确认日期")
    for name in ("found_on", "confirmed_on", "closed_on"):
        if trouble is None and (row.get(name) or on) > on:
            trouble, field = msg("的日期在将来"), name
    if trouble is not None:
        wrong = [{"field": field, "message": msg("隐患{trouble}", trouble=trouble)}]
        raise BadParameter(msg("隐患{trouble}", trouble=trouble), code="days", errors=wrong)


def _next_code(session: Session, on: datetime.date) -> str:
    """A code of this service for a danger that came without one."""
    return f"YH-{on.year}-{hidden_dangers.next_number(session):06d}"


def _dated(frame: gpd.GeoDataFrame, on: datetime.date) -> gpd.GeoDataFrame:
    late = [
        overdue_in(life_of(HIDDEN_DANGER), state, {"deadline": deadline}, on)
        for state, deadline in zip(frame["state"], frame["deadline"], strict=True)
    ]
    return frame.drop(columns=["created_at", "changed_at"]).assign(overdue_days=pd.Series(late, index=frame.index, dtype=object))  # fmt: skip
