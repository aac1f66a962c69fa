"""Standby: who may be sent, and how soon each of them is at every point that is to be protected."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Final, Protocol

import numpy as np
import shapely

from app.judgement.avoided import Avoided, read_avoided
from app.judgement.forces import StandingForce, read_forces, read_network
from app.judgement.protected import Protected
from app.platform.clock import CHINA
from app.platform.errands import reckon
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.roads import (
    PlacesOnRoads,
    RoadGraph,
    SnappedPoints,
    Speeds,
    Travel,
    graph_of,
    read_speeds,
    snap,
    snap_each,
    table_at,
    travel_table,
)
from risk_model.dispatch import turnout_s, why_passed_over
from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.due import Indices
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries


class StandbyAsked(Protocol):
    """What a question of who stands by names: forces of which kinds (None: any), how it is driven, which zones are avoided."""

    @property
    def kinds(self) -> frozenset[str] | None:
        """The kinds of forces; None: any."""

    @property
    def condition(self) -> str | None:
        """What slows everybody down."""

    @property
    def avoid_zones(self) -> str | None:
        """The zones in which nobody drives, as ``read_avoided`` takes them."""


SEARCHED: Final = 100
"""So many stretches searched from one place weigh as one vertex that is judged."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Points as travel reaches them: where on the roads, and the walk from there; infinite where that is too far."""

    places: PlacesOnRoads
    walk_s: Floats


@dataclass(frozen=True, slots=True)
class Bases:
    """Where some set out: on which roads, with the seconds that had passed by then (infinite: they cannot), and who walks over.

    ``over`` are pairs of one of them and a target so near that they walk, in ``over_s`` from the call.
    """

    places: PlacesOnRoads
    begun: Floats
    over: tuple[Indices, Indices]
    over_s: Floats


@dataclass(frozen=True, slots=True)
class DueTable:
    """Seconds from the call: of each base (a row) to each target, and of the soonest of all to each junction."""

    at_targets: Floats
    at_junctions: Floats


def due_table(graph: RoadGraph, bases: Bases, targets: Targets) -> DueTable:
    """The table of who arrives when: pure numbers, for a process of its own."""
    table = travel_table(graph, bases.places, bases.begun)
    seconds = table_at(graph, table, bases.places, bases.begun, targets.places) + targets.walk_s
    np.minimum.at(seconds, bases.over, bases.over_s)
    return DueTable(seconds, table.min(axis=0, initial=inf))


