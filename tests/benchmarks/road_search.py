"""One search over a large road network: how long every junction needs to an incident, compiled and as a textbook has it."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import TypeVar

import networkx as nx
import numpy as np
import shapely

from gis_layers.roads import (
    RoadLines,
    RoadNetwork,
    RoadPlace,
    build_network,
    journey,
    pack_network,
    read_speeds,
    travel_to,
    unpack_network,
)
from tests.benchmarks.coverage_tables import note_of, ratios_of, time_coverage
from tests.benchmarks.ground import SEED
from tests.benchmarks.measured import Measured, Ratio, Size, at_least, median, spread
from tests.benchmarks.published import private_cluster
from tests.pgrouting import PgRouting, has_pgrouting

NAME = "road-search"
QUESTION = "One search from an incident against the traffic over a whole road network, the ways of ten forces; coverage by twenty."
SIDES = {"full": 317, "quick": 100, "tiny": 12}
"""Junctions along a side of the lattice; a full one has some 400,000 arcs."""
APART_M = 250.0
FORCES = 10
GOAL = 5.0
GOAL_NETWORKX = 20.0
GOAL_PGROUTING = 20.0
PGROUTING = "pgRouting"
WITHIN = 0.001
"""pgRouting may differ by so much of a time."""
AS_QUICK_S = 1e-6
T = TypeVar("T")


@dataclass(frozen=True)
class Making:
    """Seconds a network takes to be made and to be read, and the bytes of its file."""

    made_s: float
    read_s: float
    size: int


def measure(size: Size) -> Measured:
    """Searches from places in turn by both programs; raises AssertionError where they disagree on any junction."""
    started = time.perf_counter()
    network = lay_lattice(SIDES[size.name])
    built = time.perf_counter() - started
    packed = pack_network(network)
    read_s, _ = _timed(lambda: unpack_network(packed))
    textbook, peer = Textbook(network), Networkx(network)
    chance = np.random.default_rng(SEED)
    rounds = max(size.rounds, 3)
    places = [RoadPlace(int(stretch), 0.3, 0.0) for stretch in chance.integers(0, len(network.tail), rounds)]
    origins = [RoadPlace(int(stretch), 0.7, 0.0) for stretch in chance.integers(0, len(network.tail), FORCES)]
    timed: dict[str, list[float]] = {"ours": [], "ours, with ten ways": [], "textbook": [], "networkx": []}
    for place in places:
        seconds, ours = _timed(lambda place=place: travel_to(network, place))
        timed["ours"].append(seconds)
        ways, _ = _timed(lambda ours=ours: [journey(network, one, ours) for one in origins])
        timed["ours, with ten ways"].append(seconds + ways)
        other, theirs = _timed(lambda place=place: textbook.seconds_to(place))
        timed["textbook"].append(other)
        check_agreement(ours.seconds, theirs)
        peers, by_networkx = _timed(lambda place=place: peer.seconds_to(place))
        timed["networkx"].append(peers)
        check_agreement(ours.seconds, by_networkx)
    covered, by_pgrouting = time_coverage(network, size), time_pgrouting(network, places, size)
    timed |= by_pgrouting.timed
    measured = _measured(size, network, {**timed, **covered}, Making(built, read_s, len(packed)))
    measured = replace(measured, notes=[*measured.notes, by_pgrouting.note])
    ratios = [*measured.ratios, *(ratios_of(covered) if size.name == "full" else [])]
    return replace(measured, ratios=ratios, notes=[*measured.notes, note_of(size)])


@dataclass(frozen=True)
class ByPgRouting:
    """Seconds of the same searches by pgRouting, none where the extension is not there, and what a reader must know of them."""

    timed: dict[str, list[float]]
    note: str


def time_pgrouting(network: RoadNetwork, places: list[RoadPlace], size: Size) -> ByPgRouting:
    """The same searches by pgRouting in a cluster of its own; raises AssertionError where it disagrees on any junction."""
    if size.name == "tiny":
        return ByPgRouting({}, "pgRouting is not measured on so small a network.")
    with private_cluster() as cluster:
        url = cluster.create_database("pgrouting")
        if not has_pgrouting(url):
            return ByPgRouting({}, "pgRouting is not measured: docker/install.sh soak installs it.")
        peer = PgRouting(url, network)
        timed: dict[str, list[float]] = {PGROUTING: [], f"{PGROUTING}, all rows handed over": []}
        for place in places:
            searched, count = _timed(lambda place=place: peer.search(place))
            handed, theirs = _timed(lambda place=place: peer.seconds_to(place))
            ours = travel_to(network, place).seconds
            there = np.isfinite(ours)
            assert count >= there.sum()
            assert (there == np.isfinite(theirs)).all()
            assert (np.abs(theirs[there] - ours[there]) <= WITHIN * ours[there] + AS_QUICK_S).all()
            timed[PGROUTING].append(searched)
            timed[f"{PGROUTING}, all rows handed over"].append(handed)
        peer.close()
    note = (
        f"pgRouting {peer.version}: pgr_drivingDistance from the incident over a table of the stretches, against the traffic; its"
        f" own figure hands over a count alone. It agrees on every junction within {WITHIN:.1%}. It reads the table anew for each search."
    )
    return ByPgRouting(timed, note)


def check_agreement(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Every junction is as far by both programs, and cut off by both or by neither."""
    reached = np.isfinite(ours)
    assert (reached == np.isfinite(theirs)).all()
    assert reached.any()
    assert np.abs(ours[reached] - theirs[reached]).max() < AS_QUICK_S


