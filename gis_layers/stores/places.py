"""The ground: boundary, villages, roads, water, as frames in the storage CRS."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID
from gis_layers.geometry import promote_to_multi
from gis_layers.stores.frames import append_frame, read_frame
from gis_layers.tables.base import Base
from gis_layers.tables.places import BasemapFeature, Boundary, Road, Village, Water
from risk_model.shapes import as_array

RELIEF_DEGREES = 1e-5
"""About a metre: what nobody sees on a screen."""

KINDS: dict[str, type[Base]] = {
    "villages": Village,
    "roads": Road,
    "water": Water,
    "boundary": Boundary,
    "relief": BasemapFeature,
}


def find_boundary(session: Session) -> BaseGeometry | None:
    """The administrative boundary in the storage CRS: the one loaded, else all villages together; None without either."""
    element = session.scalar(select(Boundary.geom))
    if element is None:
        element = session.scalar(select(func.ST_Union(Village.geom)))
    return None if element is None else to_shape(element)


def save_boundary(session: Session, *, code: str, name: str, geometry: BaseGeometry, synthetic: bool) -> None:
    """Set the one administrative boundary (storage CRS, polygon)."""
    session.execute(delete(Boundary))
    element = from_shape(promote_to_multi(as_array([geometry]))[0], srid=STORAGE_SRID)
    session.add(Boundary(code=code, name=name, synthetic=synthetic, geom=element))
    session.flush()


def read_places(session: Session, kind: str) -> gpd.GeoDataFrame:
    """All rows of ``kind`` (villages, roads, water, boundary, relief) with their columns and ``geometry``."""
    table: Any = KINDS[kind].__table__
    return read_frame(session, select(*table.columns).order_by(*table.primary_key.columns))


def read_relief(session: Session) -> gpd.GeoDataFrame:
    """Railways and contours for drawing: ``kind name elevation_m geometry``, thinned to a metre or so and rounded."""
    shape = func.ST_ReducePrecision(func.ST_Simplify(BasemapFeature.geom, RELIEF_DEGREES), RELIEF_DEGREES)
    columns = (BasemapFeature.id, BasemapFeature.kind, BasemapFeature.name, BasemapFeature.elevation_m)
    return read_frame(session, select(*columns, shape.label("geom")).order_by(BasemapFeature.id))


def append_places(session: Session, kind: str, frame: gpd.GeoDataFrame) -> None:
    """Append ``frame`` to ``kind``; its columns are the table's."""
    table: Any = KINDS[kind].__table__
    append_frame(session, table, frame)


def count_places(session: Session, kind: str) -> int:
    """Number of rows of ``kind`` stored."""
    return session.scalar(select(func.count()).select_from(KINDS[kind])) or 0
