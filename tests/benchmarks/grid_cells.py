"""A grid over the ground of six hazards: how fast exact shares of cells are found, what that costs as a grid grows."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from risk_model.grading import lay_grounds
from tests.benchmarks.alone import Worker, run_alone
from tests.benchmarks.grid_engines import SAMPLE, known_engines
from tests.benchmarks.grid_ground import BOOK, ON, save, zones_of
from tests.benchmarks.measured import Measured, Ratio, Size, at_least, at_most, median, spread

NAME = "grid-cells"
QUESTION = (
    "Exact shares of every cell of a grid under every grade of six hazards: by whom, how fast, in how much memory."
)
CELLS_A_ZONE = 100
GROWTH = (0.5, 1, 2)
"""Sides of the grids, as parts of the full one: a quarter, all and four times the cells."""
CHECKED = 3000
LEAST_DIFFERENCE = 1e-9
HAZARDS = 6


def measure(size: Size) -> Measured:
    """Rounds of all engines in turn, each in a process of its own; raises AssertionError where they disagree."""
    side = math.isqrt(size.zones * CELLS_A_ZONE)
    with TemporaryDirectory() as folder:
        zones, extents = zones_of(size.zones)
        save(lay_grounds(zones, extents, BOOK, ON), Path(folder) / "grounds.pickle")
        laid = [_once("laying", str(size.zones))["seconds"] for _ in range(max(1, size.rounds // 2))]
        found = _once("greatest_difference", folder, str(side), str(CHECKED))
        assert found["difference"] <= LEAST_DIFFERENCE, found
        asked = {name: (name, side) for name in known_engines()}
        asked |= {f"ours, {_cells(part * side)}": ("ours", int(part * side)) for part in GROWTH if part != 1}
        told = _rounds(asked, folder, max(1, size.rounds // 2 + 1))
    check_agreement({name: answers["area_m2"] for name, answers in told.items()})
    return describe(size, side, told, (laid, found))


def check_agreement(area_m2: dict[str, float]) -> None:
    """The engines found the same area: ours and overlay within 1e-9, exactextract, which keeps single precision, 1e-6."""
    assert abs(area_m2.get("exactextract", area_m2["ours"]) / area_m2["ours"] - 1) < 1e-6, area_m2
    assert abs(area_m2["geopandas.overlay, sample"] / area_m2["ours, sample"] - 1) < 1e-9, area_m2


def _once(function: str, *words: str) -> Any:
    (said,) = run_alone(f"tests.benchmarks.grid_engines:{function}", *words).said
    return said


def _rounds(asked: dict[str, tuple[str, int]], folder: str, rounds: int) -> dict[str, Any]:
    """What each engine said in rounds in which all take turns."""
    target = "tests.benchmarks.grid_engines:serve"
    workers = {name: Worker(target, engine, folder, str(side)) for name, (engine, side) in asked.items()}
    answers = [{name: worker.ask() for name, worker in workers.items()} for _ in range(rounds)]
    return {
        name: {
            "seconds": [round_[name]["seconds"] for round_ in answers],
            "area_m2": answers[0][name]["area_m2"],
            "loaded_mb": worker.ready["loaded_mb"],
            "peak_mb": worker.end(),
            "cells": asked[name][1] * (asked[name][1] // SAMPLE if name.endswith("sample") else asked[name][1]),
        }
        for name, worker in workers.items()
    }


def _cells(side: float) -> str:
    return f"{int(side) ** 2:,} cells"


def describe(size: Size, side: int, told: dict[str, Any], checks: tuple[list[float], dict[str, Any]]) -> Measured:
    """Table, ratios and notes of what the engines said; ``checks`` are the seconds of joining and the greatest difference."""
    laid, found = checks
    columns = ("engine", "cells", "median s", "range s", "cells × hazards/s", "peak MB (after loading)")
    rows = [_row(name, one) for name, one in told.items()]
    rows.append(("zones joined by grade", "–", f"{median(laid):.2f}", spread(laid), "–", "–"))
    return Measured(columns, rows, _ratios(size, side, told, laid), _notes(size, side, found))


def _row(name: str, one: dict[str, Any]) -> tuple[str, ...]:
    middle, memory = median(one["seconds"]), f"{one['peak_mb'] or 0:.0f} ({one['loaded_mb'] or 0:.0f})"
    rate = f"{HAZARDS * one['cells'] / middle / 1e6:.2f} M"
    return name, f"{one['cells']:,}", f"{middle:.2f}", spread(one["seconds"]), rate, memory


def _ratios(size: Size, side: int, told: dict[str, Any], laid: list[float]) -> list[Ratio]:
    per_cell = {name: median(one["seconds"]) / one["cells"] for name, one in told.items()}
    least, most = (per_cell[f"ours, {_cells(part * side)}"] for part in (GROWTH[0], GROWTH[-1]))
    overlay = per_cell["geopandas.overlay, sample"] / per_cell["ours, sample"]
    ratios = [
        at_least("geopandas.overlay ÷ ours, on the sample", overlay, 20),
        at_most("a cell of the largest grid ÷ one of the smallest", most / least, 1.25),
    ]
    if "exactextract" in told:
        middle, ours = median(told["exactextract"]["seconds"]), median(told["ours"]["seconds"])
        ratios.insert(0, at_least("exactextract ÷ ours", middle / ours, 1))
        ratios.append(
            Ratio("exactextract, of ground already joined ÷ ours and the joining", middle / (ours + median(laid)))
        )
    return ratios if size.name == "full" else [Ratio(ratio.what, ratio.value) for ratio in ratios]


def _notes(size: Size, side: int, found: dict[str, Any]) -> list[str]:
    return [
        (
            f"{size.zones:,} zones dealt out to six hazards and all their grades, overlapping; {_cells(side)} and six hazards."
            " Before, zones are joined by grade, the worst on top, which all engines are handed; the last row says how long"
            " that takes (two threads)."
        ),
        (
            f"Of {CHECKED:,} cells, {found['crossed']:,} times with more than one level of a hazard, no share differs from that of"
            f" shapely's intersection by more than {found['difference']:.0e} of a cell. The areas found by all engines agree."
        ),
        (
            "The sample is a tenth of the grid; `geopandas.overlay` is given the ground in pieces of few vertices, without which"
            " it is much slower. It also builds the shapes; exactextract has one thread, ours uses two."
        ),
        "Ours is timed from cells as polygons; the cells themselves are laid outside the clock, a block of 250,000 at a time.",
    ]
