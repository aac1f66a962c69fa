"""Grading runs: recorded once, read ever after. The newest run of a unit is the one that is published."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import ColumnElement, Double, Integer, Select, cast, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from gis_layers.crs import STORAGE_SRID, Bounds
from gis_layers.geometry import promote_to_multi
from gis_layers.stores.frames import append_frame, read_frame
from gis_layers.tables.runs import (
    GradedArea,
    GradingProduct,
    GradingRun,
    LayerRead,
    RunInputs,
    RunMethod,
    RunSummary,
    UnitKind,
)
from risk_model.shapes import as_array

__all__ = [
    "AREA_COLUMNS", "GradeShare", "GradingProduct", "GradingRun", "HazardPart", "LayerRead", "NewRun", "RunInputs", "RunMethod", "RunSummary", "UnitKind",
    "areas_before", "count_areas", "count_runs", "data_date", "find_area", "find_run", "latest_run", "list_runs", "read_areas",
    "read_areas_in_order", "read_contributions", "read_distribution", "read_ranks", "read_scores", "record_run",
]  # fmt: skip

JSON_COLUMNS = ("contested_by", "contributions", "measurements", "risk", "data_gaps")
AREA_COLUMNS = (
    "area", "name", "grade", "grade_rank", "grade_scheme", "score", "maximum", "stability", *JSON_COLUMNS,
)  # fmt: skip


_RISK = GradedArea.risk
_RISK_RANK = _RISK["grade_rank"].astext.cast(Integer)
_RISK_SCORE = _RISK["score"].astext.cast(Double)
_NO_RANK, _NO_SCORE = 1_000, -1.0
"""Behind every rank, below every score."""
_CONTRIBUTIONS = text("""
SELECT hazard, sum(area * weighted) / NULLIF(sum(area) FILTER (WHERE weighted IS NOT NULL), 0) AS weighted,
       sum(area * value) / NULLIF(sum(area) FILTER (WHERE value IS NOT NULL), 0) AS value,
       coalesce(sum(area) FILTER (WHERE value IS NULL), 0) / sum(area) AS unknown_share
FROM (SELECT part ->> 'hazard' AS hazard, (part ->> 'weighted')::float AS weighted, (part ->> 'value')::float AS value,
             (measurements ->> 'area_m2')::float AS area
      FROM graded_areas, jsonb_array_elements(contributions) AS part WHERE run_id = :run) AS parts
GROUP BY hazard ORDER BY weighted DESC NULLS LAST, hazard
""")


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run about to be kept; columns as in ``tables.runs``."""

    unit: str
    cell_m: float | None
    set_id: int | None
    edition: int
    edition_fingerprint: str
    rulebook_version: str
    rulebook_fingerprint: str
    metric_crs: str
    method: RunMethod
    inputs: RunInputs
    inputs_digest: str
    results_digest: str
    summary: RunSummary
    started_at: datetime.datetime
    ended_at: datetime.datetime
    created_by: str


class GradeShare(TypedDict):
    """Areas, ground and counted people of one grade; rank None is ground without a grade."""

    grade_rank: int | None
    areas: int
    area_m2: float
    people: float | None
    uncounted: int


class HazardPart(TypedDict):
    """Score added by a hazard over all ground it is known on, and the share of ground it is not known on."""

    hazard: str
    weighted: float | None
    value: float | None
    unknown_share: float


def record_run(session: Session, new: NewRun, parts: Iterable[gpd.GeoDataFrame], *, area_count: int) -> GradingRun:
    """Keep a run and its areas (``AREA_COLUMNS`` and ``geometry``, storage CRS).

    The areas come in ``parts``, one after the other, so that a run of many needs little memory.
    """
    row = GradingRun(**{field.name: getattr(new, field.name) for field in fields(NewRun)}, area_count=area_count)
    session.add(row)
    session.flush()
    for part in parts:
        _append_areas(session, row.id, part)
    return row


