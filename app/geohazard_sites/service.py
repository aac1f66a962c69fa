"""Geohazard sites registered, changed, watched and struck off; every write is audited, every act kept."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.geohazard_sites.schemas import NewPatrol
from app.judgement.approval import covers, state_after
from app.platform.errors import BadParameter, NotAllowed, NotFound, Refused
from app.platform.principals import Principal
from app.platform.work import Work
from gis_layers.crs import STORAGE_SRID
from gis_layers.stores import geohazard_sites
from gis_layers.stores.geohazard_sites import ENTRY, PATROL, NewSiteAct, SiteAct, SiteZone
from gis_layers.stores.records import record_audit
from gis_layers.stores.town import RegisterQuery, read_register
from risk_model.decisions import GEOHAZARD_SITE, Act, Facts, NextStep, life_of, next_steps
from risk_model.message import msg

LIFE = life_of(GEOHAZARD_SITE)
REGISTER = "geohazard-sites"
RISK_ZONES = ("geological", "declared_geological")
"""Hazards whose zones a site is watched together with (隐患点 + 风险区双控)."""
CALLED = ("contact_name", "contact_phone")
"""Who watches stays out of the audit."""


def find_site(session: Session, number: int) -> gpd.GeoDataFrame:
    """One site as a frame of one row. Raises NotFound."""
    frame = read_register(session, REGISTER, RegisterQuery(number=number))
    if frame.empty:
        raise NotFound(msg("没有编号为 {number} 的地质灾害隐患点", number=number))
    return frame


def held_version(session: Session, number: int) -> int:
    """The version of a site, its row held until the transaction ends. Raises NotFound."""
    version = geohazard_sites.lock_site(session, number)
    if version is None:
        raise NotFound(msg("没有编号为 {number} 的地质灾害隐患点", number=number))
    return version


def zones_of(session: Session, number: int) -> list[SiteZone]:
    """The risk zones in force a site lies in."""
    return geohazard_sites.zones_at_sites(session, [number], RISK_ZONES)[number]


def next_steps_of(row: Mapping[Any, Any], acts: Sequence[SiteAct], on: datetime.date) -> tuple[NextStep, ...]:
    """The steps that lead on from where a site stands."""
    return next_steps(LIFE, row["state"], _facts(row, acts), on)


def register_site(
    work: Work, values: Mapping[str, Any], geometry: BaseGeometry, *, by: Principal, on: datetime.date
) -> int:  # fmt: skip
    """Add a site that a document recognised; its number. Refused for a code that is taken."""
    _require_past(values, on)
    if geohazard_sites.known_sites(work.session, [values["code"]]):
        raise Refused(msg("隐患点编号「{code}」已登记", code=values["code"]), code="taken")
    (first,) = LIFE.beginnings
    row = {**values, "state": first.to}
    columns = {name: pd.Series([value], dtype=object) for name, value in row.items()}
    content = {name: as_text(row[name]) for name in ("recognised_by", "recognised_on")}
    begun = [NewSiteAct(by.name, first.to, step=first.key, content=content)]
    frame = gpd.GeoDataFrame(columns, geometry=[geometry], crs=STORAGE_SRID)
    (number,) = geohazard_sites.keep_sites(work.session, frame, by=by.name, begun=begun)
    _audit(work.session, by, "register geohazard site", number, row)
    return number


def change_site(
    work: Work, number: int, values: Mapping[str, Any], *, geometry: BaseGeometry | None, by: Principal, on: datetime.date
) -> None:  # fmt: skip
    """Change what is given of a site whose row is held. Refused once it was struck off."""
    (row,) = find_site(work.session, number).to_dict("records")
    _require_open(row)
    _require_past(values, on)
    geohazard_sites.change_site(work.session, number, values, geometry)
    _audit(work.session, by, "change geohazard site", number, values)


def take_step(
    work: Work, number: int, key: str, brought: Mapping[str, Any], *, by: Principal, on: datetime.date
) -> None:  # fmt: skip
    """Take a step on a site whose row is held: the act is kept, the register follows.

    Raises Refused with the steps that lead on or what is missing on record, NotAllowed, BadParameter.
    """
    step = LIFE.steps[key]
    if not covers(by, step.roles):
        raise NotAllowed(msg("「{step}」须由另一位有权限的人办理", step=step.name))
    (row,) = find_site(work.session, number).to_dict("records")
    acts = geohazard_sites.read_site_acts(work.session, number)
    state = state_after(LIFE, _facts(row, acts), Act(key, by.name), brought=brought)
    _require_past(brought, on)
    after, before = brought.get("struck_off_on"), row["recognised_on"]
    if after is not None and before is not None and after < before:
        raise _wrong_day("struck_off_on", msg("核销日期早于认定日期"))
    recorded = {name: brought[name] for name in step.records}
    geohazard_sites.change_site(work.session, number, {**recorded, "state": state})
    content = {name: as_text(value) for name, value in brought.items() if name != "comment"}
    act = NewSiteAct(by.name, state, step=key, comment=brought.get("comment"), content=content)
    geohazard_sites.add_site_act(work.session, number, act)
    _audit(work.session, by, "step on geohazard site", number, {"step": key, "state": state, **content})


def patrol(work: Work, number: int, told: NewPatrol, *, by: Principal, on: datetime.date) -> None:
    """Keep a patrol of a site whose row is held. Refused once it was struck off."""
    (row,) = find_site(work.session, number).to_dict("records")
    _require_open(row)
    _require_past({"day": told.day}, on)
    content = {"day": told.day.isoformat(), "finding": told.finding}
    act = NewSiteAct(by.name, row["state"], PATROL, comment=told.said, content=content)
    geohazard_sites.add_site_act(work.session, number, act)
    _audit(work.session, by, "patrol geohazard site", number, content)


def as_text(value: object) -> object:
    """A value as an act keeps it: days as text."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def _facts(row: Mapping[Any, Any], acts: Sequence[SiteAct]) -> Facts:
    given = frozenset(str(name) for name, value in row.items() if value is not None)
    taken = tuple(
        Act(one.step or one.kind, one.taken_by, enters=one.state if one.kind == ENTRY else None)
        for one in acts
        if one.kind != PATROL
    )
    return Facts(taken, given)


def _require_open(row: Mapping[Any, Any]) -> None:
    if LIFE.states[row["state"]].end:
        raise Refused(msg("这个隐患点已核销，不能再改；重新出现险情请新登记"), code="ended", state=row["state"])


def _require_past(values: Mapping[str, Any], on: datetime.date) -> None:
    for name, value in values.items():
        if isinstance(value, datetime.date) and value > on:
            raise _wrong_day(name, msg("日期在将来；请核对"))


def _wrong_day(field: str, why: str) -> BadParameter:
    return BadParameter(why, code="days", errors=[{"field": field, "message": why}])


def _audit(session: Session, by: Principal, action: str, number: int, values: Mapping[str, Any]) -> None:
    detail = {name: as_text(value) for name, value in values.items() if name not in CALLED}
    subject = f"geohazard site {number}"
    record_audit(session, actor=by.name, action=action, subject=subject, detail=detail)
