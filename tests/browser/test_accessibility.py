"""Every page is usable with a keyboard and a screen reader, light and dark, Chinese and English, desk and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import choose, judge, lines_of

PHONE = {"width": 390, "height": 844}
PAGES = (
    "/",
    "/siting",
    "/maps/hazards",
    "/maps/areas",
    "/maps/areas/compare?from=1&to=1",
    "/enterprises",
    "/enterprises/1",
)


def violations(page: Page) -> list[str]:
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("address", PAGES)
def test_pages_have_no_barrier_in_light_and_dark(visit, address):
    page = visit(address)
    assert violations(page) == []
    page.locator("#appearance").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert violations(page) == []


@pytest.mark.parametrize("address", PAGES)
def test_pages_have_no_barrier_in_english_on_a_phone(visit, page: Page, address):
    page.set_viewport_size(PHONE)
    visit(f"{address}{'&' if '?' in address else '?'}lang=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_an_opinion_has_no_barrier_light_dark_or_on_a_phone(visit, projects):
    page, project = visit("/siting"), projects["prohibited"]
    choose(page, project["project_class"])
    page.get_by_label("用地红线").fill(lines_of(project["geometry"]))
    expect(page.locator("#understood")).not_to_be_empty()
    judge(page)
    assert violations(page) == []
    page.locator("#appearance").click()
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
