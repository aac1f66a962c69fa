"""The process group is killed in the middle of imports: what was acknowledged stays, nothing half-written stays."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gis_layers.database import open_engine, session_factory
from gis_layers.embedded import join_cluster
from gis_layers.stores import editions
from gis_layers.stores.published_zones import ZoneQuery, count_zones, read_zones
from tests.sharing import reachable_folder

ANZHI = Path(sys.executable).with_name("anzhi")
# A few of them here, many in the long trials.
IMPORTS = 8
ZONES_PER_FILE = 40


def deliveries(folder: Path, count: int) -> list[Path]:
    """Deliveries told apart by their name."""
    made = []
    for number in range(count):
        west = 99.60 + 0.01 * number
        squares = [
            shapely.box(west, 39.2 + 0.002 * i, west + 0.009, 39.2015 + 0.002 * i) for i in range(ZONES_PER_FILE)
        ]
        frame = gpd.GeoDataFrame({"name": [f"delivery {number}"] * ZONES_PER_FILE}, geometry=squares, crs=4490)
        frame["grade"] = "高"
        made.append(folder / f"delivery-{number}.gpkg")
        frame.to_file(made[-1], driver="GPKG")
    return made


def start_import(file: Path, data_dir: Path) -> subprocess.Popen[str]:
    command = [
        ANZHI, "import", "zones", file, "--hazard", "geological", "--product", "hazard",
        "--publish", "--reason", file.stem, "--json", "--data-dir", data_dir,
    ]  # fmt: skip
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env={**os.environ, "ANZHI_CONSOLE_PUBLISH": "always"},
    )


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder / "data"


def test_imports_killed_at_random_moments_lose_nothing(tmp_path: Path, data_dir: Path):
    kill_imports(deliveries(tmp_path, IMPORTS), data_dir)


def kill_imports(files: list[Path], data_dir: Path) -> None:
    """Import the files in pairs, kill some in the middle, and hold what stands against what was acknowledged."""
    acknowledged = set()
    chance = random.Random(20240501)
    waiting = [(file, start_import(file, data_dir)) for file in files[:1]]
    acknowledged.update(_finish(waiting))
    for first in range(1, len(files), 2):
        pair = [(file, start_import(file, data_dir)) for file in files[first : first + 2]]
        time.sleep(chance.uniform(1.0, 4.5))
        for _, process in pair:
            if process.poll() is None and chance.random() < 0.7:
                os.killpg(process.pid, signal.SIGKILL)
        acknowledged.update(_finish(pair))
    with join_cluster(data_dir) as cluster:
        engine = open_engine(cluster.url)
        with session_factory(engine)() as session:
            zones = read_zones(session, ZoneQuery())
            published = editions.list_editions(session, limit=100, offset=0)
            counts = {e.reason: count_zones(session, ZoneQuery(as_of=e.number)) for e in published}
        engine.dispose()
    per_delivery = zones["name"].value_counts()
    assert {f"delivery {name.split('-')[1]}" for name in acknowledged} <= set(per_delivery.index)
    assert set(per_delivery) == {ZONES_PER_FILE}
    assert sorted(e.number for e in published) == list(range(1, len(published) + 1))
    assert len(published) == len(per_delivery)
    assert sorted(counts.values()) == [ZONES_PER_FILE * (i + 1) for i in range(len(published))]


def _finish(pairs: list[tuple[Path, subprocess.Popen[str]]]) -> list[str]:
    """The deliveries whose import said it was published."""
    done = []
    for file, process in pairs:
        out, _ = process.communicate(timeout=120)
        if process.returncode == 0:
            assert json.loads(out)["edition"] is not None
            done.append(file.stem)
    return done
