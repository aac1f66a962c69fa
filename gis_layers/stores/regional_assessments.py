"""Regional assessments kept by their numbers, and as rows of what surrounds a site."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
from geoalchemy2.shape import from_shape
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, to_metric
from gis_layers.stores.frames import geometries_of
from gis_layers.tables.regional_assessments import RegionalAssessment
from risk_model.shapes import as_array
from risk_model.vocabulary import AssessmentSet

ASSESSMENT: Final = 7
"""The first column of a row that is a regional assessment."""
KEPT = ("name", "kinds", "authority", "valid_from", "valid_to", "synthetic", "geom")


def save_assessments(session: Session, frame: gpd.GeoDataFrame) -> int:
    """Keep ``number name kinds authority valid_from valid_to geometry`` (storage CRS, multi polygons, each number once).

    One whose number is known takes the place of what was known of it: so an approval is prolonged or withdrawn. Returns how
    many were known.
    """
    table: Any = RegionalAssessment.__table__
    rows = [
        {
            **{name: row[name] for name in ("number", "name", "kinds", "authority", "valid_from", "valid_to")},
            "synthetic": bool(row.get("synthetic", False)),
            "geom": from_shape(row["geometry"], srid=STORAGE_SRID),
        }
        for row in frame.to_dict("records")
    ]
    known = session.query(RegionalAssessment).filter(RegionalAssessment.number.in_([row["number"] for row in rows]))
    replaced = known.count()
    if rows:
        stated = insert(table).values(rows)
        told = {name: stated.excluded[name] for name in KEPT}
        session.execute(stated.on_conflict_do_update(index_elements=["number"], set_=told))
    return replaced


def assessments_of(within: str = "") -> str:
    """More of a statement of eighteen columns, geometry last but one: regional assessments, ``within`` (SQL of a box)."""
    near = f"WHERE geom && {within}" if within else ""
    return f"""
UNION ALL SELECT {ASSESSMENT}, id, NULL, number, coalesce(name, ''), valid_from::text, NULL, valid_to::text,
       array_to_json(kinds)::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ST_AsBinary(geom), NULL
FROM regional_assessments {near}
"""  # noqa: S608 - names of this file and a box the caller wrote


def assessment_set(rows: Sequence[Any], metric_crs: str) -> AssessmentSet:
    """The model's regional assessments of such rows without their first column, in the order of their numbers."""
    ordered = sorted(rows, key=lambda row: row[0])
    drawn = geometries_of([row[-2] for row in ordered])
    day = datetime.date.fromisoformat
    return AssessmentSet(
        id=np.asarray([row[0] for row in ordered], dtype=np.int64),
        number=as_array([row[2] for row in ordered]),
        name=as_array([row[3] for row in ordered]),
        kinds=as_array([tuple(json.loads(row[7])) for row in ordered]),
        valid_from=as_array([day(row[4]) for row in ordered]),
        valid_to=as_array([day(row[6]) for row in ordered]),
        geometry=to_metric(drawn, metric_crs),
        drawn=drawn,
    )
