"""Tables of travel: seconds from each of many places to every junction, and to many points, worked out by numbers alone.

What is here holds no shapes, so that it travels quickly into a process of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis_layers.roads.junctions import Flags, Numbers, Positions
from gis_layers.roads.network import Arcs, RoadNetwork
from gis_layers.roads.road_places import AT_JUNCTION_M


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """A network without its shapes; ``cost`` are the seconds of each stretch, infinite where nobody drives it."""

    tail: Numbers
    head: Numbers
    length_m: Positions
    forth: Flags
    back: Flags
    out: Arcs
    cost: Positions

    @property
    def junctions(self) -> int:
        """The number of junctions."""
        return len(self.out.first) - 1


@dataclass(frozen=True, slots=True)
class PlacesOnRoads:
    """Places on stretches in parallel arrays: ``share`` of the drawn length from the tail."""

    stretch: Numbers
    share: Positions

    def __len__(self) -> int:
        """The number of places."""
        return len(self.stretch)

    def part(self, begin: int, end: int) -> PlacesOnRoads:
        """Some of the places, in their order."""
        return PlacesOnRoads(self.stretch[begin:end], self.share[begin:end])


def graph_of(network: RoadNetwork, cost: Positions) -> RoadGraph:
    """The graph of a network whose stretches take ``cost``."""
    return RoadGraph(network.tail, network.head, network.length_m, network.forth, network.back, network.out, cost)


def travel_table(
    graph: RoadGraph, origins: PlacesOnRoads, begun: Positions, *, within_s: float = inf
) -> Positions:  # fmt: skip
    """Seconds from each origin (a row), at which so many had passed, to every junction; infinite beyond ``within_s``."""
    count = graph.junctions
    if not len(origins):
        return np.empty((0, count))
    ends = np.column_stack([graph.tail[origins.stretch], graph.head[origins.stretch]])
    leaving = np.column_stack(to_ends(graph, origins, arriving=False)) + begun[:, None]
    leads = np.isfinite(leaving)
    takes = np.concatenate([graph.cost[graph.out.stretch], leaving[leads]])
    ahead = np.concatenate([graph.out.node, ends[leads].astype(np.int32)])
    first = np.concatenate([graph.out.first, graph.out.first[-1] + np.cumsum(leads.sum(axis=1))]).astype(np.int32)
    whole = csr_array((takes, ahead, first), shape=(count + len(origins),) * 2)  # type: ignore[no-untyped-call]
    sources = np.arange(count, count + len(origins))
    seconds: Positions = dijkstra(whole, indices=sources, limit=within_s)
    return seconds[:, :count]


def table_at(
    graph: RoadGraph, table: Positions, origins: PlacesOnRoads, begun: Positions, points: PlacesOnRoads
) -> Positions:  # fmt: skip
    """Seconds from each origin (a row of ``table``) to each point (a column)."""
    to_tail, to_head = to_ends(graph, points, arriving=True)
    by_tail = table[:, graph.tail[points.stretch]] + to_tail
    found = np.minimum(by_tail, table[:, graph.head[points.stretch]] + to_head)
    takes = graph.cost[points.stretch]
    for row, (stretch, share) in enumerate(zip(origins.stretch, origins.share, strict=True)):
        here = np.flatnonzero(points.stretch == stretch)
        ahead = points.share[here] - share
        driven = np.where(ahead > 0, graph.forth[stretch], graph.back[stretch]) & np.isfinite(graph.cost[stretch])
        moves = here[driven & (ahead != 0)]
        found[row, moves] = np.minimum(
            found[row, moves], begun[row] + np.abs(points.share[moves] - share) * takes[moves]
        )
        still = here[ahead == 0]
        found[row, still] = np.minimum(found[row, still], begun[row])
    return found


def to_ends(graph: RoadGraph, places: PlacesOnRoads, *, arriving: bool) -> tuple[Positions, Positions]:
    """Seconds between each place and the tail of its stretch, and its head: towards the place where ``arriving``."""
    takes, metres = graph.cost[places.stretch], graph.length_m[places.stretch]
    by_tail, by_head = (graph.forth, graph.back) if arriving else (graph.back, graph.forth)
    told = []
    for driven, part in ((by_tail, places.share), (by_head, 1 - places.share)):
        is_open = driven[places.stretch] & np.isfinite(takes)
        run = np.where(is_open, part * np.where(np.isfinite(takes), takes, 0.0), inf)
        told.append(np.where(part * metres <= AT_JUNCTION_M, 0.0, run))
    return told[0], told[1]
