"""Dispatch at the doors: roads come in through the gate, and the next answer is that of the network they make."""

import datetime
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from app.cli import cli
from app.platform.clock import today
from app.platform.deployment import Deployment
from gis_layers.crs import to_storage
from gis_layers.stores import places, town
from risk_model.shapes import as_array
from tests.app.seeds import METRIC, seeded_database
from tests.saying import says

ORIGIN = (570000.0, 4355000.0)
"""Metres in the measuring CRS from which the places of these tests are counted."""
AT_BEND, AT_END = (3500, 0), (6000, 0)


def at(*metres: tuple[float, float]) -> list[tuple[float, float]]:
    moved = [(ORIGIN[0] + east, ORIGIN[1] + north) for east, north in metres]
    return [(point.x, point.y) for point in to_storage(as_array([shapely.Point(one) for one in moved]), METRIC)]


def roads(path: Path, *lines: dict) -> Path:
    frame = gpd.GeoDataFrame(
        [{key: value for key, value in line.items() if key != "line"} for line in lines],
        geometry=[shapely.LineString([(ORIGIN[0] + x, ORIGIN[1] + y) for x, y in line["line"]]) for line in lines],
        crs=METRIC,
    )
    frame.to_file(path)
    return path


TWO_ROADS = (
    {"line": [(0, 0), AT_BEND], "road_class": "乡道", "name": "甲路"},
    {"line": [AT_BEND, AT_END], "road_class": "village", "name": "乙路"},
)


@seeded_database()
def manned(deployment: Deployment) -> None:
    """Forces at both ends of two roads, one far from any, one out, one off duty, one with an agreement that has run out."""
    where = [(0, 0), AT_END, (3500, 40_000), (0, 0), (0, 0), (0, 0)]
    rows = {
        "name": ["镇队", "村队", "远队", "出动队", "休班队", "过期队"],
        "kind": ["township", "township", "fire", "fire", "fire", "social"],
        "capabilities": [["fire_engine", "rescue"], ["fire_engine"], ["fire_engine"], [], [], []],
        "state": ["ready", "ready", "ready", "out", "off_duty", "ready"],
        "turnout_s": [None, 180, None, None, None, None],
        "agreement_expires": [None, None, None, None, None, datetime.date(2020, 1, 1)],
        "last_verified": [today(), None, today(), None, None, None],
    }
    columns = {name: pd.Series(values, dtype=object) for name, values in rows.items()}
    points = [shapely.Point(*at(place)[0]) for place in where]
    with deployment.sessions.begin() as session:
        town.append_register(session, "forces", gpd.GeoDataFrame(columns, geometry=points, crs=4490))
        boxes = [shapely.Point(*at(place)[0]).buffer(0.001) for place in (AT_BEND, (3500, 40_000))]
        named = {"name": ["近村", "远村"], "code": ["1", "2"], "population": [10, None]}
        villages = gpd.GeoDataFrame(named, geometry=[shapely.MultiPolygon([box]) for box in boxes], crs=4490)
        places.append_places(session, "villages", villages)


@pytest.fixture
def load(database_url: str, monkeypatch, tmp_path: Path):
    monkeypatch.setenv("ANZHI_DATABASE_URL", database_url)

    def run(*lines: dict, name: str = "roads.gpkg", options: tuple[str, ...] = ()) -> dict:
        told = CliRunner().invoke(cli, ["import", "roads", str(roads(tmp_path / name, *lines)), "--json", *options])
        return {**json.loads(told.stdout), "exit": told.exit_code}

    return run


def ask(client, place, **asked):
    lon, lat = at(place)[0]
    return client.get("/api/dispatch/nearest", params={"lon": lon, "lat": lat, **asked})


def minutes(answer: dict) -> dict[str, float | None]:
    return {one["name"]: one["arrival_s"] and one["arrival_s"] / 60 for one in answer["forces"]}


def test_without_roads_the_answer_says_what_to_load(client, manned):
    answer = ask(client, AT_BEND)
    assert (answer.status_code, answer.json()["code"]) == (409, "unready")
    assert "anzhi import roads" in answer.json()["detail"]


