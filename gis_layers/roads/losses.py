"""Losses: the stretches without which most people would no longer be arrived at in time.

Whoever is first somewhere comes along a tree of quickest ways. A stretch can hurt nobody but those behind it on the tree and
those who live on it; that bounds what its loss may do, so that few have to be tried. What is tried is searched anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, dijkstra

from gis_layers.roads.junctions import Flags, Numbers, Positions
from gis_layers.roads.tables import PlacesOnRoads, RoadGraph, table_at, to_ends


@dataclass(frozen=True, slots=True)
class Reached:
    """Points and whoever sets out to them: ``begun`` seconds had passed at each origin, a walk follows at each point.

    Who stands so near that they walk over is there after ``over_s``; roads have no part in that. ``weight`` is what each point counts.
    """

    origins: PlacesOnRoads
    begun: Positions
    points: PlacesOnRoads
    walk_s: Positions
    over_s: Positions
    weight: Positions


@dataclass(frozen=True, slots=True)
class StretchLosses:
    """Stretches by the weight that their loss uncovers, most first; ``proven`` where no other of them uncovers more than the last."""

    stretch: Numbers
    weight: Positions
    proven: bool


def stretch_losses(
    graph: RoadGraph, reached: Reached, among: Flags, *, within_s: float, most: int, searches: int
) -> StretchLosses:
    """The ``most`` stretches ``among`` all whose loss uncovers most, found in no more than so many ``searches``."""
    covered = _seconds(graph, reached) <= within_s
    bounds = np.where(among, _bounds(graph, reached, within_s), 0.0)
    order = np.argsort(-bounds, kind="stable")
    found: list[tuple[float, int]] = []
    proven = True
    for tried, stretch in enumerate(order.tolist()):
        if bounds[stretch] <= 0 or (len(found) == most and found[-1][0] >= bounds[stretch]):
            break
        if tried == searches:
            proven = False
            break
        cost = graph.cost.copy()
        cost[stretch] = inf
        lost = covered & ~(_seconds(replace(graph, cost=cost), reached) <= within_s)
        found = sorted([*found, (float(reached.weight[lost].sum()), stretch)], key=lambda one: (-one[0], one[1]))[:most]
    hurting = [(weight, stretch) for weight, stretch in found if weight > 0]
    weights, stretches = zip(*hurting, strict=True) if hurting else ((), ())
    return StretchLosses(np.array(stretches, dtype=np.int64), np.array(weights, dtype=float), proven)


def _seconds(graph: RoadGraph, reached: Reached) -> Positions:
    """Seconds until the first is at each point."""
    seconds, _ = _searched(graph, reached)
    on_roads = table_at(graph, seconds[None, :], _none(), np.empty(0), reached.points)[0]
    seconds_all: Positions = np.minimum(on_roads, _along(graph, reached)) + reached.walk_s
    return np.minimum(seconds_all, reached.over_s)


def _none() -> PlacesOnRoads:
    return PlacesOnRoads(np.empty(0, dtype=np.int64), np.empty(0))


def _along(graph: RoadGraph, reached: Reached) -> Positions:
    """Seconds to points on the stretch somebody sets out on, without leaving it."""
    best = np.full(len(reached.points), inf)
    far = np.full((1, graph.junctions), inf)
    for i in range(len(reached.origins)):
        begun = reached.begun[i : i + 1]
        if np.isfinite(begun[0]):
            here = np.flatnonzero(reached.points.stretch == reached.origins.stretch[i])
            points = PlacesOnRoads(reached.points.stretch[here], reached.points.share[here])
            best[here] = np.minimum(best[here], table_at(graph, far, reached.origins.part(i, i + 1), begun, points)[0])
    return best


def _searched(graph: RoadGraph, reached: Reached) -> tuple[Positions, Numbers]:
    """Seconds until the first is at each junction, and the junction before it; the number of junctions where they set out."""
    count, least = graph.junctions, np.full(graph.junctions, inf)
    origins = reached.origins
    for node, seconds in zip((graph.tail, graph.head), to_ends(graph, origins, arriving=False), strict=True):
        np.minimum.at(least, node[origins.stretch], seconds + reached.begun)
    begins = np.flatnonzero(np.isfinite(least)).astype(np.int32)
    takes = np.concatenate([graph.cost[graph.out.stretch], least[begins]])
    ahead = np.concatenate([graph.out.node, begins])
    first = np.append(graph.out.first, np.int32(len(ahead)))
    whole = csr_array((takes, ahead, first), shape=(count + 1, count + 1))  # type: ignore[no-untyped-call]
    seconds, before = dijkstra(whole, indices=count, return_predecessors=True)
    return seconds[:count], before[:count].astype(np.int64)


def _bounds(graph: RoadGraph, reached: Reached, within_s: float) -> Positions:
    """The most that the loss of each stretch may uncover."""
    count = graph.junctions
    seconds, before = _searched(graph, reached)
    points = reached.points
    to_tail, to_head = to_ends(graph, points, arriving=True)
    by_tail, by_head = seconds[graph.tail[points.stretch]] + to_tail, seconds[graph.head[points.stretch]] + to_head
    along = _along(graph, reached)
    best = np.minimum(np.minimum(by_tail, by_head), along)
    on_roads = (best + reached.walk_s <= within_s) & (reached.over_s > within_s)
    behind = np.zeros(count + 1)
    for node, came in ((graph.tail, by_tail), (graph.head, by_head)):
        through = on_roads & (came == best) & (along > best)
        if node is graph.head:
            through &= by_tail > best
        np.add.at(behind, node[points.stretch[through]], reached.weight[through])
    bounds = np.bincount(points.stretch[on_roads], reached.weight[on_roads], len(graph.tail)).astype(float)
    stretch_before = _stretches_before(graph, reached, before, seconds)
    for one in _farthest_first(before, count):
        bounds[stretch_before[one]] += behind[one]
        behind[before[one]] += behind[one]
    return bounds


def _farthest_first(before: Numbers, count: int) -> Iterator[int]:
    """Junctions on the tree, each before the one it is reached by."""
    nodes = np.flatnonzero(before >= 0)
    tree = csr_array((np.ones(len(nodes)), (before[nodes], nodes)), shape=(count + 1,) * 2)  # type: ignore[no-untyped-call]
    order = breadth_first_order(tree, count, directed=True, return_predecessors=False)
    return iter(order[:0:-1].tolist())


def _stretches_before(graph: RoadGraph, reached: Reached, before: Numbers, seconds: Positions) -> Numbers:
    """The stretch by which each junction is reached."""
    count = graph.junctions
    found = np.zeros(count, dtype=np.int64)
    leaves = np.repeat(np.arange(count), np.diff(graph.out.first))
    pair = leaves * count + graph.out.node
    order = np.lexsort((graph.cost[graph.out.stretch], pair))
    nodes = np.flatnonzero((before >= 0) & (before < count))
    at = np.searchsorted(pair[order], before[nodes] * count + nodes)
    found[nodes] = graph.out.stretch[order[at]]
    origins = reached.origins
    for node, took in zip((graph.tail, graph.head), to_ends(graph, origins, arriving=False), strict=True):
        ends = node[origins.stretch]
        sets_out = (before[ends] == count) & (took + reached.begun <= seconds[ends])
        found[ends[sets_out]] = origins.stretch[sets_out]
    return found
