"""What follows from coverage, at the doors: every number is that of asking coverage again after the thing was done."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from app.platform.principals import Role
from gis_layers.stores import town
from tests.app.seeds import publish_zones
from tests.app.test_closures import close
from tests.app.test_dispatch import AT_BEND, AT_END, TWO_ROADS, at, load, manned
from tests.app.test_registers import as_role

__all__ = ["as_role", "load", "manned"]

WESTWARD = {"line": [(0, 0), (-6000, 0)], "road_class": "village", "name": "西路"}


def people_within(client, minutes):
    return client.get("/api/coverage", params={"minutes": str(minutes)}).json()["summary"][0]["people"]


def stand(deployment, place, name="新队", kind="township"):
    values = {"name": [name], "kind": [kind], "capabilities": [["rescue"]], "state": ["ready"]}
    columns = {key: pd.Series(some, dtype=object) for key, some in values.items()}
    with deployment.sessions.begin() as session:
        point = shapely.Point(*at(place)[0])
        town.append_register(session, "forces", gpd.GeoDataFrame(columns, geometry=[point], crs=4490))


def numbers(client):
    told = client.get("/api/coverage").json()["standing"]
    return {one["name"]: one["id"] for one in told}


def test_a_station_that_is_tried_gains_what_coverage_counts_once_it_stands(client, deployment, manned, load):
    load(*TWO_ROADS)
    before = people_within(client, 5)
    for place, prove in (((2500, 100), True), (AT_BEND, False), ((3500, 9000), True)):
        body = {"add": 0, "at": [at(place)[0]], "minutes": 5, "prove": prove}
        (site,) = client.post("/api/coverage/plan", json=body).json()["sites"]
        with deployment.engine.begin() as connection:
            stand(deployment, place)
            after = people_within(client, 5)
            connection.execute(text("DELETE FROM forces WHERE name = '新队'"))
        assert site["gain"] == after["covered"] - before["covered"]
        assert site["people"] == after
        assert site["objection"] in (("off_road", "siting_rules") if place == (3500, 9000) else (None,))
    planned = client.post("/api/coverage/plan", json={"add": 2, "minutes": 5}).json()
    (site,) = planned["sites"]
    assert (site["gain"], site["village"]["name"], site["tried"]) == (10, "近村", False)
    assert (planned["proven"], planned["gap"], planned["greedy_gain"]) == (True, 0, 10)
    assert planned["people"] == before
    assert client.post("/api/coverage/plan", json={"add": 11}).status_code == 422


def test_no_station_is_proposed_on_ground_of_the_worst_grades(client, deployment, manned, load):
    load(*TWO_ROADS)
    ground = shapely.Point(*at(AT_BEND)[0]).buffer(0.002)
    publish_zones(deployment, "flood", ground, grade=("极高", 1, "flood4"))
    planned = client.post("/api/coverage/plan", json={"add": 3, "minutes": 5}).json()
    assert planned["excluded"]["red_ground"] > 0
    for site in planned["sites"]:
        assert not ground.intersects(shapely.geometry.shape(site["at"]))
    (tried,) = client.post("/api/coverage/plan", json={"add": 0, "at": [at(AT_BEND)[0]]}).json()["sites"]
    assert tried["objection"] == "red_ground"


def test_a_loss_uncovers_what_coverage_no_longer_counts_once_the_road_is_closed(as_role, manned, load):
    load(*TWO_ROADS)
    desk = as_role(Role.DISPATCHER)
    told = desk.get("/api/coverage/losses", params={"within": 8}).json()
    assert told["proven"]
    named = {one["name"]: (one["what"], one["people"], one["rank"]) for one in told["losses"]}
    assert {name: some[:2] for name, some in named.items()} == {"镇队": ("force", 10), "甲路": ("road", 10)}
    before = people_within(desk, 8)
    assert before == told["people"]
    (road,) = (one for one in told["losses"] if one["what"] == "road")
    middle = shapely.line_interpolate_point(shapely.geometry.shape(road["at"]), 0.5, normalized=True)
    close(desk, {"type": "Point", "coordinates": [middle.x, middle.y]})
    assert people_within(desk, 8)["covered"] == before["covered"] - road["people"]
    assert desk.get("/api/coverage/losses", params={"within": 8}).json()["losses"] == []


def test_who_leaves_takes_cover_along_and_the_move_that_restores_most_is_named(client, deployment, manned, load):
    load(*TWO_ROADS, WESTWARD)
    stand(deployment, (-6000, 0), "西队")
    ids = numbers(client)
    calm = client.get("/api/coverage/move-up", params={"within": 8}).json()
    assert [one["name"] for one in calm["away"]] == ["出动队"], "who is out is away without being named"
    assert (calm["left_behind"], calm["moves"]) == ([], [])
    left = client.get("/api/coverage/move-up", params={"within": 8, "away": ids["镇队"]}).json()
    assert (left["with_them"]["covered"], left["without_them"]["covered"]) == (10, 0)
    assert [(one["name"], one["people"]) for one in left["left_behind"]] == [("近村", 10)]
    assert [one["force"]["name"] for one in left["moves"]] == ["村队", "西队"], "one far from any road moves nowhere"
    near, move = left["moves"]
    assert (near["base"]["kind"], near["base"]["name"], near["restored"]) == ("village", "近村", 10)
    assert (move["base"]["kind"], move["base"]["id"]) == ("base", ids["镇队"])
    assert (move["restored"], move["people"]["covered"]) == (10, 10)
    assert move["arrival_minutes"] == pytest.approx(1 + 6 / 25 * 60, abs=0.1)
    with deployment.engine.begin() as connection:
        connection.execute(text("UPDATE forces SET state = 'out' WHERE name = '镇队'"))
        connection.execute(
            text("UPDATE forces SET geom = (SELECT geom FROM forces WHERE name = '镇队') WHERE name = '西队'")
        )
    assert people_within(client, 8) == move["people"]


def test_gaps_name_who_waits_how_long_and_for_whom(client, deployment, manned, load):
    load(*TWO_ROADS)
    told = client.get("/api/coverage/gaps", params={"within": 5}).json()
    (gap,) = told["gaps"]
    assert (gap["village"]["name"], gap["people"], gap["nearest"]["name"]) == ("近村", 10, "镇队")
    assert (gap["minutes"], gap["second_minutes"]) == pytest.approx((7.0, 9.0), abs=0.15)
    assert (gap["reachable"], gap["hazard"]) == (True, None)
    assert gap["weight"] == pytest.approx(10 * 0.2), "what nobody surveyed is not safe"
    publish_zones(deployment, "flood", shapely.Point(*at(AT_BEND)[0]).buffer(0.002), grade=("高", 2, "flood4"))
    (gap,) = client.get("/api/coverage/gaps", params={"within": 5}).json()["gaps"]
    assert (gap["hazard"], gap["weight"]) == ({"hazard": "flood", "grade": "高", "grade_rank": 2}, pytest.approx(7.5))
    assert client.get("/api/coverage/gaps", params={"within": 8}).json()["gaps"] == []
    cut = client.get("/api/coverage/gaps", params={"within": 5, "kinds": "medical"}).json()["gaps"]
    assert [(one["minutes"], one["reachable"], one["nearest"]) for one in cut] == [(None, False, None)]
    second = client.get("/api/coverage", params={"minutes": "8"}).json()["summary"][0]
    assert (second["people"]["covered"], second["second_due"]["people"]["covered"]) == (10, 0)


def test_shelters_fill_nearest_first_by_the_walking_way_and_none_is_used_in_a_zone(client, deployment, manned, load):
    load(*TWO_ROADS)
    places = [(3900, 0), (4400, 0), AT_END]
    rows = {
        "name": ["甲场", "乙场", "丙场"], "kind": ["shelter"] * 3, "capacity": [500, 400, 900],
        "shelter_term": ["short", "short", "emergency"],
    }  # fmt: skip
    columns = {name: pd.Series(values, dtype=object) for name, values in rows.items()}
    points = [shapely.Point(*at(place)[0]) for place in places]
    with deployment.sessions.begin() as session:
        town.append_register(session, "facilities", gpd.GeoDataFrame(columns, geometry=points, crs=4490))
        session.execute(text("UPDATE villages SET population = 700 WHERE name = '近村'"))
    told = client.get("/api/shelters/allocation").json()
    assert (told["term"], told["rule"]["most_m"], told["people"]) == (
        "short", 1000, {"served": 700, "too_far": 0, "full": 0, "share": 1.0}
    )  # fmt: skip
    shelters = {one["name"]: (one["people"], one["passed_over"]) for one in told["shelters"]}
    assert shelters == {"甲场": (500, None), "乙场": (200, None), "丙场": (0, "shorter_term")}
    (village,) = told["villages"]
    ways = {one["shelter"]["name"]: one for one in village["to"]}
    assert {name: (one["people"], one["metres"]) for name, one in ways.items()} == {
        "甲场": (500, pytest.approx(400, abs=8)), "乙场": (200, pytest.approx(900, abs=8))
    }  # fmt: skip
    assert ways["甲场"]["minutes"] == pytest.approx(6.0, abs=0.1)
    assert ways["乙场"]["way"]["type"] == "LineString"
    publish_zones(deployment, "flood", points[1].buffer(0.001), grade=("极高", 1, "flood4"))
    flooded = client.get("/api/shelters/allocation", params={"avoid_zones": "flood"}).json()
    assert flooded["people"] == {"served": 500, "too_far": 0, "full": 200, "share": pytest.approx(5 / 7)}
    assert {one["name"]: one["passed_over"] for one in flooded["shelters"]}["乙场"] == "in_zone"
    dry = client.get("/api/shelters/allocation", params={"avoid_zones": "flood", "people": "endangered"}).json()
    assert (dry["people"], dry["villages"]) == ({"served": 0, "too_far": 0, "full": 0, "share": None}, [])
    assert client.get("/api/shelters/allocation", params={"avoid_zones": "fog"}).status_code == 404
