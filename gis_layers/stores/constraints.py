"""Constraint areas and the ground their surveys speak for: kept, listed, and as rows of what surrounds a site."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.crs import DEFAULT_METRIC_CRS, STORAGE_SRID, to_metric, to_storage
from gis_layers.geometry import promote_to_multi
from gis_layers.stores.frames import append_frame, geometries_of, read_frame
from gis_layers.stores.published_zones import zone_set
from gis_layers.stores.town import append_register
from gis_layers.tables.constraints import ConstraintGround, ConstraintSurvey
from risk_model.shapes import VERTICES_A_PIECE, as_array, subdivide
from risk_model.vocabulary import ConstraintSet, ExtentSet

__all__ = [
    "NewConstraints",
    "constraint_set",
    "constraints_of",
    "read_constraint_surveys",
    "save_constraints",
]

AREA, SURVEY = 5, 6
"""The first column of a row that is an area, and of one that is a survey of a kind of land."""
READ_AS: Final = "area"
"""What the rules of land set aside read."""


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


def save_constraints(
    session: Session, survey: NewConstraints, areas: gpd.GeoDataFrame, metric_crs: str = DEFAULT_METRIC_CRS
) -> int:
    """Keep a survey and its areas (``name source_id geometry``, storage CRS, multi polygons); returns the survey's id.

    The ground it speaks for is cut into pieces in the metric CRS, as that of published layers is.
    """
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
    if extent is not None:
        metric = to_metric(as_array([extent]), metric_crs)[0]
        pieces = to_storage(subdivide(metric, at_most=VERTICES_A_PIECE), metric_crs)
        ground = gpd.GeoDataFrame({"survey_id": row.id}, index=range(len(pieces)), geometry=pieces, crs=STORAGE_SRID)
        table: Any = ConstraintGround.__table__
        append_frame(session, table, ground)
    return row.id


def read_constraint_surveys(session: Session) -> gpd.GeoDataFrame:
    """Every survey: ``id kind name source survey_date extent_kind synthetic geometry`` (None where zones speak)."""
    table: Any = ConstraintSurvey.__table__
    columns = [column for column in table.columns if column.name != "created_at"]
    return read_frame(session, select(*columns).order_by(ConstraintSurvey.id))


def constraints_of(within: str = "") -> str:
    """More of a statement of eighteen columns, geometry last but one: areas and surveys of the kinds ``%(set_aside)s``.

    ``within`` (SQL of a box) holds back areas and pieces of surveyed ground whose box it does not meet; every survey also
    comes as one row without geometry, wherever its ground lies.
    """
    near = f"AND geom && {within}" if within else ""
    met = f"AND piece.geom && {within}" if within else ""
    return f"""
UNION ALL SELECT {AREA}, id, 0, kind, '{READ_AS}', NULL, NULL, NULL, name, NULL, NULL, NULL, NULL, NULL, NULL, survey_id,
       ST_AsBinary(geom), NULL
FROM constraint_areas WHERE kind = ANY(CAST(%(set_aside)s AS text[])) {near}
UNION ALL SELECT {SURVEY}, id, NULL, kind, extent_kind, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL
FROM constraint_surveys WHERE kind = ANY(CAST(%(set_aside)s AS text[]))
UNION ALL SELECT {SURVEY}, survey.id, NULL, survey.kind, survey.extent_kind, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, ST_AsBinary(piece.geom), NULL
FROM constraint_ground piece JOIN constraint_surveys survey ON survey.id = piece.survey_id
WHERE survey.kind = ANY(CAST(%(set_aside)s AS text[])) {met}
"""  # noqa: S608 - names of this file and a box the caller wrote


def constraint_set(areas: Sequence[Any], surveys: Sequence[Any], metric_crs: str) -> ConstraintSet:
    """The model's land set aside of such rows without their first column, in the order of their numbers."""
    ordered = sorted(surveys, key=lambda row: row[0])
    geometry = geometries_of([row[-2] for row in ordered])
    drawn = ~shapely.is_missing(geometry)
    geometry[drawn] = to_metric(geometry[drawn], metric_crs)
    surveyed = ExtentSet(
        extent_id=np.asarray([row[0] for row in ordered], dtype=np.int64),
        hazard=np.asarray([row[2] for row in ordered], dtype=object),
        product=np.full(len(ordered), READ_AS, dtype=object),
        own_zones=np.asarray([row[3] == "zones" and row[-2] is None for row in ordered], dtype=bool),
        geometry=geometry,
    )
    found = sorted((row[:-1] for row in areas), key=lambda row: row[0])
    return ConstraintSet(zone_set(found, metric_crs), surveyed)
