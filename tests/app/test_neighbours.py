"""What stands in the registers beside a site, through the door: read with the zones, told as objects."""

import geopandas as gpd
import pytest
import shapely

from gis_layers.crs import STORAGE_SRID
from gis_layers.stores.places import append_places
from tests.app.conftest import site
from tests.app.test_siting_check import HERE, check, in_degrees, in_metres


@pytest.fixture
def road(deployment):
    def lay(away_m, road_class="national"):
        west, south, _, north = shapely.bounds(in_metres(HERE))
        line = in_degrees(shapely.LineString([(west - away_m, south - 900), (west - away_m, north + 900)]))
        frame = gpd.GeoDataFrame(
            {"name": ["G312"], "road_class": [road_class], "oneway": ["no"], "bridge": [False], "synthetic": [True]},
            geometry=[line],
            crs=STORAGE_SRID,
        )
        with deployment.sessions.begin() as session:
            append_places(session, "roads", frame)

    return lay


def neighbours(answer):
    return next((theme for theme in answer["themes"] if theme["theme"] == "neighbours"), None)


def test_dangerous_goods_beside_a_national_road_are_told_of_the_road(client, surveyed, road):
    road(61)
    answer = check(client, site(HERE, project_class="K1"))
    (finding,) = neighbours(answer)["findings"]
    assert answer["verdict"] == finding["verdict"] == "prohibited"
    assert (finding["zone"], finding["zone_version"], finding["rule"]) == (None, None, "OBJ-ROAD-CHEM")
    assert finding["object"]["kind"] == "roads"
    assert finding["object"]["name"] == "G312"
    assert finding["basis_kind"] == "law"
    assert finding["distance_m"] == pytest.approx(51, abs=0.1)


def test_a_road_out_of_reach_is_no_finding(client, surveyed, road):
    road(115)
    answer = check(client, site(HERE, project_class="K1"))
    assert neighbours(answer)["findings"] == []
    assert answer["borderline"]


def test_a_class_no_rule_speaks_of_asks_no_register(client, surveyed, road):
    road(20)
    answer = check(client, site(HERE, project_class="K5"))
    assert neighbours(answer) is None
    assert all(one["object"] is None for theme in answer["themes"] for one in theme["findings"])


def test_the_rulebook_shows_the_rules_on_objects_in_both_languages(client):
    for query, words in (("", "公路与周边设施"), ("?lang=en", "Roads and neighbours")):
        page = client.get(f"/rulebook{query}")
        assert page.status_code == 200
        assert words in page.text
        assert "OBJ-ROAD-CHEM" in page.text
        assert client.get(f"/rulebook/rules/OBJ-ROAD-CHEM{query}").status_code == 200


@pytest.mark.parametrize(
    ("kind", "rule", "verdict"),
    [
        ("railway", "COR-RAIL", "restricted"),
        ("pipeline", "COR-PIPE", "prohibited"),
        (None, "COR-UNKNOWN", "prohibited"),
    ],
)
def test_a_corridor_is_read_by_the_law_of_its_kind(client, surveyed, publish, kind, rule, verdict):
    publish("protection_corridor", HERE, attributes={"corridor_kind": kind})
    answer = check(client, site(HERE, project_class="K6"))
    found = [one for theme in answer["themes"] for one in theme["findings"] if one["rule"]]
    assert [one["rule"] for one in found] == [rule]
    assert answer["verdict"] == verdict
