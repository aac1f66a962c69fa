"""What is at a point: said under the pen, and by a program that shares no code with the service."""

import random
import re
from collections import Counter

import httpx
import pytest
import shapely
from playwright.sync_api import Page, expect

from gis_layers.embedded import join_cluster
from tests.browser.conftest import choose, judge, lines_of
from tests.browser.test_an_independent_program_agrees import BACK
from tests.recomputed.ground import read_published, rule_file
from tests.recomputed.siting import Judge
from tests.running import Running

POINTS = 150
HAIR_M = 0.2
REACH_M = 5000
READING = ".point-reading"


@pytest.fixture(scope="module")
def published(town: Running):
    with join_cluster(town.data_dir) as cluster:
        return read_published(cluster.url)


def mine(judge: Judge, zones: list, known: shapely.Geometry, theme: str, point: shapely.Point) -> tuple | None:
    """Status, surveyed, rank and distance of one theme; None where a border is nearer than a hand's breadth."""
    read = {product for rule in judge.hazards[theme].get("rules", ()) for product in rule["products"]}
    counting = [one for one in zones if one.hazard == theme and (one.product in read or not read)]
    edges = [shapely.boundary(one.shape) for one in counting if one.shape.area] + [shapely.boundary(known)]
    if any(edge.distance(point) < HAIR_M for edge in edges if not edge.is_empty):
        return None
    surveyed = known.covers(point)
    schemes = rule_file("grades")["schemes"]
    ranks = [
        [grade["name"] for grade in schemes[one.scheme]["grades"]].index(one.grade) + 1 if one.scheme else 0
        for one in counting
        if one.shape.area and one.shape.covers(point)
    ]
    if ranks:
        return "inside", surveyed, min(ranks) or None, 0.0
    lines = [one.shape.distance(point) for one in counting if not one.shape.area]
    if lines and min(lines) <= REACH_M:
        return "near", surveyed, None, min(lines)
    return ("clear" if surveyed else "no_data"), surveyed, None, None


def test_a_program_of_its_own_reads_the_same_at_a_hundred_and_fifty_points(town, published):
    chance, judged = random.Random(20261127), Judge(published)
    known = {key: judged.known(key) for key in judged.hazards if key not in judged.set_aside}
    known |= {key: published.looked_at.get(key, shapely.Polygon()) for key in judged.set_aside}
    west, south, east, north = shapely.total_bounds([zone.shape for zone in published.zones])
    told: Counter[tuple[str, bool]] = Counter()
    with httpx.Client(base_url=town.base, timeout=60) as client:
        for _ in range(POINTS):
            x, y = chance.uniform(west - 200, east + 200), chance.uniform(south - 200, north + 200)
            lon, lat = BACK.transform(x, y)
            answer = client.get("/api/siting/point", params={"lon": lon, "lat": lat}).json()
            for one in (*answer["hazards"], *answer["set_aside"]):
                zones = published.areas if one["theme"] in judged.set_aside else published.zones
                if one["theme"] in judged.set_aside:
                    zones = [zone for zone in zones if zone.hazard == one["theme"]]
                expected = mine(judged, zones, known[one["theme"]], one["theme"], shapely.Point(x, y))
                if expected is None:
                    continue
                found = one["status"], one["surveyed"], one["grade_rank"], one["distance_m"]
                assert found[:3] == expected[:3], (lon, lat, one)
                assert found[3] == pytest.approx(expected[3], abs=0.05), (lon, lat, one)
                told[one["status"], one["surveyed"]] += 1
    assert {status for status, _ in told} == {"inside", "near", "clear", "no_data"}


def point_at(page: Page, x: int, y: int) -> tuple[float, float]:
    board = page.locator(".folium-map").bounding_box()
    with page.expect_response(re.compile(r"/api/siting/point\?")) as answered:
        page.mouse.move(board["x"] + x, board["y"] + y)
    asked = httpx.URL(answered.value.url).params
    return float(asked["lon"]), float(asked["lat"])


