"""What the overview, the page about the service and the page of rules tell."""

import json
import re
from html import unescape

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import event, text

from app.overview.about import vendored_libraries
from gis_layers.stores import places, town
from gis_layers.stores.pictures import save_picture
from risk_model.rulebook import load_rulebook
from tests.app.conftest import GROUND
from tests.saying import tells

WEST_HALF = shapely.box(99.70, 39.20, 99.80, 39.40)
PIXEL = bytes.fromhex("89504e470d0a1a0a")


def village(name: str, ground: shapely.Geometry, population: int | None) -> dict:
    return {
        "code": name,
        "name": name,
        "population": population,
        "synthetic": True,
        "geometry": shapely.multipolygons([ground]),
    }


@pytest.fixture
def settle(deployment):
    """Put villages, and buildings at points, on the ground."""

    def do(villages: list[dict], buildings: list[tuple[float, float]] = ()) -> None:
        with deployment.sessions.begin() as session:
            places.append_places(session, "villages", gpd.GeoDataFrame(villages, crs=4490))
            if buildings:
                shapes = [shapely.Point(at).buffer(1e-4, cap_style="square") for at in buildings]
                frame = gpd.GeoDataFrame(
                    {"floors": 1, "synthetic": True}, index=range(len(shapes)), geometry=shapes, crs=4490
                )
                town.append_register(session, "buildings", frame)

    return do


def exposed(client) -> dict:
    return client.get("/api/overview").json()["layers"][0]["exposed"]


def test_people_are_counted_by_the_share_of_their_village(client, publish, settle):
    settle([village("甲村", GROUND, 1000)])
    publish("flood", WEST_HALF, grade=("高", 2, "flood4"))
    assert exposed(client)["people"] == pytest.approx(500, abs=2)
    assert exposed(client)["ranks"] == [1, 2]


def test_ground_of_a_mild_grade_threatens_nobody(client, publish, settle):
    settle([village("甲村", GROUND, 1000)])
    publish("flood", WEST_HALF, grade=("低", 4, "flood4"))
    assert exposed(client)["people"] == 0


def test_nothing_registered_is_unknown_and_never_zero(client, publish, settle):
    settle([village("甲村", GROUND, None)])
    publish("flood", WEST_HALF, grade=("高", 2, "flood4"))
    told = exposed(client)
    assert (told["people"], told["buildings"], told["enterprises"]) == (None, None, None)
    assert told["uncounted_villages"] == 1


def test_buildings_are_counted_anew_when_the_register_grows(client, publish, settle):
    settle([village("甲村", GROUND, 10)], buildings=[(99.75, 39.3)])
    publish("flood", WEST_HALF, grade=("极高", 1, "flood4"))
    assert exposed(client)["buildings"] == 1
    settle([village("乙村", shapely.box(99.9, 39.2, 99.95, 39.4), 10)], buildings=[(99.76, 39.3), (99.85, 39.3)])
    assert exposed(client)["buildings"] == 2


def test_the_page_names_the_relief_only_where_there_is_one(client, deployment):
    assert 'name="hillshade"' not in client.get("/").text
    with deployment.sessions.begin() as session:
        save_picture(session, "hillshade", PIXEL, bounds=(99.7, 39.2, 99.9, 39.4), size=(1, 1), synthetic=True)
    content = re.search(r'name="hillshade" content="([^"]+)"', client.get("/").text)[1]
    relief = json.loads(unescape(content))
    assert relief["bounds"] == [99.7, 39.2, 99.9, 39.4]
    assert client.get(relief["url"]).content == PIXEL


def test_an_empty_deployment_has_an_overview_that_says_so(client):
    page = client.get("/").text
    assert tells(page, "尚未启用区划")
    assert tells(page, "没有已发布的分级图层。")


def test_the_page_about_names_dates_rules_licences_and_limits(client, publish):
    publish("flood", WEST_HALF, grade=("高", 2, "flood4"))
    page = client.get("/about").text
    book = load_rulebook()
    for words in ("洪水", book.fingerprint, book.version, "待填", "不是许可", "BSD-2-Clause", "EPSG:4542", "对象列表"):
        assert words in page
    assert "no permit" in client.get("/about?lang=en").text


def test_a_printed_map_tells_who_surveyed_what_when_and_at_which_scale(client, deployment, publish):
    publish("flood", WEST_HALF, grade=("高", 2, "flood4"))
    with deployment.sessions.begin() as session:
        session.execute(
            text("UPDATE surveyed_layers SET survey_date = '2024-05-01', scale = 10000, source = '省院<b>'")
        )
    for address in ("/", "/maps/hazards"):
        _, _, sheet = client.get(address).text.partition('class="on-paper"')
        for words in ("2024-05-01", "1:10,000", "省院&lt;b&gt;"):
            assert words in sheet.partition("</section>")[0], (address, words)


def test_every_library_we_carry_is_named_with_its_licence_text(tmp_path):
    (tmp_path / "leaflet").mkdir()
    (tmp_path / "leaflet" / "VERSION").write_text("leaflet 1.9.4 (BSD-2-Clause)\n")
    (tmp_path / "leaflet" / "LICENSE").write_text("…")
    (library,) = vendored_libraries(tmp_path)
    assert (library.package, library.version, library.licence) == ("leaflet", "1.9.4", "BSD-2-Clause")
    assert library.text == "/static/vendor/leaflet/LICENSE"


def test_projects_tell_the_rules_their_reasons_rest_on(client, deployment, publish):
    publish("declared_geological", WEST_HALF)
    with deployment.sessions.begin() as session:
        session.execute(
            text(
                "INSERT INTO projects (name, project_class, synthetic, geom) VALUES ('学校', 'K2', true, ST_GeomFromText(:g, 4490))"
            ),
            {"g": shapely.box(99.75, 39.30, 99.751, 39.301).wkt},
        )
    (project,) = client.get("/api/projects").json()["items"]
    assert len(project["rules"]) == len(project["reasons"]) > 0
    assert {rule.id for rule in load_rulebook().rules} >= set(project["rules"])


def test_the_overview_asks_the_database_nothing_twice(client, deployment, publish, settle):
    settle([village("甲村", GROUND, 1000)])
    publish("flood", WEST_HALF, grade=("高", 2, "flood4"))
    client.get("/")
    asked: list[tuple[str, str]] = []
    event.listen(deployment.engine, "before_cursor_execute", lambda *told: asked.append((told[2], str(told[3]))))
    assert client.get("/").is_success
    assert sorted(asked) == sorted(set(asked))