def test_forces_are_ranked_by_turnout_and_road_from_the_moment_the_import_returns(client, manned, load):
    assert load(*TWO_ROADS)["features_loaded"] == 2
    near, far = ask(client, AT_BEND).json(), ask(client, AT_END).json()
    assert minutes(near) == {"镇队": pytest.approx(7.0, abs=0.01), "村队": pytest.approx(9.0, abs=0.01), "远队": None}
    assert minutes(far) == {"村队": pytest.approx(3.0, abs=0.01), "镇队": pytest.approx(13.0, abs=0.01), "远队": None}
    gale = ask(client, AT_END, condition="gale").json()
    assert minutes(gale)["镇队"] == pytest.approx(18.14, abs=0.01)
    first = near["forces"][0]
    assert first["arrival_s"] == first["turnout_s"] + first["travel_s"]
    assert first["road_m"] == pytest.approx(3500, rel=1e-3)
    assert first["detour"] == pytest.approx(1.0, abs=1e-3)
    assert shapely.geometry.shape(first["route"]).coords[0] == pytest.approx(at((0, 0))[0], abs=1e-6)
    assert (near["incident"]["road"], first["lapse"], near["forces"][1]["lapse"]) in [
        ("甲路", None, "unverified"),
        ("乙路", None, "unverified"),
    ]
    assert {one["name"]: one["reason"] for one in near["passed_over"]} == {
        "出动队": "out", "休班队": "off_duty", "过期队": "expired"
    }  # fmt: skip
    assert [one["name"] for one in near["cut_off_villages"]] == ["远村"]


def test_who_cannot_come_has_a_reason_and_no_number(client, manned, load):
    load(*TWO_ROADS)
    away = next(one for one in ask(client, AT_BEND).json()["forces"] if one["name"] == "远队")
    assert (away["reachable"], away["unreachable"]) == (False, "force_off_road")
    assert not any(value for name, value in away.items() if name.endswith(("_s", "_m")) or name in {"detour", "route"})
    lost = ask(client, (3500, 20_000)).json()
    assert {one["unreachable"] for one in lost["forces"]} == {"force_off_road", "incident_off_road"}
    assert lost["incident"]["snapped_m"] == pytest.approx(20_000, rel=1e-3)
    assert lost["incident"]["walk_s"] is None


def test_from_the_road_on_people_walk(client, manned, load):
    load(*TWO_ROADS)
    beside = ask(client, (3500, 400)).json()
    first = beside["forces"][0]
    assert first["walk_s"] == pytest.approx(360, rel=1e-3)
    assert first["travel_s"] == first["drive_s"] + first["walk_s"]
    assert minutes(beside)["镇队"] == pytest.approx(7.0 + 6.0, abs=0.01)
    assert len(beside["incident"]["walk"]["coordinates"]) == 2


def test_who_meets_the_run_card_comes_first_and_the_shortfall_is_named(client, manned, load):
    load(*TWO_ROADS)
    fire = ask(client, AT_END, incident="fire").json()
    assert [one["name"] for one in fire["forces"]] == ["镇队", "村队", "远队"], "the nearer one lacks something"
    assert [one["missing"] for one in fire["forces"][:2]] == [[], ["rescue"]]
    assert fire["incident"]["lacking"] == []
    together = fire["incident"]["together"]
    assert [(one["name"], one["brings"]) for one in together["forces"]] == [
        ("村队", ["fire_engine"]), ("镇队", ["fire_engine", "rescue"])
    ]  # fmt: skip
    assert together["complete_s"] == fire["forces"][0]["arrival_s"]
    assert together["lacking"] == []
    flood = ask(client, AT_END, incident="flood", k=1).json()
    assert {one["capability"] for one in flood["incident"]["lacking"]} == {"boat", "pump"}
    assert len(flood["forces"]) == 1
    assert flood["incident"]["together"]["complete_s"] is None
    assert flood["incident"]["together"]["lacking"] == flood["incident"]["lacking"]


