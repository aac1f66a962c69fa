"""Roads as they are driven, in the metric CRS."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, to_metric, to_storage
from gis_layers.roads import RoadLines
from gis_layers.stores.frames import geometries_of
from gis_layers.tables.places import Road
from risk_model.vocabulary import Geometries


def read_road_lines(session: Session, metric_crs: str) -> RoadLines:
    """Every road by its number, in the measuring CRS; km/h and metres are NaN where the road does not say."""
    columns = (Road.id, Road.road_class, Road.oneway, Road.bridge, Road.speed_kmh, Road.length_m, Road.geom)
    rows = session.execute(select(*columns).order_by(Road.id)).all()
    number, road_class, oneway, bridge, speed, length, shape = zip(*rows, strict=True) if rows else ((),) * 7
    return RoadLines(
        np.array(number, dtype=np.int64),
        to_metric(geometries_of(shape), metric_crs),
        np.array(road_class, dtype=object),
        np.array(oneway, dtype=object),
        np.array(bridge, dtype=bool),
        np.array(speed, dtype=float),
        np.array(length, dtype=float),
    )


def read_roads_near(session: Session, shape: shapely.Geometry, within_m: float, metric_crs: str) -> Geometries:
    """Lines of the roads whose boxes come within a distance of ``shape``, all in the measuring CRS."""
    west, south, east, north = shapely.bounds(shape)
    room = shapely.box(west - within_m, south - within_m, east + within_m, north + within_m)
    window = shapely.bounds(to_storage(shapely.segmentize([room], 2000.0), metric_crs)[0])
    box = func.ST_MakeEnvelope(*map(float, window), STORAGE_SRID)
    rows = session.scalars(select(Road.geom).where(Road.geom.op("&&")(box)).order_by(Road.id)).all()
    return to_metric(geometries_of(rows), metric_crs)


def count_roads(session: Session) -> int:
    """Number of roads on record."""
    return session.scalar(select(func.count()).select_from(Road)) or 0


def has_synthetic_roads(session: Session) -> bool:
    """Whether some roads were made up for demonstration."""
    return bool(session.scalar(select(exists().where(Road.synthetic))))


def road_name(session: Session, number: int) -> str | None:
    """The name of a road; None where it has none."""
    return session.scalar(select(Road.name).where(Road.id == number))


def road_names(session: Session, numbers: Iterable[int]) -> dict[int, str]:
    """The names of roads by their number, those without one left out."""
    found = session.execute(select(Road.id, Road.name).where(Road.id.in_(list(numbers)), Road.name.is_not(None))).all()
    return {number: str(name) for number, name in found}
