"""Vector tiles, cut in Web Mercator by PostGIS from the published edition."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.catalogue import ServedLayer
from gis_layers.crs import STORAGE_SRID, WEB_MERCATOR_SRID

EXTENT = 4096
BUFFER = 64
MAX_ZOOM = 22


def tile_exists(z: int, x: int, y: int) -> bool:
    """Whether the address names a tile of the pyramid."""
    return 0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z


def cut_tile(session: Session, layer: ServedLayer, *, z: int, x: int, y: int) -> bytes:
    """The tile's bytes (empty where nothing lies in it); attributes are the catalogue's columns."""
    columns = "".join(f", {column} AS {name}" for name, column in layer.columns.items())
    statement = text(_CUT.format(columns=columns, source=layer.source, where=layer.where))
    values: dict[str, Any] = {"z": z, "x": x, "y": y, "layer": layer.name, "tolerance": _tolerance(z)}
    return bytes(session.scalar(statement, values) or b"")


def _tolerance(z: int) -> float:
    """A quarter of a tile unit in degrees: what simplification may move unseen."""
    return 360.0 / float(2**z) / EXTENT / 4


_CUT = f"""
WITH bounds AS (SELECT ST_TileEnvelope(:z, :x, :y) AS edge,
                       ST_TileEnvelope(:z, :x, :y, margin => {BUFFER / EXTENT}) AS wide),
window_ AS (SELECT ST_Transform(wide, {STORAGE_SRID}) AS box FROM bounds),
found AS (
    SELECT ST_AsMVTGeom(
        ST_Transform(CASE WHEN :z < 13 THEN ST_SimplifyPreserveTopology(geom, :tolerance) ELSE geom END,
                     {WEB_MERCATOR_SRID}), bounds.edge, {EXTENT}, {BUFFER}, true) AS geom{{columns}}
    FROM {{source}}, bounds, window_
    WHERE geom && window_.box AND {{where}}
)
SELECT ST_AsMVT(found, :layer, {EXTENT}, 'geom') FROM found WHERE geom IS NOT NULL
"""
