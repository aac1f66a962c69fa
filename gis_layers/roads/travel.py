"""Travel on the network: one search from a place tells how long everybody needs to it, and by which way.

Both ends lie on stretches, not on junctions: a part of a stretch takes its part of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from gis_layers.roads.junctions import Positions
from gis_layers.roads.network import Arcs, RoadNetwork
from gis_layers.roads.road_places import AT_JUNCTION_M, RoadPlace


@dataclass(frozen=True, slots=True)
class Travel:
    """Seconds between every junction and the nearest of some places, and the junction that comes next on the way there.

    Where the way ends, ``onward`` is one more than the last junction, below 0 where there is no way. ``cost`` are the
    seconds of each stretch the search went by, infinite where it is closed, ``begun`` those that had passed at each place.
    ``on_foot`` are the seconds from junctions from which the rest is walked sooner than driven.
    """

    seconds: Positions
    onward: npt.NDArray[np.int32]
    places: tuple[RoadPlace, ...]
    cost: Positions
    begun: tuple[float, ...]
    on_foot: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Journey:
    """A drive between two places on roads: seconds, metres along the roads, and the line of it (metric CRS).

    ``parts`` are the stretches it goes along, each from one share of its length to another. ``left_at`` is the junction
    where the engine is left for a walk, which is in the seconds alone; None where the drive leads all the way.
    """

    seconds: float
    road_m: float
    line: BaseGeometry
    parts: tuple[tuple[int, float, float], ...]
    left_at: int | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a stretch as it is driven, from one share of its length to another."""

    stretch: int
    begin: float
    end: float


def travel_to(
    network: RoadNetwork,
    place: RoadPlace,
    cost: Positions | None = None,
    *,
    on_foot: Mapping[int, float] | None = None,
) -> Travel:
    """Travel from every junction to ``place``, searched from there against the traffic.

    ``on_foot`` are junctions from which the rest may be walked, with the seconds that takes.
    """
    seconds = network.seconds if cost is None else cost
    return _search(network, network.into, [place], seconds, arriving=True, on_foot=on_foot)


def travel_from(
    network: RoadNetwork,
    places: Sequence[RoadPlace],
    cost: Positions | None = None,
    *,
    begun: Sequence[float] | None = None,
) -> Travel:
    """Travel to every junction from the nearest of ``places``, at which so many seconds had passed (``begun``; else none)."""
    seconds = network.seconds if cost is None else cost
    return _search(network, network.out, places, seconds, arriving=False, begun=begun)


def seconds_at(network: RoadNetwork, travel: Travel, place: RoadPlace) -> float:
    """Seconds to ``place`` of travel that began elsewhere (``travel_from``); infinite where nobody comes."""
    origins = zip(travel.places, travel.begun, strict=True)
    between = [begun + _along(network, origin, place, travel.cost) for origin, begun in origins]
    over = [float(travel.seconds[node]) + rest for node, rest, _ in _ends(network, place, travel.cost, arriving=True)]
    return min([*between, *over], default=inf)


def way_here(network: RoadNetwork, travel: Travel, place: RoadPlace) -> tuple[tuple[int, float, float], ...]:
    """The parts of the quickest way to ``place`` of travel that began elsewhere (``travel_from``); none where nobody comes.

    Parts are stretches, each from one share of its length to another.
    """
    origins = list(zip(travel.places, travel.begun, strict=True))
    best, parts = inf, list[_Part]()
    for origin, begun in origins:
        if begun + _along(network, origin, place, travel.cost) < best:
            best = begun + _along(network, origin, place, travel.cost)
            parts = [_Part(place.stretch, origin.share, place.share)]
    for node, rest, share in _ends(network, place, travel.cost, arriving=True):
        if float(travel.seconds[node]) + rest < best:
            best = float(travel.seconds[node]) + rest
            parts = [*_come(network, node, travel), _Part(place.stretch, share, place.share)]
    return tuple((part.stretch, part.begin, part.end) for part in parts)


def _come(network: RoadNetwork, node: int, travel: Travel) -> list[_Part]:
    """The parts of the way from where travel began to a junction."""
    parts: list[_Part] = []
    while (before := int(travel.onward[node])) < len(network.node):
        parts.append(_quickest(network, before, node, travel.cost))
        node = before
    for origin, begun in zip(travel.places, travel.begun, strict=True):
        for end, seconds, share in _ends(network, origin, travel.cost, arriving=False):
            if end == node and begun + seconds <= float(travel.seconds[node]):
                return [_Part(origin.stretch, origin.share, share), *reversed(parts)]
    return parts[::-1]


