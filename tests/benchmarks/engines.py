"""The same overlay by three engines, each in its best form: how many pairs overlap, and by how much together.

Each process loads its own engine only, so engines are imported where they are used.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import shapely

from tests.benchmarks.alone import peak_mb, say

Overlay = Callable[[], tuple[int, float]]

_OVERLAPS = """
SELECT s.site, z.zone,
       CASE WHEN ST_Contains(z.geometry, s.geometry) THEN ST_Area(s.geometry)
            ELSE ST_Area(ST_Intersection(z.geometry, s.geometry)) END AS overlap
FROM sites s JOIN zones z ON ST_Intersects(z.geometry, s.geometry)
"""


def known_engines() -> list[str]:
    """Engines that can run here; SedonaDB comes with the benchmark's own list of packages."""
    return [name for name in ENGINES if name != "sedonadb" or find_spec("sedonadb")]


def ours(sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> Overlay:
    """The model's own measuring, on two threads, from zones nobody prepared before."""
    from risk_model.overlay import measure

    site, zone = sites.geometry.to_numpy(), zones.geometry.to_numpy()

    def run() -> tuple[int, float]:
        shapely.destroy_prepared(zone)
        found = measure(site, zone, 0.0, threads=2)
        overlapping = found.overlap_m2 > 0
        return int(overlapping.sum()), float(found.overlap_m2[overlapping].sum())

    return run


def geopandas_overlay(sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> Overlay:
    """``geopandas.overlay`` and the areas of what it made."""

    def run() -> tuple[int, float]:
        made = gpd.overlay(sites, zones, how="intersection", keep_geom_type=False)
        area = shapely.area(made.geometry.to_numpy())
        return int((area > 0).sum()), float(area.sum())

    return run


def sedonadb(sites: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> Overlay:
    """SedonaDB on two partitions, cutting only sites that are not wholly inside."""
    context = importlib.import_module("sedonadb").connect()
    context.sql("SET datafusion.execution.target_partitions = 2").execute()
    context.create_data_frame(sites).to_memtable().to_view("sites")
    context.create_data_frame(zones).to_memtable().to_view("zones")

    def run() -> tuple[int, float]:
        area = context.sql(_OVERLAPS).to_arrow_table()["overlap"].to_numpy()
        return int((area > 0).sum()), float(area.sum())

    return run


ENGINES: dict[str, Callable[[gpd.GeoDataFrame, gpd.GeoDataFrame], Overlay]] = {
    "ours": ours,
    "geopandas.overlay": geopandas_overlay,
    "sedonadb": sedonadb,
}


def serve(engine: str, folder: str) -> None:
    """Load the ground of ``folder`` into ``engine``, then overlay it once for each line that comes in."""
    sites, zones = (gpd.read_parquet(Path(folder) / f"{name}.parquet") for name in ("sites", "zones"))
    run = ENGINES[engine](sites, zones)
    say({"loaded_mb": peak_mb()})
    for _ in sys.stdin:
        began = time.perf_counter()
        pairs, area_m2 = run()
        say({"seconds": time.perf_counter() - began, "pairs": pairs, "area_m2": area_m2})
