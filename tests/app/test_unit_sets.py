"""Polygons handed in to be graded: through the gate, kept under a name for good, graded like villages and cells."""

import json

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from app.assessments.service import GradingOrder, grade_town, replay_run, results_digest
from app.cli import cli
from app.main import create_app
from app.platform.deployment import Deployment
from app.platform.principals import Role
from app.platform.work import Work
from app.worker.loop import work_once
from gis_layers.stores import places, runs
from tests.app.seeds import publish_zones, seeded_database
from tests.app.visitors import audited

NORTH, SOUTH = shapely.box(99.75, 39.31, 99.77, 39.32), shapely.box(99.75, 39.30, 99.77, 39.31)
VILLAGE = shapely.box(99.75, 39.30, 99.77, 39.32)
BOW_TIE = shapely.Polygon([(99.75, 39.30), (99.76, 39.31), (99.76, 39.30), (99.75, 39.31)])


def geojson(*features) -> bytes:
    rows = [
        {"type": "Feature", "properties": properties, "geometry": shape.__geo_interface__}
        for shape, properties in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


PARTS = geojson((NORTH, {"code": "n", "name": "北片"}), (SOUTH, {"code": "s", "name": "南片", "population": 70}))


@pytest.fixture
def officer(deployment, token):
    from fastapi.testclient import TestClient

    app = create_app(deployment, loopback=True)
    headers = {"Authorization": f"Bearer {token(Role.OFFICER)}"}
    return TestClient(app, headers=headers, raise_server_exceptions=False)


@seeded_database()
def flooded(deployment: Deployment) -> None:
    frame = gpd.GeoDataFrame(
        {"code": ["v"], "name": ["村"], "population": [1000]}, geometry=[shapely.multipolygons([VILLAGE])], crs=4490
    )
    with deployment.sessions.begin() as session:
        places.append_places(session, "villages", frame)
    publish_zones(deployment, "flood", NORTH, grade=("高", 2, "flood4"))


def hand_in(officer, content=PARTS, name="两片", **form):
    return officer.post("/api/unit-sets", files={"file": ("units.geojson", content)}, data={"name": name, **form})


def test_a_set_is_kept_with_the_gates_report_and_named_in_the_audit(officer, deployment):
    kept = hand_in(officer)
    assert kept.status_code == 201, kept.text
    told = officer.get(kept.headers["location"]).json()
    assert (told["name"], told["units"], told["report"]["features_loaded"]) == ("两片", 2, 2)
    assert officer.get("/api/unit-sets").json()["total"] == 1
    units = officer.get(f"{kept.headers['location']}/units").json()["features"]
    assert [unit["properties"]["name"] for unit in units] == ["北片", "南片"]
    assert ("token:test", "import units") in audited(deployment)


def test_what_the_gate_refuses_is_named_and_nothing_right_means_nothing_kept(officer):
    part = hand_in(officer, geojson((NORTH, {"name": "好"}), (BOW_TIE, {"name": "坏"})), name="一半")
    assert part.status_code == 201
    report = part.json()["report"]
    assert (report["features_read"], report["features_loaded"], report["features_refused"]) == (2, 1, 1)
    assert "「坏」" in report["problems"][0]["problem"]
    nothing = hand_in(officer, geojson((BOW_TIE, {"name": "坏"})), name="全坏")
    assert nothing.status_code == 422
    assert nothing.json()["report"]["features_refused"] == 1
    repaired = hand_in(officer, geojson((BOW_TIE, {"name": "坏"})), name="修好", accept_repairs="true")
    assert repaired.json()["report"]["repairs"][0]["area_after_m2"] > 0


def test_two_units_of_one_code_are_never_taken_for_one(officer):
    twice = hand_in(officer, geojson((NORTH, {"code": "a"}), (SOUTH, {"code": "a"})))
    assert (twice.json()["units"], twice.json()["report"]["features_refused"]) == (1, 1)


@pytest.mark.parametrize(
    ("name", "status"), [("两片", 409), ("  ", 422), ("2026", 422), ("片" * 81, 422), ("三片", 201)]
)
def test_a_name_stands_for_one_set_for_good(officer, name, status):
    hand_in(officer)
    assert hand_in(officer, name=name).status_code == status


def test_only_officers_hand_in_units(client):
    assert hand_in(client).status_code == 403


@pytest.mark.parametrize(
    "change", ["UPDATE unit_sets SET name = 'x'", "DELETE FROM unit_polygons", "TRUNCATE unit_polygons"]
)
def test_no_client_can_change_what_runs_refer_to(officer, deployment, change):
    hand_in(officer)
    with pytest.raises(IntegrityError), deployment.sessions.begin() as session:
        session.execute(text(change))


def test_a_set_is_graded_over_http_by_name_and_shown_with_its_people(officer, deployment, flooded):
    number = hand_in(officer).json()["id"]
    job = officer.post("/api/runs", json={"unit": "polygons", "set": "两片"}).headers["location"]
    assert work_once(deployment)
    run = officer.get(job).json()["result"]["run"]
    told = officer.get(f"/api/runs/{run}").json()
    assert (told["unit"], told["set"], told["areas"]) == ("polygons", number, 2)
    areas = {area["name"]: area["measurements"] for area in officer.get("/api/areas?unit=polygons").json()["items"]}
    assert (areas["南片"]["population"], areas["南片"]["population_method"]) == (70, "counted")
    assert areas["北片"]["population"] == pytest.approx(500, rel=1e-3)
    assert areas["北片"]["population_method"] == "area"
    page = officer.get(f"/maps/areas?unit=polygons&run={run}").text
    assert "北片" in page
    assert "两片" in page


def test_replaying_a_run_of_uploaded_units_gives_the_same_bytes(officer, deployment, flooded):
    number = hand_in(officer).json()["id"]
    with deployment.sessions.begin() as session:
        run = grade_town(Work(session, deployment), GradingOrder("polygons", "officer", set_id=number)).id
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE villages SET population = 1"))
        assert results_digest(replay_run(Work(session, deployment), run)) == runs.find_run(session, run).results_digest


def test_the_console_imports_grades_and_exports_a_set(deployment, flooded, monkeypatch, tmp_path):
    monkeypatch.setenv("ANZHI_DATABASE_URL", deployment.url)
    file, out = tmp_path / "units.geojson", tmp_path / "areas.geojson"
    file.write_bytes(PARTS)
    ran = CliRunner().invoke(cli, ["import", "units", str(file), "--name", "两片", "--json"])
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["features_loaded"] == 2
    assert CliRunner().invoke(cli, ["grade", "--unit", "polygons"]).exit_code == 2
    assert CliRunner().invoke(cli, ["grade", "--unit", "village", "--set", "两片"]).exit_code == 2
    graded = CliRunner().invoke(cli, ["grade", "--unit", "polygons", "--set", "两片", "--json"])
    assert json.loads(graded.stdout)["unit"] == "polygons"
    assert CliRunner().invoke(cli, ["export", "areas", str(out), "--unit", "polygons"]).exit_code == 0
    assert set(gpd.read_file(out)["name"]) == {"北片", "南片"}


def test_runs_of_different_sets_are_not_compared(officer, deployment, flooded):
    sets = [hand_in(officer, name=name).json()["id"] for name in ("甲", "乙")]
    with deployment.sessions.begin() as session:
        first, second = (
            grade_town(Work(session, deployment), GradingOrder("polygons", "officer", set_id=one)).id for one in sets
        )
    assert officer.get(f"/api/runs/{first}/compare/{second}").status_code == 409
    newest = officer.get(f"/api/areas?unit=polygons&set={sets[0]}").json()["items"]
    assert {area["run"] for area in newest} == {first}
