"""Constraint areas and the ground their surveys speak for."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID
from gis_layers.geometry import as_array, promote_to_multi
from gis_layers.stores.frames import read_frame
from gis_layers.stores.town import append_register
from gis_layers.tables.constraints import CONSTRAINT_KINDS, ConstraintSurvey

__all__ = ["CONSTRAINT_KINDS", "NewConstraints", "read_constraint_surveys", "save_constraints"]


@dataclass(frozen=True, slots=True)
class NewConstraints:
    """A delivery of one kind; ``extent`` in the storage CRS, None where the areas themselves are the surveyed ground."""

    kind: str
    name: str
    source: str | None = None
    survey_date: datetime.date | None = None
    extent_kind: str = "zones"
    extent: BaseGeometry | None = None
    synthetic: bool = False


def save_constraints(session: Session, survey: NewConstraints, areas: gpd.GeoDataFrame) -> int:
    """Keep a survey and its areas (``name source_id geometry``, storage CRS, multi polygons); returns the survey's id."""
    extent = None if survey.extent is None else promote_to_multi(as_array([survey.extent]))[0]
    row = ConstraintSurvey(
        kind=survey.kind,
        name=survey.name,
        source=survey.source,
        survey_date=survey.survey_date,
        extent_kind=survey.extent_kind,
        synthetic=survey.synthetic,
        geom=None if extent is None else from_shape(extent, srid=STORAGE_SRID),
    )
    session.add(row)
    session.flush()
    kept = areas[["name", "source_id", "geometry"]].assign(
        survey_id=row.id, kind=survey.kind, synthetic=survey.synthetic
    )
    append_register(session, "constraints", kept)
    return row.id


def read_constraint_surveys(session: Session) -> gpd.GeoDataFrame:
    """Every survey: ``id kind name source survey_date extent_kind synthetic geometry`` (None where zones speak)."""
    table: Any = ConstraintSurvey.__table__
    columns = [column for column in table.columns if column.name != "created_at"]
    return read_frame(session, select(*columns).order_by(ConstraintSurvey.id))
