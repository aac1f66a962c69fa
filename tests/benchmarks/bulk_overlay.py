"""The overlay step alone: many sites against many zones, how much each pair shares."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.alone import Worker
from tests.benchmarks.engines import known_engines
from tests.benchmarks.ground import Ground, lay_ground
from tests.benchmarks.measured import Measured, Ratio, Size, at_least, median, spread

NAME = "bulk-overlay"
QUESTION = "The overlay step alone, warm: how much every site shares with every zone, all in memory."
ZONE_AREA_M2 = 1.33e6
GOALS = {"geopandas.overlay": 4.0, "sedonadb": 1.0}


def measure(size: Size) -> Measured:
    """Rounds of all engines in turn, each in a process of its own; raises AssertionError where they disagree."""
    ground = lay_ground(size.zones, size.sites, zone_area_m2=ZONE_AREA_M2)
    with TemporaryDirectory() as folder:
        _save(ground, Path(folder))
        workers = {name: Worker("tests.benchmarks.engines:serve", name, folder) for name in known_engines()}
        first = {name: worker.ask() for name, worker in workers.items()}
        check_agreement(first)
        warm: dict[str, list[float]] = {name: [] for name in workers}
        for _ in range(size.rounds):
            for name, worker in workers.items():
                warm[name].append(worker.ask()["seconds"])
        peaks = {name: (worker.ready["loaded_mb"], worker.end()) for name, worker in workers.items()}
    return _measured(size, first, warm, peaks)


def _save(ground: Ground, folder: Path) -> None:
    for name, frame in (("site", ground.sites), ("zone", ground.zones)):
        plain = frame[["geometry"]].copy()
        plain.insert(0, name, range(len(plain)))
        plain.to_parquet(folder / f"{name}s.parquet")


def check_agreement(answers: dict[str, dict[str, Any]]) -> None:
    """All engines found the same number of pairs and, within 1e-9, the same area."""
    ours = answers["ours"]
    for name, answer in answers.items():
        assert answer["pairs"] == ours["pairs"] > 0, (name, answer, ours)
        assert abs(answer["area_m2"] / ours["area_m2"] - 1) < 1e-9, (name, answer, ours)


def _measured(
    size: Size, first: dict[str, Any], warm: dict[str, list[float]], peaks: dict[str, tuple[float | None, float | None]]
) -> Measured:
    rows, ratios = [], []
    for name, seconds in warm.items():
        middle = median(seconds)
        loaded, peak = (f"{value:.0f}" if value else "–" for value in peaks[name])
        pairs_per_s = f"{first[name]['pairs'] / middle / 1000:.0f} k"
        once = f"{first[name]['seconds']:.2f}"
        rows.append(
            (name, str(len(seconds)), f"{middle:.2f}", spread(seconds), once, pairs_per_s, f"{peak} ({loaded})")
        )
    for name, goal in GOALS.items():
        if name in warm:
            value = median(warm[name]) / median(warm["ours"])
            ratios.append(
                at_least(f"{name} ÷ ours", value, goal) if size.name == "full" else Ratio(f"{name} ÷ ours", value)
            )
    notes = [
        (
            f"{size.sites:,} sites, {size.zones:,} zones, {first['ours']['pairs']:,} overlapping pairs; all engines agree on"
            " the number of pairs and, within 1e-9, on the sum of areas."
        ),
        (
            "`geopandas.overlay` also builds the shapes of the overlaps, which nobody here asked for; the other two give"
            " areas only. Ours prepares its zones anew in every round."
        ),
    ]
    if "sedonadb" not in warm:
        notes.append("SedonaDB is not installed here and was left out; `requirements-bench.lock` brings it.")
    columns = ("engine", "n", "median s", "range s", "first s", "pairs/s", "peak MB (after loading)")
    return Measured(columns, rows, ratios, notes)
