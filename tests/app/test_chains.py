"""Hazard chains over HTTP: a published zone in, what it reaches at second hand out."""

import geopandas as gpd
import shapely
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.deployment import Deployment
from gis_layers.stores import places, town
from tests.app.seeds import seeded_database

VALLEY = shapely.box(99.75, 39.30, 99.77, 39.32)
BELOW = shapely.box(99.755, 39.325, 99.765, 39.34)


@seeded_database()
def valley(deployment: Deployment) -> None:
    """One stream through it, a village with a house and a road below it."""
    with deployment.sessions.begin() as session:
        stream = shapely.LineString([(99.76, 39.305), (99.76, 39.38)])
        water = gpd.GeoDataFrame({"name": ["大沟"], "kind": ["stream"]}, geometry=[stream], crs=4490)
        places.append_places(session, "water", water)
        village = shapely.multipolygons([BELOW])
        people = gpd.GeoDataFrame({"code": ["v1"], "name": ["下村"], "population": [100]}, geometry=[village], crs=4490)
        places.append_places(session, "villages", people)
        house = shapely.box(99.7599, 39.33, 99.7601, 39.3301)
        homes = gpd.GeoDataFrame(
            {"village_code": ["v1"], "use": ["农村住宅"], "floors": [1]}, geometry=[house], crs=4490
        )
        town.append_register(session, "buildings", homes)
        road = shapely.LineString([(99.75, 39.328), (99.77, 39.328)])
        roads = gpd.GeoDataFrame({"name": ["村道"], "road_class": ["village"]}, geometry=[road], crs=4490)
        places.append_places(session, "roads", roads)


def chains_of(client, hazard):
    zone = client.get(f"/api/zones?hazard={hazard}").json()["items"][0]["id"]
    answer = client.get(f"/api/chains?zone={zone}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def step(told, *path):
    return next(one for one in told["steps"] if [event["key"] for event in one["path"]] == list(path))


def test_rain_in_the_valley_floods_the_village_below_and_cuts_its_road(client, valley, publish):
    publish("meteorological", VALLEY, grade=("高", 1, "met4"), name="山谷暴雨区")
    publish("flash_flood", BELOW, grade=("高危险", 2, "flash3"))
    told = chains_of(client, "meteorological")
    flood = step(told, "rainstorm", "flash_flood")
    assert (flood["lag_min"], flood["lag_max"], flood["probability"]) == (30, 360, "likely")
    village = flood["affected"][0]
    assert (village["kind"], village["name"], village["people"], village["people_by"]) == (
        "villages", "下村", 100, "dwellings",
    )  # fmt: skip
    cut = step(told, "rainstorm", "flash_flood", "road_cut")
    assert [(one["kind"], one["name"]) for one in cut["affected"]] == [("roads", "村道")]
    assert cut["links"][0]["basis"]
    assert cut["ground"]["type"] in ("Polygon", "MultiPolygon")
    assert told["streams"]["directed_by"] == {"drawing": 1}
    assert told["rulebook"]["fingerprint"]
    assert told["disclaimer"]
    assert told["counts_in_grades"] is False


def test_a_target_nobody_surveyed_is_unknown_and_never_safe(client, valley, publish):
    publish("meteorological", VALLEY, grade=("高", 1, "met4"), name="山谷暴雨区")
    flood = step(chains_of(client, "meteorological"), "rainstorm", "flash_flood")
    assert flood["ground"] is None
    assert flood["unknown_m2"] > 1e6
    assert [one["name"] for one in flood["perhaps_affected"]] == ["下村"]


def test_a_target_surveyed_and_free_of_zones_is_not_reached(client, valley, publish):
    publish("meteorological", VALLEY, grade=("高", 1, "met4"), name="山谷暴雨区")
    publish("flash_flood", shapely.box(99.88, 39.38, 99.89, 39.39), grade=("高危险", 2, "flash3"))
    told = chains_of(client, "meteorological")
    assert ["rainstorm", "flash_flood"] in [[event["key"] for event in path] for path in told["not_reached"]]


def test_a_mild_zone_and_a_hazard_without_chains_begin_nothing(client, publish):
    publish("meteorological", VALLEY, grade=("低", 4, "met4"))
    publish("river_management", VALLEY)
    for hazard in ("meteorological", "river_management"):
        told = chains_of(client, hazard)
        assert (told["events"], told["steps"]) == ([], [])


def test_a_fault_line_is_ground_to_begin_on_too(client, publish):
    publish("fault", shapely.LineString([(99.75, 39.30), (99.77, 39.32)]))
    publish("geological", VALLEY, grade=("高", 2, "geo4"))
    assert step(chains_of(client, "fault"), "fault_rupture", "landslide")["area_m2"] > 1e6


def test_a_zone_that_is_not_in_force_is_not_found(client):
    assert client.get("/api/chains?zone=404").status_code == 404
    assert client.get("/api/chains?zone=first").status_code == 422


def test_the_rulebook_shows_its_chains(client):
    assert client.get("/api/rulebook").json()["chains"]["terms"]["depth"] == 4


def test_nobody_sees_chains_without_a_role(deployment):
    with TestClient(create_app(deployment, loopback=False)) as stranger:
        assert stranger.get("/api/chains?zone=1").status_code == 401
