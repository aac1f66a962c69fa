"""Published zones of a hazard the rulebook has no file for: called by their key at every door, and never clear."""

import geopandas as gpd
import pytest
import shapely

from gis_layers.stores import places, town
from gis_layers.stores.projects import append_projects
from tests.app.conftest import GROUND, publish_zones, site
from tests.app.seeds import seeded_database

HAZARD = "sinkhole"
SHAPE = shapely.box(99.79, 39.32, 99.81, 39.34)
HERE = shapely.Point(99.80, 39.33)


def frame(shape: shapely.Geometry, **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({name: [value] for name, value in columns.items()}, geometry=[shape], crs=4490)


@seeded_database("surveyed")
def collapsing(deployment) -> None:
    """Zones of an unknown hazard, one graded and one not, under a village, a plant and a project."""
    with deployment.sessions.begin() as session:
        town_of = shapely.multipolygons([GROUND])
        places.append_places(session, "boundary", frame(town_of, name="镇", code="T1"))
        places.append_places(session, "villages", frame(town_of, name="甲村", code="V1", population=100))
        town.append_register(session, "enterprises", frame(HERE, name="试验厂", sector="chemical"))
        append_projects(
            session, frame(town_of.intersection(SHAPE), name="试验项目", project_class="K4", synthetic=False)
        )
    publish_zones(deployment, HAZARD, SHAPE, grade=("高", 1, "geo4"), name="塌陷坑")
    publish_zones(deployment, HAZARD, SHAPE, product="susceptibility")


ADDRESSES = (
    "/", "/about", "/maps/hazards", "/maps/hazards?standalone=true", "/registers/zones", f"/registers/zones?kind={HAZARD}",
    f"/lists?list={HAZARD}/hazard", "/registers/projects", "/lists?list=projects", "/enterprises", "/kpi", "/maps/areas",
    f"/rulebook?hazard={HAZARD}", "/deliveries", "/deliveries/list.xlsx", "/siting", "/api/overview", "/api/zones",
    "/api/projects", "/api/enterprises", "/api/kpi", "/api/rulebook", "/downloads/zones.csv",
    "/api/surveys/unsurveyed?hazard=composite",
)  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_door_fails_on_a_hazard_without_a_file(client, collapsing, language):
    client.cookies.set("anzhi_language", language)
    told = {
        address: client.get(address, headers={"Accept": "text/html"} if "/api/" not in address else {})
        for address in ADDRESSES
    }
    assert {address: answer.text[:300] for address, answer in told.items() if answer.status_code != 200} == {}
    named = ("/", "/about", "/maps/hazards", "/registers/zones", f"/lists?list={HAZARD}/hazard", "/api/overview")
    assert [
        address for address in named if HAZARD not in told[address].text and "塌陷坑" not in told[address].text
    ] == []


def test_a_site_on_such_ground_is_never_clear_and_the_theme_goes_by_its_key(client, collapsing):
    told = client.post("/api/siting/check", json=site(SHAPE, "K6")).json()
    (theme,) = [one for one in told["themes"] if one["theme"] == HAZARD]
    assert (theme["name"], theme["status"]) == (HAZARD, "no_data")
    assert told["verdict"] == "insufficient_data"
    assert [finding["verdict"] for finding in theme["findings"]] == ["insufficient_data"] * len(theme["findings"])
    (zone, *_) = client.get("/api/zones", params={"hazard": HAZARD}).json()["items"]
    chains = client.get("/api/chains", params={"zone": zone["zone"]})
    assert chains.status_code == 200
    assert chains.json()["steps"] == []


def test_an_enterprise_on_such_ground_is_told_without_fault(client, collapsing):
    (plant,) = client.get("/api/enterprises").json()["items"]
    for address in (f"/enterprises/{plant['id']}", f"/api/enterprises/{plant['id']}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert HAZARD in answer.text
