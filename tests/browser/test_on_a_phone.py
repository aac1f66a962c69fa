"""A phone: registers as cards that say all the table says, and a map that leaves one finger to the page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from app.registers.register_views import SHEETS

WIDTH, HEIGHT = 390, 844
CELLS = """() => [...document.querySelectorAll('table.cards tbody tr')].slice(0, 12).map(row =>
    [...row.children].map(cell => {
      const box = cell.getBoundingClientRect();
      const shown = box.width > 0 && box.height > 0 && box.left >= 0 && box.right <= innerWidth + 0.5;
      return [cell.innerText.replace(/\\s+/g, ' ').trim(), shown, getComputedStyle(cell, '::before').content];
    }))"""
WIDER = "() => document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll('.scroll')].some(one => one.scrollWidth > one.clientWidth)"


@pytest.fixture(scope="module")
def phone(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base_url, viewport={"width": WIDTH, "height": HEIGHT}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    page = context.new_page()
    page.set_default_timeout(45_000)
    yield page
    context.close()


@pytest.mark.parametrize("address", [*(f"/registers/{layer}" for layer in SHEETS), "/enterprises"])
def test_a_card_says_all_that_the_row_says_and_nothing_lies_beside_the_page(phone: Page, address: str):
    phone.set_viewport_size({"width": 1366, "height": 768})
    phone.goto(address)
    table = [[text for text, *_ in row] for row in phone.evaluate(CELLS)]
    phone.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    cards = phone.evaluate(CELLS)
    assert [[text for text, *_ in row] for row in cards] == table
    assert all(shown for row in cards for _, shown, _ in row)
    assert all(title not in ("none", '""') for row in cards for _, _, title in row[1:])
    assert not phone.evaluate(WIDER)


def test_the_list_of_deliveries_fits_a_phone(phone: Page):
    phone.goto("/deliveries")
    assert not phone.evaluate(WIDER)


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    told = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})


def swipe(page: Page, *fingers: tuple[float, float], up: float) -> None:
    """Every finger goes up by so many pixels."""
    session = page.context.new_cdp_session(page)
    touch(session, "touchStart", *fingers)
    for step in range(1, 11):
        touch(session, "touchMove", *((x, y - up * step / 10) for x, y in fingers))
    touch(session, "touchEnd")
    session.detach()


PLACE = "() => ({ top: scrollY, lat: map.getCenter().lat })"


def test_one_finger_moves_the_page_and_leaves_the_map(phone: Page):
    phone.goto("/")
    phone.wait_for_function("() => window.READY === 1")
    box = phone.locator(".folium-map").bounding_box()
    x, y = box["x"] + 150, box["y"] + 330
    before = phone.evaluate(PLACE)
    swipe(phone, (x, y), up=200)
    phone.wait_for_function("() => scrollY > 100")
    assert phone.locator(".touch-hint.shown").count() == 1
    assert phone.evaluate(PLACE)["lat"] == before["lat"]


def test_two_fingers_move_the_map_and_leave_the_page(phone: Page):
    phone.goto("/")
    phone.wait_for_function("() => window.READY === 1")
    box = phone.locator(".folium-map").bounding_box()
    x, y = box["x"] + 150, box["y"] + 330
    before = phone.evaluate(PLACE)
    swipe(phone, (x - 60, y), (x + 60, y), up=120)
    phone.wait_for_function(f"() => map.getCenter().lat < {before['lat']} - 1e-4")
    assert phone.evaluate("() => scrollY") == 0


@pytest.mark.parametrize(("address", "legend"), [("/", "#layers"), ("/enterprises", ".map > .key")])
def test_layers_and_legend_come_over_the_map_and_go_again(phone: Page, address: str, legend: str):
    phone.goto(address)
    phone.wait_for_function("() => window.READY === 1")
    button, panel = phone.locator(".layers-button"), phone.locator(legend)
    map_box, button_box = phone.locator(".folium-map").bounding_box(), button.bounding_box()
    assert button_box["y"] + button_box["height"] <= map_box["y"] + map_box["height"]
    button.tap()
    box = panel.bounding_box()
    assert box["y"] < HEIGHT
    assert box["y"] + box["height"] <= HEIGHT + 1
    assert panel.evaluate("(one) => one.contains(document.elementFromPoint(innerWidth / 2, innerHeight - 30))")
    panel.locator(".layers-close").tap()
    expect(panel).not_to_have_class(re.compile("over-map"))
    button.tap()
    phone.keyboard.press("Escape")
    expect(panel).not_to_have_class(re.compile("over-map"))
    assert button.get_attribute("aria-expanded") == "false"