def _append_areas(session: Session, run: int, areas: gpd.GeoDataFrame) -> None:
    stored = gpd.GeoDataFrame(
        areas[list(AREA_COLUMNS)], geometry=promote_to_multi(areas.geometry.to_numpy()), crs=STORAGE_SRID
    )
    for name in JSON_COLUMNS:
        stored[name] = [json.dumps(value, ensure_ascii=False, allow_nan=False) for value in stored[name]]
    stored["run_id"] = run
    table: Any = GradedArea.__table__
    append_frame(session, table, stored)


def data_date(run: GradingRun) -> str | None:
    """The day (ISO 8601) of the newest survey a run read, or None where no survey told its day."""
    days = [layer["survey_date"] for hazard in run.inputs["hazards"] for layer in hazard["layers"]]
    return max((day for day in days if day), default=None)


def find_run(session: Session, number: int) -> GradingRun | None:
    """The run of this number."""
    return session.get(GradingRun, number)


def latest_run(session: Session, unit: str, set_id: int | None = None) -> GradingRun | None:
    """The published run of ``unit`` (of one set of polygons where given), or None while it was never graded."""
    newest = select(GradingRun).where(*_of_unit(unit, set_id)).order_by(GradingRun.id.desc())
    return session.scalar(newest.limit(1))


def list_runs(
    session: Session, *, unit: str | None, set_id: int | None = None, limit: int, offset: int = 0
) -> list[GradingRun]:
    """Runs, newest first, of one unit (and set of polygons) or of all."""
    newest = select(GradingRun).where(*_of_unit(unit, set_id)).order_by(GradingRun.id.desc())
    return list(session.scalars(newest.limit(limit).offset(offset)))


def count_runs(session: Session, unit: str | None) -> int:
    """Number of runs."""
    return session.scalar(select(func.count()).select_from(GradingRun).where(*_of_unit(unit))) or 0


