"""The scene of an incident: where it lies on the roads, and how long every force needs to it as they are driven now."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import inf

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.dispatch.avoided import Avoided, read_avoided
from app.dispatch.ground import StandingForce, read_network
from app.dispatch.schemas import NearestQuery, Unreachable
from app.http.geojson_shapes import Geometry, geometry_of
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.roads import Journey, RoadPlace, Speeds, Travel, drive_seconds, journey, read_speeds, snap, travel_to
from risk_model.dispatch import Arrival, turnout_s
from risk_model.shapes import as_array


@dataclass(frozen=True, slots=True)
class Scene:
    """The incident (metric CRS) and everything its answer is made from.

    ``on_road`` lies on the whole network; ``travel`` leads to it on the roads as they are driven, ``open_travel`` as if
    nothing were avoided.
    """

    avoided: Avoided
    speeds: Speeds
    metric_crs: str
    place: BaseGeometry
    on_road: RoadPlace
    share_left: float
    travel: Travel
    open_travel: Travel

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
    """A force with its drive, infinite where it cannot come, for ``unreachable``; ``open_s`` is the drive if nothing were avoided.

    ``over_s`` is the walk of a force that stands where it happened; None for any other.
    """

    force: StandingForce
    drive_s: float
    open_s: float
    unreachable: Unreachable | None
    over_s: float | None = None


def set_scene(work: Work, asked: NearestQuery, at: datetime.datetime) -> Scene:
    """The scene of what was asked. Raises Refused where no roads are loaded, UnknownHazard for zones of none."""
    network, speeds, metric_crs = read_network(work), read_speeds(), work.settings.metric_crs
    place = to_metric(as_array([shapely.Point(asked.lon, asked.lat)]), metric_crs)
    (on_road,) = snap(network, place, speeds, on_motorways=True)
    assert on_road is not None, "a network has a stretch"
    avoided, share_left = read_avoided(work, network, asked.avoid_zones, at), speeds.share_left(asked.condition)
    whole = travel_to(network, on_road, network.seconds / share_left)
    driven = avoided.network
    travel = whole if avoided.cut is None else travel_to(driven, avoided.place(on_road), driven.seconds / share_left)
    return Scene(avoided, speeds, metric_crs, place[0], on_road, share_left, travel, whole)


def coming(scene: Scene, force: StandingForce) -> Coming:
    """How long a force drives, and why it does not come."""
    driven = _driving(scene, force)
    away = float(shapely.distance(force.place, scene.place))
    over_s = scene.speeds.walk_s(away)
    is_sooner = scene.walk_s is None or over_s < driven.drive_s + scene.walk_s
    return Coming(force, 0.0, 0.0, None, over_s) if away <= scene.speeds.at_base_m and is_sooner else driven


def _driving(scene: Scene, force: StandingForce) -> Coming:
    if force.on_road is None:
        return Coming(force, inf, inf, "force_off_road")
    if scene.walk_s is None:
        return Coming(force, inf, inf, "incident_off_road")
    yard_s = scene.speeds.yard_s(force.on_road.away_m)
    before = yard_s + drive_seconds(scene.avoided.whole, force.on_road, scene.open_travel)
    if scene.avoided.cut is None:
        return Coming(force, before, before, "no_way" if before == inf else None)
    place = scene.avoided.place(force.on_road)
    # Sums of parts differ from their whole by a hair, and nobody arrives earlier for a closed road.
    now = max(before, yard_s + drive_seconds(scene.avoided.network, place, scene.travel))
    return Coming(force, now, before, None if now < inf else "no_way" if before == inf else "closed")


def arrival(scene: Scene, one: Coming) -> Arrival:
    """When a force arrives, all told."""
    return Arrival(one.force.record, _arrival_s(scene, one, one.drive_s), one.unreachable)


def open_arrival_s(scene: Scene, one: Coming) -> float | None:
    """Seconds until a force would arrive if nothing were avoided; None where it could not come either."""
    return _arrival_s(scene, one, one.open_s)


def _arrival_s(scene: Scene, one: Coming, drive_s: float) -> float | None:
    begun = turnout_s(one.force.record)
    if one.over_s is not None:
        return begun + one.over_s
    return None if drive_s == inf or scene.walk_s is None else begun + drive_s + scene.walk_s


def way(scene: Scene, one: Coming) -> Journey | None:
    """The drive of a force that arrives; lines are drawn of those that are named alone."""
    on_road = one.force.on_road
    if one.over_s is not None:
        line = shapely.LineString(shapely.get_coordinates([one.force.place, scene.place]))
        return Journey(0.0, 0.0, line, ())
    if one.unreachable is not None or on_road is None:
        return None
    return journey(scene.avoided.network, scene.avoided.place(on_road), scene.travel)


def blocked_by(scene: Scene, one: Coming) -> list[str]:
    """What lies on the way of a force that cannot come for closed roads."""
    on_road = one.force.on_road
    if one.unreachable != "closed" or on_road is None:
        return []
    open_way = journey(scene.avoided.whole, on_road, scene.open_travel)
    return [] if open_way is None else scene.avoided.shut_on(open_way.parts)
