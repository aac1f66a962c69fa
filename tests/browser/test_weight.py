"""No page is heavier than a village line carries: bytes and requests of every page, first and second view; what is off stays away."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from app.http.static_files import asset
from tests.weighing import PAGES, WINDOW, Weight, begin, finish, view

FIRST_BYTES, FIRST_REQUESTS, SECOND_BYTES = 600 * 1024, 40, 30 * 1024
REGISTERS = ("/api/enterprises", "/api/stations", "/api/shelters")


def heaviest(weight: Weight) -> list[tuple[int, str]]:
    return sorted(((size, url) for url, size in weight.sizes.items()), reverse=True)[:6]


def asked_of(weight: Weight) -> list[str]:
    return [f"{found.path}?{found.query}" for found in map(urlsplit, weight.asked)]


@pytest.fixture(scope="module")
def weights(browser: Browser, base_url: str) -> dict[str, tuple[Weight, Weight]]:
    """Give the first and the second view of every page, each by a browser of its own, all at once: no time is told."""
    assert asset("js/shell.js").startswith("/static/built/"), "scripts and styles were not joined; run: make assets"
    contexts = {page: browser.new_context(viewport=WINDOW, locale="zh-CN") for page in PAGES}
    views = []
    for _ in range(2):
        begun = {page: begin(context, base_url + page) for page, context in contexts.items()}
        views.append({page: finish(*one) for page, one in begun.items()})
    for context in contexts.values():
        context.close()
    return {page: (views[0][page], views[1][page]) for page in PAGES}


@pytest.mark.parametrize("page_path", PAGES)
def test_a_page_is_light_enough_for_a_village_line(weights, page_path: str):
    first, second = weights[page_path]
    assert first.bytes > 1000
    assert first.bytes <= FIRST_BYTES, heaviest(first)
    assert first.requests <= FIRST_REQUESTS, first.asked
    assert second.bytes <= SECOND_BYTES, heaviest(second)


def test_what_is_off_is_not_asked_for_and_what_is_switched_on_is(browser: Browser, base_url: str, visit, page: Page):
    context = browser.new_context(viewport=WINDOW)
    asked = asked_of(view(context, f"{base_url}/?theme=flood/hazard&overlays=&objects=flagged"))
    context.close()
    zones = [one for one in asked if one.startswith("/api/zones?")]
    assert zones
    assert all("hazard=flood" in one for one in zones)
    assert [one for one in asked if one.startswith(REGISTERS)] == []
    visit("/?objects=flagged")
    box = page.locator("[name=objects][value=enterprises]")
    expect(page.locator("[data-count=enterprises]")).not_to_be_empty()
    with page.expect_response(lambda answer: urlsplit(answer.url).path == "/api/enterprises"):
        box.check()
    expect(page.locator(".sign-enterprises").nth(1)).to_be_visible()
