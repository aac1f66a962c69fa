"""Grading runs: recorded once, read ever after. The newest run of a unit is the one that is published."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Select, cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID
from gis_layers.geometry import promote_to_multi
from gis_layers.stores.frames import append_frame, read_frame
from gis_layers.stores.zones import Window
from gis_layers.tables.runs import GradedArea, GradingRun

JSON_COLUMNS = ("contributions", "measurements", "risk", "data_gaps")
AREA_COLUMNS = (
    "area", "name", "grade", "grade_rank", "grade_scheme", "score", "maximum", "stability", *JSON_COLUMNS,
)  # fmt: skip


def record_run(session: Session, run: dict[str, Any], areas: gpd.GeoDataFrame) -> GradingRun:
    """Keep a run (columns of ``grading_runs``) and its areas (``AREA_COLUMNS`` and ``geometry``, storage CRS)."""
    row = GradingRun(**run, area_count=len(areas))
    session.add(row)
    session.flush()
    stored = gpd.GeoDataFrame(
        areas[list(AREA_COLUMNS)], geometry=promote_to_multi(areas.geometry.to_numpy()), crs=STORAGE_SRID
    )
    for name in JSON_COLUMNS:
        stored[name] = [json.dumps(value, ensure_ascii=False, allow_nan=False) for value in stored[name]]
    stored["run_id"] = row.id
    table: Any = GradedArea.__table__
    append_frame(session, table, stored)
    return row


def find_run(session: Session, number: int) -> GradingRun | None:
    """The run of this number."""
    return session.get(GradingRun, number)


def latest_run(session: Session, unit: str) -> GradingRun | None:
    """The published run of ``unit``, or None while it was never graded."""
    return session.scalar(select(GradingRun).where(GradingRun.unit == unit).order_by(GradingRun.id.desc()).limit(1))


def list_runs(session: Session, *, unit: str | None, limit: int, offset: int) -> list[GradingRun]:
    """Runs, newest first, of one unit or of all."""
    newest = select(GradingRun).where(*_of_unit(unit)).order_by(GradingRun.id.desc())
    return list(session.scalars(newest.limit(limit).offset(offset)))


def count_runs(session: Session, unit: str | None) -> int:
    """How many runs there are."""
    return session.scalar(select(func.count()).select_from(GradingRun).where(*_of_unit(unit))) or 0


def read_areas(
    session: Session, run: int, window: Window | None = None, *, limit: int | None = None, offset: int = 0
) -> gpd.GeoDataFrame:
    """The areas of a run, those without a grade last and else worst first: ``id run`` and ``AREA_COLUMNS``."""
    ordered = _areas(run, window).order_by(
        GradedArea.grade_rank.asc().nulls_last(), GradedArea.score.desc(), GradedArea.id
    )
    return _plain(read_frame(session, ordered.limit(limit).offset(offset)))


def read_areas_in_order(session: Session, run: int) -> gpd.GeoDataFrame:
    """The areas of a run in the order they were graded."""
    return _plain(read_frame(session, _areas(run, None).order_by(GradedArea.id)))


def count_areas(session: Session, run: int, window: Window | None = None) -> int:
    """How many areas of a run meet ``window``."""
    return session.scalar(select(func.count()).select_from(_areas(run, window).subquery())) or 0


def find_area(session: Session, number: int) -> gpd.GeoDataFrame:
    """The area of this number as a frame of one row, or of none."""
    return _plain(read_frame(session, _columns().where(GradedArea.id == number)))


def read_ranks(session: Session, run: int) -> gpd.GeoDataFrame:
    """Only ``grade grade_rank grade_scheme`` (rank 0 where there is no grade) and ``geometry``, for drawing."""
    rank = func.coalesce(GradedArea.grade_rank, 0).label("grade_rank")
    columns: list[Any] = [GradedArea.grade, rank, GradedArea.grade_scheme, GradedArea.geom]
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


def _of_unit(unit: str | None) -> list[ColumnElement[bool]]:
    return [] if unit is None else [GradingRun.unit == unit]


def _columns() -> Select[Any]:
    columns = [getattr(GradedArea, name) for name in AREA_COLUMNS]
    return select(GradedArea.id, GradedArea.run_id.label("run"), *columns, GradedArea.geom)


def _areas(run: int, window: Window | None) -> Select[Any]:
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
        column = np.empty(len(values), dtype=object)
        column[:] = values
        frame[name] = column
    return frame