@dataclass(frozen=True, slots=True)
class Standby:
    """Forces that may be sent, those who are ``out``, and what they drive on; ``share_left`` of the speed is left."""

    avoided: Avoided
    speeds: Speeds
    share_left: float
    forces: tuple[StandingForce, ...]
    out: tuple[StandingForce, ...]

    @property
    def cost(self) -> Floats:
        """Seconds of each stretch as it is driven now."""
        return self.avoided.network.seconds / self.share_left

    @property
    def graph(self) -> RoadGraph:
        """The roads as they are driven now, without their shapes."""
        return graph_of(self.avoided.network, self.cost)

    def targets(self, points: Geometries, key: str | None = None) -> Targets:
        """Points (metric CRS) as travel reaches them; ``key`` tells their state where they may be asked about again."""
        whole = self.avoided.whole
        at = _snap(self, points) if key is None else _snapped.get(f"{whole.version} {key}", lambda: _snap(self, points))
        walks = np.where(at.away_m <= self.speeds.longest_walk_m, self.speeds.walk_s(1.0) * at.away_m, inf)
        return Targets(self._driven(PlacesOnRoads(at.stretch, at.share)), walks)

    def begun(self, force: StandingForce) -> float:
        """Seconds from the call until a force is on the road before its yard; infinite where it stands too far from any."""
        return inf if force.on_road is None else turnout_s(force.record) + self.speeds.yard_s(force.on_road.away_m)

    def bases(self, forces: Iterable[StandingForce], points: Geometries) -> Bases:
        """Forces as they set out towards ``points``, the turnout and the yard of each in it."""
        standing = list(forces)
        roads = [force.on_road for force in standing]
        turnouts = np.array([turnout_s(force.record) for force in standing], dtype=float)
        begun = np.array([self.begun(force) for force in standing], dtype=float)
        places = PlacesOnRoads(
            np.array([0 if one is None else one.stretch for one in roads], dtype=np.int64),
            np.array([0.0 if one is None else one.share for one in roads]),
        )
        at = as_array([force.place for force in standing])
        base, point = shapely.STRtree(points).query(at, predicate="dwithin", distance=self.speeds.at_base_m)
        walks = turnouts[base] + self.speeds.walk_s(1.0) * shapely.distance(at[base], points[point])
        return Bases(self._driven(places), begun, (base, point), walks)

    def arrivals(self, protected: Protected) -> DueTable:
        """How soon each of the forces is at every point that is to be protected; kept until any of this changes."""
        return _due.get(self._key(protected), lambda: self.due_at(protected.points, protected.key))

    def due_at(self, points: Geometries, key: str | None = None) -> DueTable:
        """How soon each of the forces is at each of ``points`` (metric CRS)."""
        targets, bases = self.targets(points, key), self.bases(self.forces, points)
        graph = self.graph
        size = len(bases.places) * (len(graph.tail) + len(points)) // SEARCHED
        return reckon(size, due_table, graph, bases, targets)

    def seconds_from(self, points: Geometries, protected: Protected) -> Floats:
        """Seconds from each of ``points`` (metric CRS), where somebody stands ready on the road, to every home."""
        if not len(points):
            return np.empty((0, len(protected.homes)))
        roads = snap(self.avoided.whole, points, self.speeds, on_motorways=False)
        near = [one is not None and one.away_m <= self.speeds.longest_yard_m for one in roads]
        begun = np.array(
            [
                self.speeds.yard_s(one.away_m) if one and is_near else inf
                for one, is_near in zip(roads, near, strict=True)
            ]
        )
        places = PlacesOnRoads(
            np.array([0 if one is None else one.stretch for one in roads], dtype=np.int64),
            np.array([0.0 if one is None else one.share for one in roads]),
        )
        post, home = shapely.STRtree(protected.homes).query(points, predicate="dwithin", distance=self.speeds.at_base_m)
        over_s = self.speeds.walk_s(1.0) * shapely.distance(points[post], protected.homes[home])
        bases, targets = (
            Bases(self._driven(places), begun, (post, home), over_s),
            self.targets(protected.points, protected.key),
        )
        graph = self.graph
        size = len(points) * (len(graph.tail) + len(protected.points)) // SEARCHED
        return protected.homes_of(reckon(size, due_table, graph, bases, targets).at_targets)

    def travel(self, table: DueTable, protected: Protected) -> Travel:
        """Travel of whoever is anywhere first, as pieces of road are drawn from it."""
        bases = self.bases(self.forces, protected.points)
        places = [self.avoided.place(force.on_road) for force in self.forces if force.on_road is not None]
        begun = [float(some) for some in bases.begun if np.isfinite(some)]
        nobody = np.full(len(table.at_junctions), -1, dtype=np.int32)
        return Travel(table.at_junctions, nobody, tuple(places), self.cost, tuple(begun))

    def seconds_at(self, points: Geometries) -> Floats:
        """Seconds from the call until the first of them is at each point; infinite where nobody comes."""
        first: Floats = self.due_at(points).at_targets.min(axis=0, initial=inf)
        return first

    def _driven(self, places: PlacesOnRoads) -> PlacesOnRoads:
        return places if self.avoided.cut is None else self.avoided.cut.place_each(places)

    def _key(self, protected: Protected) -> str:
        told = hashlib.sha256(f"{self.avoided.key} {self.share_left} {protected.key}".encode())
        for force in self.forces:
            told.update(f"{force.record.key} {turnout_s(force.record)}".encode() + shapely.to_wkb(force.place))
        return told.hexdigest()


_due: Once[str, DueTable] = Once(4)
_snapped: Once[str, SnappedPoints] = Once(4)


def _snap(standby: Standby, points: Geometries) -> SnappedPoints:
    return snap_each(standby.avoided.whole, points, standby.speeds, on_motorways=True)


def stand_by(work: Work, asked: StandbyAsked, at: datetime.datetime) -> Standby:
    """Everybody who may be sent at a moment, of the kinds asked for. Raises Refused where no roads are loaded."""
    network, speeds, today = read_network(work), read_speeds(), at.astimezone(CHINA).date()
    avoided = read_avoided(work, network, asked.avoid_zones, at)
    reasons = [
        (force, why_passed_over(force.record, today))
        for force in read_forces(work, network, speeds)
        if asked.kinds is None or force.record.kind in asked.kinds
    ]
    ready = tuple(force for force, reason in reasons if reason is None)
    out = tuple(force for force, reason in reasons if reason == "out")
    return Standby(avoided, speeds, speeds.share_left(asked.condition), ready, out)
