"""From the map to the row of what is selected, and numerals of a theme that is drawn from tiles."""

import re
import unicodedata

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import tiles_from
from tests.browser.test_accessibility import violations

NUMERALS = {1: "I", 2: "II", 3: "III", 4: "IV", 5: "V"}
MARKED = ".rows tr[aria-current]"
BOXES = """() => [...document.querySelectorAll(".map-label.numerals > span")].map((span) => {
  const { left, right, top, bottom } = span.getBoundingClientRect();
  return [left, right, top, bottom];
})"""
PLACES = """() => {
  const found = [];
  window.map.eachLayer((layer) => {
    const shown = layer.getElement?.();
    if (shown?.classList.contains("numerals")) found.push([layer.getLatLng().lng, layer.getLatLng().lat, shown.textContent]);
  });
  return found;
}"""


def follow(page: Page, name: str) -> None:
    """Along the card's link to the register, where the row has to be in sight."""
    page.locator("#selection").get_by_role("link", name="查看台账").click()
    page.wait_for_url(re.compile("/registers/"))
    expect(page.locator(MARKED)).to_have_count(1)
    expect(page.locator(f"{MARKED} th")).to_contain_text(name)
    expect(page.locator(MARKED)).to_be_in_viewport()


def test_a_zone_on_a_later_page_is_marked_in_its_register(visit, base_url):
    zones = httpx.get(f"{base_url}/api/zones?hazard=wildfire&limit=1000", timeout=60).json()["items"]
    zone = zones[-1]
    page = visit(f"/?select=zone:{zone['id']}")
    follow(page, zone["name"] or "")
    expect(page.locator("#register > [role=status]")).to_contain_text(re.compile(r"第 [2-9]"))
    assert violations(page) == []


def test_what_was_searched_for_leads_to_its_row_also_when_the_link_is_opened_again(visit):
    page = visit("/")
    page.locator("#search-words").fill("成号村二社")
    page.get_by_role("option").first.click()
    expect(page.locator("#selection h2")).to_contain_text("成号村二社")
    page.wait_for_url(re.compile(r"row=\d+"))
    visit(page.url)
    follow(page, "成号村二社")
    page.get_by_role("row").filter(has=page.locator("#marked")).get_by_role(
        "link", name=re.compile("在地图上看")
    ).click()
    page.wait_for_function("() => window.READY === 1")
    expect(page.locator("#selection h2")).to_contain_text("成号村二社")


def test_an_enterprise_leads_from_its_details_to_its_row(visit):
    page = visit("/enterprises/3")
    name = page.locator("#ent-name").inner_text()
    page.locator("#detail").get_by_role("link", name="查看台账").click()
    expect(page.locator(f"{MARKED} th")).to_contain_text(name)


def test_a_village_leads_to_its_row_in_the_list_and_in_the_register(visit):
    page = visit("/maps/areas")
    row = page.locator("[data-area]").last
    name = row.inner_text()
    row.click()
    page.locator("#reasons").get_by_role("link", name="在清单中查看").click()
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()
    expect(row).to_have_attribute("aria-pressed", "true")
    page.locator("#reasons").get_by_role("link", name="查看台账").click()
    expect(page.locator(f"{MARKED} th")).to_contain_text(name)


def test_an_area_on_another_page_of_the_list_is_turned_to_while_the_map_stays(visit):
    page = visit("/maps/areas")
    page.locator("[data-area]").last.click()
    expect(page.locator("#reasons").get_by_role("link", name="在清单中查看")).to_be_visible()
    number = page.locator("[data-area][aria-pressed=true]").get_attribute("data-area")
    page.evaluate("document.querySelector('#area-list tbody').replaceChildren(); window.map.stays = true")
    page.locator("#reasons").get_by_role("link", name="在清单中查看").click()
    expect(page.locator(f"[data-area='{number}']")).to_be_focused()
    expect(page.locator(f"[data-area='{number}']")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.map.stays")


@pytest.fixture
def tiled(page: Page, visit):
    """The overview as it is with many zones: every theme of more than five comes from tiles."""

    tiles_from(page, 6)
    with page.expect_response(re.compile("/api/zones/numerals")):
        visit("/?theme=geological/hazard&overlays=")
    expect(page.locator(".leaflet-tiles-pane img").first).to_be_attached()
    return page


def assert_each_tells_its_zone(page: Page, base_url: str, theme: str) -> None:
    """Every numeral on the map is that of the zone it stands on."""
    told, (hazard, product) = page.evaluate(PLACES), theme.split("/")
    assert told
    for lon, lat, text in told:
        asked = {"hazard": hazard, "product": product, "bbox": f"{lon},{lat},{lon + 1e-7},{lat + 1e-7}"}
        (zone,) = httpx.get(f"{base_url}/api/zones", params=asked, timeout=60).json()["items"]
        assert NUMERALS[zone["grade_rank"]] == unicodedata.normalize("NFKC", text)


def test_a_theme_from_tiles_has_its_numerals_once_each_and_none_over_another(tiled, base_url):
    labels = tiled.locator(".map-label.numerals > span")
    expect(labels.first).to_be_visible()
    boxes = tiled.evaluate(BOXES)
    assert len(boxes) > 3
    for i, (left, right, top, bottom) in enumerate(boxes):
        for others in boxes[:i]:
            assert right <= others[0] or left >= others[1] or bottom <= others[2] or top >= others[3]
    assert_each_tells_its_zone(tiled, base_url, "geological/hazard")


def test_nearer_ground_has_more_numerals_and_a_hidden_grade_none(tiled):
    labels = tiled.locator(".map-label.numerals > span")
    expect(labels.first).to_be_visible()
    before = labels.count()
    with tiled.expect_response(re.compile("/api/zones/numerals")):
        tiled.evaluate("window.map.setZoom(window.map.getZoom() + 1, { animate: false })")
    tiled.wait_for_function(f"() => document.querySelectorAll('.map-label.numerals').length > {before}")
    expect(labels.filter(has_text=re.compile("Ⅲ|III")).first).to_be_attached()
    tiled.locator("[name=grade][value='geological/hazard/3']").uncheck()
    expect(labels.filter(has_text=re.compile("Ⅲ|III"))).to_have_count(0)
    expect(labels.first).to_be_attached()


def test_another_theme_brings_its_own_numerals(tiled, base_url):
    expect(tiled.locator(".map-label.numerals > span").first).to_be_visible()
    with tiled.expect_response(re.compile("numerals.*hazard=earthquake")):
        tiled.locator("[name=theme][value='earthquake/risk_building']").check()
    expect(tiled.locator(".map-label.numerals > span").first).to_be_visible()
    assert_each_tells_its_zone(tiled, base_url, "earthquake/risk_building")
