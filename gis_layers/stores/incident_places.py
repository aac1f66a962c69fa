"""The ground an incident lies on: the nearest enterprise, road, water and house of a village."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import CompoundSelect, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, to_metric, to_storage
from gis_layers.stores.frames import geometries_of
from gis_layers.tables.places import Road, Village, Water
from gis_layers.tables.town import Building, Enterprise, Group
from risk_model.incidents import IncidentPlace
from risk_model.shapes import as_array

_MOST = 500
"""Things of a kind that are measured: the nearest in degrees, among which the nearest in metres is."""


@dataclass(frozen=True, slots=True)
class NearThing:
    """The nearest of a kind of place: its name where it has one, and the metres to it."""

    name: str | None
    away_m: float


def nearest_of_each(
    session: Session, place: BaseGeometry, reach_m: Mapping[IncidentPlace, float], road_classes: Iterable[str], *, metric_crs: str
) -> dict[IncidentPlace, NearThing]:  # fmt: skip
    """The nearest of each kind of place within its reach (metres) of ``place`` (metric CRS); a kind without any is left out."""
    (window,) = to_storage(as_array([place.buffer(max(reach_m.values())).envelope]), metric_crs)
    box = func.ST_MakeEnvelope(*window.bounds, STORAGE_SRID)
    rows = session.execute(_all_near(box, road_classes)).all()
    shapes = to_metric(geometries_of([row.shape for row in rows]), metric_crs)
    found: dict[IncidentPlace, NearThing] = {}
    for row, away_m in zip(rows, shapely.distance(shapes, place), strict=True):
        what = IncidentPlace(row.what)
        if away_m <= reach_m[what] and (what not in found or away_m < found[what].away_m):
            found[what] = NearThing(row.name, float(away_m))
    return found


def _all_near(box: Any, road_classes: Iterable[str]) -> CompoundSelect[Any]:
    seat = func.ST_SetSRID(func.ST_MakePoint(Village.seat_lon, Village.seat_lat), STORAGE_SRID)
    return union_all(
        _near(IncidentPlace.ENTERPRISE, Enterprise.name, Enterprise.geom, box),
        _near(IncidentPlace.ROAD, Road.name, Road.geom, box).where(Road.road_class.in_(sorted(road_classes))),
        _near(IncidentPlace.WATER, Water.name, Water.geom, box),
        _near(IncidentPlace.VILLAGE, Building.group_name, Building.geom, box),
        _near(IncidentPlace.VILLAGE, Group.name, Group.geom, box),
        _near(IncidentPlace.VILLAGE, Village.name, seat, box),
    )


def _near(what: IncidentPlace, name: Any, shape: Any, box: Any) -> Select[Any]:
    told = select(literal(what.value).label("what"), name.label("name"), func.ST_AsBinary(shape).label("shape"))
    return told.where(shape.op("&&")(box)).order_by(shape.op("<->")(func.ST_Centroid(box))).limit(_MOST)
