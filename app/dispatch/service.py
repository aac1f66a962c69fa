"""Dispatch told in order: the incident on the road, one search to it, every force ranked, who is passed over, who is cut off."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import inf
from typing import Any, cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.dispatch.ground import StandingForce, read_forces, read_network, village_places
from app.dispatch.schemas import (
    CalledFor,
    CutOffVillage,
    ForceAnswer,
    IncidentAnswer,
    NearestAnswer,
    NearestQuery,
    PassedOver,
    PassedOverAnswer,
    Unreachable,
)
from app.http.geojson_shapes import Geometry, geometry_of
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.roads import (
    Journey,
    RoadNetwork,
    RoadPlace,
    Speeds,
    Travel,
    journey,
    read_speeds,
    snap,
    travel_from,
    travel_to,
)
from gis_layers.roads.travel import seconds_at
from gis_layers.stores.frames import plain_value
from gis_layers.stores.roads import road_name
from risk_model.dispatch import (
    Arrival,
    RunCard,
    lacking,
    lapse_of_force,
    ranked,
    run_card,
    turnout_s,
    why_passed_over,
)
from risk_model.shapes import as_array


@dataclass(frozen=True, slots=True)
class _Scene:
    """The incident (metric CRS) and everything its answer is made from."""

    network: RoadNetwork
    speeds: Speeds
    metric_crs: str
    place: BaseGeometry
    on_road: RoadPlace
    travel: Travel

    @property
    def walk_s(self) -> float | None:
        """Seconds on foot from the road to the incident; None where that is too far."""
        away = self.on_road.away_m
        return self.speeds.walk_s(away) if away <= self.speeds.longest_walk_m else None

    @property
    def walk(self) -> BaseGeometry | None:
        """The straight line people walk from the road to the incident; None where nobody walks."""
        if self.walk_s is None or self.on_road.away_m == 0:
            return None
        line = self.network.line[self.on_road.stretch]
        from_road = shapely.line_interpolate_point(line, self.on_road.share, normalized=True)
        return shapely.LineString(shapely.get_coordinates([from_road, self.place]))


@dataclass(frozen=True, slots=True)
class _Coming:
    """A force with its drive; ``journey`` is None where it cannot come, for ``unreachable``."""

    force: StandingForce
    drive_s: float
    journey: Journey | None
    unreachable: Unreachable | None


def nearest_forces(work: Work, asked: NearestQuery, today: datetime.date) -> NearestAnswer:
    """The forces nearest to an incident by road. Raises Refused where no roads are loaded, BadGeometry for another country."""
    network, speeds = read_network(work), read_speeds()
    scene = _scene(work, asked, network, speeds)
    forces = read_forces(work, network, speeds)
    ready = [force for force in forces if why_passed_over(force.record, today) is None]
    coming = {force.record.key: _coming(scene, force) for force in ready}
    arrivals = [_arrival(scene, one) for one in coming.values()]
    card = run_card(asked.incident)
    named = ranked(arrivals, card)[: asked.k]
    return {
        "incident": _incident(work, scene, asked, lacking(arrivals, card)),
        "condition": asked.condition,
        "forces": [_told(scene, coming[one.force.key], one, card, today) for one in named],
        "passed_over": _passed_over(forces, today),
        "cut_off_villages": _cut_off(work, scene, [force.on_road for force in ready if force.on_road]),
        "graph": {
            "version": network.version,
            "data_edge_m": round(network.edge_of_data_m(scene.place), 1),
            "stretches": len(network.line),
        },
    }


def _scene(work: Work, asked: NearestQuery, network: RoadNetwork, speeds: Speeds) -> _Scene:
    metric_crs = work.settings.metric_crs
    place = to_metric(as_array([shapely.Point(asked.lon, asked.lat)]), metric_crs)
    (on_road,) = snap(network, place, speeds, on_motorways=True)
    assert on_road is not None, "a network has a stretch"
    cost = network.seconds / speeds.share_left(asked.condition)
    return _Scene(network, speeds, metric_crs, place[0], on_road, travel_to(network, on_road, cost))


def _coming(scene: _Scene, force: StandingForce) -> _Coming:
    if force.on_road is None:
        return _Coming(force, inf, None, "force_off_road")
    if scene.walk_s is None:
        return _Coming(force, inf, None, "incident_off_road")
    way = journey(scene.network, force.on_road, scene.travel)
    if way is None:
        return _Coming(force, inf, None, "no_way")
    return _Coming(force, scene.speeds.yard_s(force.on_road.away_m) + way.seconds, way, None)


def _arrival(scene: _Scene, coming: _Coming) -> Arrival:
    record = coming.force.record
    if coming.journey is None or scene.walk_s is None:
        return Arrival(record, None, coming.unreachable)
    return Arrival(record, turnout_s(record) + coming.drive_s + scene.walk_s)


def _incident(work: Work, scene: _Scene, asked: NearestQuery, lacks: dict[str, int]) -> IncidentAnswer:
    return {
        "kind": asked.incident,
        "run_card": _called_for(run_card(asked.incident).needs),
        "lacking": _called_for(lacks),
        "snapped_m": scene.on_road.away_m,
        "walk_s": scene.walk_s,
        "walk": None if scene.walk is None else _shape(scene.walk, scene),
        "road": road_name(work.session, int(scene.network.road[scene.on_road.stretch])),
    }


def _called_for(needs: Any) -> list[CalledFor]:
    return [{"capability": word, "count": count} for word, count in needs.items()]


def _told(scene: _Scene, coming: _Coming, arrival: Arrival, card: RunCard, today: datetime.date) -> ForceAnswer:
    record, row, way = coming.force.record, coming.force.row, coming.journey
    met = card.met_by(record.capabilities)
    reached = way is not None and scene.walk_s is not None
    straight = float(shapely.distance(coming.force.place, scene.place)) if reached else None
    walk = scene.walk_s if reached else None
    return {
        "id": record.key,
        "name": record.name,
        "kind": record.kind,
        "reachable": reached,
        "unreachable": coming.unreachable,
        "turnout_s": turnout_s(record) if reached else None,
        "travel_s": None if walk is None else coming.drive_s + walk,
        "drive_s": coming.drive_s if reached else None,
        "walk_s": walk,
        "arrival_s": arrival.seconds,
        "road_m": way.road_m if reached and way is not None else None,
        "straight_m": straight,
        "detour": way.road_m / straight if way is not None and straight else None,
        "meets": met,
        "missing": [word for word in card.needs if word not in met],
        "capabilities": list(row.capabilities),
        "duty": row.duty,
        "village": row.village,
        "lapse": lapse_of_force(record, today),
        "last_verified": None if record.last_verified is None else record.last_verified.isoformat(),
        "at": _shape(coming.force.place, scene),
        "route": _shape(way.line, scene) if reached and way is not None else None,
    }


def _passed_over(forces: list[StandingForce], today: datetime.date) -> list[PassedOverAnswer]:
    told = [(force.record, why_passed_over(force.record, today)) for force in forces]
    return [
        {"id": one.key, "name": one.name, "reason": cast("PassedOver", why)} for one, why in told if why is not None
    ]


def _cut_off(work: Work, scene: _Scene, origins: list[RoadPlace]) -> list[CutOffVillage]:
    """Villages to whose seat no road leads from any ready force; those without a road nearby are cut off as well."""
    villages, points = village_places(work)
    travel = travel_from(scene.network, origins, scene.travel.cost)
    places = snap(scene.network, points, scene.speeds, on_motorways=False)
    cut = [
        place is None or place.away_m > scene.speeds.longest_walk_m or seconds_at(scene.network, travel, place) == inf
        for place in places
    ]
    told = villages.loc[np.array(cut, dtype=bool), ["id", "name", "population"]].to_dict("records")
    return [
        {"id": str(row["id"]), "name": str(row["name"]), "population": plain_value(row["population"], whole=True)}
        for row in told
    ]


def _shape(shape: BaseGeometry, scene: _Scene) -> Geometry:
    drawn = to_storage(as_array([shape]), scene.metric_crs)[0]
    return geometry_of(shapely.transform(drawn, lambda corners: np.round(corners, 7)))