def test_a_road_is_kept_once_with_what_it_tells_and_an_unknown_word_is_told(client, manned, load):
    odd = {"line": [(0, 100), (1000, 100)], "road_class": "天路", "oneway": "-1", "bridge": "yes", "限速": 36}
    first = load(*TWO_ROADS, odd)
    assert (first["features_loaded"], first["features_refused"]) == (3, 0)
    assert any(says(one["problem"], "{ours} {trouble}，{instead}") for one in first["problems"])
    again = load(*TWO_ROADS, odd, name="again.gpkg")
    assert (again["features_loaded"], again["exit"]) == (0, 1)
    answer = ask(client, (0, 100), k=1).json()
    assert answer["graph"]["stretches"] == 3
    assert ask(client, AT_BEND).json()["graph"]["version"] == answer["graph"]["version"]


def test_a_line_in_parts_is_several_roads_that_share_its_length(client, manned, load, tmp_path):
    parts = [[(0, 0), (1000, 0)], [(1000, 0), (3500, 0)]]
    lines = shapely.MultiLineString([[(ORIGIN[0] + x, ORIGIN[1] + y) for x, y in part] for part in parts])
    path = tmp_path / "parts.gpkg"
    gpd.GeoDataFrame({"road_class": ["township"], "length_m": [7000.0]}, geometry=[lines], crs=METRIC).to_file(path)
    told = CliRunner().invoke(cli, ["import", "roads", str(path), "--json"])
    assert json.loads(told.stdout)["features_loaded"] == 1
    first = ask(client, AT_BEND, k=1).json()["forces"][0]
    assert first["road_m"] == pytest.approx(7000, rel=1e-6)
    assert first["arrival_s"] == pytest.approx(60 + 12 * 60, rel=1e-3)


def test_faults_of_the_network_are_told_by_the_import_and_drawn_from_then_on(client, manned, load):
    assert client.get("/api/roads/connectivity").json()["code"] == "unready"
    clean = load(*TWO_ROADS)
    assert clean["problems"] == []
    island = {"line": [(0, 3000), (800, 3000)], "road_class": "village", "name": "孤路"}
    short = {"line": [(3500, 2), (3500, 900)], "road_class": "village", "name": "断路"}
    report = load(island, short, name="more.gpkg")
    assert (report["features_loaded"], report["exit"]) == (2, 0)
    told = [one for one in report["problems"] if says(one["problem"], "路网检查：{kind} {n} 处")]
    assert len(told) == 2
    assert all(one["location"] for one in told)
    answer = client.get("/api/roads/connectivity").json()
    assert {kind: n for kind, n in answer["counts"].items() if n} == {"island": 2, "gap": 1, "force_off_road": 1}
    drawn = {(one["properties"]["kind"], one["properties"]["name"]) for one in answer["features"]}
    assert {("island", "孤路"), ("island", "断路"), ("gap", "断路"), ("force_off_road", "远队")} == drawn
    gap = next(one["properties"] for one in answer["features"] if one["properties"]["kind"] == "gap")
    assert gap["gap_m"] == pytest.approx(2, abs=0.01)
    assert gap["at"] == pytest.approx(list(at((3500, 2))[0]), abs=1e-5)
    assert answer["graph"]["version"] == ask(client, AT_BEND).json()["graph"]["version"]
    assert answer["graph"]["road_m"] - answer["graph"]["joined_m"] == pytest.approx(800 + 898, rel=1e-3)
    few = client.get("/api/roads/connectivity", params={"limit": 1}).json()
    assert len(few["features"]) == 3
    assert few["counts"] == answer["counts"]


def test_an_answer_names_where_its_roads_come_from_and_of_which_day(client, manned, load):
    load(*TWO_ROADS, options=("--provider", "县交通运输局", "--received-on", "2026-03-01"))
    first = ask(client, AT_BEND).json()
    assert first["roads"] == {
        "version": first["graph"]["version"], "source": "县交通运输局", "date": "2026-03-01", "synthetic": False,
        "imports": [{"source": "县交通运输局", "date": "2026-03-01", "roads": 2}],
    }  # fmt: skip
    load({"line": [(0, 0), (0, 900)], "road_class": "village"}, name="more.gpkg")
    both = ask(client, AT_BEND).json()["roads"]
    assert both["version"] != first["roads"]["version"]
    assert both["source"] == "more.gpkg · 县交通运输局"
    assert both["date"] == today().isoformat()
