"""Farmland and the ecological redline around a site, through the door: read with the zones, told as areas of their register."""

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import event

from gis_layers.crs import STORAGE_SRID
from gis_layers.stores.constraints import NewConstraints, save_constraints
from gis_layers.stores.surroundings import read_everything
from tests.app.conftest import METRIC, site
from tests.app.test_siting_check import HERE, WIDE, check, in_degrees, in_metres, theme

WEST_HALF = shapely.box(99.795, 39.295, 99.801, 39.305)


@pytest.fixture
def lay(deployment):
    def save(kind, *shapes, extent=WIDE, name="示范地块"):
        names = [name for _ in shapes]
        frame = gpd.GeoDataFrame(
            {"name": names, "source_id": [None for _ in shapes]},
            geometry=[shapely.MultiPolygon([shape]) for shape in shapes],
            crs=STORAGE_SRID,
        )
        told = NewConstraints(kind, kind, extent_kind="zones" if extent is None else "file", extent=extent)
        with deployment.sessions.begin() as session:
            save_constraints(session, told, frame)

    return save


@pytest.mark.parametrize("kind", ["farmland", "ecological_redline"])
def test_a_site_on_land_set_aside_is_prohibited_by_name(client, surveyed, lay, kind):
    lay(kind, WEST_HALF)
    answer = check(client, site(HERE))
    (finding,) = theme(answer, kind)["findings"]
    assert answer["verdict"] == finding["verdict"] == "prohibited"
    assert (finding["zone"], finding["zone_version"], finding["basis_kind"]) == (None, None, "law")
    assert finding["object"] == {"kind": kind, "id": finding["object"]["id"], "name": "示范地块"}
    assert finding["overlap_share"] == pytest.approx(0.5, abs=1e-3)
    assert kind not in answer["data_gaps"]
    listed = client.get("/api/constraints").json()["items"]
    assert finding["object"]["id"] in {one["id"] for one in listed}


def test_what_is_not_loaded_or_not_surveyed_here_is_not_checked(client, surveyed, lay):
    answer = check(client, site(HERE))
    assert {"farmland", "ecological_redline"} <= set(answer["data_gaps"])
    assert theme(answer, "farmland")["reason"] == "没有载入，未核"
    assert answer["verdict"] == "permitted"
    lay("farmland", shapely.box(99.70, 39.20, 99.71, 39.21), extent=shapely.box(99.69, 39.19, 99.72, 39.22))
    told = theme(check(client, site(HERE)), "farmland")
    assert (told["status"], told["reason"]) == ("no_data", "用地范围内从未调查，未核")
    lay("farmland", extent=WIDE)
    assert theme(check(client, site(HERE)), "farmland")["status"] == "not_concerned"


def test_areas_that_are_their_own_survey_speak_for_nothing_else(client, surveyed, lay):
    lay("farmland", WEST_HALF, extent=None)
    answer = check(client, site(HERE))
    assert theme(answer, "farmland")["status"] == "no_data"
    assert answer["verdict"] == "prohibited"


def test_an_outline_drawn_along_the_edge_of_a_field_is_not_on_it(client, surveyed, lay):
    along = shapely.box(99.80, 39.300, 99.802, 39.301)
    lay("farmland", shapely.box(99.70, 39.301, 99.90, 39.31))
    answer = check(client, site(along))
    assert answer["verdict"] == "permitted"
    assert answer["borderline"]


def test_the_urban_boundary_is_shown_nowhere_in_an_opinion(client, surveyed, lay):
    lay("urban_boundary", WEST_HALF)
    answer = check(client, site(HERE))
    assert "urban_boundary" not in {one["theme"] for one in answer["themes"]}
    assert answer["verdict"] == "permitted"


def test_one_check_reads_all_it_is_judged_by_in_one_statement(client, deployment, surveyed, lay):
    lay("farmland", WEST_HALF)
    said: list[str] = []
    event.listen(deployment.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    check(client, site(HERE))
    assert len([one for one in said if "constraint_areas" in one]) == 1
    assert [one for one in said if "zone_versions" in one] == [one for one in said if "constraint_areas" in one]


def test_what_is_read_around_a_site_is_what_a_bulk_check_reads(client, deployment, surveyed, lay):
    lay("farmland", WEST_HALF, extent=WIDE.difference(shapely.box(99.8015, 39.3, 99.83, 39.31)))
    answer = check(client, site(HERE))
    told = theme(answer, "farmland")
    assert told["covered_share"] == pytest.approx(0.75, abs=1e-3)
    with deployment.sessions() as session:
        around = read_everything(session, METRIC, (), ("farmland",))
    surveyed_here = shapely.intersection(shapely.union_all(around.constraints.surveys.geometry), in_metres(HERE))
    assert told["covered_share"] == pytest.approx(surveyed_here.area / in_metres(HERE).area, abs=1e-9)


def test_the_rulebook_shows_the_themes_in_both_languages(client):
    document = client.get("/api/rulebook").json()
    assert [one["key"] for one in document["constraints"]] == ["farmland", "ecological_redline"]
    for query, words in (("", "永久基本农田"), ("?lang=en", "Permanent basic farmland")):
        assert words in client.get(f"/rulebook{query}").text
        assert client.get(f"/rulebook/rules/FRM-AREA{query}").status_code == 200


def test_a_point_off_the_field_whose_ground_reaches_it_is_prohibited(client, surveyed, lay):
    field = in_degrees(in_metres(HERE))
    lay("farmland", field)
    east = in_metres(HERE).bounds[2]
    middle = in_metres(HERE).centroid.y
    for away, verdict in ((20, "prohibited"), (31, "permitted")):
        place = in_degrees(shapely.Point(east + away, middle))
        assert check(client, site(place, "K5"))["verdict"] == verdict


def test_a_point_is_told_of_land_set_aside_and_unknown_where_nobody_looked_for_it(client, lay):
    lay("farmland", WEST_HALF)

    def told(lon):
        answer = client.get("/api/siting/point", params={"lon": lon, "lat": 39.3}).json()
        return next((one["status"], one["name"]) for one in answer["set_aside"] if one["theme"] == "farmland")

    assert told(99.8) == ("inside", "示范地块")
    assert told(99.81) == ("clear", None)
    assert told(99.85) == ("no_data", None)
