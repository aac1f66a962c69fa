"""Response to a site: who is there first with what, by which road, and whether that road would be cut.

All of it is told along roads; where none leads there nothing is told but that.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from app.judgement.avoided import Avoided, read_avoided
from app.judgement.forces import StandingForce, read_forces
from app.judgement.response_schemas import CutByAnswer, ResponderAnswer, ResponseAnswer, ResponseUnknown
from app.judgement.road_network import find_network
from app.judgement.unsurveyed_ways import unknown_m
from app.platform.clock import CHINA
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.roads import (
    RoadNetwork,
    RoadPlace,
    Speeds,
    Travel,
    read_speeds,
    seconds_at,
    snap,
    travel_from,
    way_here,
)
from gis_layers.stores.publication import read_publication_state
from gis_layers.stores.registers_state import read_writes
from risk_model.dispatch import (
    Access,
    WayTimes,
    judge_access,
    lapse_of_force,
    response_terms,
    turnout_s,
    why_passed_over,
)
from risk_model.shapes import as_array

Parts = Sequence[tuple[int, float, float]]
STATES = ("forces", "stations", "villages", "closures")


@dataclass(frozen=True, slots=True)
class _Coming:
    """Forces with one capability that drive off, and their travel: as roads are drawn, as driven now, round high zones too."""

    known: bool
    forces: tuple[StandingForce, ...]
    drawn: Travel | None
    now: Travel | None
    spared: Travel | None


@dataclass(frozen=True, slots=True)
class _Roads:
    """Roads as they are driven ``now``, and with every high zone ``spared``; who comes on them, by capability."""

    network: RoadNetwork
    speeds: Speeds
    now: Avoided
    spared: Avoided
    coming: Mapping[str, _Coming]


_roads: Once[tuple[object, ...], _Roads] = Once(2)


def response_to(work: Work, ground: BaseGeometry, at: datetime.datetime) -> ResponseAnswer:
    """Response to ``ground`` (metric CRS) at a moment, by the forces that stand ready and the closures in force then."""
    network, speeds = find_network(work), read_speeds()
    hazards = [key for key in response_terms().hazards if key in work.rulebook.hazards]
    gate = None if network is None else _gate(network, ground, speeds)
    if network is None or gate is None:
        return _unknown("no_roads", hazards, None)
    if gate.away_m > speeds.longest_walk_m:
        return _unknown("off_road", hazards, gate.away_m)
    roads, today = _read_roads(work, network, hazards, at), at.astimezone(CHINA).date()
    told = [_responder(work, roads, capability, gate, today) for capability in roads.coming]
    return {
        "unknown": None,
        "away_m": gate.away_m,
        "hazards": hazards,
        "roads_version": network.version,
        "responders": told,
    }


def _unknown(why: ResponseUnknown, hazards: list[str], away_m: float | None) -> ResponseAnswer:
    return {"unknown": why, "away_m": away_m, "hazards": hazards, "roads_version": None, "responders": []}


def _gate(network: RoadNetwork, ground: BaseGeometry, speeds: Speeds) -> RoadPlace | None:
    """Where the road nearest to ``ground`` comes nearest to it; None where there are no roads but motorways."""
    if not len(network.roads.among):
        return None
    line = network.line[network.roads.among[network.roads.tree.nearest(ground)]]
    on_line = shapely.Point(shapely.get_coordinates(shapely.shortest_line(line, ground))[0])
    (gate,) = snap(network, as_array([on_line]), speeds, on_motorways=False)
    away_m = float(shapely.distance(line, ground))
    return None if gate is None else RoadPlace(gate.stretch, gate.share, away_m)


def _read_roads(work: Work, network: RoadNetwork, hazards: list[str], at: datetime.datetime) -> _Roads:
    today, edition = at.astimezone(CHINA).date(), read_publication_state(work.session).edition
    states = tuple(read_writes(work.session, STATES).items())
    of = (work.deployment.url, work.settings.metric_crs, network.version)
    key = (*of, states, edition, tuple(hazards), today)
    return _roads.get(key, lambda: _made(work, network, hazards, at))


def _made(work: Work, network: RoadNetwork, hazards: list[str], at: datetime.datetime) -> _Roads:
    speeds, today = read_speeds(), at.astimezone(CHINA).date()
    now = read_avoided(work, network, None, at)
    spared = read_avoided(work, network, ",".join(hazards), at)
    ready = [one for one in read_forces(work, network, speeds) if why_passed_over(one.record, today) is None]
    asked = response_terms().capabilities
    able = {word: [one for one in ready if word in one.record.capabilities] for word in asked}
    coming = {word: _coming(forces, (network, now, spared), speeds) for word, forces in able.items()}
    return _Roads(network, speeds, now, spared, coming)


def _coming(forces: Sequence[StandingForce], on: tuple[RoadNetwork, Avoided, Avoided], speeds: Speeds) -> _Coming:
    network, now, spared = on
    driving = tuple(force for force in forces if force.on_road is not None)
    if not driving:
        return _Coming(bool(forces), (), None, None, None)
    places = [force.on_road for force in driving if force.on_road is not None]
    begun = [_begun(force, speeds) for force in driving]
    drawn = travel_from(network, places, begun=begun)

    def travel(avoided: Avoided) -> Travel:
        if avoided.cut is None:
            return drawn
        return travel_from(avoided.network, [avoided.place(place) for place in places], begun=begun)

    return _Coming(True, driving, drawn, travel(now), travel(spared))


def _begun(force: StandingForce, speeds: Speeds) -> float:
    """Seconds from the call until a force is on the road before its yard."""
    return turnout_s(force.record) + (speeds.yard_s(force.on_road.away_m) if force.on_road else inf)


def _responder(work: Work, roads: _Roads, capability: str, gate: RoadPlace, today: datetime.date) -> ResponderAnswer:
    coming = roads.coming[capability]
    if coming.drawn is None or coming.now is None or coming.spared is None:
        return _nobody(capability, "no_way" if coming.known else "nobody")
    drawn_s = seconds_at(roads.network, coming.drawn, gate)
    now_s = _later(drawn_s, seconds_at(roads.now.network, coming.now, roads.now.place(gate)))
    round_s = _later(now_s, seconds_at(roads.spared.network, coming.spared, roads.spared.place(gate)))
    if not isfinite(drawn_s):
        return _nobody(capability, "no_way")
    parts = _way(roads, coming, gate, driven=isfinite(now_s))
    times = WayTimes(drawn_s, now_s, round_s, unknown_m(work, _line(roads.network, parts), today))
    told = _nobody(capability, judge_access(times))
    told["cut_by"] = list(_cut_by(roads.spared, parts))
    told["unknown_m"] = times.unknown_m
    if isfinite(now_s):
        _add_arrival(told, roads, (coming, gate, parts), times, today)
    return told


def _add_arrival(
    told: ResponderAnswer,
    roads: _Roads,
    on_way: tuple[_Coming, RoadPlace, Parts],
    times: WayTimes,
    today: datetime.date,
) -> None:
    """Tell who arrives and when."""
    coming, gate, parts = on_way
    force, walk_s = _who(coming, parts, roads.speeds), roads.speeds.walk_s(gate.away_m)
    record = force.record
    told["force"] = {"id": record.key, "name": record.name, "kind": record.kind, "lapse": lapse_of_force(record, today)}
    told["turnout_s"] = float(turnout_s(record))
    told["drive_s"] = times.now_s - turnout_s(record)
    told["walk_s"], told["arrival_s"] = walk_s, times.now_s + walk_s
    told["road_m"] = sum(abs(end - begin) * float(roads.network.length_m[of]) for of, begin, end in parts)
    told["round_s"] = times.round_s + walk_s if isfinite(times.round_s) else None


def _later(before: float, after: float) -> float:
    """Seconds once more is avoided: never fewer, though sums of parts differ from their whole by a hair."""
    return max(before, after)


def _way(roads: _Roads, coming: _Coming, gate: RoadPlace, *, driven: bool) -> Parts:
    """The parts of the way on the whole network: as it is ``driven`` now, else as it would be with no road closed."""
    assert coming.drawn is not None, "somebody sets out"
    if coming.now is None or not driven or roads.now.cut is None:
        return way_here(roads.network, coming.drawn, gate)
    return roads.now.cut.whole(way_here(roads.now.network, coming.now, roads.now.place(gate)))


def _who(coming: _Coming, parts: Parts, speeds: Speeds) -> StandingForce:
    """The force that sets out where the way begins; of several the first on the road."""
    stretch, share, _ = parts[0]

    def apart(force: StandingForce) -> tuple[float, float, str]:
        place = force.on_road
        away = inf if place is None or place.stretch != stretch else round(abs(place.share - share), 9)
        return away, _begun(force, speeds), force.record.key

    return min(coming.forces, key=apart)


def _line(network: RoadNetwork, parts: Parts) -> BaseGeometry:
    lines = [substring(network.line[of], begin, end, normalized=True) for of, begin, end in parts if begin != end]
    return shapely.MultiLineString([one for one in lines if one.geom_type == "LineString"])


def _cut_by(spared: Avoided, parts: Parts) -> Iterator[CutByAnswer]:
    """What shuts a way, as the answer names it."""
    met = set(spared.shut_on(parts))
    for one in spared.told:
        if one["id"] in met:
            yield {
                "what": "zone" if one["what"] == "zone" else "closure",
                "id": one["id"],
                "name": one["name"],
                "hazard": one["hazard"],
                "grade": one["grade"],
                "reason": one["reason"],
            }


def _nobody(capability: str, access: Access) -> ResponderAnswer:
    """A row in which nobody arrives."""
    return {
        "capability": capability,
        "force": None,
        "turnout_s": None,
        "drive_s": None,
        "walk_s": None,
        "arrival_s": None,
        "road_m": None,
        "access": access,
        "cut_by": [],
        "round_s": None,
        "unknown_m": 0.0,
    }
