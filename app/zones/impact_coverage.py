"""What a draft does to who is reached in time: forces on changed ground, roads that are closed or opened, people covered."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final

import numpy as np
import shapely

from app.judgement.avoided import ZONE, Avoided
from app.judgement.protected import PEOPLE, read_protected
from app.judgement.road_network import find_network
from app.judgement.standby import Standby, stand_by
from app.platform.work import Work
from app.zones.impact_schemas import CoverageBand, CoverageImpact, ForceOnGround, RoadAvoided
from app.zones.impact_things import SIDES, Side
from gis_layers.crs import to_storage
from gis_layers.roads import RoadNetwork
from gis_layers.stores import draft_zones
from gis_layers.stores.draft_zones import ZonesAsked
from gis_layers.stores.roads import road_names
from risk_model.dispatch import count_covered
from risk_model.dispatch.coverage import Floats
from risk_model.message import Message, msg
from risk_model.shapes import as_array

MINUTES: Final = (5.0, 10.0, 15.0)
MOST_STRETCHES: Final = 40_000
"""Stretches of a network on which everybody's way is looked for twice within the seconds an impact may take."""
MOST_ZONES: Final = 5_000
"""Zones in force whose ground is cut out of the roads."""
MOST_ROADS: Final = 500
LEAST_M: Final = 1.0


@dataclass(frozen=True, slots=True)
class EveryForce:
    """Query of standby: every force, on ordinary roads, nobody driving on ground of the worst grades."""

    kinds: frozenset[str] | None = None
    condition: str | None = None
    avoid_zones: str | None = "true"


@dataclass(frozen=True, slots=True)
class Covered:
    """People covered within each of ``MINUTES``, of ``people``; metres of each road no longer driven because of zones."""

    standby: Standby
    bands: tuple[float, ...]
    people: float
    avoided_m: Mapping[int, float]


def why_not_reckoned(work: Work) -> Message | None:
    """Why the coverage of forces is not reckoned; None where it is."""
    network = find_network(work)
    if network is None:
        return msg("还没有载入道路")
    if len(network.tail) > MOST_STRETCHES:
        return msg("道路有 {count} 段，超过 {most} 段，预览中不计算", count=len(network.tail), most=MOST_STRETCHES)
    zones = draft_zones.count_in_force(work.session, ZonesAsked())
    if zones > MOST_ZONES:
        return msg("启用的区划有 {count} 个，超过 {most} 个，预览中不计算", count=zones, most=MOST_ZONES)
    return None


def cover(work: Work, at: datetime.datetime) -> Covered:
    """Who is reached in time on the zones in force in this transaction."""
    standby, protected = stand_by(work, EveryForce(), at), read_protected(work)
    seconds: Floats = protected.homes_of(standby.arrivals(protected).at_targets).min(axis=0, initial=inf)
    counts = [count_covered(seconds, protected.weights[PEOPLE], minutes) for minutes in MINUTES]
    bands = tuple(one.covered for one in counts)
    return Covered(standby, bands, float(protected.people.sum()), _avoided_m(standby.avoided))


def _avoided_m(avoided: Avoided) -> dict[int, float]:
    """Metres of each road that lie in avoided zones, those of several zones once."""
    spans: dict[int, list[tuple[float, float]]] = {}
    for piece in avoided.pieces:
        if avoided.told[piece.closure]["what"] == ZONE:
            spans.setdefault(piece.stretch, []).append((piece.begin, piece.end))
    found: dict[int, float] = {}
    for stretch, parts in spans.items():
        road, length_m = int(avoided.whole.road[stretch]), float(avoided.whole.length_m[stretch])
        found[road] = found.get(road, 0.0) + _joined(parts) * length_m
    return found


def _joined(parts: Sequence[tuple[float, float]]) -> float:
    """The length of the union of spans."""
    total, reached = 0.0, -inf
    for begin, end in sorted(parts):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total


def tell_coverage(
    work: Work, turned: Mapping[Side, Sequence[Any]], before: Covered, after: Covered
) -> CoverageImpact:  # fmt: skip
    """The coverage before and after, with the forces and roads on ground that ``turned`` (metric CRS)."""
    roads = sorted(_roads(work, before, after), key=lambda one: (-abs(one["after_m"] - one["before_m"]), one["name"]))
    return {
        "why_not": None,
        "people": round(before.people),
        "bands": [
            _band(minutes, old, new) for minutes, old, new in zip(MINUTES, before.bands, after.bands, strict=True)
        ],
        "forces": [*_forces(work, turned, before.standby)],
        "roads": roads[:MOST_ROADS],
        "roads_in_all": len(roads),
    }


def not_reckoned(why: str) -> CoverageImpact:
    """That the coverage was not reckoned, and why."""
    return {"why_not": why, "people": None, "bands": [], "forces": [], "roads": [], "roads_in_all": 0}


def _band(minutes: float, before: float, after: float) -> CoverageBand:
    return {"minutes": minutes, "before": round(before), "after": round(after)}


def _forces(work: Work, turned: Mapping[Side, Sequence[Any]], standby: Standby) -> Iterator[ForceOnGround]:
    forces = [*standby.forces, *standby.out]
    places = to_storage(as_array([one.place for one in forces]), work.settings.metric_crs)
    for side in SIDES:
        ground = as_array(list(turned[side]))
        for force, place in zip(forces, places, strict=True):
            if np.any(shapely.intersects(ground, force.place)):
                yield {
                    "id": force.record.key,
                    "name": force.record.name,
                    "kind": force.record.kind,
                    "turns": side,
                    "place": shapely.get_coordinates(place)[0].tolist(),
                }


def _roads(work: Work, before: Covered, after: Covered) -> Iterator[RoadAvoided]:
    """The roads, those of one name as one, where the longest stretch of them is."""
    network, roads = before.standby.avoided.whole, sorted({*before.avoided_m, *after.avoided_m})
    names = road_names(work.session, roads)
    named: dict[str, list[int]] = {}
    for road in roads:
        named.setdefault(names.get(road, ""), []).append(road)
    for name, ones in named.items():
        old, new = (sum(some.avoided_m.get(road, 0.0) for road in ones) for some in (before, after))
        if abs(new - old) >= LEAST_M:
            at = _longest(network, ones, work.settings.metric_crs)
            yield {"name": name, "before_m": round(old, 1), "after_m": round(new, 1), "place": at}


def _longest(network: RoadNetwork, roads: Sequence[int], metric_crs: str) -> list[float]:
    of_roads = np.flatnonzero(np.isin(network.road, roads))
    longest = network.line[of_roads[int(np.argmax(network.length_m[of_roads]))]]
    middle = to_storage(as_array([shapely.line_interpolate_point(longest, 0.5, normalized=True)]), metric_crs)
    place: list[float] = shapely.get_coordinates(middle)[0].tolist()
    return place
