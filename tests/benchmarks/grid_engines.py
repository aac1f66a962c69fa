"""How much of every cell lies under the ground of every hazard, by three engines, each in a process of its own.

Each is handed the same disjoint polygons (zones joined by grade, the worst on top). What is counted is the area under all
of them together, so that the answers can be compared.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS
from risk_model.grading import Plot, grading_terms, lay_grounds, measure_units
from risk_model.grading.ground import GradedGround
from tests.benchmarks.alone import peak_mb, say
from tests.benchmarks.grid_ground import BOOK, ON, Grid, load_grounds, zones_of

LEAST_KNOWN = grading_terms(BOOK).least_surveyed_share
SAMPLE = 10
"""The sample is one cell in so many: the southernmost rows of the grid."""
Run = Callable[[], dict[str, Any]]


def ours(grounds: list[GradedGround], grid: Grid) -> Run:
    """The model's own measuring on two threads, a block of rows after the other; the cells are laid outside the clock."""

    def run() -> dict[str, Any]:
        spent, area_m2 = 0.0, 0.0
        for ground in grounds:
            ground.__dict__.pop("_edges", None)
        for row, rows in grid.blocks():
            plot = Plot(grid.squares(row, rows), grid.cell_m)
            began = time.perf_counter()
            measured = measure_units(plot, grounds, least_known=LEAST_KNOWN, threads=2)
            spent += time.perf_counter() - began
            area_m2 += sum(float(one.area_m2.sum()) for one in measured)
        return {"seconds": spent, "area_m2": area_m2}

    return run


def ours_on_sample(grounds: list[GradedGround], grid: Grid) -> Run:
    """The same on the sample alone."""
    plot = Plot(grid.squares(0, grid.side // SAMPLE), grid.cell_m)

    def run() -> dict[str, Any]:
        for ground in grounds:
            ground.__dict__.pop("_edges", None)
        began = time.perf_counter()
        measured = measure_units(plot, grounds, least_known=LEAST_KNOWN, threads=2)
        spent = time.perf_counter() - began
        return {"seconds": spent, "area_m2": sum(float(one.area_m2.sum()) for one in measured)}

    return run


def exactextract(grounds: list[GradedGround], grid: Grid) -> Run:
    """Numbers of cells and covered shares of every polygon, as a table a hazard; one thread is all it has."""
    extract = importlib.import_module("exactextract").exact_extract
    source = importlib.import_module("exactextract.raster").NumPyRasterSource
    layers = [gpd.GeoDataFrame(geometry=ground.polygons()[0], crs=DEFAULT_METRIC_CRS) for ground in grounds]
    west, south = grid.corner
    reach = grid.side * grid.cell_m
    blank = np.zeros((grid.side, grid.side), dtype=np.float32)
    raster = source(blank, xmin=west, ymin=south, xmax=west + reach, ymax=south + reach, srs_wkt=layers[0].crs.to_wkt())

    def run() -> dict[str, Any]:
        area_m2, began = 0.0, time.perf_counter()
        for layer in layers:
            table = extract(raster, layer, ["coverage"], output="pandas", max_cells_in_memory=10 * blank.size)
            area_m2 += sum(float(shares.sum(dtype=np.float64)) for shares in table["coverage"]) * grid.cell_m**2
        return {"seconds": time.perf_counter() - began, "area_m2": area_m2}

    return run


def geopandas_overlay(grounds: list[GradedGround], grid: Grid) -> Run:
    """``geopandas.overlay`` of the sample's cells with small pieces of the ground, and the areas of what it made."""
    cells = gpd.GeoDataFrame(geometry=grid.squares(0, grid.side // SAMPLE))
    layers = [gpd.GeoDataFrame(geometry=ground.pieces[0]) for ground in grounds]

    def run() -> dict[str, Any]:
        began = time.perf_counter()
        made = [gpd.overlay(cells, layer, how="intersection", keep_geom_type=False) for layer in layers]
        area_m2 = sum(float(shapely.area(one.geometry.to_numpy()).sum()) for one in made)
        return {"seconds": time.perf_counter() - began, "area_m2": area_m2}

    return run


ENGINES: dict[str, Callable[[list[GradedGround], Grid], Run]] = {
    "ours": ours,
    "exactextract": exactextract,
    "ours, sample": ours_on_sample,
    "geopandas.overlay, sample": geopandas_overlay,
}


def known_engines() -> list[str]:
    """Engines that can run here; exactextract comes with the benchmark's own list of packages."""
    return [name for name in ENGINES if name != "exactextract" or find_spec("exactextract")]


def serve(engine: str, folder: str, side: str) -> None:
    """Load the ground of ``folder`` into ``engine``, then measure a grid of ``side`` once for each line that comes in."""
    run = ENGINES[engine](load_grounds(folder), Grid(int(side)))
    say({"loaded_mb": peak_mb()})
    for _ in sys.stdin:
        say(run())


def laying(count: str) -> None:
    """Say how long the ground of so many zones takes to be laid, on two threads."""
    zones, extents = zones_of(int(count))
    began = time.perf_counter()
    lay_grounds(zones, extents, BOOK, ON)
    say({"seconds": time.perf_counter() - began})


def greatest_difference(folder: str, side: str, cells: str) -> None:
    """Say by how much of a cell the shares of some cells differ at most from shapely's intersections."""
    grid, grounds = Grid(int(side)), load_grounds(folder)
    chosen = np.random.default_rng(11).integers(0, grid.side, (int(cells), 2))
    squares = np.array([grid.squares(int(row), 1, columns=int(column) + 1)[-1] for row, column in chosen])
    measured = measure_units(Plot(squares, grid.cell_m), grounds, least_known=LEAST_KNOWN)
    differences = [
        np.abs(one.area_m2 - _cut(squares, ground)).max() / grid.cell_m**2
        for one, ground in zip(measured, grounds, strict=True)
    ]
    crossed = sum(int(((one.area_m2 > 0).sum(axis=1) > 1).sum()) for one in measured)
    say({"difference": max(differences), "crossed": crossed})


def measure_rows(layer: gpd.GeoDataFrame, told: tuple[list[GradedGround], int]) -> list[npt.NDArray[np.float64]]:
    """A worker's part of a grid: the scores of all hazards in the cells of some bands of rows."""
    grounds, grid = told[0], Grid(told[1])
    scores = []
    for row, rows in zip(layer["row"], layer["rows"], strict=True):
        plot = Plot(grid.squares(int(row), int(rows)), grid.cell_m)
        measured = measure_units(plot, grounds, least_known=LEAST_KNOWN, threads=1)
        scores.append(np.column_stack([one.score for one in measured]))
    return scores


def digest_of(parts: list[list[npt.NDArray[np.float64]]]) -> tuple[str, int]:
    """One fingerprint of all scores in the order of the grid, and of how many cells they are."""
    digest, cells = hashlib.sha256(), 0
    for part in parts:
        for scores in part:
            digest.update(scores.tobytes())
            cells += len(scores)
    return digest.hexdigest(), cells


def _cut(squares: Any, ground: GradedGround) -> npt.NDArray[np.float64]:
    area = np.zeros((len(squares), len(ground.levels)))
    pieces, level = ground.pieces
    square, piece = shapely.STRtree(pieces).query(squares, predicate="intersects")
    np.add.at(area, (square, level[piece]), shapely.area(shapely.intersection(squares[square], pieces[piece])))
    return area