def read_areas(
    session: Session,
    run: int,
    window: Bounds | None = None,
    *,
    by_risk: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> gpd.GeoDataFrame:
    """The areas of a run, those without a grade last and else worst first: ``id run`` and ``AREA_COLUMNS``.

    ``by_risk`` orders them by their risk instead of their hazard grade.
    """
    ordered = _areas(run, window).order_by(*_turn(by_risk=by_risk))
    return _plain(read_frame(session, ordered.limit(limit).offset(offset)))


def read_areas_in_order(session: Session, run: int) -> gpd.GeoDataFrame:
    """The areas of a run in the order they were graded."""
    return _plain(read_frame(session, _areas(run, None).order_by(GradedArea.id)))


def count_areas(session: Session, run: int, window: Bounds | None = None) -> int:
    """Number of areas of a run that meet ``window``."""
    return session.scalar(select(func.count()).select_from(_areas(run, window).subquery())) or 0


def areas_before(session: Session, run: int, number: int, *, by_risk: bool = False) -> int | None:
    """Number of areas of ``run`` before area ``number`` in the order of ``read_areas``; None without such an area."""
    turn = _turn(by_risk=by_risk)
    own = session.execute(select(*turn).where(GradedArea.id == number, GradedArea.run_id == run)).first()
    if own is None:
        return None
    before = select(func.count()).where(GradedArea.run_id == run, tuple_(*turn) < tuple_(*own))
    return session.scalar(before) or 0


def find_area(session: Session, number: int) -> gpd.GeoDataFrame:
    """The area of this number as a frame of one row, or of none."""
    return _plain(read_frame(session, _columns().where(GradedArea.id == number)))


def read_ranks(session: Session, run: int, *, by_risk: bool = False) -> gpd.GeoDataFrame:
    """Only ``grade grade_rank grade_scheme`` (rank 0 where there is no grade) and ``geometry``, for drawing."""
    risk = (_RISK["grade"].astext, _RISK_RANK, _RISK["grade_scheme"].astext)
    grade, rank, scheme = risk if by_risk else (GradedArea.grade, GradedArea.grade_rank, GradedArea.grade_scheme)
    columns: list[Any] = [
        grade.label("grade"), func.coalesce(rank, 0).label("grade_rank"), scheme.label("grade_scheme"), GradedArea.geom,
    ]  # fmt: skip
    return read_frame(session, select(*columns).where(GradedArea.run_id == run).order_by(GradedArea.id))


def read_scores(session: Session, run: int) -> list[tuple[str, str, int, list[float | None], list[str]]]:
    """Of every area in the order they were graded: key, name, rank (0: none), score of each hazard, the hazards."""
    values, hazards = (
        func.jsonb_path_query_array(GradedArea.contributions, cast(path, JSONPATH))
        for path in ("$[*].value", "$[*].hazard")
    )
    rank = func.coalesce(GradedArea.grade_rank, 0)
    asked = select(GradedArea.area, GradedArea.name, rank, values, hazards).where(GradedArea.run_id == run)
    return [tuple(row) for row in session.execute(asked.order_by(GradedArea.id))]


def read_distribution(session: Session, run: int, *, by_risk: bool = False) -> list[GradeShare]:
    """Distribution over the grades, worst first and without a grade (rank None) last.

    ``uncounted`` areas are those whose people nobody knows.
    """
    rank = _RISK_RANK if by_risk else GradedArea.grade_rank
    people = GradedArea.measurements["population"].astext.cast(Double)
    area_m2 = GradedArea.measurements["area_m2"].astext.cast(Double)
    statement = (
        select(
            rank.label("grade_rank"),
            func.count().label("areas"),
            func.sum(area_m2).label("area_m2"),
            func.sum(people).label("people"),
            func.count().filter(people.is_(None)).label("uncounted"),
        )
        .where(GradedArea.run_id == run)
        .group_by(rank)
        .order_by(rank.asc().nulls_last())
    )
    return [
        {
            "grade_rank": row.grade_rank,
            "areas": row.areas,
            "area_m2": row.area_m2,
            "people": row.people,
            "uncounted": row.uncounted,
        }
        for row in session.execute(statement)
    ]


def read_contributions(session: Session, run: int) -> list[HazardPart]:
    """Score added by each hazard over all ground it is known on, the largest first."""
    return [
        {"hazard": row.hazard, "weighted": row.weighted, "value": row.value, "unknown_share": row.unknown_share}
        for row in session.execute(_CONTRIBUTIONS, {"run": run})
    ]


def _turn(*, by_risk: bool) -> tuple[Any, Any, Any]:
    """Order of areas: worst first, those without a grade last, at equal score by number."""
    rank, score = (_RISK_RANK, _RISK_SCORE) if by_risk else (GradedArea.grade_rank, GradedArea.score)
    return func.coalesce(rank, _NO_RANK), -func.coalesce(score, _NO_SCORE), GradedArea.id


def _of_unit(unit: str | None, set_id: int | None = None) -> list[ColumnElement[bool]]:
    of_unit = [] if unit is None else [GradingRun.unit == unit]
    return of_unit if set_id is None else [*of_unit, GradingRun.set_id == set_id]


def _columns() -> Select[Any]:
    columns = [getattr(GradedArea, name) for name in AREA_COLUMNS]
    return select(GradedArea.id, GradedArea.run_id.label("run"), *columns, GradedArea.geom)


def _areas(run: int, window: Bounds | None) -> Select[Any]:
    statement = _columns().where(GradedArea.run_id == run)
    if window is None:
        return statement
    return statement.where(func.ST_Intersects(GradedArea.geom, func.ST_MakeEnvelope(*window, STORAGE_SRID)))


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Texts and numbers are None where there are none, never NaN."""
    for name in ("grade", "grade_rank", "grade_scheme", "score", "maximum", "stability"):
        values = [None if pd.isna(value) else value for value in frame[name]]
        if name == "grade_rank":
            values = [None if value is None else int(value) for value in values]
        frame[name] = as_array(values)
    return frame
