"""One search over a large road network: how long every junction needs to an incident, compiled and as a textbook has it."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import TypeVar

import numpy as np
import shapely

from gis_layers.roads import RoadLines, RoadNetwork, RoadPlace, build_network, journey, read_speeds, travel_to
from tests.benchmarks.coverage_tables import note_of, ratios_of, time_coverage
from tests.benchmarks.ground import SEED
from tests.benchmarks.measured import Measured, Ratio, Size, at_least, median, spread

NAME = "road-search"
QUESTION = "One search from an incident against the traffic over a whole road network, the ways of ten forces; coverage by twenty."
SIDES = {"full": 317, "quick": 100, "tiny": 12}
"""Junctions along a side of the lattice; a full one has some 400,000 arcs."""
APART_M = 250.0
FORCES = 10
GOAL = 5.0
AS_QUICK_S = 1e-6
T = TypeVar("T")


def measure(size: Size) -> Measured:
    """Searches from places in turn by both programs; raises AssertionError where they disagree on any junction."""
    started = time.perf_counter()
    network = lay_lattice(SIDES[size.name])
    built = time.perf_counter() - started
    textbook = Textbook(network)
    chance = np.random.default_rng(SEED)
    rounds = max(size.rounds, 3)
    places = [RoadPlace(int(stretch), 0.3, 0.0) for stretch in chance.integers(0, len(network.tail), rounds)]
    origins = [RoadPlace(int(stretch), 0.7, 0.0) for stretch in chance.integers(0, len(network.tail), FORCES)]
    timed: dict[str, list[float]] = {"ours": [], "ours, with ten ways": [], "textbook": []}
    for place in places:
        seconds, ours = _timed(lambda place=place: travel_to(network, place))
        timed["ours"].append(seconds)
        ways, _ = _timed(lambda ours=ours: [journey(network, one, ours) for one in origins])
        timed["ours, with ten ways"].append(seconds + ways)
        other, theirs = _timed(lambda place=place: textbook.seconds_to(place))
        timed["textbook"].append(other)
        check_agreement(ours.seconds, theirs)
    covered = time_coverage(network, size)
    measured = _measured(size, network, {**timed, **covered}, built)
    ratios = [*measured.ratios, *(ratios_of(covered) if size.name == "full" else [])]
    return replace(measured, ratios=ratios, notes=[*measured.notes, note_of(size)])


def check_agreement(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Every junction is as far by both programs, and cut off by both or by neither."""
    reached = np.isfinite(ours)
    assert (reached == np.isfinite(theirs)).all()
    assert reached.any()
    assert np.abs(ours[reached] - theirs[reached]).max() < AS_QUICK_S


def lay_lattice(side: int) -> RoadNetwork:
    """A lattice of roads with shaken junctions, every tenth road a one-way."""
    chance = np.random.default_rng(SEED)
    east, north = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    place = np.column_stack([east.ravel(), north.ravel()]) * APART_M + chance.uniform(-60, 60, (side * side, 2))
    number = np.arange(side * side).reshape(side, side)
    begins = np.concatenate([number[:-1].ravel(), number[:, :-1].ravel()])
    ends = np.concatenate([number[1:].ravel(), number[:, 1:].ravel()])
    count = len(begins)
    lines = shapely.linestrings(np.stack([place[begins], place[ends]], axis=1))
    nothing = np.full(count, np.nan)
    roads = RoadLines(
        np.arange(count),
        np.asarray(lines, dtype=object),
        chance.choice(np.array(["county", "township", "village"], dtype=object), count),
        np.where(chance.random(count) < 0.1, "forward", "no").astype(object),
        bridge=np.zeros(count, dtype=bool),
        speed_kmh=nothing,
        length_m=nothing,
    )
    return build_network(roads, read_speeds())


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
        waiting = self._begun(place)
        while waiting:
            begun, node = heapq.heappop(waiting)
            if begun >= best[node]:
                continue
            best[node] = begun
            for other, seconds in self.arcs[node]:
                if begun + seconds < best[other]:
                    heapq.heappush(waiting, (begun + seconds, other))
        return np.array(best)

    def _begun(self, place: RoadPlace) -> list[tuple[float, int]]:
        network, stretch = self.network, place.stretch
        seconds = float(network.seconds[stretch])
        begun = []
        if network.forth[stretch]:
            begun.append((place.share * seconds, int(network.tail[stretch])))
        if network.back[stretch]:
            begun.append(((1 - place.share) * seconds, int(network.head[stretch])))
        return sorted(begun)


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    answer = run()
    return time.perf_counter() - started, answer


def _measured(size: Size, network: RoadNetwork, timed: dict[str, list[float]], built: float) -> Measured:
    ms = {name: [1000 * seconds for seconds in some] for name, some in timed.items()}
    rows = [(name, str(len(some)), f"{median(some):.1f}", spread(some, digits=1)) for name, some in ms.items()]
    value = median(timed["textbook"]) / median(timed["ours"])
    what = "textbook ÷ ours"
    ratio = at_least(what, value, GOAL) if size.name == "full" else Ratio(what, value)
    notes = [
        (
            f"{len(network.node):,} junctions, {len(network.into.node):,} arcs; both programs agree on every junction"
            f" within {AS_QUICK_S:g} s in every round."
        ),
        f"A first answer needs two such searches, one more pair where roads are closed. The network was made in {built:.1f} s.",
        "The textbook is Dijkstra's search on lists and a heap, with its graph made beforehand.",
    ]
    return Measured(("program", "n", "median ms", "range ms"), rows, [ratio], notes)
