"""Connectivity of a network: where a fault of its drawing keeps drivers from each other, looked for before it serves.

An island hangs together with nothing else; from some junctions nobody drives away, to others nobody comes; an end stops short
of the road it was meant to meet. None of it is mended here: what is guessed shut would be a way that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Final, Literal

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components
from shapely.geometry.base import BaseGeometry

from gis_layers.roads.junctions import Flags, Numbers
from gis_layers.roads.network import Arcs, RoadNetwork
from gis_layers.roads.road_places import AT_JUNCTION_M
from gis_layers.roads.speeds import Speeds
from risk_model.vocabulary import Geometries

GAP_M: Final = 5.0
"""An end that stops so near to a road that it does not meet is looked at: a survey's slip is rarely wider."""

ConnectivityKind = Literal["island", "no_exit", "no_entry", "gap", "motorway"]


@dataclass(frozen=True, slots=True)
class ConnectivityFault:
    """Fault of a network: the stretches it keeps apart (``road_m`` of them), ``line`` (metric CRS) where it is drawn.

    ``at`` is where one looks first. ``gap_m`` is how far an end stops short, None for every other kind.
    """

    kind: ConnectivityKind
    stretches: tuple[int, ...]
    road_m: float
    line: BaseGeometry
    at: BaseGeometry
    gap_m: float | None = None


def find_faults(network: RoadNetwork) -> list[ConnectivityFault]:
    """Every fault, those that keep most road apart first, gaps after them by their width."""
    parts = _parts(network)
    main = _main_part(network, parts)
    apart = [*_islands(network, parts, main), *_traps(network, parts == main)]
    gaps = sorted(_gaps(network, parts), key=lambda gap: (gap.gap_m or 0.0, gap.stretches))
    return [*sorted(apart, key=lambda fault: (-fault.road_m, fault.stretches)), *gaps]


def far_from_roads(network: RoadNetwork, places: Geometries, speeds: Speeds) -> Flags:
    """Which of ``places`` (metric CRS) stand too far from any road to drive off."""
    among = network.roads.among
    if not len(among) or not len(places):
        return np.ones(len(places), dtype=bool)
    nearest = network.line[among[network.roads.tree.nearest(places)]]
    return np.asarray(shapely.distance(nearest, places) > speeds.longest_yard_m, dtype=bool)


def _parts(network: RoadNetwork) -> Numbers:
    """A number for each junction, the same for those that hang together whichever way one drives."""
    count = len(network.node)
    ones = np.ones(len(network.tail))
    graph = csr_array((ones, (network.tail, network.head)), shape=(count, count))  # type: ignore[no-untyped-call]
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _main_part(network: RoadNetwork, parts: Numbers) -> int:
    """The part with most road; motorways alone are none where anything else is."""
    of_stretch = parts[network.tail]
    metres = np.bincount(of_stretch, weights=network.length_m)
    others = np.bincount(of_stretch, weights=network.road_class != "motorway", minlength=len(metres))
    return int(np.argmax(np.where(others > 0, metres, metres - metres.sum() - 1)))


def _islands(network: RoadNetwork, parts: Numbers, main: int) -> Iterator[ConnectivityFault]:
    of_stretch = parts[network.tail]
    for stretches in _grouped(of_stretch, of_stretch != main):
        alone = bool((network.road_class[stretches] == "motorway").all())
        yield _fault(network, "motorway" if alone else "island", stretches)


def _traps(network: RoadNetwork, among: Flags) -> Iterator[ConnectivityFault]:
    """Stretches at junctions from which nobody drives to the largest piece with ways both ways, and at those nobody comes to from it."""
    out, into = _graph(network.out, len(network.node)), _graph(network.into, len(network.node))
    _, strong = connected_components(out, directed=True, connection="strong")
    middle = int(np.argmax(np.bincount(strong[among])))
    begun = int(np.flatnonzero(strong == middle)[0])
    reached, leading = _reached(out, begun), _reached(into, begun)
    wrong: tuple[tuple[ConnectivityKind, Flags], ...] = (
        ("no_exit", among & ~leading),
        ("no_entry", leading & ~reached),
    )
    for kind, trapped in wrong:
        inner = trapped[network.tail] | trapped[network.head]
        joined = trapped[network.tail] & trapped[network.head]
        count = len(network.node)
        ends = (np.ones(int(joined.sum())), (network.tail[joined], network.head[joined]))
        graph = csr_array(ends, shape=(count, count))  # type: ignore[no-untyped-call]
        cluster = np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
        label = np.where(trapped[network.tail], cluster[network.tail], cluster[network.head])
        for stretches in _grouped(label, inner):
            yield _fault(network, kind, stretches)


