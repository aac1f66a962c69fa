"""Whoever chooses a project sees why on the map: site, zone and distance lie where nothing covers them; Back leads back."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.running import until

FLAGGED = ("prohibited", "restricted", "insufficient_data")
PROJECTS = "#projects button"
CENTRE = "() => [map.getCenter().lng, map.getCenter().lat]"
IN_SIGHT = """async (number) => {
  const [{ read }] = await Promise.all([import('/static/js/core/api.js')]);
  const told = await read('/api/projects/{number}/causes', { path: { number } });
  const board = map.getContainer().getBoundingClientRect();
  const covers = [...document.querySelectorAll('#selection, #drawer')].map((one) => one.getBoundingClientRect());
  const shapes = [told.site, ...told.causes.map((one) => one.line ?? one.geometry)];
  return shapes.map((shape) => {
    const bounds = L.geoJSON(shape).getBounds();
    const [a, b] = [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => map.latLngToContainerPoint(at));
    const box = { left: board.left + a.x, top: board.top + a.y, right: board.left + b.x, bottom: board.top + b.y };
    const within = box.left >= Math.max(0, board.left) && box.top >= Math.max(0, board.top)
      && box.right <= Math.min(innerWidth, board.right) && box.bottom <= Math.min(innerHeight, board.bottom);
    const hit = covers.some((one) => one.width && one.left < box.right && box.left < one.right
      && one.top < box.bottom && box.top < one.bottom);
    return within && !hit;
  });
}"""


def choose_project(page: Page, number: str) -> None:
    with page.expect_response(re.compile(rf"/api/projects/{number}/causes")) as answered:
        page.locator(f"{PROJECTS}[data-project='{number}']").click()
    assert answered.value.ok
    page.wait_for_url(re.compile(rf"select=project:{number}\b"))
    page.wait_for_function("() => document.querySelector('.selected-zone') !== null")


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768), (390, 844)])
def test_site_and_zone_of_every_flagged_project_lie_where_nothing_covers_them(visit, page: Page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    visit("/")
    numbers = page.locator(PROJECTS).evaluate_all("(all) => all.map((one) => one.dataset.project)")
    assert len(numbers) >= 3
    for number in numbers:
        choose_project(page, number)
        seen = page.evaluate(IN_SIGHT, int(number))
        assert len(seen) > 1, number
        assert all(seen), (number, seen)


def test_the_zone_is_switched_on_while_its_project_is_chosen_and_no_longer(visit, base_url, projects):
    page = visit("/")
    number = projects["prohibited"]["id"]
    causes = httpx.get(f"{base_url}/api/projects/{number}/causes").json()["causes"]
    theme = next(one for one in causes if one["zone"])
    box = page.locator(f"[name=overlay][value='{theme['theme']}/{theme['product']}']")
    if box.count():
        box.uncheck()
    choose_project(page, number)
    expect(page.locator(".selected-zone")).to_have_count(len(causes))
    if box.count():
        expect(box).to_be_checked()
        assert f"{theme['theme']}/" not in (re.search(r"overlays=([^&]*)", page.url) or [""])[0]
    page.keyboard.press("Escape")
    expect(page.locator(".selected-zone")).to_have_count(0)
    if box.count():
        expect(box).not_to_be_checked()


def test_the_metres_of_every_distance_stand_on_the_map(visit, base_url):
    flagged = [one for one in httpx.get(f"{base_url}/api/projects").json()["items"] if one["verdict"] in FLAGGED]
    causes = {one["id"]: httpx.get(f"{base_url}/api/projects/{one['id']}/causes").json()["causes"] for one in flagged}
    number, told = next((number, told) for number, told in causes.items() if any(one["line"] for one in told))
    page = visit("/")
    choose_project(page, number)
    tags = page.locator(".distance-tag").all_inner_texts()
    metres = [one["distance_m"] for one in told if one["line"]]
    assert sorted(int(re.sub(r"\D", "", tag)) for tag in tags) == sorted(round(one) for one in metres)
    expect(page.locator(".distance-line")).to_have_count(len(metres))


def test_back_restores_the_last_choice_and_a_reload_shows_the_same(visit, page: Page):
    visit("/")
    first, second = page.locator(PROJECTS).evaluate_all("(all) => all.slice(0, 2).map((one) => one.dataset.project)")
    title = page.locator("#selection h2")
    choose_project(page, first)
    named, looked = title.inner_text(), page.evaluate(CENTRE)
    choose_project(page, second)
    expect(title).not_to_have_text(named)
    page.go_back()
    expect(title).to_have_text(named)
    expect(page.locator(f"{PROJECTS}[data-project='{first}']")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(CENTRE) == pytest.approx(looked, abs=1e-4)
    page.reload()
    expect(title).to_have_text(named)
    page.go_back()
    expect(page.locator("#selection")).to_be_hidden()
    page.go_forward()
    expect(title).to_have_text(named)


def test_back_leads_to_a_place_and_from_it_to_what_was_chosen_before(visit, page: Page):
    visit("/")
    first, second = page.locator(PROJECTS).evaluate_all("(all) => all.slice(0, 2).map((one) => one.dataset.project)")
    title = page.locator("#selection h2")
    choose_project(page, first)
    before = title.inner_text()
    page.locator("#search-words").fill("G312")
    page.get_by_role("option").first.click()
    page.wait_for_url(re.compile(r"place="))
    told, called = page.locator("#selection").inner_text(), title.inner_text()
    choose_project(page, second)
    page.go_back()
    expect(title).to_have_text(called)
    assert page.locator("#selection").inner_text() == told
    page.go_back()
    expect(title).to_have_text(before)


def test_what_an_address_leads_to_is_no_step_from_it(visit, page: Page):
    visit("/")
    number = page.locator(PROJECTS).first.get_attribute("data-project")
    visit("/maps/areas")
    visit(f"/?place=somewhere&kind=project&row={number}&select=project:{number}")
    expect(page.locator(f"{PROJECTS}[data-project='{number}']")).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/maps/areas"))


def test_a_choice_made_while_an_address_is_still_looked_up_is_a_step_from_it(visit, page: Page, base_url):
    village = httpx.get(f"{base_url}/api/places", params={"q": "xhz"}).json()["items"][0]
    visit("/maps/areas")
    held = []

    def hold(route):
        held.append(route)

    page.route(re.compile(r"/api/places\?"), hold)
    page.goto(f"/?place={village['name']}&kind={village['kind']}&row={int(village['owner_id'])}")
    first = page.locator(PROJECTS).first
    number = first.get_attribute("data-project")
    with page.expect_response(re.compile(rf"/api/projects/{number}/causes")):
        first.click()
    assert held
    page.unroute(re.compile(r"/api/places\?"))
    expect(first).to_have_attribute("aria-pressed", "true")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/\?.*place="))
    expect(page.locator("#selection h2")).to_have_text(village["name"])


@pytest.mark.parametrize("words", ["xhz", "G312"])
def test_a_place_has_an_address_that_shows_the_same_to_whoever_opens_it(visit, page: Page, words):
    visit("/")
    page.locator("#search-words").fill(words)
    page.get_by_role("option").first.click()
    card = page.locator("#selection")
    expect(card).to_be_visible()
    resting_mark(page)
    page.mouse.move(700, 400)
    page.mouse.down()
    page.mouse.move(500, 300, steps=4)
    page.mouse.up()
    told, at = card.inner_text(), resting_mark(page)
    page.wait_for_timeout(400)
    page.goto(page.url.replace("#", "&x=#"))
    expect(card).to_be_visible()
    assert card.inner_text() == told
    until(lambda: resting_mark(page) == pytest.approx(at, abs=2))


def resting_mark(page: Page) -> dict[str, float]:
    """Where the mark of the place stands once the map has come to rest."""

    def rests() -> dict[str, float] | None:
        at = page.locator(".place-mark").bounding_box()
        page.wait_for_timeout(300)
        return at if at == page.locator(".place-mark").bounding_box() else None

    return until(rests)
