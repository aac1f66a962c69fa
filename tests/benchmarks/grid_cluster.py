"""A large grid measured by the workers of a cluster: what a second worker process is worth."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import geopandas as gpd
import shapely

from gis_layers.partitions import Parallelism, map_partitions
from risk_model.grading import GradedGround, lay_grounds
from tests.benchmarks.grid_engines import digest_of, measure_rows
from tests.benchmarks.grid_ground import BOOK, ON, Grid, zones_of
from tests.benchmarks.measured import Measured, Ratio, Size, at_least, median, spread
from tests.clusters import Cluster, dask_cluster

NAME = "grid-cluster"
QUESTION = "A grid of ten million cells and six hazards measured by dask workers: two processes against one."
CELLS_A_ZONE = 1000
PARTITIONS = 16
GOAL = 1.6

OpenCluster = Callable[[int], AbstractContextManager[Cluster]]


def measure(size: Size, open_cluster: OpenCluster = dask_cluster) -> Measured:
    """Rounds of one and two workers in turn; raises AssertionError where a bit of their answers differs."""
    grid = Grid(math.isqrt(size.zones * CELLS_A_ZONE))
    grounds = lay_grounds(*zones_of(size.zones), BOOK, ON)
    digests: set[tuple[str, int]] = set()
    seconds: dict[int, list[float]] = {1: [], 2: []}
    with open_cluster(1) as one, open_cluster(2) as two:
        asked = {1: Parallelism(PARTITIONS, one.address), 2: Parallelism(PARTITIONS, two.address)}
        for where in asked.values():
            run_once(grounds, Grid(100), where)
        for _ in range(max(1, size.rounds // 5)):
            for workers, where in asked.items():
                began = time.perf_counter()
                digests.add(run_once(grounds, grid, where))
                seconds[workers].append(time.perf_counter() - began)
    ((_, cells),) = digests
    rows = [
        (f"{workers} worker{'s' * (workers - 1)}", f"{len(spent)}", f"{median(spent):.1f}", spread(spent, digits=1),
         f"{6 * cells / median(spent) / 1e6:.2f} M")
        for workers, spent in seconds.items()
    ]  # fmt: skip
    gain = median(seconds[1]) / median(seconds[2])
    what = "one worker ÷ two workers"
    notes = [
        (
            f"{cells:,} cells, six hazards, {size.zones:,} zones in {PARTITIONS} partitions; scheduler and workers (one thread"
            " each) on this machine, which has two cores. Timed from the handing over of the ground to all scores gathered."
        ),
        "Both gave the same scores to the bit. Workers lay their own cells; joining the zones, done once before, is not timed.",
    ]
    ratio = at_least(what, gain, GOAL) if size.name == "full" else Ratio(what, gain)
    return Measured(("cluster", "n", "median s", "range s", "cells × hazards/s"), rows, [ratio], notes)


def run_once(grounds: list[GradedGround], grid: Grid, where: Parallelism) -> tuple[str, int]:
    """Fingerprint of the scores of the whole grid as they were measured ``where``, and how many cells they are."""
    blocks = grid.blocks(max(grid.side, grid.side**2 // (4 * PARTITIONS)))
    columns = {"row": [row for row, _ in blocks], "rows": [rows for _, rows in blocks]}
    layer = gpd.GeoDataFrame(columns, geometry=[shapely.box(0, row, grid.side, row + rows) for row, rows in blocks])
    return digest_of(map_partitions(layer, measure_rows, (grounds, grid.side), where))