def test_the_reading_stands_beside_the_pen_while_drawing_and_tells_of_its_point(visit):
    page = visit("/siting")
    page.get_by_role("button", name="绘制用地范围").click()
    lon, lat = point_at(page, 400, 320)
    at = page.evaluate("() => map.containerPointToLatLng([400, 320])")
    assert (lon, lat) == pytest.approx((at["lng"], at["lat"]), abs=5e-4)
    box = page.locator(READING)
    expect(box).to_contain_text(re.compile(r"\w.* · .*\w"))
    board, told = page.locator(".folium-map").bounding_box(), box.bounding_box()
    assert 0 < told["x"] - board["x"] - 400 < 60
    assert 0 < told["y"] - board["y"] - 320 < 60
    page.mouse.move(board["x"] - 30, board["y"] + 100)
    expect(box).to_be_hidden()


def test_an_answer_for_a_point_the_pen_has_left_is_not_shown(visit, page: Page):
    visit("/siting")
    held = []

    def hold(route):
        held.append(route)

    page.route(re.compile(r"/api/siting/point"), hold)
    board = page.locator(".folium-map").bounding_box()
    page.mouse.move(board["x"] + 400, board["y"] + 320)
    page.wait_for_timeout(400)
    page.mouse.move(board["x"] + 430, board["y"] + 340)
    page.wait_for_timeout(400)
    assert len(held) == 2
    assert held[0].request.failure is not None
    expect(page.locator(READING)).to_be_hidden()
    held[1].continue_()
    expect(page.locator(READING)).to_be_visible()


def test_hazards_lie_on_the_map_from_the_start_and_give_way_to_an_opinion(visit, projects):
    page = visit("/siting")
    drawn = page.locator(".stratum-hazards path")
    assert drawn.count() > 0
    page.locator(".layer-fold > summary").click()
    boxes = page.locator(".layer-fold [name=overlay]")
    shown = boxes.evaluate_all("(all) => all.filter((one) => one.checked).map((one) => one.value)")
    assert shown
    told = page.locator("#map-key .laid-over")
    expect(told).to_have_count(len(shown))
    project = projects["permitted"]
    choose(page, project["project_class"])
    page.get_by_label("拟选址范围").fill(lines_of(project["geometry"]))
    expect(page.locator("#understood")).not_to_be_empty()
    judge(page)
    checked = page.locator(".layer-fold [name=overlay]:checked")
    expect(checked).to_have_count(0)
    expect(told).to_have_count(0)
    page.locator("#request > summary").click()
    page.get_by_label("拟选址范围").fill("99.80,39.33\n99.81,39.33\n99.81,39.34")
    expect(checked).to_have_count(len(shown))


def test_a_place_found_is_shown_on_the_page_itself_and_the_draft_stays(visit):
    page = visit("/siting")
    page.get_by_label("项目名称").fill("水厂")
    page.locator("#search-words").fill("xhz")
    page.locator("#search-list").get_by_role("option").first.click()
    expect(page.locator(".place-called")).to_have_text("小海子村")
    assert "/siting" in page.url
    expect(page.get_by_label("项目名称")).to_have_value("水厂")
    assert page.evaluate("() => map.getBounds().contains(map.getCenter())")
    expect(page.locator(".place-mark")).to_be_in_viewport()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_understood_and_the_button_are_in_sight_on_a_small_screen(visit, page: Page, projects, language):
    page.set_viewport_size({"width": 1366, "height": 768})
    visit(f"/siting?lang={language}")
    page.locator("#coordinates").fill(lines_of(projects["permitted"]["geometry"]))
    for shown in (
        page.locator("#coordinates"),
        page.locator("#understood .read-as"),
        page.locator("#project-class"),
        page.locator("#submit"),
    ):
        expect(shown).to_be_in_viewport(ratio=1)
    assert page.evaluate("() => document.querySelector('.dossier').scrollTop") == 0
    button, understood = page.locator("#submit").bounding_box(), page.locator("#understood .read-as").bounding_box()
    assert understood["y"] + understood["height"] <= button["y"]


def test_the_batch_is_a_tab_with_an_address(visit, page: Page):
    visit("/siting#batch")
    expect(page.locator("#batch")).to_be_visible()
    expect(page.locator("#request")).to_be_hidden()
    page.get_by_role("tab", name="批量筛查").press("ArrowRight")
    expect(page.locator("#request")).to_be_visible()
    expect(page.locator("#batch")).to_be_hidden()
    page.get_by_role("tab", name="批量筛查").click()
    page.reload()
    expect(page.locator("#batch")).to_be_visible()
