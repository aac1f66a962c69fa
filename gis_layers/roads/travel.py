"""Travel on the network: one search from a place tells how long everybody needs to it, and by which way.

Both ends lie on stretches, not on junctions: a part of a stretch takes its part of the time.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from gis_layers.roads.junctions import Positions
from gis_layers.roads.network import Arcs, RoadNetwork
from gis_layers.roads.road_places import AT_JUNCTION_M, RoadPlace


@dataclass(frozen=True, slots=True)
class Travel:
    """Seconds between every junction and the nearest of some places, and the stretch and junction that come next on the way there.

    At a junction where the way ends ``stretch`` is -1 and ``node`` the number of the place. ``cost`` are the seconds of each
    stretch the search went by, infinite where it is closed.
    """

    seconds: list[float]
    stretch: list[int]
    node: list[int]
    places: tuple[RoadPlace, ...]
    cost: Positions


@dataclass(frozen=True, slots=True)
class Journey:
    """A drive between two places on roads: seconds, metres along the roads, and the line of it (metric CRS)."""

    seconds: float
    road_m: float
    line: BaseGeometry


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a stretch as it is driven, from one share of its length to another."""

    stretch: int
    begin: float
    end: float


def travel_to(network: RoadNetwork, place: RoadPlace, cost: Positions | None = None) -> Travel:
    """Travel from every junction to ``place``, searched from there against the traffic."""
    seconds = network.seconds if cost is None else cost
    return _search(network, network.into, [place], seconds, arriving=True)


def travel_from(network: RoadNetwork, places: Sequence[RoadPlace], cost: Positions | None = None) -> Travel:
    """Travel to every junction from the nearest of ``places``."""
    seconds = network.seconds if cost is None else cost
    return _search(network, network.out, places, seconds, arriving=False)


def seconds_at(network: RoadNetwork, travel: Travel, place: RoadPlace) -> float:
    """Seconds to ``place`` of travel that began elsewhere (``travel_from``); infinite where nobody comes."""
    between = [_along(network, origin, place, travel.cost) for origin in travel.places]
    over = [travel.seconds[node] + rest for node, rest, _ in _ends(network, place, travel.cost, arriving=True)]
    return min([*between, *over], default=inf)


def journey(network: RoadNetwork, origin: RoadPlace, travel: Travel) -> Journey | None:
    """The quickest drive from ``origin`` to where ``travel`` leads (``travel_to``); None where there is no way."""
    target = travel.places[0]
    best, parts = _along(network, origin, target, travel.cost), [_Part(origin.stretch, origin.share, target.share)]
    leaving: tuple[int, float] | None = None
    for node, begun, share in _ends(network, origin, travel.cost, arriving=False):
        if begun + travel.seconds[node] < best:
            best, leaving = begun + travel.seconds[node], (node, share)
    if best == inf:
        return None
    if leaving is not None:
        parts = [_Part(origin.stretch, origin.share, leaving[1]), *_followed(network, leaving[0], travel)]
    metres = sum(abs(part.end - part.begin) * float(network.length_m[part.stretch]) for part in parts)
    return Journey(best, metres, _drawn(network, parts))


def _followed(network: RoadNetwork, node: int, travel: Travel) -> Iterable[_Part]:
    """The parts of the way from a junction on, the last of them to the place itself."""
    while (stretch := travel.stretch[node]) >= 0:
        onward = travel.node[node]
        forth = network.tail[stretch] == node and network.head[stretch] == onward and network.forth[stretch]
        yield _Part(stretch, 0.0, 1.0) if forth else _Part(stretch, 1.0, 0.0)
        node = onward
    target = travel.places[0]
    ends = [end for end in _ends(network, target, travel.cost, arriving=True) if end[0] == node]
    yield _Part(target.stretch, min(ends, key=lambda end: end[1])[2], target.share)


def _search(
    network: RoadNetwork, arcs: Arcs, places: Sequence[RoadPlace], cost: Positions, *, arriving: bool
) -> Travel:
    """Dijkstra's search over ``arcs`` from the ends of the places' stretches; ties go to the junction of lower number."""
    count = len(network.node)
    seconds, stretches, nodes = [inf] * count, [-1] * count, [-1] * count
    for number, place in enumerate(places):
        for node, begun, _ in _ends(network, place, cost, arriving=arriving):
            if begun < seconds[node]:
                seconds[node], nodes[node] = begun, number
    waiting = [(begun, node) for node, begun in enumerate(seconds) if begun < inf]
    heapq.heapify(waiting)
    first, ahead, along, takes = arcs.first, arcs.node, arcs.stretch, cost.tolist()
    while waiting:
        begun, node = heapq.heappop(waiting)
        if begun > seconds[node]:
            continue
        for arc in range(first[node], first[node + 1]):
            then, other = begun + takes[along[arc]], ahead[arc]
            if then < seconds[other]:
                seconds[other], stretches[other], nodes[other] = then, along[arc], node
                heapq.heappush(waiting, (then, other))
    return Travel(seconds, stretches, nodes, tuple(places), cost)


def _ends(network: RoadNetwork, place: RoadPlace, cost: Positions, *, arriving: bool) -> list[tuple[int, float, float]]:
    """Junctions at the ends of a place's stretch: number, seconds between it and the place, share at which it lies.

    ``arriving`` is from the junction to the place, else from the place to the junction.
    """
    stretch, share, takes = place.stretch, place.share, float(cost[place.stretch])
    tail, head, metres = int(network.tail[stretch]), int(network.head[stretch]), float(network.length_m[stretch])
    by_tail, by_head = (network.forth, network.back) if arriving else (network.back, network.forth)
    ends = []
    if share * metres <= AT_JUNCTION_M:
        ends.append((tail, 0.0, 0.0))
    elif by_tail[stretch] and takes < inf:
        ends.append((tail, share * takes, 0.0))
    if (1 - share) * metres <= AT_JUNCTION_M:
        ends.append((head, 0.0, 1.0))
    elif by_head[stretch] and takes < inf:
        ends.append((head, (1 - share) * takes, 1.0))
    return ends


def _along(network: RoadNetwork, origin: RoadPlace, target: RoadPlace, cost: Positions) -> float:
    """Seconds from one place to another of the same stretch without leaving it; infinite where that cannot be."""
    stretch, takes = origin.stretch, float(cost[origin.stretch])
    ahead = target.share - origin.share
    if target.stretch != stretch:
        return inf
    if ahead == 0:
        return 0.0
    is_open = bool(network.forth[stretch] if ahead > 0 else network.back[stretch]) and takes < inf
    return abs(ahead) * takes if is_open else inf


def _drawn(network: RoadNetwork, parts: Sequence[_Part]) -> BaseGeometry:
    """The line of the parts one after another; a point twice where nobody moves."""
    pieces = [
        shapely.get_coordinates(substring(network.line[part.stretch], part.begin, part.end, normalized=True))
        for part in parts
        if part.begin != part.end
    ]
    if not pieces:
        here = network.line[parts[0].stretch].interpolate(parts[0].begin, normalized=True)
        pieces = [shapely.get_coordinates([here, here])]
    corners = np.concatenate(pieces)
    moved = np.r_[True, (np.diff(corners, axis=0) != 0).any(axis=1)]
    kept = corners[moved]
    return shapely.LineString(kept if len(kept) > 1 else corners[[0, -1]])
