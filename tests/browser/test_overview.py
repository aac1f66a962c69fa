"""Working on the map without a mouse, by a link, by a search: the same place each time."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from gis_layers.crs import transform_points

SELECTED = re.compile(r"select=zone:\d+")


def tool(page: Page, place: int):
    return page.locator(".map-tools button").nth(place)


def open_list(page: Page) -> None:
    page.locator(".map-tools [aria-expanded]").press("Enter")
    expect(page.locator("#drawer")).to_be_visible()


def list_floods(page: Page) -> None:
    """Projects are listed first; the zones of floods take their place when the service answered."""
    page.locator("#drawer select").select_option("flood/hazard")
    expect(page.locator(".drawer-list [data-kind=zone]").first).to_be_visible()
    expect(page.locator(".drawer-list [data-kind=project]")).to_have_count(0)


def test_every_zone_is_chosen_by_keyboard_alone_and_escape_lets_it_go(visit):
    page = visit("/")
    open_list(page)
    page.locator("#drawer select").select_option(page.locator("[name=theme]:checked").input_value())
    rows = page.locator(".drawer-list button")
    shown = int(page.locator(".theme:has([name=theme]:checked) > .choice .count").inner_text())
    expect(rows).to_have_count(shown)
    page.locator("#drawer input").press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#selection")).to_be_visible()
    expect(page.locator(".selected-zone")).to_have_count(1)
    rows.first.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator(".map-tools [aria-expanded]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#selection")).to_be_hidden()
    expect(page.locator(".selected-zone")).to_have_count(0)


def test_no_name_of_a_project_covers_another_project_at_any_scale(visit):
    page = visit("/")
    named = []
    for _ in range(3):
        pins = [pin.bounding_box() for pin in page.locator(".pin-body").all()]
        names = [name.bounding_box() for name in page.locator(".pin-body.named").all()]
        for name in names:
            assert [pin for pin in pins if pin != name and overlap(pin, name)] == []
        named.append(len(names))
        zoom = page.evaluate("window.map.getZoom()")
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_function("zoom => map.getZoom() > zoom && !map._animatingZoom", arg=zoom)
    assert 1 <= named[0] < named[-1]


def overlap(one: Any, other: Any) -> bool:
    """Whether two boxes of a page share more than the pixel their edges are rounded to."""
    return all(
        one[at] + one[size] > other[at] + 1 and other[at] + other[size] > one[at] + 1
        for at, size in (("x", "width"), ("y", "height"))
    )


def test_a_link_brings_back_place_theme_overlays_and_selection(visit):
    page = visit("/")
    page.locator("[name=theme][value='flood/hazard']").check()
    page.locator("[name=overlay][value='fault/hazard']").uncheck()
    open_list(page)
    list_floods(page)
    page.locator(".drawer-list button").first.click()
    page.wait_for_url(SELECTED)
    title, address = page.locator("#selection h2").inner_text(), page.url
    page.goto("about:blank")
    visit(address)
    expect(page.locator("[name=theme][value='flood/hazard']")).to_be_checked()
    expect(page.locator("[name=overlay][value='fault/hazard']")).not_to_be_checked()
    expect(page.locator("#selection h2")).to_have_text(title)
    zoom = re.search(r"zoom=([\d.]+)", address)[1]
    assert page.evaluate("window.map.getZoom()") == float(zoom)


def test_a_search_shows_all_candidates_and_the_chosen_one_is_selected(visit):
    page = visit("/maps/areas")
    box = page.get_by_role("combobox", name="查找村组、企业、桩号")
    box.fill("xhz")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("小海子村")
    assert options.count() > 1
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    page.wait_for_url(re.compile(r"/\?.*place="))
    expect(page.locator("#selection h2")).to_have_text("小海子村")


def test_who_found_a_project_by_keys_goes_on_from_its_card(visit, projects):
    page = visit("/")
    page.keyboard.press("/")
    page.keyboard.type(projects["prohibited"]["name"])
    expect(page.get_by_role("option").first).to_contain_text(projects["prohibited"]["name"])
    page.keyboard.press("Enter")
    expect(page.locator("#selection")).to_be_focused()
    page.locator("#search-words").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("i")
    expect(page.locator("#selection")).to_be_focused()
    for _ in range(page.locator("#selection :is(a, button)").count()):
        page.keyboard.press("Tab")
        if page.locator("#selection a.primary:focus").count():
            break
    page.keyboard.press("Enter")
    expect(page.locator("#opinion .verdict")).to_be_visible()


def test_what_nobody_knows_by_that_name_is_said(visit):
    page = visit("/")
    page.locator("#search-words").fill("无此地名啊")
    expect(page.locator(".search-note")).to_have_text("没有叫这个名字的地方")


def test_a_square_kilometre_measures_as_one(visit):
    page = visit("/?lon=99.80&lat=39.30&zoom=14")
    tool(page, 2).click()
    box = page.locator(".folium-map").bounding_box()
    side = page.evaluate(
        "1000 / (map.distance(map.containerPointToLatLng([0, 300]), map.containerPointToLatLng([100, 300])) / 100)"
    )
    left, top = box["x"] + 60, box["y"] + 160
    for x, y in ((left, top), (left + side, top), (left + side, top + side), (left, top + side)):
        page.mouse.click(x, y)
    said = page.locator(".measure-panel").inner_text()
    figure, unit = re.search(r"([\d.]+) (km²|公顷)", said).groups()
    assert float(figure) / {"km²": 1, "公顷": 100}[unit] == pytest.approx(1.0, abs=0.03)
    assert float(re.search(r"([\d.,]+) 亩", said)[1].replace(",", "")) == pytest.approx(1500, abs=45)
    page.keyboard.press("Escape")
    expect(page.locator(".measure-panel")).to_be_hidden()


@pytest.mark.parametrize(("lon", "lat"), [(99.8, 39.3), (97.6, 38.2), (100.49, 42.7)])
def test_the_metres_of_the_read_out_are_those_of_the_projection(visit, lon, lat):
    page = visit("/maps/hazards")
    script = "([lon, lat]) => import('/static/js/gauss.js').then((m) => m.gaussKrueger(lon, lat, 99))"
    shown = page.evaluate(script, [lon, lat])
    ((east, north),) = transform_points(np.array([[lon, lat]]), "EPSG:4490", "EPSG:4542")
    assert shown["east"] == pytest.approx(east, abs=0.001)
    assert shown["north"] == pytest.approx(north, abs=0.001)


def test_a_project_is_judged_again_by_its_own_outline_and_class_not_by_a_point_of_it(visit, projects):
    page = visit("/")
    page.locator("#projects button").filter(has_text=projects["prohibited"]["name"]).click()
    card = page.locator("#selection")
    expect(card).to_contain_text(f"{projects['prohibited']['project_class']} ")
    expect(card.get_by_role("link", name="在此选址")).to_have_count(0)
    card.get_by_role("link", name="筛查意见与依据").click()
    expect(page.locator("#opinion .verdict")).to_contain_text("触发禁止性规则")
    expect(page.locator("[name=name]")).to_have_value(projects["prohibited"]["name"])


def test_a_project_found_from_another_page_shows_its_verdict(visit, page: Page, projects):
    page.goto("/about")
    page.locator("#search-words").fill(projects["prohibited"]["name"])
    page.locator("#search-list").get_by_text(projects["prohibited"]["name"], exact=True).first.click()
    expect(page.locator("#selection .badge")).to_contain_text("触发禁止性规则")


def test_ground_where_a_hazard_is_unsurveyed_is_unknown_in_the_composite_theme_too(visit):
    page = visit("/")
    chosen = page.locator(".theme", has=page.locator("[name=theme]:checked"))
    assert float(chosen.locator("li", has_text="未调查").locator(".count").inner_text().rstrip("%")) > 5
    expect(page.locator(".stratum-unsurveyed path").first).to_be_attached()
    expect(page.locator("[data-unsurveyed]")).to_have_count(2)


def test_on_a_phone_what_is_tapped_in_the_list_is_told_where_it_can_be_seen(visit, page: Page, projects):
    page.set_viewport_size({"width": 390, "height": 844})
    visit("/")
    page.locator("#projects button").filter(has_text=projects["prohibited"]["name"]).click()
    expect(page.locator("#selection h2")).to_be_in_viewport()
    page.locator("[data-unsurveyed=flood]").click()
    expect(page.locator(".folium-map")).to_be_in_viewport(ratio=0.9)


def test_the_card_leads_to_the_rules_and_to_the_siting_check(visit):
    page = visit("/")
    open_list(page)
    list_floods(page)
    page.locator(".drawer-list button").first.click()
    card = page.locator("#selection")
    expect(card.get_by_role("link", name="在此选址")).to_have_attribute(
        "href", re.compile(r"/siting\?lon=99\.\d+&lat=39\.\d+")
    )
    card.get_by_role("link", name="查看依据").click()
    expect(page.locator("h1")).to_have_text("规则与依据")
    expect(page.locator(".rule").first).to_contain_text("FLD-")
