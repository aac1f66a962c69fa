"""``GET /api/siting/point``: what is at a point; what nobody surveyed is unknown and never clear."""

import pytest
import shapely

from tests.app.test_siting_check import WIDE, in_degrees, in_metres

HERE = shapely.Point(99.801, 39.305)
BEYOND = shapely.box(99.85, 39.2, 99.9, 39.4)
"""Surveyed ground on which HERE does not lie."""


def at(client, point: shapely.Point = HERE) -> dict:
    answer = client.get("/api/siting/point", params={"lon": point.x, "lat": point.y})
    assert answer.status_code == 200, answer.text
    return answer.json()


def theme(answer: dict, key: str) -> dict:
    return next(one for one in (*answer["hazards"], *answer["set_aside"]) if one["theme"] == key)


def test_where_nothing_is_published_every_theme_is_unknown(client):
    answer = at(client)
    told = [*answer["hazards"], *answer["set_aside"]]
    assert answer["edition"] is None
    assert len(told) > 10
    assert {(one["status"], one["surveyed"]) for one in told} == {("no_data", False)}


def test_on_surveyed_ground_without_zones_hazards_are_clear_and_land_nobody_loaded_stays_unknown(client, surveyed):
    answer = at(client)
    assert {one["status"] for one in answer["hazards"]} == {"clear"}
    assert {one["status"] for one in answer["set_aside"]} == {"no_data"}


def test_of_several_zones_the_worst_is_told(client, surveyed, publish):
    for rank, name in ((3, "中"), (1, "极高"), (2, "高")):
        publish("flood", WIDE, grade=(name, rank, "flood4"))
    told = theme(at(client), "flood")
    assert (told["status"], told["grade_scheme"], told["grade_rank"], told["distance_m"]) == ("inside", "flood4", 1, 0)


def test_the_distance_to_a_fault_is_the_one_on_the_ground(client, surveyed, publish):
    (x, y) = shapely.get_coordinates(in_metres(HERE))[0]
    publish("fault", in_degrees(shapely.LineString([(x - 3000, y + 1234.5), (x + 3000, y + 1234.5)])), name="北断层")
    told = theme(at(client), "fault")
    assert (told["status"], told["name"]) == ("near", "北断层")
    assert told["distance_m"] == pytest.approx(1234.5, abs=0.1)
    publish("fault", in_degrees(shapely.LineString([(x - 3000, y - 40), (x + 3000, y - 40)])), name="南断层")
    assert theme(at(client), "fault")["name"] == "南断层"


def test_a_zone_on_ground_nobody_surveyed_is_told_with_its_doubt(client, publish):
    publish("flood", WIDE, grade=("高", 2, "flood4"), extent=BEYOND)
    told = theme(at(client), "flood")
    assert (told["status"], told["surveyed"], told["grade_rank"]) == ("inside", False, 2)
    assert theme(at(client, shapely.Point(99.75, 39.25)), "flood")["status"] == "no_data"
    assert theme(at(client, shapely.Point(99.87, 39.3)), "flood")["status"] == "clear"


def test_what_is_composed_is_unknown_where_one_of_its_hazards_is(client, publish):
    publish("composite", WIDE, grade=("高", 1, "comp5"), product="risk_all")
    assert theme(at(client), "composite")["surveyed"]
    publish("flood", BEYOND, grade=("低", 4, "flood4"), extent=BEYOND)
    told = theme(at(client), "composite")
    assert (told["status"], told["surveyed"]) == ("inside", False)


@pytest.mark.parametrize(("lon", "lat", "status"), [(39.3, 99.8, 422), (0, 0, 422), (181, 39, 422), ("x", 39, 422)])
def test_a_point_elsewhere_is_refused(client, surveyed, lon, lat, status):
    assert client.get("/api/siting/point", params={"lon": lon, "lat": lat}).status_code == status


def test_nothing_is_kept_of_it(client, surveyed):
    at(client)
    assert client.get("/api/siting/checks").json()["total"] == 0
