"""The place to gather: the nearest junction outside the danger area and upwind that forces reach without driving through it."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import shapely

from app.dispatch.avoided import read_avoided
from app.dispatch.ground import read_forces, read_network
from app.dispatch.incidents import find_incident
from app.dispatch.report_schemas import AssemblyAnswer, NoAssembly
from app.http.geojson_shapes import geometry_of
from app.platform.clock import CHINA
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.roads import RoadClosure, RoadNetwork, cut_out, find_closed, read_speeds, travel_from
from gis_layers.stores.roads import road_name
from risk_model.dispatch import may_gather, why_passed_over
from risk_model.dispatch.assembly import bearings
from risk_model.shapes import as_array


def tell_assembly(work: Work, number: int, at: datetime.datetime) -> AssemblyAnswer:
    """Where forces gather for an incident. Raises NotFound, Refused where no roads are loaded."""
    frame = find_incident(work, number)
    (row,) = frame.to_dict("records")
    if row["danger_m"] is None:
        return _none("no_danger", upwind=row["wind_from"] is not None)
    (place,) = to_metric(frame.geometry.to_numpy(), work.settings.metric_crs)
    network, reached = _reached(work, place.buffer(row["danger_m"]), at)
    here, nodes = shapely.get_coordinates(place)[0], network.node
    fits = may_gather(here, nodes, row["danger_m"], row["wind_from"]) & reached
    if not fits.any():
        return _none("no_road", upwind=row["wind_from"] is not None)
    away = np.hypot(nodes[:, 0] - here[0], nodes[:, 1] - here[1])
    nearest = int(np.flatnonzero(fits)[np.argmin(away[fits])])
    (drawn,) = to_storage(as_array([shapely.Point(nodes[nearest])]), work.settings.metric_crs)
    return {
        "place": geometry_of(drawn),
        "away_m": round(float(away[nearest]), 1),
        "bearing": round(float(bearings(here, nodes[[nearest]])[0]), 1),
        "upwind": row["wind_from"] is not None,
        "road": _road(work, network, nearest),
        "none_because": None,
    }


def _reached(work: Work, danger: Any, at: datetime.datetime) -> tuple[RoadNetwork, np.ndarray[Any, Any]]:
    """The roads outside the danger area as they are driven now, and which of their junctions some force reaches."""
    whole, speeds = read_network(work), read_speeds()
    avoided, today = read_avoided(work, whole, None, at), at.astimezone(CHINA).date()
    closures = [*avoided.closures, RoadClosure("danger", danger, 0.0)]
    cut = cut_out(whole, closures, find_closed(whole, closures))
    standing = read_forces(work, whole, speeds)
    begun = [cut.place(one.on_road) for one in standing if one.on_road and why_passed_over(one.record, today) in (None, "out")]  # fmt: skip
    if not begun:
        return cut.network, np.zeros(len(cut.network.node), dtype=bool)
    seconds = travel_from(cut.network, begun).seconds[: len(cut.network.node)]
    return cut.network, np.isfinite(seconds)


def _road(work: Work, network: RoadNetwork, node: int) -> str | None:
    touching = np.flatnonzero((network.tail == node) | (network.head == node))
    names = (road_name(work.session, int(network.road[stretch])) for stretch in touching)
    return next((name for name in names if name), None)


def _none(because: NoAssembly, *, upwind: bool) -> AssemblyAnswer:
    return {"place": None, "away_m": None, "bearing": None, "upwind": upwind, "road": None, "none_because": because}
