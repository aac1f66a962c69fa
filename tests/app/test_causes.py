"""``GET /api/projects/{number}/causes``: what decides a project's verdict, with its shapes."""

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import shape

from gis_layers.stores.projects import append_projects
from tests.app.test_siting_check import HERE, in_degrees, in_metres

WORST = shapely.box(99.8005, 39.29, 99.82, 39.32)


@pytest.fixture
def project(client, deployment):
    """The causes of the one project, which stands on HERE."""

    def causes(project_class: str = "K4", seismic_class: str | None = None) -> dict:
        row = {"name": "试验项目", "project_class": project_class, "seismic_class": seismic_class, "synthetic": True}
        with deployment.sessions.begin() as session:
            append_projects(session, gpd.GeoDataFrame([row], geometry=[shapely.multipolygons([HERE])], crs=4490))
        listed = client.get("/api/projects").json()["items"][-1]
        answer = client.get(f"/api/projects/{listed['id']}/causes").json()
        assert answer["verdict"] == listed["verdict"]
        assert [one["rule"] for one in answer["causes"] if one["rule"]] == listed["rules"] * (
            answer["verdict"] != "permitted"
        )
        return answer

    return causes


def test_the_zone_that_prohibits_is_told_with_its_shape(project, surveyed, publish):
    publish("flash_flood", WORST, grade=("极高危险", 1, "flash3"), name="沟口")
    publish("flood", WORST, grade=("低", 4, "flood4"))
    answer = project("K2")
    (cause,) = answer["causes"]
    assert answer["verdict"] == "prohibited"
    assert (cause["theme"], cause["product"], cause["name"], cause["line"]) == ("flash_flood", "hazard", "沟口", None)
    assert shape(cause["geometry"]).equals(shapely.multipolygons([WORST]))


def test_the_way_to_a_fault_is_as_long_as_the_distance_that_was_judged(project, surveyed, publish):
    west, _, east, north = shapely.bounds(in_metres(HERE))
    trace = shapely.LineString([(west - 2000, north + 150), (east + 2000, north + 150)])
    publish("fault", in_degrees(trace), attributes={"intensity": 8.0})
    answer = project("K4", "乙")
    (cause,) = answer["causes"]
    way = in_metres(shape(cause["line"]))
    assert way.length == pytest.approx(cause["distance_m"], abs=0.01)
    assert way.length == pytest.approx(in_metres(HERE).distance(trace), abs=0.5)
    assert in_metres(shape(answer["site"])).distance(shapely.Point(way.coords[0])) == pytest.approx(0, abs=0.01)


def test_ground_nobody_surveyed_is_the_cause_where_data_is_lacking(project, publish, deployment):
    publish("geological", WORST, grade=("低", 4, "geo4"))
    answer = project()
    assert answer["verdict"] == "insufficient_data"
    assert {one["rule"] for one in answer["causes"]} <= {None}


def test_what_may_stand_has_no_cause(project, surveyed):
    assert project()["causes"] == []


def test_a_project_nobody_registered_is_not_found(client):
    assert client.get("/api/projects/4711/causes").status_code == 404
