"""Walks to a place where nobody drives up to it: along the roads around it, either way, through what people walk through."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from gis_layers.roads.junctions import Flags, Numbers, Positions
from gis_layers.roads.network import RoadNetwork
from gis_layers.roads.road_places import AT_JUNCTION_M, RoadPlace


@dataclass(frozen=True, slots=True)
class Walk:
    """Walk along roads: metres, and the line of it from whoever walks to the place (metric CRS)."""

    metres: float
    line: BaseGeometry


@dataclass(frozen=True, slots=True)
class Walks:
    """Metres from junctions around ``place`` to it on foot, none above ``most_m``, and the junction that comes next.

    ``onward`` is -1 where the way ends on the stretch of the place. ``along`` tells which stretches are walked, ``near`` which of them
    are near.
    """

    network: RoadNetwork
    place: RoadPlace
    along: Flags
    near: Numbers
    most_m: float
    metres: dict[int, float]
    onward: dict[int, int]

    def metres_from(self, origin: RoadPlace) -> float:
        """Metres on foot from somebody on a road; infinite where they cannot walk or it is too far."""
        return self._leave(origin)[0]

    def walk_from(self, origin: RoadPlace) -> Walk | None:
        """The walk of somebody on a road; None where there is none."""
        metres, node, share = self._leave(origin)
        if metres == inf:
            return None
        if node < 0:
            return Walk(metres, _line([self._part(origin.stretch, origin.share, self.place.share)]))
        begun = self._part(origin.stretch, origin.share, share)
        return Walk(metres, _line([begun, *self._followed(node)]))

    def walk_from_junction(self, node: int) -> Walk:
        """The walk of somebody at a junction of ``metres``."""
        return Walk(self.metres[node], _line(list(self._followed(node))))

    def _leave(self, origin: RoadPlace) -> tuple[float, int, float]:
        """Metres of the shortest walk, and by which junction it leaves the stretch: its number (-1: by none), its share."""
        best = (inf, -1, 0.0)
        if origin.stretch == self.place.stretch and (self.along[origin.stretch] or origin.share == self.place.share):
            metres = abs(origin.share - self.place.share) * float(self.network.length_m[origin.stretch])
            best = (metres, -1, 0.0)
        for node, metres, share in _ends(self.network, origin, self.along):
            best = min(best, (metres + self.metres.get(node, inf), node, share))
        return best if best[0] <= self.most_m else (inf, -1, 0.0)

    def _followed(self, node: int) -> list[Positions]:
        parts = []
        while (onward := self.onward[node]) >= 0:
            parts.append(self._between(node, onward))
            node = onward
        ends = [end for end in _ends(self.network, self.place, self.along) if end[0] == node]
        share = min(ends, key=lambda end: end[1])[2]
        return [*parts, self._part(self.place.stretch, share, self.place.share)]

    def _between(self, node: int, onward: int) -> Positions:
        net = self.network
        tail, head = net.tail[self.near], net.head[self.near]
        stretches = self.near[((tail == node) & (head == onward)) | ((head == node) & (tail == onward))]
        stretch = int(stretches[np.argmin(net.length_m[stretches])])
        return self._part(stretch, *((0.0, 1.0) if net.tail[stretch] == node else (1.0, 0.0)))

    def _part(self, stretch: int, begin: float, end: float) -> Positions:
        corners: Positions = shapely.get_coordinates(substring(self.network.line[stretch], begin, end, normalized=True))
        return corners


def walks_to(network: RoadNetwork, place: RoadPlace, along: Flags, most_m: float) -> Walks:
    """Walks of up to ``most_m`` to a place on the network, ``along`` the stretches people walk along."""
    near = _around(network, place, most_m)
    stretches = near[along[near]]
    ends = _ends(network, place, along)
    nodes = np.unique(np.concatenate([network.tail[stretches], network.head[stretches], [end[0] for end in ends]]))
    count = len(nodes)
    tail, head = (np.searchsorted(nodes, some[stretches]) for some in (network.tail, network.head))
    last = np.searchsorted(nodes, np.array([end[0] for end in ends], dtype=np.int64))
    begins = np.concatenate([tail, head, np.full(len(ends), count)])
    ahead = np.concatenate([head, tail, last])
    metres = np.concatenate([network.length_m[stretches]] * 2 + [np.array([end[1] for end in ends])])
    order = np.argsort(begins, kind="stable")
    first = np.searchsorted(begins[order], np.arange(count + 2))
    graph = csr_array((metres[order], ahead[order], first), shape=(count + 1,) * 2)  # type: ignore[no-untyped-call]
    found, onward = dijkstra(graph, indices=count, return_predecessors=True, limit=most_m)
    reached = np.flatnonzero(np.isfinite(found[:count]))
    return Walks(
        network, place, along, stretches, most_m,
        {int(nodes[i]): float(found[i]) for i in reached},
        {int(nodes[i]): -1 if onward[i] == count else int(nodes[onward[i]]) for i in reached},
    )  # fmt: skip


def _around(network: RoadNetwork, place: RoadPlace, most_m: float) -> Numbers:
    """Stretches as near as a walk may lead; a road that is told shorter than it is drawn may lead no farther than drawn."""
    here = shapely.line_interpolate_point(network.line[place.stretch], place.share, normalized=True)
    found = network.roads.tree.query(here, predicate="dwithin", distance=most_m)
    return np.unique(np.append(network.roads.among[found], place.stretch))


def _ends(network: RoadNetwork, place: RoadPlace, along: Flags) -> list[tuple[int, float, float]]:
    """Junctions at the ends of a place's stretch: number, metres on foot, share at which it lies."""
    stretch, metres = place.stretch, float(network.length_m[place.stretch])
    ends = ((int(network.tail[stretch]), place.share, 0.0), (int(network.head[stretch]), 1 - place.share, 1.0))
    at_hand = [(node, part * metres, share) for node, part, share in ends]
    return [
        (node, 0.0 if far <= AT_JUNCTION_M else far, share)
        for node, far, share in at_hand
        if along[stretch] or far <= AT_JUNCTION_M
    ]


def _line(parts: list[Positions]) -> BaseGeometry:
    corners = np.concatenate(parts)
    kept = [corners[0], *(other for one, other in pairwise(corners) if (one != other).any())]
    return shapely.LineString(kept if len(kept) > 1 else [corners[0], corners[0]])
