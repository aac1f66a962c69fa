"""The scene of an incident: where it lies on the roads, and how long every force needs to it as they are driven now."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import inf

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.dispatch.schemas import NearestQuery, Unreachable
from app.http.geojson_shapes import Geometry, geometry_of
from app.judgement.avoided import Avoided, DangerArea, read_avoided
from app.judgement.forces import StandingForce, read_network
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.roads import (
    Journey,
    RoadPlace,
    Speeds,
    Travel,
    Walk,
    Walks,
    drive_seconds,
    journey,
    read_speeds,
    snap,
    travel_to,
    walks_to,
)
from risk_model.dispatch import Arrival, turnout_s
from risk_model.shapes import as_array


@dataclass(frozen=True, slots=True)
class Scene:
    """The incident (metric CRS) and everything its answer is made from.

    ``on_road`` lies on the whole network; ``travel`` leads to it on the roads as they are driven, ``open_travel`` as if
    nothing were avoided. ``walks`` are those to it along the roads; None where nothing is avoided.
    """

    avoided: Avoided
    speeds: Speeds
    metric_crs: str
    place: BaseGeometry
    on_road: RoadPlace
    share_left: float
    travel: Travel
    open_travel: Travel
    walks: Walks | None

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
        line = self.avoided.whole.line[self.on_road.stretch]
        from_road = shapely.line_interpolate_point(line, self.on_road.share, normalized=True)
        return shapely.LineString(shapely.get_coordinates([from_road, self.place]))

    def shape(self, shape: BaseGeometry) -> Geometry:
        """A shape of the scene as answers hold it."""
        drawn = to_storage(as_array([shape]), self.metric_crs)[0]
        return geometry_of(shapely.transform(drawn, lambda corners: np.round(corners, 7)))


@dataclass(frozen=True, slots=True)
class Coming:
    """A force with its way along the roads, infinite where it cannot come, for ``unreachable``.

    ``road_s`` is the drive and what is walked along roads nobody drives, ``open_s`` the drive if nothing were avoided.
    ``over_s`` is the walk of a force that stands where it happened; None for any other.
    """

    force: StandingForce
    road_s: float
    open_s: float
    unreachable: Unreachable | None
    over_s: float | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """The way of a force that arrives: the drive, then on foot ``walk_s`` seconds in all.

    ``along`` is what is walked along roads nobody drives, None where the drive leads all the way.
    """

    drive: Journey
    drive_s: float
    walk_s: float
    along: Walk | None


def set_scene(work: Work, asked: NearestQuery, at: datetime.datetime, danger: DangerArea | None = None) -> Scene:
    """The scene of what was asked. Raises Refused where no roads are loaded, UnknownHazard for zones of none."""
    network, speeds, metric_crs = read_network(work), read_speeds(), work.settings.metric_crs
    place = to_metric(as_array([shapely.Point(asked.lon, asked.lat)]), metric_crs)
    (on_road,) = snap(network, place, speeds, on_motorways=True)
    assert on_road is not None, "a network has a stretch"
    avoided = read_avoided(work, network, asked.avoid_zones, at, danger=danger)
    share_left = speeds.share_left(asked.condition)
    whole = travel_to(network, on_road, network.seconds / share_left)
    if avoided.cut is None:
        return Scene(avoided, speeds, metric_crs, place[0], on_road, share_left, whole, whole, None)
    driven, here = avoided.network, avoided.place(on_road)
    walks = walks_to(driven, here, avoided.cut.walked, max(speeds.longest_walk_m - on_road.away_m, 0.0))
    on_foot = {node: speeds.walk_s(metres) for node, metres in walks.metres.items()}
    travel = travel_to(driven, here, driven.seconds / share_left, on_foot=on_foot)
    return Scene(avoided, speeds, metric_crs, place[0], on_road, share_left, travel, whole, walks)


def coming(scene: Scene, force: StandingForce) -> Coming:
    """How long a force needs, and why it does not come."""
    driven = _driving(scene, force)
    away = float(shapely.distance(force.place, scene.place))
    over_s = scene.speeds.walk_s(away)
    is_sooner = scene.walk_s is None or over_s < driven.road_s + scene.walk_s
    return Coming(force, 0.0, 0.0, None, over_s) if away <= scene.speeds.at_base_m and is_sooner else driven


def _driving(scene: Scene, force: StandingForce) -> Coming:
    if force.on_road is None:
        return Coming(force, inf, inf, "force_off_road")
    if scene.walk_s is None:
        return Coming(force, inf, inf, "incident_off_road")
    before = scene.speeds.yard_s(force.on_road.away_m) + drive_seconds(
        scene.avoided.whole, force.on_road, scene.open_travel
    )
    if scene.avoided.cut is None or before == inf:
        return Coming(force, before, before, "no_way" if before == inf else None)
    # Sums of parts differ from their whole by a hair, and nobody arrives earlier for a closed road.
    now = max(before, min(_driven_s(scene, force.on_road), _on_foot_s(scene, force.on_road)))
    return Coming(force, now, before, None if now < inf else "closed")


def _driven_s(scene: Scene, on_road: RoadPlace) -> float:
    """Seconds out of the yard and along the roads as they are driven now."""
    drive_s = drive_seconds(scene.avoided.network, scene.avoided.place(on_road), scene.travel)
    return scene.speeds.yard_s(on_road.away_m) + drive_s


def _on_foot_s(scene: Scene, on_road: RoadPlace) -> float:
    """Seconds of a force that walks from where it stands."""
    metres = on_road.away_m + (inf if scene.walks is None else scene.walks.metres_from(scene.avoided.place(on_road)))
    return scene.speeds.walk_s(metres)


def arrival(scene: Scene, one: Coming) -> Arrival:
    """When a force arrives, all told."""
    return Arrival(one.force.record, _arrival_s(scene, one, one.road_s), one.unreachable)


def open_arrival_s(scene: Scene, one: Coming) -> float | None:
    """Seconds until a force would arrive if nothing were avoided; None where it could not come either."""
    return _arrival_s(scene, one, one.open_s)


def _arrival_s(scene: Scene, one: Coming, road_s: float) -> float | None:
    begun = turnout_s(one.force.record)
    if one.over_s is not None:
        return begun + one.over_s
    return None if road_s == inf or scene.walk_s is None else begun + road_s + scene.walk_s


def way(scene: Scene, one: Coming) -> Way | None:
    """The way of a force that arrives; lines are drawn of those that are named alone."""
    on_road = one.force.on_road
    if one.over_s is not None:
        line = shapely.LineString(shapely.get_coordinates([one.force.place, scene.place]))
        return Way(Journey(0.0, 0.0, line, ()), 0.0, one.over_s, None)
    if one.unreachable is not None or on_road is None or scene.walk_s is None:
        return None
    place = scene.avoided.place(on_road)
    drive, along = journey(scene.avoided.network, place, scene.travel), None
    if scene.walks is not None and _on_foot_s(scene, on_road) < _driven_s(scene, on_road):
        along = scene.walks.walk_from(place)
        drive = Journey(0.0, 0.0, shapely.LineString(shapely.get_coordinates([one.force.place] * 2)), ())
    elif scene.walks is not None and drive is not None and drive.left_at is not None:
        along = scene.walks.walk_from_junction(drive.left_at)
    if drive is None:
        return None
    walked_s = 0.0 if along is None else scene.speeds.walk_s(along.metres + (0.0 if drive.parts else on_road.away_m))
    return Way(drive, max(one.road_s - walked_s, 0.0), walked_s + scene.walk_s, along)


def blocked_by(scene: Scene, one: Coming) -> list[str]:
    """What lies on the way of a force that cannot come for closed roads."""
    on_road = one.force.on_road
    if one.unreachable != "closed" or on_road is None:
        return []
    open_way = journey(scene.avoided.whole, on_road, scene.open_travel)
    return [] if open_way is None else scene.avoided.shut_on(open_way.parts)
