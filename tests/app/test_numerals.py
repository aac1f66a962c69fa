"""Where the numerals of a theme of many zones stand: on ground wide enough, the widest first, inside their zone."""

import math

import pytest
import shapely

from app.main import create_app
from gis_layers.stores import numerals
from tests.app.visitors import browser

LAT = 39.30
WINDOW = "99.70,39.20,99.90,39.40"


def ground(west: float, height: float, width: float) -> shapely.Geometry:
    """A box on the ground: ``height`` and ``width`` in degrees of latitude."""
    return shapely.box(west, LAT, west + width / math.cos(math.radians(LAT)), LAT + height)


@pytest.fixture
def ask(client):
    def do(least: float, bbox: str = WINDOW, hazard: str = "flood") -> list[dict]:
        told = {"hazard": hazard, "product": "hazard", "bbox": bbox, "least": least}
        answer = client.get("/api/zones/numerals", params=told)
        assert answer.status_code == 200, answer.text
        return answer.json()["features"]

    return do


def spans(found: list[dict]) -> list[float]:
    return [round(one["properties"]["span"], 4) for one in found]


def test_a_numeral_stands_only_where_the_ground_is_wide_enough(publish, ask):
    publish("flood", ground(99.72, 0.010, 0.010), grade=("极高", 1, "flood4"))
    publish("flood", ground(99.75, 0.004, 0.004), grade=("高", 2, "flood4"))
    publish("flood", ground(99.78, 0.030, 0.002), grade=("中", 3, "flood4"))
    assert spans(ask(0.001)) == [0.01, 0.004, 0.002]
    assert spans(ask(0.003)) == [0.01, 0.004]
    assert [one["properties"]["grade_rank"] for one in ask(0.003)] == [1, 2]
    assert ask(0.02) == []


def test_a_numeral_stands_inside_its_zone_however_the_zone_is_bent(publish, ask):
    bent = shapely.difference(ground(99.75, 0.03, 0.03), ground(99.754, 0.028, 0.022))
    publish("flood", bent, grade=("极高", 1, "flood4"))
    (found,) = ask(0.001)
    at = shapely.Point(found["geometry"]["coordinates"])
    assert bent.contains(at)
    assert at.distance(bent.boundary) > found["properties"]["span"] * 0.4


def test_numerals_belong_to_the_window_the_theme_and_graded_ground(publish, ask):
    publish("flood", ground(99.72, 0.01, 0.01), grade=("极高", 1, "flood4"))
    publish("wildfire", ground(99.75, 0.01, 0.01), grade=("低", 5, "fire5"))
    publish("dam_break", ground(99.78, 0.01, 0.01), grade=None)
    assert len(ask(0.001)) == len(ask(0.001, hazard="wildfire")) == 1
    assert ask(0.001, hazard="dam_break") == []
    assert ask(0.001, bbox="99.80,39.20,99.90,39.40") == []


def test_of_too_many_numerals_the_largest_ground_is_told(publish, ask, monkeypatch):
    monkeypatch.setattr(numerals, "MOST", 2)
    for number, side in enumerate((0.002, 0.004, 0.003)):
        publish("flood", ground(99.72 + number * 0.02, side, side), grade=("极高", 1, "flood4"))
    assert spans(ask(0.001)) == [0.004, 0.003]


@pytest.mark.parametrize("wrong", [{"bbox": "1,2,3"}, {"bbox": "99.9,39,99.8,40"}, {"least": 0}, {"least": "nan"}])
def test_a_question_that_makes_no_sense_is_refused(client, wrong):
    asked = {"hazard": "flood", "product": "hazard", "bbox": WINDOW, "least": 0.001, **wrong}
    assert client.get("/api/zones/numerals", params=asked).status_code == 422


def test_numerals_are_for_those_who_may_see_the_map(deployment):
    visitor = browser(create_app(deployment, loopback=False))
    asked = {"hazard": "flood", "product": "hazard", "bbox": WINDOW, "least": 0.001}
    assert visitor.get("/api/zones/numerals", params=asked).status_code == 401
