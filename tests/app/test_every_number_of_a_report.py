"""Every number of a report is what another program measures: in the evidence, on the page, in the PDF, in both languages."""

import geopandas as gpd
import pytest
import shapely

from gis_layers.crs import STORAGE_SRID
from gis_layers.stores import town
from gis_layers.stores.places import append_places
from tests.app.conftest import METRIC, site
from tests.app.seeds import GROUND
from tests.app.test_constraints import WEST_HALF, lay  # noqa: F401 - a fixture
from tests.app.test_siting_check import in_degrees, in_metres
from tests.app.test_told_opinions import text_of, text_of_pdf
from tests.recomputed.reports import Recomputed, at, measures, paths_below
from tests.recomputed.siting import WORDS

INSIDE = shapely.box(99.8000, 39.3000, 99.8023, 39.3011)
AT_THE_EDGE = shapely.box(99.8990, 39.3000, 99.9003, 39.3011)
SLANTED = in_degrees(shapely.affinity.rotate(in_metres(shapely.box(99.7990, 39.2990, 99.8012, 39.3002)), 31))
NEAR = in_metres(INSIDE).bounds
WAY = in_degrees(shapely.LineString([(NEAR[0] - 61, NEAR[1] - 900), (NEAR[0] - 61, NEAR[3] + 900)]))


@pytest.fixture
def met(deployment, surveyed, publish, lay):  # noqa: F811
    """Ground on which there is something of every kind: overlaps, distances, a fault, farmland, a road, a school."""
    publish("flood", SLANTED, grade=("极高", 1, "flood4"), name="北沟", scale=50_000)
    publish(
        "geological", shapely.box(99.8011, 39.3004, 99.81, 39.31), grade=("高", 2, "geo4"), name="东坡", scale=10_000
    )
    publish(
        "flash_flood", shapely.box(99.8024, 39.2990, 99.8040, 39.3020), grade=("极高危险", 1, "flash3"), name="西溪"
    )
    publish("fault", shapely.LineString([(99.7, 39.3019), (99.9, 39.3015)]), name="北断层")
    publish(
        "wildfire", shapely.box(99.8988, 39.29, 99.8996, 39.31), grade=("高", 2, "fire5"), name="西坡", scale=25_000
    )
    lay("farmland", WEST_HALF)
    road = {"name": ["G312"], "road_class": ["national"], "oneway": ["no"], "bridge": [False], "synthetic": [True]}
    school = {"kind": ["school"], "name": ["南岔小学"], "synthetic": [False]}
    with deployment.sessions.begin() as session:
        append_places(session, "roads", gpd.GeoDataFrame(road, geometry=[WAY], crs=STORAGE_SRID))
        frame = gpd.GeoDataFrame(school, geometry=[shapely.Point(99.8030, 39.3005)], crs=STORAGE_SRID)
        town.append_register(session, "facilities", frame)


SENT = {
    "hazardous goods inside": site(INSIDE, "K1"),
    "a school inside": site(INSIDE, "K2"),
    "housing half outside what was surveyed": site(AT_THE_EDGE, "K4"),
    "a line through it": site(shapely.LineString([(99.7995, 39.2999), (99.8030, 39.3012)]), "K7"),
}


def assert_deciders_are_those(answer, drawn):
    """Every zone named as deciding is one by another program, and it reckons the same by each zone's own scale."""
    level = {word: severity for severity, word in WORDS.items()}
    for shift in answer["sensitivity"]:
        if "deciders" in shift:
            mine = drawn.named(shift["shift_m"], level[answer["verdict"]], level[shift["verdict"]])
            assert {one["zone"] for one in shift["deciders"]} - {None} == mine
    assert tuple(answer["own_scale"][way]["verdict"] for way in ("outward", "inward")) == drawn.verdicts()


@pytest.mark.parametrize("name", SENT)
def test_every_number_is_measured_alike_by_another_program(client, met, database_url, name):
    feature = SENT[name]
    answer = client.post("/api/siting/check", json=feature).json()
    mine = Recomputed(database_url, feature, answer)
    verdict, shifted, borderline = mine.verdicts()
    assert (answer["verdict"], answer["borderline"]) == (verdict, borderline)
    assert {one["shift_m"]: one["verdict"] for one in answer["sensitivity"]} == shifted
    assert {one["project_class"]: one["verdict"] for one in answer["by_class"]} == mine.by_class()
    assert_deciders_are_those(answer, mine.own_scale())
    numbers = mine.numbers()
    assert METRIC.endswith("4542")
    assert GROUND.contains(INSIDE)
    asked_of_us = [
        path for path in paths_below(answer) if "Line" not in feature["geometry"]["type"] or "geometry" not in path
    ]
    assert set(asked_of_us) == set(numbers)
    found = {path: (at(answer, path), *mine) for path, mine in numbers.items()}
    wrong = {path: three for path, three in found.items() if abs(three[0] - three[1]) > three[2]}
    assert wrong == {}
    findings = [one for theme in answer["themes"] for one in theme["findings"]]
    assert findings
    if name == "hazardous goods inside":
        assert {(one["distance_m"] > 0, one["object"] is None) for one in findings} >= {(True, False), (False, True)}
    number, words = answer["record"]["number"], mine.words()
    for language in ("zh", "en"):
        base = f"/api/siting/checks/{number}/report"
        told = [text_of(client.get(f"{base}.html?lang={language}").text)]
        if name == "hazardous goods inside" and language == "zh":
            told.append(text_of_pdf(client.get(f"{base}.pdf?lang={language}").content))
        for text in told:
            said = measures(text, answer)
            assert len(said) > 6
            assert [one for one in said if one not in words] == []
