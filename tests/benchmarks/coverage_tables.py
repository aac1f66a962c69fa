"""Coverage on a large road network: first and second due for every junction, and for a hundred thousand points with their bands."""

from __future__ import annotations

import time

import numpy as np
import shapely

from gis_layers.roads import (
    PlacesOnRoads,
    RoadNetwork,
    RoadPlace,
    Travel,
    graph_of,
    reached_lines,
    read_speeds,
    seconds_at,
    snap_each,
    table_at,
    travel_from,
    travel_table,
)
from risk_model.dispatch.due import find_due
from tests.benchmarks.ground import SEED
from tests.benchmarks.measured import Ratio, Size, at_most, median

FORCES = 20
MINUTES = (5, 10, 15, 30)
POINTS = {"full": 100_000, "quick": 10_000, "tiny": 200}
TABLES_S, COVERAGE_S = 1.0, 1.5
TABLES = "first and second due of every junction"
ON_ROADS = "points put on roads"
COVERED = "coverage of all points, with four bands"
CHECKED = 5
HAIR_S = 1e-6


def time_coverage(network: RoadNetwork, size: Size) -> dict[str, list[float]]:
    """Seconds of tables and of coverage in turns; raises AssertionError where a point is not as soon reached as by a search of its own."""
    speeds, chance = read_speeds(), np.random.default_rng(SEED)
    low, high = network.node.min(axis=0), network.node.max(axis=0)
    points = np.asarray(shapely.points(chance.uniform(low, high, (POINTS[size.name], 2))), dtype=object)
    timed: dict[str, list[float]] = {TABLES: [], ON_ROADS: [], COVERED: []}
    for _ in range(max(size.rounds, 3)):
        origins = PlacesOnRoads(chance.integers(0, len(network.tail), FORCES), chance.uniform(0, 1, FORCES))
        begun, graph = np.full(FORCES, 60.0), graph_of(network, network.seconds)
        started = time.perf_counter()
        find_due(travel_table(graph, origins, begun))
        timed[TABLES].append(time.perf_counter() - started)
        started = time.perf_counter()
        at = snap_each(network, points, speeds, on_motorways=True)
        timed[ON_ROADS].append(time.perf_counter() - started)
        started = time.perf_counter()
        table = travel_table(graph, origins, begun)
        seconds = table_at(graph, table, origins, begun, PlacesOnRoads(at.stretch, at.share))
        due = find_due(seconds)
        travel = _soonest(network, table, origins)
        for minutes in MINUTES:
            reached_lines(network, travel, minutes * 60)
            assert (due.second >= due.first).all()
        timed[COVERED].append(time.perf_counter() - started)
        check_points(network, origins, seconds, PlacesOnRoads(at.stretch, at.share))
    return timed


def _soonest(network: RoadNetwork, table: np.ndarray, origins: PlacesOnRoads) -> Travel:
    places = [
        RoadPlace(int(stretch), float(share), 0.0)
        for stretch, share in zip(origins.stretch, origins.share, strict=True)
    ]
    nobody = np.full(len(network.node), -1, dtype=np.int32)
    return Travel(table.min(axis=0), nobody, tuple(places), network.seconds, (60.0,) * FORCES)


def check_points(network: RoadNetwork, origins: PlacesOnRoads, seconds: np.ndarray, points: PlacesOnRoads) -> None:
    """Some points are asked of one force by a search of its own."""
    place = RoadPlace(int(origins.stretch[0]), float(origins.share[0]), 0.0)
    alone = travel_from(network, [place], begun=[60.0])
    for i in range(CHECKED):
        told = seconds_at(network, alone, RoadPlace(int(points.stretch[i]), float(points.share[i]), 0.0))
        assert told == seconds[0, i] or abs(told - seconds[0, i]) < HAIR_S


def ratios_of(timed: dict[str, list[float]]) -> list[Ratio]:
    """How the medians stand to what they may take."""
    return [
        at_most(f"{TABLES}, seconds", median(timed[TABLES]), TABLES_S),
        at_most(f"{COVERED}, seconds", median(timed[COVERED]), COVERAGE_S),
    ]


def note_of(size: Size) -> str:
    """What a reader must know of these rows."""
    return (
        f"Coverage: {FORCES} forces, {POINTS[size.name]:,} points, bands of {', '.join(map(str, MINUTES))} minutes; points agree with"
        f" searches of their own within {HAIR_S:g} s. Where points lie on the roads is kept until roads or registers change."
    )