def lay_lattice(side: int) -> RoadNetwork:
    """A lattice of roads with shaken junctions, every tenth road a one-way."""
    lines, kind, oneway = lattice_lines(side)
    count, nothing = len(lines), np.full(len(lines), np.nan)
    bridge = np.zeros(count, dtype=bool)
    roads = RoadLines(np.arange(count), lines, kind, oneway, bridge=bridge, speed_kmh=nothing, length_m=nothing)
    return build_network(roads, read_speeds())


def lattice_lines(side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Its lines in metres, their classes and which ways they are driven."""
    chance = np.random.default_rng(SEED)
    east, north = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    place = np.column_stack([east.ravel(), north.ravel()]) * APART_M + chance.uniform(-60, 60, (side * side, 2))
    number = np.arange(side * side).reshape(side, side)
    begins = np.concatenate([number[:-1].ravel(), number[:, :-1].ravel()])
    ends = np.concatenate([number[1:].ravel(), number[:, 1:].ravel()])
    count = len(begins)
    lines = shapely.linestrings(np.stack([place[begins], place[ends]], axis=1))
    kind = chance.choice(np.array(["county", "township", "village"], dtype=object), count)
    oneway = np.where(chance.random(count) < 0.1, "forward", "no").astype(object)
    return np.asarray(lines, dtype=object), kind, oneway


class Textbook:
    """Dijkstra's search as a textbook has it, on lists and a heap."""

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        self.arcs: list[list[tuple[int, float]]] = [[] for _ in network.node]
        told = zip(network.tail, network.head, network.seconds, network.forth, network.back, strict=True)
        for tail, head, seconds, forth, back in told:
            if forth:
                self.arcs[head].append((int(tail), float(seconds)))
            if back:
                self.arcs[tail].append((int(head), float(seconds)))

    def seconds_to(self, place: RoadPlace) -> np.ndarray:
        """Seconds from every junction to ``place``."""
        best = [inf] * len(self.arcs)
        waiting = self.begun(place)
        while waiting:
            begun, node = heapq.heappop(waiting)
            if begun >= best[node]:
                continue
            best[node] = begun
            for other, seconds in self.arcs[node]:
                if begun + seconds < best[other]:
                    heapq.heappush(waiting, (begun + seconds, other))
        return np.array(best)

    def begun(self, place: RoadPlace) -> list[tuple[float, int]]:
        network, stretch = self.network, place.stretch
        seconds = float(network.seconds[stretch])
        begun = []
        if network.forth[stretch]:
            begun.append((place.share * seconds, int(network.tail[stretch])))
        if network.back[stretch]:
            begun.append(((1 - place.share) * seconds, int(network.head[stretch])))
        return sorted(begun)


class Networkx:
    """The same search by networkx, with its graph made beforehand."""

    def __init__(self, network: RoadNetwork) -> None:
        self.graph: nx.DiGraph = nx.DiGraph()
        textbook = Textbook(network)
        self.textbook, self.count = textbook, len(network.node)
        for node, arcs in enumerate(textbook.arcs):
            for other, seconds in arcs:
                known = self.graph.get_edge_data(node, other, {"weight": inf})["weight"]
                self.graph.add_edge(node, other, weight=min(seconds, known))

    def seconds_to(self, place: RoadPlace) -> np.ndarray:
        """Seconds from every junction to ``place``."""
        for seconds, node in self.textbook.begun(place):
            self.graph.add_edge("incident", node, weight=seconds)
        found = nx.single_source_dijkstra_path_length(self.graph, "incident")
        self.graph.remove_node("incident")
        return np.array([found.get(node, inf) for node in range(self.count)])


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    answer = run()
    return time.perf_counter() - started, answer


def _measured(size: Size, network: RoadNetwork, timed: dict[str, list[float]], making: Making) -> Measured:
    ms = {name: [1000 * seconds for seconds in some] for name, some in timed.items()}
    rows = [(name, str(len(some)), f"{median(some):.1f}", spread(some, digits=1)) for name, some in ms.items()]
    ratios = [
        _ratio(size, f"{name} ÷ ours", median(timed[name]) / median(timed["ours"]), goal)
        for name, goal in (("textbook", GOAL), ("networkx", GOAL_NETWORKX), (PGROUTING, GOAL_PGROUTING))
        if name in timed
    ]
    notes = [
        (
            f"{len(network.node):,} junctions, {len(network.into.node):,} arcs; all programs agree on every junction"
            f" within {AS_QUICK_S:g} s in every round."
        ),
        (
            "A first answer needs two such searches, one more pair where roads are closed. The network was made in"
            f" {making.made_s:.1f} s; its file of {making.size / 1e6:.0f} MB is read in {making.read_s:.2f} s."
        ),
        "The textbook is Dijkstra's search on lists and a heap; its graph and that of networkx are made beforehand.",
    ]
    return Measured(("program", "n", "median ms", "range ms"), rows, ratios, notes)


def _ratio(size: Size, what: str, value: float, goal: float) -> Ratio:
    return at_least(what, value, goal) if size.name == "full" else Ratio(what, value)
