"""An opinion on farmland and one with a closed condition, as people read them."""

import httpx
import pytest
import shapely
from playwright.sync_api import expect
from shapely.geometry import shape

from tests.browser.conftest import choose, judge, lines_of


def square(place: shapely.Point) -> dict:
    return shapely.box(place.x - 6e-4, place.y - 5e-4, place.x + 6e-4, place.y + 5e-4).__geo_interface__


@pytest.fixture
def first(town):
    """The place on the first item of a register."""

    def place(register: str, number: int = 0, **asked: str) -> shapely.Point:
        items = httpx.get(f"{town.base}/api/{register}", params=asked, timeout=60).json()["items"]
        return shapely.point_on_surface(shape(items[number]["geometry"]))

    return place


def test_farmland_is_named_drawn_and_stands_in_the_key(visit, first):
    page = visit("/siting")
    choose(page, "K4")
    page.get_by_label("拟选址范围").fill(lines_of(square(first("constraints", kind="farmland"))))
    answer = judge(page)
    assert answer["verdict"] == "prohibited"
    expect(page.locator("#opinion .verdict")).to_contain_text("永久基本农田")
    expect(page.locator("table.evidence")).to_contain_text("FRM-AREA")
    expect(page.locator("#map-key")).to_contain_text("永久基本农田")


def test_a_closed_condition_stays_in_sight_with_number_and_day(visit, first):
    page = visit("/siting")
    choose(page, "K4")
    page.get_by_label("拟选址范围").fill(lines_of(square(first("regional-assessments", 1))))
    answer = judge(page)
    closed = next(one for one in answer["conditions"] if one["closed"])
    row = page.locator(".conditions li.is-closed")
    expect(row).to_contain_text(closed["procedure"])
    expect(row).to_contain_text(closed["assessments"][0]["number"])
    expect(row).to_contain_text(closed["assessments"][0]["valid_to"])
