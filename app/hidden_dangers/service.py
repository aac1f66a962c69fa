"""Hidden dangers listed and registered; the enterprise they are in is graded anew."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.judgement.enterprise_grades import regrade
from app.platform.errors import BadParameter, NotFound, Refused
from app.platform.work import Work
from gis_layers.crs import STORAGE_SRID
from gis_layers.exchange.layers.hidden_dangers import contradiction
from gis_layers.stores import enterprises, hidden_dangers
from gis_layers.stores.hidden_dangers import DangerQuery
from gis_layers.stores.records import record_audit
from risk_model.decisions import HIDDEN_DANGER, Facts, NextStep, life_of, next_steps, overdue_in
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


def next_steps_of(row: Mapping[Any, Any], on: datetime.date) -> tuple[NextStep, ...]:
    """The steps that lead on from where a danger stands, by what the register keeps of it.

    Who did what before is not in the register: where a step depends on that, it says that this is missing.
    """
    given = frozenset(name for name, value in row.items() if value is not None)
    days = {name: value for name, value in row.items() if isinstance(value, datetime.date)}
    return next_steps(life_of(HIDDEN_DANGER), row["state"], Facts(given=given, days=days), on)


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
    _check(row, on)
    row["code"] = row.get("code") or _next_code(work.session, on)
    if hidden_dangers.known_codes(work.session, [row["code"]]):
        raise Refused(msg("隐患编号「{code}」已登记", code=row["code"]), code="taken")
    columns = {name: pd.Series([value], dtype=object) for name, value in row.items()}
    frame = gpd.GeoDataFrame(columns, geometry=[place], crs=STORAGE_SRID)
    (number,) = hidden_dangers.keep_dangers(work.session, frame)
    if owner is not None:
        regrade(work, cause="danger_recorded", actor=actor, numbers=[int(owner["id"])])
    detail = {"code": row["code"], "state": row["state"], "enterprise": row.get("enterprise_id")}
    record_audit(
        work.session, actor=actor, action="register hidden danger", subject=f"hidden danger {number}", detail=detail
    )
    return number


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


def _check(row: dict[str, Any], on: datetime.date) -> None:
    trouble = contradiction(row)
    if (
        trouble is None
        and "confirmed_on" not in life_of(HIDDEN_DANGER).states[row["state"]].records
        and row["confirmed_on"]
    ):
        trouble = msg("还没有确认，却有确认日期")
    if trouble is None and max(row["found_on"], row["confirmed_on"] or row["found_on"]) > on:
        trouble = msg("的日期在将来")
    if trouble is not None:
        wrong = [{"field": "found_on", "message": trouble}]
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
