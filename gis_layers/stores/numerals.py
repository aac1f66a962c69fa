"""Numerals of a theme on a map of many zones: only those whose ground is wide enough, widest first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, Bounds

MOST = 250
"""More numerals than this nobody reads on one screen."""


@dataclass(frozen=True, slots=True)
class NumeralQuery:
    """Theme, window, and how wide the ground must be, in degrees of latitude."""

    hazard: str
    product: str
    window: Bounds
    least_degrees: float


def read_numerals(session: Session, asked: NumeralQuery) -> gpd.GeoDataFrame:
    """``id grade_rank grade_scheme span`` and the point of each graded zone that is wide enough, the widest first.

    ``span`` is the diameter of the largest circle on the zone's ground, in degrees of latitude, and the point its middle,
    measured on degrees pressed together as they are on the map. Outlines are thinned to an eighth of the least width.
    """
    west, south, east, north = asked.window
    values = {
        "west": west, "south": south, "east": east, "north": north, "hazard": asked.hazard, "product": asked.product,
        "least": asked.least_degrees, "pressed": math.cos(math.radians((south + north) / 2)), "most": MOST,
        "srid": STORAGE_SRID,
    }  # fmt: skip
    rows = session.execute(_NUMERALS, values).all()
    columns = {name: [getattr(row, name) for row in rows] for name in ("id", "grade_rank", "grade_scheme", "span")}
    points = [shapely.Point(row.lon, row.lat) for row in rows]
    return gpd.GeoDataFrame(columns, geometry=points, crs=STORAGE_SRID)


_NUMERALS = text("""
WITH large AS (
    SELECT zone_id, grade_rank, grade_scheme, ST_Scale(geom, :pressed, 1) AS ground
    FROM zone_versions
    WHERE to_edition IS NULL AND hazard = :hazard AND product = :product AND grade_rank IS NOT NULL
      AND GeometryType(geom) = 'MULTIPOLYGON'
      AND geom && ST_MakeEnvelope(:west, :south, :east, :north, CAST(:srid AS integer))
      AND LEAST(ST_YMax(geom) - ST_YMin(geom), (ST_XMax(geom) - ST_XMin(geom)) * :pressed) >= :least
), largest AS (
    SELECT * FROM large WHERE ST_Area(ground) >= pi() * (:least / 2) ^ 2
    ORDER BY ST_Area(ground) DESC, zone_id LIMIT :most
)
SELECT zone_id AS id, grade_rank, grade_scheme, radius * 2 AS span, ST_X(center) / :pressed AS lon, ST_Y(center) AS lat
FROM largest, LATERAL ST_MaximumInscribedCircle(ST_SimplifyPreserveTopology(ground, :least / 8)) AS circle
WHERE radius * 2 >= :least ORDER BY radius DESC, zone_id
""")
