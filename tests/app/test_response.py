"""The response in an opinion: who is there first along the roads, and whether the road itself would be cut."""

import datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from app.platform.clock import today
from app.platform.deployment import Deployment
from app.platform.principals import Role
from gis_layers.crs import to_metric, to_storage
from gis_layers.stores import places, town
from risk_model.shapes import as_array
from tests.app.conftest import METRIC, site
from tests.app.seeds import seeded_database
from tests.app.test_registers import as_role  # noqa: F401 - a fixture
from tests.recomputed.response import RecomputedResponse

WEST = to_metric(as_array([shapely.Point(99.76, 39.30)]), METRIC)[0]
EAST_M, NORTH_M = 6000, 900
"""The straight road's length, and how far north the way round it lies."""
KM_H = 60.0


def metres(*corners):
    return [(WEST.x + east, WEST.y + north) for east, north in corners]


def degrees(shape):
    return to_storage(as_array([shape]), METRIC)[0]


def box(west, south, east, north):
    (x0, y0), (x1, y1) = metres((west, south), (east, north))
    return shapely.box(x0, y0, x1, y1)


STRAIGHT = shapely.LineString(metres((0, 0), (EAST_M - 500, 0), (EAST_M, 0)))
ROUND = shapely.LineString(metres((0, 0), (0, NORTH_M), (EAST_M - 500, NORTH_M), (EAST_M - 500, 0)))
SITE = box(EAST_M - 60, 30, EAST_M, 90)
ACROSS = box(2000, -100, 2400, 100)
WIDE = box(2000, -100, 2400, NORTH_M + 100)
FORCES = {"镇队": ((0, 0), ["fire_engine", "rescue"], 60), "北队": ((0, NORTH_M), ["fire_engine"], 300)}


@seeded_database()
def standing(deployment: Deployment) -> None:
    """Two roads that meet where the town's team stands, and another team on the northern one; nobody with an ambulance."""
    rows = {
        "name": [*FORCES],
        "kind": ["township"] * len(FORCES),
        "capabilities": [able for _, able, _ in FORCES.values()],
        "state": ["ready"] * len(FORCES),
        "turnout_s": [turnout for *_, turnout in FORCES.values()],
        "agreement_expires": [None] * len(FORCES),
        "last_verified": [today()] * len(FORCES),
    }
    columns = {name: pd.Series(values, dtype=object) for name, values in rows.items()}
    points = [degrees(shapely.Point(metres(place)[0])) for place, *_ in FORCES.values()]
    with deployment.sessions.begin() as session:
        town.append_register(session, "forces", gpd.GeoDataFrame(columns, geometry=points, crs=4490))


@pytest.fixture
def lay_roads(deployment):
    def lay(*lines):
        frame = gpd.GeoDataFrame(
            {
                "name": [f"路{number}" for number in range(len(lines))],
                "road_class": ["township"] * len(lines),
                "oneway": ["no"] * len(lines),
                "bridge": [False] * len(lines),
                "speed_kmh": [KM_H] * len(lines),
                "synthetic": [True] * len(lines),
            },
            geometry=[degrees(line) for line in lines],
            crs=4490,
        )
        with deployment.sessions.begin() as session:
            places.append_places(session, "roads", frame)

    return lay