def drive_seconds(network: RoadNetwork, origin: RoadPlace, travel: Travel) -> float:
    """Seconds of the quickest drive from ``origin`` to where ``travel`` leads (``travel_to``); infinite where there is no way."""
    return _leave(network, origin, travel)[0]


def journey(network: RoadNetwork, origin: RoadPlace, travel: Travel) -> Journey | None:
    """The quickest drive from ``origin`` to where ``travel`` leads (``travel_to``); None where there is no way."""
    best, leaving = _leave(network, origin, travel)
    if best == inf:
        return None
    parts, left_at = [_Part(origin.stretch, origin.share, travel.places[0].share)], None
    if leaving is not None:
        followed, left_at = _followed(network, leaving[0], travel)
        parts = [_Part(origin.stretch, origin.share, leaving[1]), *followed]
    metres = sum(abs(part.end - part.begin) * float(network.length_m[part.stretch]) for part in parts)
    told = tuple((part.stretch, part.begin, part.end) for part in parts)
    return Journey(best, metres, _drawn(network, parts), told, left_at)


def _leave(network: RoadNetwork, origin: RoadPlace, travel: Travel) -> tuple[float, tuple[int, float] | None]:
    """Seconds of the quickest drive, and by which junction it leaves the stretch it begins on: its number, its share there."""
    best, leaving = _along(network, origin, travel.places[0], travel.cost), None
    for node, begun, share in _ends(network, origin, travel.cost, arriving=False):
        if begun + float(travel.seconds[node]) < best:
            best, leaving = begun + float(travel.seconds[node]), (node, share)
    return best, leaving


def _followed(network: RoadNetwork, node: int, travel: Travel) -> tuple[list[_Part], int | None]:
    """The parts of the way from a junction on, the last of them to the place itself, or to where the engine is left."""
    parts = []
    while (onward := int(travel.onward[node])) < len(network.node):
        parts.append(_quickest(network, node, onward, travel.cost))
        node = onward
    if node in travel.on_foot:
        return parts, node
    target = travel.places[0]
    ends = [end for end in _ends(network, target, travel.cost, arriving=True) if end[0] == node]
    return [*parts, _Part(target.stretch, min(ends, key=lambda end: end[1])[2], target.share)], None


def _quickest(network: RoadNetwork, node: int, onward: int, cost: Positions) -> _Part:
    """The stretch from one junction to the next that takes least, of equal ones the first."""
    out = network.out
    leaving = slice(out.first[node], out.first[node + 1])
    stretches = out.stretch[leaving][out.node[leaving] == onward]
    stretch = int(stretches[np.argmin(cost[stretches])])
    forth = network.tail[stretch] == node and network.head[stretch] == onward and network.forth[stretch]
    return _Part(stretch, 0.0, 1.0) if forth else _Part(stretch, 1.0, 0.0)


def _search(
    network: RoadNetwork,
    arcs: Arcs,
    places: Sequence[RoadPlace],
    cost: Positions,
    *,
    arriving: bool,
    begun: Sequence[float] | None = None,
    on_foot: Mapping[int, float] | None = None,
) -> Travel:
    """Dijkstra's search over ``arcs`` from one junction more than there are, which leads to the ends of the places' stretches."""
    count = len(network.node)
    passed = tuple(begun or [0.0] * len(places))
    least: dict[int, float] = {}
    for place, before in zip(places, passed, strict=True):
        for node, seconds, _ in _ends(network, place, cost, arriving=arriving):
            least[node] = min(before + seconds, least.get(node, inf))
    walked = {node: takes for node, takes in (on_foot or {}).items() if takes < least.get(node, inf)}
    least |= walked
    takes = np.concatenate([cost[arcs.stretch], list(least.values())])
    ahead = np.concatenate([arcs.node, np.array(list(least), dtype=np.int32)])
    first = np.append(arcs.first, np.int32(len(ahead)))
    graph = csr_array((takes, ahead, first), shape=(count + 1, count + 1))  # type: ignore[no-untyped-call]
    seconds, onward = dijkstra(graph, indices=count, return_predecessors=True)
    return Travel(seconds[:count], onward[:count], tuple(places), cost, passed, walked)


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