def _gaps(network: RoadNetwork, parts: Numbers) -> Iterator[ConnectivityFault]:
    """Ends of one stretch alone that stop short of another: nothing is said of what lies under a bridge or beside a motorway."""
    degree = np.bincount(np.concatenate([network.tail, network.head]), minlength=len(network.node))
    ends = np.flatnonzero(degree == 1)
    own = np.full(len(network.node), -1)
    own[network.tail] = own[network.head] = np.arange(len(network.tail))
    ends = ends[network.road_class[own[ends]] != "motorway"]
    points = np.asarray(shapely.points(network.node[ends]), dtype=object)
    which, found = network.roads.tree.query(points, predicate="dwithin", distance=GAP_M)
    best: dict[int, tuple[float, int]] = {}
    for one, stretch in zip(which.tolist(), network.roads.among[found].tolist(), strict=True):
        node = int(ends[one])
        if _is_beside(network, node, int(own[node]), stretch, points[one]):
            away = float(shapely.distance(points[one], network.line[stretch]))
            best[node] = min((away, stretch), best.get(node, (inf, 0)))
    told: set[frozenset[int]] = set()
    for node, (away, stretch) in sorted(best.items(), key=lambda item: (item[1], item[0])):
        pair = frozenset((int(own[node]), stretch))
        if pair in told:
            continue
        told.add(pair)
        end = shapely.Point(network.node[node])
        line = shapely.shortest_line(end, network.line[stretch])
        road_m = float(network.length_m[own[node]]) if parts[node] != parts[network.tail[stretch]] else 0.0
        yield ConnectivityFault("gap", (int(own[node]), stretch), road_m, line, end, away)


def _is_beside(network: RoadNetwork, node: int, own: int, stretch: int, end: BaseGeometry) -> bool:
    """Whether a stretch is one this end could have been meant to meet."""
    other = int(network.head[own] if network.tail[own] == node else network.tail[own])
    if stretch == own:
        return False
    # A stub no longer than the gap is as near to every road it turns off from.
    if network.length_m[own] <= 2 * GAP_M and other in (network.tail[stretch], network.head[stretch]):
        return False
    if not network.bridge[stretch]:
        return True
    ends = shapely.points(network.node[[network.tail[stretch], network.head[stretch]]])
    away = float(shapely.distance(end, network.line[stretch]))
    return bool(shapely.distance(end, ends).min() <= away + AT_JUNCTION_M)


def _graph(arcs: Arcs, count: int) -> csr_array:
    ones = np.ones(len(arcs.node))
    graph = csr_array((ones, arcs.node.copy(), arcs.first.copy()), shape=(count, count))  # type: ignore[no-untyped-call]
    # scipy's search for strong parts never ends where two arcs lead from one node to the same other.
    graph.sum_duplicates()  # type: ignore[no-untyped-call]
    return graph


def _reached(graph: csr_array, begun: int) -> Flags:
    found = np.zeros(graph.shape[0], dtype=bool)
    found[breadth_first_order(graph, begun, return_predecessors=False)] = True
    return found


def _grouped(label: Numbers, chosen: Flags) -> Iterator[Numbers]:
    """The places of the ``chosen`` with one label, label by label."""
    at = np.flatnonzero(chosen)
    order = at[np.argsort(label[at], kind="stable")]
    if len(order):
        yield from np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _fault(network: RoadNetwork, kind: ConnectivityKind, stretches: Numbers) -> ConnectivityFault:
    lines, metres = network.line[stretches], network.length_m[stretches]
    at = shapely.line_interpolate_point(lines[int(np.argmax(metres))], 0.5, normalized=True)
    told = tuple(stretches.tolist())
    return ConnectivityFault(kind, told, float(metres.sum()), shapely.multilinestrings([list(lines)])[0], at)
