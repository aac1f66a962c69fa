"""An officer grades the villages at the console; the service that runs beside it answers the new grades at once."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import httpx
import pandas as pd
import psutil
import pytest
import shapely
from fastapi.testclient import TestClient

from app.cli.console import deployed
from app.main import create_app
from app.platform import allowance, errands
from gis_layers.database import open_engine, session_factory
from gis_layers.demo.township import Township
from gis_layers.embedded import join_cluster
from gis_layers.stores.places import read_places
from gis_layers.stores.published_zones import ZoneQuery, read_zones
from gis_layers.stores.town import read_register
from tests.running import PATIENCE_S, Running, start, start_township
from tests.sharing import reachable_folder


@pytest.fixture(scope="module")
def running(shared: Path) -> Iterator[Running]:
    with reachable_folder() as folder:
        started = start_township(shared, folder / "data")
        yield started
        started.stop()


def areas(running: Running, unit: str = "village") -> list[dict]:
    return httpx.get(f"{running.base}/api/areas?unit={unit}", timeout=60).raise_for_status().json()["items"]


def test_the_synthetic_township_is_graded_from_its_first_start(running: Running):
    graded = areas(running)
    assert len(graded) == 16
    ranks = [area["grade_rank"] for area in graded if area["grade_rank"]]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 2
    ungraded = [area for area in graded if area["grade"] is None]
    assert ungraded
    assert all(area["data_gaps"] for area in ungraded)


CHECK = {
    "type": "Feature",
    "geometry": {"type": "Polygon", "coordinates": [[[99.75, 39.3], [99.751, 39.3], [99.751, 39.301], [99.75, 39.3]]]},
    "properties": {"name": "甲", "project_class": "K4"},
}
ORDINARY = (
    "/", "/api/overview", "/api/zones", "/api/places?q=cun", "/tiles/zones/14/12735/6236.mvt", "/api/basemap/villages",
    "/api/surveys/unsurveyed?hazard=flood", "/maps/areas", "/api/enterprises", "/api/kpi", "/kpi",
)  # fmt: skip


def test_what_is_small_in_the_synthetic_township_meets_no_confined_process(running: Running, monkeypatch):
    """Not even for the first time, when nothing is kept yet: to send it would take longer than to do it."""
    sent = []

    def refuse(function, *_args, **_named) -> None:
        sent.append(function)
        raise AssertionError(function)

    for module in (errands, allowance):
        monkeypatch.setattr(module, "run_confined", refuse)
    with deployed(running.data_dir) as deployment:
        client = TestClient(create_app(deployment, loopback=True), base_url="http://127.0.0.1", client=("127.0.0.1", 5))
        steps = {}
        for zone in (one["zone"] for one in client.get("/api/zones?limit=200").json()["items"]):
            steps[zone] = len(client.get(f"/api/chains?zone={zone}").raise_for_status().json()["steps"])
            if steps[zone]:
                break
        assert max(steps.values()) > 1
        answers = {path: client.get(path).status_code for path in ORDINARY}
        answers["check"] = client.post("/api/siting/check", json=CHECK).status_code
    assert {path: status for path, status in answers.items() if status not in (200, 204)} == {}
    assert sent == []


def test_a_first_start_lays_down_to_the_byte_what_the_same_seed_gives_elsewhere(running: Running, township: Township):
    relief = httpx.get(f"{running.base}/api/basemap/hillshade", timeout=60).json()["url"]
    assert httpx.get(f"{running.base}{relief}", timeout=60).content == township.relief.content
    with join_cluster(running.data_dir) as cluster:
        engine = open_engine(cluster.url)
        with session_factory(engine)() as session:
            laid = {name: read_register(session, name) for name in ("buildings", "enterprises", "forces")}
            laid |= {name: read_places(session, name) for name in ("villages", "roads")}
            laid["zones"] = read_zones(session, ZoneQuery())
        engine.dispose()
    for name in laid.keys() - {"zones"}:
        assert content_of(laid[name]) == content_of(getattr(township, name)), name
    assert content_of(laid["zones"]) == content_of(pd.concat([layer.zones for layer in township.layers]))


def content_of(frame: gpd.GeoDataFrame) -> list[tuple[bytes, str]]:
    names = frame["name"].fillna("") if "name" in frame else [""] * len(frame)
    shapes = shapely.to_wkb(shapely.normalize(frame.geometry.to_numpy()), include_srid=False)
    return sorted(zip(shapes, names, strict=True))


def test_grading_again_without_a_change_moves_nothing(running: Running):
    before = areas(running)
    ran = running.anzhi("grade", "--json")
    assert ran.returncode == 0, ran.stderr
    run = json.loads(ran.stdout)
    after = areas(running)
    assert {area["run"] for area in after} == {run["id"]}
    compared = httpx.get(f"{running.base}/api/runs/{before[0]['run']}/compare/{run['id']}", timeout=60).json()
    assert compared["moved"] == []
    assert compared["unmoved"] == 16
    assert compared["changed_settings"] == {}
    assert compared["from"]["results_digest"] == compared["to"]["results_digest"]


def test_villages_and_cells_agree_on_how_much_ground_lies_in_each_grade_of_flood(running: Running):
    ran = running.anzhi("grade", "--unit", "grid", "--cell-m", "1000", "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["cell_m"] == 1000
    by_village, by_cell = _flooded(areas(running)), _flooded(areas(running, "grid&limit=1000"))
    assert set(by_village) == set(by_cell)
    assert by_cell == pytest.approx(by_village, rel=1e-5)


@pytest.fixture(scope="module")
def officer(running: Running) -> Iterator[httpx.Client]:
    made = running.anzhi("token", "create", "--role", "officer", "--name", "desk")
    headers = {"Authorization": f"Bearer {made.stdout.splitlines()[-1]}"}
    with httpx.Client(base_url=running.base, headers=headers, timeout=60) as client:
        yield client


def ended(officer: httpx.Client, address: str) -> dict:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        job = officer.get(address).raise_for_status().json()
        if job["state"] not in ("waiting", "running"):
            return job
        time.sleep(0.3)
    raise AssertionError(job)


def test_an_ordered_run_is_done_beside_the_service_and_equals_the_consoles(running: Running, officer: httpx.Client):
    ordered = officer.post("/api/runs", json={"unit": "village"})
    assert ordered.status_code == 202, ordered.text
    job = ended(officer, ordered.headers["location"])
    assert job["state"] == "done", job
    console = json.loads(running.anzhi("grade", "--json").stdout)
    assert job["result"]["results_digest"] == console["results_digest"]


def test_the_service_starts_a_new_worker_where_one_was_killed(running: Running, officer: httpx.Client):
    [worker] = [
        child for child in psutil.Process(running.process.pid).children() if "spawn_main" in " ".join(child.cmdline())
    ]
    worker.kill()
    job = ended(officer, officer.post("/api/runs", json={"unit": "village"}).headers["location"])
    assert (job["state"], job["attempts"]) == ("done", 1)
    assert not worker.is_running()


def test_the_worker_is_gone_when_the_service_was_killed():
    with reachable_folder() as folder:
        started = start(folder / "data", "--empty")
        workers = [
            child
            for child in psutil.Process(started.process.pid).children()
            if "spawn_main" in " ".join(child.cmdline())
        ]
        started.process.kill()
        gone, alive = psutil.wait_procs(workers, timeout=PATIENCE_S)
        assert (len(gone), alive) == (1, [])
        start(folder / "data", "--empty").stop()


def test_a_wrong_unit_is_wrong_usage(running: Running):
    assert running.anzhi("grade", "--unit", "county").returncode == 2


def _flooded(graded: list[dict]) -> dict[str, float]:
    total: dict[str, float] = {}
    for area in graded:
        for row in area["measurements"]["hazards"]["flash_flood"]["by_grade"]:
            if row["grade"]:
                total[row["grade"]] = total.get(row["grade"], 0.0) + row["area_m2"]
    return total
