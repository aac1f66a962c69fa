"""Enterprises listed, shown, registered and changed; every write graded anew and audited."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.enterprises.descriptions import describe
from app.enterprises.exposure import read_exposures
from app.enterprises.labels import Tell, plainly
from app.judgement.enterprise_grades import regrade
from app.platform.errors import BadParameter, NotFound, Refused
from app.platform.work import Work
from gis_layers.crs import STORAGE_SRID
from gis_layers.stores import enterprises
from gis_layers.stores.enterprises import EnterpriseQuery, InspectionsDue
from gis_layers.stores.gazetteer import refresh_names
from gis_layers.stores.records import record_audit
from risk_model.enterprises import AssessedRiskPoint, assess_point, enterprise_terms
from risk_model.message import msg

TOLD_AS = {"base_grade": "declared_grade", "major_hazard_level": "declared_hazard_level"}
FORM_CALLS = {**TOLD_AS, "criteria": "chosen_criteria"}
"""What an answer calls fields of a change whose names it has for something reckoned."""


def inspections_due(work: Work, on: datetime.date) -> InspectionsDue:
    """The inspections due on a day, by the intervals of the rulebook in force."""
    return InspectionsDue(on, enterprise_terms(work.rulebook).months)


def list_enterprises(
    work: Work, query: EnterpriseQuery, on: datetime.date, tell: Tell = plainly
) -> tuple[gpd.GeoDataFrame, int]:
    """One page of enterprises as ``describe`` tells them, and how many there are in all."""
    frame = enterprises.read_enterprises(work.session, query)
    return _described(work, frame, on, tell), enterprises.count_enterprises(work.session, query)


def with_exposure(work: Work, frame: gpd.GeoDataFrame, on: datetime.date) -> gpd.GeoDataFrame:
    """Enterprises as ``describe`` tells them with what hazard zones their ground touches as ``exposure``."""
    told = read_exposures(work, frame, on)
    return frame.assign(exposure=pd.Series(told, index=frame.index, dtype=object))


def find_enterprise(work: Work, number: int, on: datetime.date, tell: Tell = plainly) -> gpd.GeoDataFrame:
    """One enterprise as ``describe`` tells it with its ``exposure``, a frame of one row. Raises NotFound."""
    frame = enterprises.find_enterprise(work.session, number)
    if frame.empty:
        raise NotFound(msg("没有编号为 {number} 的企业", number=number))
    return with_exposure(work, _described(work, frame, on, tell), on)


def register_enterprise(work: Work, values: dict[str, Any], geometry: BaseGeometry, *, actor: str) -> int:
    """Add an enterprise. Refused where it is registered; InvalidAssessment for figures the rules do not know."""
    _check(work, values)
    row = {TOLD_AS.get(name, name): value for name, value in values.items()}
    columns = {name: pd.Series([value], dtype=object) for name, value in row.items()}
    frame = gpd.GeoDataFrame(columns, geometry=[geometry], crs=STORAGE_SRID)
    (number,), known = enterprises.keep_enterprises(work.session, frame)
    if known:
        raise Refused(
            msg("「{name}」已登记（编号 {number}）；请修改已有的登记", name=values["name"], number=number),
            code="taken",
            existing=number,
        )
    refresh_names(work.session, work.settings.metric_crs)
    regrade(work, cause="created", actor=actor, numbers=[number])
    record_audit(
        work.session, actor=actor, action="register enterprise", subject=f"enterprise {number}", detail=row_told(row)
    )
    return number


def change_enterprise(
    work: Work, number: int, values: dict[str, Any], *, geometry: BaseGeometry | None, actor: str
) -> None:
    """Change what is given of an enterprise whose row is held; the grade follows."""
    _check(work, values)
    row = {TOLD_AS.get(name, name): value for name, value in values.items()}
    points = row.pop("risk_points", None)
    enterprises.change_enterprise(work.session, number, row, geometry)
    if points is not None:
        enterprises.keep_risk_points(work.session, number, points)
        row["risk_points"] = points
    refresh_names(work.session, work.settings.metric_crs)
    regrade(work, cause="changed", actor=actor, numbers=[number])
    record_audit(
        work.session, actor=actor, action="change enterprise", subject=f"enterprise {number}", detail=row_told(row)
    )


def record_inspection(
    session: Session, number: int, *, day: datetime.date, department: str, result: str | None, actor: str
) -> None:
    """Keep an inspection. BadParameter where that department's inspection of that day is there."""
    there = {(row.day, row.department) for row in enterprises.read_inspections(session, number)}
    if (day, department) in there:
        raise Refused(msg("这次检查已登记"), code="taken", errors=[{"field": "day", "message": f"{department} {day}"}])
    enterprises.record_inspection(session, number, day=day, department=department, result=result)
    detail = {"day": day.isoformat(), "department": department}
    record_audit(session, actor=actor, action="record inspection", subject=f"enterprise {number}", detail=detail)


def row_told(row: Mapping[str, object]) -> dict[str, object]:
    """Row of a write as the audit keeps it: everything but contacts, dates as text."""
    kept = {name: value for name, value in row.items() if not name.startswith("contact_")}
    return {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in kept.items()}


def _check(work: Work, values: Mapping[str, Any]) -> None:
    terms = enterprise_terms(work.rulebook)
    for point in values.get("risk_points") or []:
        assess_point(AssessedRiskPoint(**point), terms)
    if values.get("criteria") not in (None, *(one.id for one in terms.criteria)):
        raise BadParameter(
            msg("不认识的判定标准；可用：{known}", known=[one.id for one in terms.criteria]),
            code="rulebook-word",
            errors=[{"field": "criteria", "message": values["criteria"]}],
        )


def _described(work: Work, frame: gpd.GeoDataFrame, on: datetime.date, tell: Tell) -> gpd.GeoDataFrame:
    rulebook, terms = work.rulebook, enterprise_terms(work.rulebook)
    rows: list[Mapping[str, object]] = [
        describe(row, rulebook, terms, on, tell) for row in frame.drop(columns="geometry").to_dict("records")
    ]
    if not rows:
        return frame[["id", "version", "major_hazard_level", "geometry"]]
    columns = {name: pd.Series([row[name] for row in rows], index=frame.index, dtype=object) for name in rows[0]}
    return gpd.GeoDataFrame(columns, geometry=frame.geometry)
