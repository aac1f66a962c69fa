"""The whole of ``anzhi check``: file read, zones read, judged, file written; and where its time goes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from tests.benchmarks.alone import Ran, Worker, run_alone
from tests.benchmarks.bulk_overlay import ZONE_AREA_M2
from tests.benchmarks.ground import lay_ground
from tests.benchmarks.measured import Measured, Ratio, Size, median, spread
from tests.benchmarks.published import OpenCluster, private_cluster, published

NAME = "bulk-check"
QUESTION = "The whole of `anzhi check` on a file of sites, from the start of the process to the written answer."
TOOLS = {
    "anzhi check": "tests.benchmarks.whole_files:anzhi_check",
    "geopandas.overlay": "tests.benchmarks.whole_files:overlay_file",
    "sedonadb": "tests.benchmarks.whole_files:sedonadb_file",
}
RUNNING = "handed to the running service"
SHOWN_STAGES = 6


def measure(size: Size, open_cluster: OpenCluster = private_cluster) -> Measured:
    """Rounds of whole processes in turn; raises AssertionError where the answers disagree."""
    ground = lay_ground(size.zones, size.sites, zone_area_m2=ZONE_AREA_M2)
    tools = {name: tool for name, tool in TOOLS.items() if name != "sedonadb" or find_spec("sedonadb")}
    with TemporaryDirectory() as folder, open_cluster() as cluster:
        sites, outs = Path(folder) / "sites.gpkg", {name: _out(folder, name) for name in tools}
        ground.sites.to_file(sites, driver="GPKG")
        with published(cluster, "bench_bulk", ground) as town:
            outs[RUNNING] = Path(folder) / "running.gpkg"
            running = Worker("tests.benchmarks.whole_files:serve_checks", town.url, str(sites), str(outs[RUNNING]))
            running.ask()
            ran: dict[str, list[Ran]] = {name: [] for name in (*tools, RUNNING)}
            for _ in range(max(1, size.rounds // 2 + 1)):
                for name, tool in tools.items():
                    outs[name].unlink(missing_ok=True)
                    ran[name].append(run_alone(tool, town.url, str(sites), str(outs[name])))
                ran[RUNNING].append(Ran(running.ask()["seconds"], None, []))
            ran[RUNNING][-1] = replace(ran[RUNNING][-1], peak_mb=running.end())
            agreed = check_agreement(outs)
            (stages,) = run_alone("tests.benchmarks.stages:timed_check", town.url, str(sites), f"{folder}/x.gpkg").said
    return _measured(size, ran, agreed, stages)


def _out(folder: str, name: str) -> Path:
    return Path(folder) / ("checked.gpkg" if name == "anzhi check" else f"{name}.parquet")


def check_agreement(outs: dict[str, Path]) -> int:
    """How many overlaps above a hundredth of a square metre there are: the same, of the same area, for every tool.

    Tools work in one CRS after carrying the zones by the same projection, so areas agree within 1e-6.
    """
    found = {name: _overlaps(out) for name, out in outs.items()}
    ours = found["anzhi check"]
    for name, overlaps in found.items():
        assert len(overlaps) == len(ours) > 0, (name, len(overlaps), len(ours))
        assert abs(overlaps.sum() / ours.sum() - 1) < 1e-6, (name, overlaps.sum(), ours.sum())
    return len(ours)


def _overlaps(out: Path) -> pd.Series[float]:
    if out.suffix == ".gpkg":
        with closing(sqlite3.connect(out)) as opened:
            overlaps = pd.read_sql("SELECT overlap_m2 FROM findings", opened)["overlap_m2"]
    else:
        overlaps = pd.read_parquet(out)["overlap_m2"]
    return overlaps[overlaps > 0.01]


def _measured(size: Size, ran: dict[str, list[Ran]], pairs: int, stages: dict[str, Any]) -> Measured:
    rows, middle = [], {name: median([one.seconds for one in runs]) for name, runs in ran.items()}
    for name, runs in ran.items():
        peak = max((one.peak_mb or 0.0 for one in runs), default=0.0)
        seconds = [one.seconds for one in runs]
        rows.append(
            (name, str(len(runs)), f"{middle[name]:.1f}", spread(seconds, digits=1), f"{peak:.0f}" if peak else "–")
        )
    ratios = [
        Ratio(f"{name} ÷ anzhi check", value / middle["anzhi check"])
        for name, value in middle.items()
        if name not in ("anzhi check", RUNNING)
    ]
    ratios.append(Ratio(f"geopandas.overlay ÷ {RUNNING}", middle["geopandas.overlay"] / middle[RUNNING]))
    return Measured(("tool", "n", "median s", "range s", "peak MB"), rows, ratios, _notes(size, pairs, stages))


def _notes(size: Size, pairs: int, stages: dict[str, Any]) -> list[str]:
    ordered = sorted(stages["stages"].items(), key=lambda stage: -stage[1])
    shown = "; ".join(
        f"{stage} {seconds:.1f} s ({seconds / stages['whole']:.0%})" for stage, seconds in ordered[:SHOWN_STAGES]
    )
    return [
        (
            f"{size.sites:,} sites of all seven classes in a GeoPackage, {size.zones:,} zones published in PostGIS,"
            f" {pairs:,} overlaps; the tools agree on their number and, within 1e-6, on their area."
        ),
        (
            "Not like for like: the others read the same file and zones, overlay them and write a table of overlaps. They"
            " inspect no delivery, know no rule, no surveyed ground, no distance, and shift no boundary."
        ),
        (
            "The running service has loaded its programs and done one such job before; it writes an Excel file beside the"
            " GeoPackage and keeps both. How soon a waiting worker looks for a job (half a second) is not counted."
        ),
        f"Where one run of `anzhi check` ({stages['whole']:.1f} s) spends its time: {shown}.",
    ]
