"""A night shift: a flood takes a road, a village is cut off, forces go out, cover is lost and moved up, a sheet is printed; all by keys."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely
from playwright.sync_api import APIRequestContext, Page, Playwright, expect

from tests.browser.test_dispatch import rows

FLOODED = shapely.geometry.mapping(shapely.box(99.770, 39.357, 99.784, 39.367))
INCIDENT, CUT_OFF = "南寨子村", "小海子村"


@pytest.fixture
def desk(page: Page, base_url: str) -> Iterator[Page]:
    """A dispatcher's desk; what the night left behind is put right for whoever comes after."""
    csrf = page.request.post(f"{base_url}/api/session/demo", data={"role": "dispatcher"}).json()["csrf"]
    yield page
    for register, act, body in (("closures", "lift", {}), ("incidents", "close", {"outcome": "handled"})):
        for one in page.request.get(f"{base_url}/api/{register}").json()["items"]:
            address, headers = f"{base_url}/api/{register}/{one['id']}/{act}", {"If-Match": "*", "X-CSRF-Token": csrf}
            page.request.post(address, data=body, headers=headers)


@pytest.fixture
def other(playwright: Playwright, base_url: str) -> Iterator[APIRequestContext]:
    """Another desk, whose acts come to an open page by themselves."""
    first = playwright.request.new_context()
    csrf = first.post(f"{base_url}/api/session/demo", data={"role": "dispatcher"}).json()["csrf"]
    state = first.storage_state()
    context = playwright.request.new_context(storage_state=state, extra_http_headers={"X-CSRF-Token": csrf})
    yield context
    context.dispose()
    first.dispose()


def find(desk: Page, words: str) -> None:
    desk.keyboard.press("/")
    desk.keyboard.type(words)
    expect(desk.locator("#search-list [id^=place-]").first).to_contain_text(words[:5])
    desk.keyboard.press("Enter")


def say(desk: Page, *words: str) -> None:
    """Fill the fields of the dialog that opened, one after the other, and hand it in."""
    expect(desk.locator("dialog[open]")).to_be_visible()
    for place, word in enumerate(words):
        if place:
            desk.keyboard.press("Tab")
        desk.keyboard.type(word)
    desk.keyboard.press("Enter")
    expect(desk.locator("dialog[open]")).to_have_count(0)


def farthest_way(desk: Page, base_url: str) -> list[float]:
    """A place in the middle of the way of the last force that is named."""
    asked = parse_qs(urlsplit(desk.url).query)
    where = {"lon": asked["lon"][0], "lat": asked["lat"][0], "k": "9"}
    ways = [one["route"] for one in desk.request.get(f"{base_url}/api/dispatch/nearest", params=where).json()["forces"]]
    corners = ways[-1]["coordinates"]
    return corners[len(corners) // 2]


def first_named(desk: Page) -> str:
    return rows(desk).first.locator("th").evaluate("(cell) => cell.firstChild.textContent")


def test_a_night_shift_is_worked_with_the_keyboard_alone(desk: Page, other, visit, base_url: str):
    visit("/dispatch")
    find(desk, INCIDENT)
    expect(rows(desk).first).to_be_visible()
    expect(desk.locator("#forces details", has_text="没有力量能到的村")).to_have_count(0)

    flood = {"kind": "closed", "reason": "flooded", "reporter": "patrol", "geometry": FLOODED}
    assert other.post(f"{base_url}/api/closures", data=flood).status == 201
    cut_off = desk.locator("#forces details", has_text="没有力量能到的村")
    expect(cut_off).to_contain_text(CUT_OFF)
    expect(cut_off).to_contain_text("flooded")
    expect(desk.locator("#closures li")).to_have_count(1)

    before = desk.locator("#forces").text_content() or ""
    lon, lat = farthest_way(desk, base_url)
    desk.locator(".leaflet-container").focus()  # a letter of a tool is heard where the map is
    desk.keyboard.press("c")
    find(desk, f"{lon:.6f}, {lat:.6f}")
    say(desk, "culvert gone", "patrol")
    expect(desk.locator("#closures li")).to_have_count(2)
    expect(desk.locator("#forces")).not_to_have_text(before)

    desk.keyboard.press("n")
    say(desk, "houses under water", "village head")
    expect(desk.locator("#case h2")).to_be_visible()
    sent = []
    for count in (1, 2):
        expect(desk.locator("#forces")).not_to_have_attribute("aria-busy", "true")
        sent.append(first_named(desk))
        desk.keyboard.press("a")
        expect(desk.locator("#case-forces > li")).to_have_count(count)
        expect(desk.locator("#forces tbody")).not_to_contain_text(sent[-1])
        desk.keyboard.press("e")
        desk.keyboard.press("g")

    desk.keyboard.press("p")
    sheet = desk.locator("dialog[open]")
    for name in (*sent, "flooded"):
        expect(sheet.locator("textarea")).to_have_value(re.compile(re.escape(name)))
    paper = desk.request.get(f"{base_url}{sheet.locator('a[href*=pdf]').get_attribute('href')}")
    assert (paper.status, paper.body()[:4]) == (200, b"%PDF")
    desk.keyboard.press("Escape")

    visit("/maps/coverage?standard=district")
    desk.locator("#tab-counts").focus()
    for _ in range(2):
        desk.keyboard.press("ArrowRight")
    moves = desk.locator("#view-moves")
    expect(moves).to_be_visible()
    answer = desk.request.get(f"{base_url}/api/coverage/move-up?within=5").json()
    assert {one["name"] for one in answer["away"]} >= {*sent}
    expect(moves.locator("tbody tr")).to_have_count(len(answer["moves"]))
