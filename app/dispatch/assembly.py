"""The place to gather: the nearest junction outside the danger area and upwind that forces reach without driving through it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from app.dispatch.incidents import find_incident
from app.dispatch.report_schemas import AssemblyAnswer, NoAssembly
from app.dispatch.schemas import GatherAnswer
from app.http.geojson_shapes import geometry_of
from app.judgement.avoided import DangerArea, read_avoided
from app.judgement.forces import read_forces, read_network
from app.platform.clock import CHINA
from app.platform.errors import Refused
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.roads import RoadNetwork, read_speeds, travel_from
from gis_layers.stores.roads import road_name
from risk_model.dispatch import may_gather, why_passed_over
from risk_model.dispatch.assembly import bearings
from risk_model.message import msg
from risk_model.shapes import as_array


def tell_assembly(work: Work, number: int, at: datetime.datetime) -> AssemblyAnswer:
    """Where forces gather for an incident. Raises NotFound, Refused where no roads are loaded."""
    return _assembly(work, find_incident(work, number), at)[0]


@dataclass(frozen=True, slots=True)
class Gathering:
    """Where forces gather for an incident, its danger area, and where it is itself (longitude, latitude)."""

    answer: GatherAnswer
    danger: DangerArea
    incident_at: tuple[float, float]


def gathering(work: Work, number: int, at: datetime.datetime) -> Gathering:
    """The gathering for an incident. Raises NotFound, Refused where there is no such place."""
    frame = find_incident(work, number)
    told, danger = _assembly(work, frame, at)
    if told["place"] is None or told["away_m"] is None or danger is None:
        why = _WHY[told["none_because"] or "no_road"]()
        raise Refused(msg("编号为 {number} 的事件没有集结点：{why}", number=number, why=why), code="unready")
    found: GatherAnswer = {
        "incident": number,
        "place": told["place"],
        "away_m": told["away_m"],
        "upwind": told["upwind"],
        "road": told["road"],
    }
    ((lon, lat),) = shapely.get_coordinates(frame.geometry.to_numpy()).tolist()
    return Gathering(found, danger, (lon, lat))


_WHY: Mapping[NoAssembly, Callable[[], str]] = {
    "no_danger": lambda: msg("没有危险范围；请画出范围或写明半径"),
    "no_road": lambda: msg("危险范围之外没有力量能到的路口"),
}


def _assembly(work: Work, frame: gpd.GeoDataFrame, at: datetime.datetime) -> tuple[AssemblyAnswer, DangerArea | None]:
    (row,), metric_crs = frame.to_dict("records"), work.settings.metric_crs
    wind, danger = row["wind_from"], danger_of(frame, metric_crs)
    if danger is None:
        return _none("no_danger", upwind=wind is not None), None
    (place,) = to_metric(frame.geometry.to_numpy(), metric_crs)
    network, reached = _reached(work, danger, at)
    here, nodes = shapely.get_coordinates(place)[0], network.node
    away = np.hypot(nodes[:, 0] - here[0], nodes[:, 1] - here[1])
    outside = (
        away > row["danger_m"]
        if row["danger"] is None
        else ~shapely.intersects_xy(danger.area, nodes[:, 0], nodes[:, 1])
    )
    fits = may_gather(here, nodes, outside, wind) & reached
    if not fits.any():
        return _none("no_road", upwind=wind is not None), danger
    nearest = int(np.flatnonzero(fits)[np.argmin(away[fits])])
    (drawn,) = to_storage(as_array([shapely.Point(nodes[nearest])]), metric_crs)
    told: AssemblyAnswer = {
        "place": geometry_of(drawn),
        "away_m": round(float(away[nearest]), 1),
        "bearing": round(float(bearings(here, nodes[[nearest]])[0]), 1),
        "upwind": wind is not None,
        "road": _road(work, network, nearest),
        "none_because": None,
    }
    return told, danger


def danger_of(frame: gpd.GeoDataFrame, metric_crs: str) -> DangerArea | None:
    """The danger area of the one incident of a frame: as it was drawn, else the circle of its metres, else None."""
    (row,) = frame.to_dict("records")
    if row["danger"] is not None:
        return DangerArea(row["id"], to_metric(as_array([shapely.geometry.shape(row["danger"])]), metric_crs)[0])
    if row["danger_m"] is None:
        return None
    (place,) = to_metric(frame.geometry.to_numpy(), metric_crs)
    return DangerArea(row["id"], place.buffer(row["danger_m"]))


def _reached(work: Work, danger: DangerArea, at: datetime.datetime) -> tuple[RoadNetwork, np.ndarray[Any, Any]]:
    """The roads outside the danger area as they are driven now, and which of their junctions some force reaches."""
    whole, speeds = read_network(work), read_speeds()
    avoided, today = read_avoided(work, whole, None, at, danger=danger), at.astimezone(CHINA).date()
    standing = read_forces(work, whole, speeds)
    begun = [avoided.place(one.on_road) for one in standing if one.on_road and why_passed_over(one.record, today) in (None, "out")]  # fmt: skip
    if not begun:
        return avoided.network, np.zeros(len(avoided.network.node), dtype=bool)
    seconds = travel_from(avoided.network, begun).seconds[: len(avoided.network.node)]
    return avoided.network, np.isfinite(seconds)


def _road(work: Work, network: RoadNetwork, node: int) -> str | None:
    touching = np.flatnonzero((network.tail == node) | (network.head == node))
    names = (road_name(work.session, int(network.road[stretch])) for stretch in touching)
    return next((name for name in names if name), None)


def _none(because: NoAssembly, *, upwind: bool) -> AssemblyAnswer:
    return {"place": None, "away_m": None, "bearing": None, "upwind": upwind, "road": None, "none_because": because}
