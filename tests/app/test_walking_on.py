"""Closed roads people walk through, areas tried before they are closed, danger drawn as a shape, gaps that lie behind a closure."""

from math import inf

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from app.platform.principals import Role
from gis_layers.roads import read_speeds
from gis_layers.stores import town
from tests.app.test_closures import DETOUR, area, close, lift, point
from tests.app.test_dispatch import AT_BEND, AT_END, TWO_ROADS, ask, at, load, manned
from tests.app.test_registers import as_role
from tests.recomputed.walks import RecomputedArrivals
from tests.saying import says

__all__ = ["as_role", "load", "manned"]
MUD = (4000, -50, 4600, 50)
WITHIN = (4400, 0)


@pytest.fixture
def on_duty(as_role, manned, load):
    load(*TWO_ROADS)
    return as_role(Role.DISPATCHER)


def town_team(answer):
    return next(one for one in answer["forces"] if one["name"] == "镇队")


def recomputed(*closures):
    speeds = read_speeds()
    roads = [([(0, 0), AT_BEND], 35), ([AT_BEND, AT_END], 25)]
    return RecomputedArrivals(roads, closures, walk_km_h=speeds.walk_km_h, longest_walk_m=speeds.longest_walk_m)


def test_forces_drive_to_the_edge_of_a_closure_and_walk_on_where_people_walk_through(on_duty):
    before = town_team(ask(on_duty, WITHIN).json())
    barred = close(on_duty, area(*MUD))
    assert town_team(ask(on_duty, WITHIN).json())["unreachable"] == "closed", "unknown is not safe"
    lift(on_duty, barred)
    made = close(on_duty, area(*MUD), on_foot=True)
    assert made.json()["on_foot"]
    answer = ask(on_duty, WITHIN).json()
    walking = town_team(answer)
    assert answer["incident"]["road_closed"]
    assert (walking["reachable"], walking["on_foot_m"]) == (True, pytest.approx(400, abs=1))
    assert walking["road_m"] == pytest.approx(4000, abs=1)
    assert walking["walk_s"] == pytest.approx(400 * 3.6 / 4, abs=1)
    assert walking["arrival_s"] == pytest.approx(walking["turnout_s"] + walking["drive_s"] + walking["walk_s"])
    assert walking["arrival_s"] == pytest.approx(before["arrival_s"] + walking["added_s"])
    walked, driven = (shapely.geometry.shape(walking[name]) for name in ("on_foot", "route"))
    assert walked.coords[0] == pytest.approx(driven.coords[-1], abs=1e-6)


def test_a_second_program_drives_and_walks_as_long(on_duty):
    for on_foot in (True, False):
        made = close(on_duty, area(*MUD), on_foot=on_foot)
        theirs = recomputed((MUD, on_foot))
        for place in (WITHIN, (4700, 0), AT_END, (3900, 0)):
            ours = town_team(ask(on_duty, place).json())
            seconds, metres = theirs.seconds((0, 0), place)
            if seconds == inf:
                assert (ours["reachable"], ours["unreachable"]) == (False, "closed")
                continue
            assert ours["arrival_s"] - ours["turnout_s"] == pytest.approx(seconds, abs=2)
            assert ours["on_foot_m"] or pytest.approx(metres, abs=11) == 0
        lift(on_duty, made)


def test_whoever_drives_round_sooner_does_not_walk(as_role, manned, load):
    load(*TWO_ROADS, DETOUR)
    desk = as_role(Role.DISPATCHER)
    close(desk, area(*MUD), on_foot=True)
    round_it = town_team(ask(desk, AT_END).json())
    assert (round_it["on_foot_m"], round_it["on_foot"]) == (None, None)
    assert round_it["road_m"] > 6000


def test_what_an_area_would_close_is_told_before_anything_is_written(on_duty):
    told = on_duty.post("/api/closures/preview", json={"geometry": area(3000, -50, 4500, 50)}).json()
    assert told == {"stretches": 2, "road_m": pytest.approx(1500, abs=1), "roads": ["乙路", "甲路"]}
    assert on_duty.get("/api/closures").json()["total"] == 0
    made = close(on_duty, area(3000, -50, 4500, 50)).json()
    assert (made["stretches"], made["road_m"]) == (told["stretches"], told["road_m"])
    nothing = on_duty.post("/api/closures/preview", json={"geometry": area(0, 2000, 500, 2500)}).json()
    assert nothing == {"stretches": 0, "road_m": 0, "roads": []}
    bow = {"type": "Polygon", "coordinates": [at((0, 0), (100, 100), (100, 0), (0, 100), (0, 0))]}
    assert on_duty.post("/api/closures/preview", json={"geometry": bow}).json()["code"] == "geometry"


def incident(desk, place, **more):
    body = {"kind": "fire", "said": "冒烟", "reported_by": "村民", "geometry": point(*place), **more}
    return desk.post("/api/incidents", json=body)


