"""Vector tiles, cut in Web Mercator by PostGIS from the published edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis_layers.catalogue import ServedLayer
from gis_layers.crs import STORAGE_SRID, WEB_MERCATOR_SRID

EXTENT = 4096
BUFFER = 64
MAX_ZOOM = 22


@dataclass(frozen=True, slots=True)
class Cut:
    """A tile, and of its layer only the rows whose catalogue columns have these values."""

    z: int
    x: int
    y: int
    only: tuple[tuple[str, str], ...] = ()


def tile_exists(z: int, x: int, y: int) -> bool:
    """Whether the address names a tile of the pyramid."""
    return 0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z


def cut_tile(session: Session, layer: ServedLayer, cut: Cut) -> bytes:
    """The tile's bytes (empty where nothing lies in it); attributes are the catalogue's columns."""
    columns = "".join(f", {column} AS {name}" for name, column in layer.columns.items())
    narrowed = "".join(f" AND {layer.columns[name]} = :only_{name}" for name, _ in cut.only)
    statement = text(_CUT.format(columns=columns, source=layer.source, where=layer.where + narrowed))
    values: dict[str, Any] = {"z": cut.z, "x": cut.x, "y": cut.y, "layer": layer.name}
    values["tolerance"] = _unit(cut.z) * UNSEEN_UNITS
    values |= {f"only_{name}": value for name, value in cut.only}
    return bytes(session.scalar(statement, values) or b"")


UNSEEN_UNITS = 4
"""Simplification may move a corner by so many of a tile's 4096 units: a quarter of a pixel of a 256-pixel tile."""


def _unit(z: int) -> float:
    """A tile unit in degrees of longitude."""
    return 360.0 / float(2**z) / EXTENT


_CUT = f"""
WITH bounds AS (SELECT ST_TileEnvelope(:z, :x, :y) AS edge,
                       ST_TileEnvelope(:z, :x, :y, margin => {BUFFER / EXTENT}) AS wide),
window_ AS (SELECT ST_Transform(wide, {STORAGE_SRID}) AS box FROM bounds),
found AS (
    SELECT ST_AsMVTGeom(
        ST_Transform(CASE WHEN :z < 15 THEN ST_Simplify(geom, :tolerance, true) ELSE geom END,
                     {WEB_MERCATOR_SRID}), bounds.edge, {EXTENT}, {BUFFER}, true) AS geom{{columns}}
    FROM {{source}}, bounds, window_
    WHERE geom && window_.box AND {{where}}
)
SELECT ST_AsMVT(found, :layer, {EXTENT}, 'geom') FROM found WHERE geom IS NOT NULL
"""