def asked(client, ground=SITE, **more):
    answer = client.post("/api/siting/check", json=site(degrees(ground), "K4", response=True, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(answer):
    return {one["capability"]: one for one in answer["response"]["responders"]}


def test_nobody_is_asked_where_the_answer_is_not_asked_for(client, surveyed):
    answer = client.post("/api/siting/check", json=site(degrees(SITE))).json()
    assert "response" not in answer


def test_without_roads_nothing_is_known_and_nothing_reads_as_safe(client, surveyed, standing):
    told = asked(client)["response"]
    assert (told["unknown"], told["responders"], told["away_m"]) == ("no_roads", [], None)


def test_far_from_any_road_the_distance_is_told_and_nobody_arrives(client, surveyed, standing, lay_roads):
    lay_roads(STRAIGHT)
    told = asked(client, box(3000, -4060, 3060, -4000))["response"]
    assert (told["unknown"], told["responders"]) == ("off_road", [])
    assert told["away_m"] == pytest.approx(4000, rel=1e-3)


CUTS = {
    "nothing": ((), "clear", "clear"),
    "the straight road": ((ACROSS,), "way_round", "way_round"),
    "both roads": ((WIDE,), "only_way", "only_way"),
}


@pytest.mark.parametrize("cut", CUTS)
def test_arrival_and_way_round_are_those_of_another_program(client, surveyed, publish, standing, lay_roads, cut):
    grounds, *_ = CUTS[cut]
    for ground in grounds:
        publish("flood", degrees(ground), grade=("极高", 1, "flood4"), name="北沟")
    lay_roads(STRAIGHT, ROUND)
    told = rows(asked(client))
    forces = [(name, shapely.Point(metres(place)[0]), turnout) for name, (place, _, turnout) in FORCES.items()]
    roads = [(STRAIGHT, KM_H), (ROUND, KM_H)]
    for capability, one in told.items():
        able = [force for force in forces if capability in FORCES[force[0]][1]]
        soonest = RecomputedResponse(roads).arrival(SITE, able)
        if soonest is None:
            assert (one["force"], one["arrival_s"], one["access"]) == (None, None, "nobody")
            continue
        seconds, name, road_m = soonest
        assert one["force"]["name"] == name
        assert one["arrival_s"] == pytest.approx(seconds, abs=2)
        assert one["arrival_s"] == pytest.approx(one["turnout_s"] + one["drive_s"] + one["walk_s"])
        assert one["road_m"] == pytest.approx(road_m, abs=15)
        spared = RecomputedResponse(roads, grounds).arrival(SITE, able)
        assert one["round_s"] == (None if spared is None else pytest.approx(spared[0], abs=3))
        assert one["access"] == CUTS[cut][1]
        assert [each["name"] for each in one["cut_by"]] == (["北沟"] if grounds else [])
        assert one["unknown_m"] == 0


def test_a_road_over_ground_nobody_surveyed_is_never_clear(client, publish, standing, lay_roads):
    publish("flood", degrees(box(-9000, -9000, -8000, -8000)), extent=degrees(box(-9000, -9000, 3000, 9000)))
    lay_roads(STRAIGHT)
    one = rows(asked(client))["fire_engine"]
    assert one["access"] == "unknown"
    assert one["unknown_m"] == pytest.approx(one["road_m"], rel=0.01), "the other hazards were surveyed nowhere"


def test_a_closure_sends_round_and_without_another_way_nobody_comes(client, as_role, surveyed, standing, lay_roads):  # noqa: F811
    lay_roads(STRAIGHT, ROUND)
    open_s = rows(asked(client))["rescue"]["arrival_s"]
    desk = as_role(Role.DISPATCHER)
    body = {"geometry": degrees(ACROSS).__geo_interface__, "kind": "closed", "reason": "涵洞冲毁", "reporter": "村支书"}
    assert desk.post("/api/closures", json=body).status_code == 201
    round_it = rows(asked(client))["rescue"]
    assert round_it["arrival_s"] > open_s
    assert round_it["cut_by"] == []
    assert desk.post("/api/closures", json={**body, "geometry": degrees(WIDE).__geo_interface__}).status_code == 201
    shut = rows(asked(client))["rescue"]
    assert (shut["access"], shut["arrival_s"], shut["force"]) == ("closed", None, None)
    assert {each["what"] for each in shut["cut_by"]} == {"closure"}


def test_what_was_told_stays_as_it_was_told(client, surveyed, publish, standing, lay_roads):
    lay_roads(STRAIGHT)
    first = asked(client)
    number = first["record"]["number"]
    publish("flood", degrees(ACROSS), grade=("极高", 1, "flood4"), name="北沟")
    kept = client.get(f"/api/siting/checks/{number}/report.html")
    assert "镇队" in kept.text
    assert "北沟" not in kept.text
    assert rows(asked(client))["rescue"]["access"] == "only_way"
    assert datetime.date.fromisoformat(first["judged_on"]) == today()