def test_a_danger_area_that_was_drawn_keeps_the_place_to_gather_and_those_who_drive_there_outside(on_duty):
    made = incident(on_duty, (3000, 0))
    assert made.status_code == 201
    address, tag = made.headers["location"], {"If-Match": made.headers["etag"]}
    number = made.json()["id"]
    none = on_duty.get("/api/dispatch/nearest", params={"lon": 1, "lat": 1, "gather": number})
    assert (none.status_code, none.json()["code"]) == (409, "unready")
    assert says(none.json()["detail"], "编号为 {number} 的事件没有集结点：{why}")
    drawn = on_duty.patch(address, json={"danger": area(2500, -200, 3600, 200)}, headers=tag)
    assert drawn.json()["danger"]["type"] == "Polygon"
    gather = on_duty.get(f"{address}/assembly").json()
    place = shapely.geometry.shape(gather["place"])
    assert gather["away_m"] == pytest.approx(3000, abs=1), "the bend lies within, though nearer"
    answer = on_duty.get("/api/dispatch/nearest", params={"lon": 1, "lat": 1, "gather": number}).json()
    assert answer["gather"]["place"] == gather["place"]
    assert [one["id"] for one in answer["avoid"]["by"]] == [f"danger/{number}"]
    danger = shapely.geometry.shape(drawn.json()["danger"])
    routes = [shapely.geometry.shape(one["route"]) for one in answer["forces"] if one["route"]]
    assert routes
    assert not any(route.crosses(danger) for route in routes)
    assert all(shapely.distance(shapely.Point(route.coords[-1]), place) < 1e-6 for route in routes)
    cleared = on_duty.patch(address, json={"danger": None}, headers={"If-Match": drawn.headers["etag"]})
    assert cleared.json()["danger"] is None
    log = on_duty.get(f"{address}/log").json()["items"]
    assert [
        one["content"]["after"]["danger"] and one["content"]["after"]["danger"]["type"]
        for one in log
        if one["act"] == "changed"
    ] == ["Polygon", None]


@pytest.mark.parametrize(
    "wrong", [point(0, 0), {"type": "Polygon", "coordinates": [at((0, 0), (9, 9), (9, 0), (0, 9), (0, 0))]}]
)
def test_danger_is_an_area_that_is_sound(on_duty, wrong):
    made = incident(on_duty, (3000, 0))
    answer = on_duty.patch(made.headers["location"], json={"danger": wrong}, headers={"If-Match": made.headers["etag"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "geometry")


def test_a_gap_names_the_closure_it_lies_behind(on_duty):
    assert on_duty.get("/api/coverage/gaps", params={"within": 8}).json()["gaps"] == []
    cut = [close(on_duty, area(west, -50, west + 100, 50)).json() for west in (1000, 4700)]
    (gap,) = on_duty.get("/api/coverage/gaps", params={"within": 8}).json()["gaps"]
    assert (gap["village"]["name"], gap["reachable"]) == ("近村", False)
    (behind,) = gap["behind"]
    first = cut[0]
    assert (behind["id"], behind["road"], behind["reason"]) == (f"closure/{first['id']}", "甲路", "涵洞冲毁")
    assert (behind["since"][:16], behind["review_at"][:16]) == (first["opened_at"][:16], first["review_at"][:16])
    (late,) = on_duty.get("/api/coverage/gaps", params={"within": 1}).json()["gaps"]
    assert late["behind"] == gap["behind"]


def test_whoever_moves_up_may_stand_at_a_station_of_the_register(on_duty, deployment):
    place = shapely.Point(*at((3400, 0))[0])
    station = gpd.GeoDataFrame({"name": ["河湾站"], "kind": ["village"]}, geometry=[place], crs=4490)
    with deployment.sessions.begin() as session:
        town.append_register(session, "stations", station)
    ids = {one["name"]: one["id"] for one in on_duty.get("/api/forces").json()["items"]}
    left = on_duty.get("/api/coverage/move-up", params={"within": 8, "away": ids["镇队"]}).json()
    (move,) = left["moves"]
    assert (move["force"]["name"], move["base"]["name"], move["base"]["kind"]) == ("村队", "河湾站", "station")
    assert move["arrival_minutes"] == pytest.approx(3 + 2500 / 25 * 3.6 / 60 + 100 / 35 * 3.6 / 60, abs=0.1)
    with deployment.engine.begin() as connection:
        moved = text("UPDATE forces SET geom = (SELECT geom FROM stations) WHERE name = '村队'")
        connection.execute(moved)
        connection.execute(text("UPDATE forces SET state = 'out' WHERE name = '镇队'"))
    covered = on_duty.get("/api/coverage", params={"minutes": "8"}).json()["summary"][0]["people"]
    assert {name: covered[name] for name in move["people"]} == move["people"]
