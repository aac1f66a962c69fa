"""A file of sites in, a file of answers out: the whole of ``anzhi check``, and how far other tools get on that way.

Each function here is run in a process of its own (``alone``); databases are named by their SQLAlchemy address. It
loads its own tool only, as a person who runs that tool would.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.alone import say

_ZONES = "SELECT zone_id AS zone, geom AS geometry FROM zone_versions WHERE to_edition IS NULL"
_OVERLAPS = """
SELECT s.name, z.zone,
       CASE WHEN ST_Contains(z.geometry, s.geometry) THEN ST_Area(s.geometry)
            ELSE ST_Area(ST_Intersection(z.geometry, s.geometry)) END AS overlap_m2
FROM sites s JOIN zones z ON ST_Intersects(z.geometry, s.geometry)
"""


def anzhi_check(url: str, sites: str, out: str) -> None:
    """The command as a person types it: judged, with rules, surveyed ground, findings and sensitivity."""
    os.environ["ANZHI_DATABASE_URL"] = url
    from app.cli import cli

    cli(["check", sites, "--out", out], standalone_mode=False)


def serve_checks(url: str, sites: str, out: str) -> None:
    """The worker of a running service: for each line that comes in, the file is handed in, judged and its answer taken away."""
    from app.platform.deployment import connect
    from app.platform.settings import Settings
    from app.queue.orders import CHECK_SITES
    from app.worker.loop import work_once
    from gis_layers.stores import jobs

    deployment, content = connect(Settings(), url), Path(sites).read_bytes()
    say({})
    for _ in sys.stdin:
        began = time.perf_counter()
        with deployment.sessions.begin() as session:
            job = jobs.order_job(session, CHECK_SITES, {"file": "sites.gpkg"}, author="benchmark").id
            jobs.save_file(session, job, "given", "sites.gpkg", content)
        work_once(deployment)
        with deployment.sessions() as session:
            made = jobs.find_file(session, job, "made", "check.gpkg")
            assert made, jobs.read_job(session, job).error
        Path(out).write_bytes(made[1])
        say({"seconds": time.perf_counter() - began})


def overlay_file(url: str, sites: str, out: str) -> None:
    """``geopandas.overlay`` of the same file and the same stored zones: overlaps and their areas, nothing judged."""
    import geopandas as gpd

    drawn, zones = _read(url, sites)
    made = gpd.overlay(drawn[["name", "geometry"]], zones, how="intersection", keep_geom_type=False)
    made["overlap_m2"] = made.area
    made.drop(columns="geometry").to_parquet(out)


def sedonadb_file(url: str, sites: str, out: str) -> None:
    """SedonaDB on the same file and the same stored zones, as ``overlay_file``, in its best form."""
    sedonadb = importlib.import_module("sedonadb")

    drawn, zones = _read(url, sites)
    context = sedonadb.connect()
    context.sql("SET datafusion.execution.target_partitions = 2").execute()
    context.create_data_frame(drawn[["name", "geometry"]]).to_view("sites")
    context.create_data_frame(zones).to_view("zones")
    context.sql(_OVERLAPS).to_pandas().to_parquet(out)


def _read(url: str, sites: str) -> tuple[Any, Any]:
    import geopandas as gpd
    import sqlalchemy

    drawn = gpd.read_file(sites)
    with sqlalchemy.create_engine(url).connect() as connection:
        zones = gpd.read_postgis(_ZONES, connection, geom_col="geometry")
    assert drawn.crs
    return drawn, zones.to_crs(drawn.crs)
