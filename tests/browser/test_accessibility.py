"""Every page is usable with a keyboard and a screen reader, light and dark, Chinese and English, desk and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import choose, judge, lines_of, refused_with

PHONE = {"width": 390, "height": 844}
MAPS = (
    "/",
    "/siting",
    "/maps/hazards",
    "/maps/areas",
    "/maps/areas/compare?from=1&to=1",
    "/maps/coverage",
    "/enterprises",
    "/enterprises/1",
)
TEXTS = (
    "/about",
    "/sign-in",
    "/registers/projects",
    "/registers/enterprises?sort=staff&down=true",
    "/registers/zones?q=nothing+is+called+so",
    "/deliveries",
)
COLOURS = "color-contrast"
ONE_OF_EACH_LOOK = """(repeated) => {
    const seen = new Set();
    const known = new Map();
    const look = (node) => {
        if (!node) return '';
        if (!known.has(node)) {
            const style = getComputedStyle(node);
            known.set(node, [look(node.parentElement), node.tagName, node.className, style.color, style.backgroundColor,
                style.backgroundImage, style.opacity, style.fontSize, style.fontWeight, style.position].join('|'));
        }
        return known.get(node);
    };
    const items = [...document.querySelectorAll(repeated)];
    for (const item of items) {
        const looks = [item, ...item.querySelectorAll('*')].map(look);
        item.dataset.seen = looks.every((one) => seen.has(one));
        looks.forEach((one) => seen.add(one));
    }
    for (const item of items) if (item.dataset.seen === 'true') item.style.display = 'none';
}"""
AS_BEFORE = """(repeated) => document.querySelectorAll(repeated).forEach((item) => {
    item.style.display = '';
    delete item.dataset.seen;
})"""


def violations(page: Page, repeated: str | None = None) -> list[str]:
    """What axe finds. Where hundreds of ``repeated`` items make a page long, colours are tried on one of each look."""
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    if repeated is None:
        return _found(page, {})
    others = _found(page, {"rules": {COLOURS: {"enabled": False}}})
    page.evaluate(ONE_OF_EACH_LOOK, repeated)
    colours = _found(page, {"runOnly": {"type": "rule", "values": [COLOURS]}})
    page.evaluate(AS_BEFORE, repeated)
    return others + colours


def violations_in_the_dark(page: Page, repeated: str | None = None) -> list[str]:
    """Turn the page dark; what axe finds then."""
    page.locator("#appearance").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    return violations(page, repeated)


def _found(page: Page, options: dict) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def go(page: Page, visit, address: str) -> None:
    """Maps are waited for, texts are there when they are loaded."""
    visit(address) if address.split("?", maxsplit=1)[0] in MAPS else page.goto(address)


@pytest.mark.parametrize("address", [*MAPS, *TEXTS])
def test_pages_have_no_barrier_in_light_and_dark(visit, page: Page, address):
    go(page, visit, address)
    assert violations(page) == []
    assert violations_in_the_dark(page) == []


@pytest.mark.parametrize("address", [*MAPS, *TEXTS])
def test_pages_have_no_barrier_in_english_on_a_phone(visit, page: Page, address):
    page.set_viewport_size(PHONE)
    go(page, visit, f"{address}{'&' if '?' in address else '?'}lang=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    for here in page.locator(".bar nav [aria-current]").all():
        expect(here).to_be_in_viewport(ratio=0.99)


@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere", 404), ("/first-admin/no-such-link", 404), ("/registers/none", 404)]
)
def test_pages_of_trouble_have_no_barrier(page: Page, address, status):
    refused_with(page, status)
    answer = page.goto(address)
    assert answer.status == status
    assert violations(page) == []
    page.locator("#appearance").click()
    page.set_viewport_size(PHONE)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_an_account_has_no_barrier(page: Page):
    page.goto("/sign-in?next=/account")
    page.locator(".demo-roles button").first.click()
    page.wait_for_url("**/account")
    assert violations(page) == []
    assert violations_in_the_dark(page) == []


def test_the_list_beside_the_map_has_no_barrier(visit):
    page = visit("/")
    page.locator(".map-tools [aria-expanded]").click()
    expect(page.locator(".drawer-list button").first).to_be_visible()
    assert violations(page) == []


def test_an_opinion_has_no_barrier_light_dark_or_on_a_phone(visit, projects):
    page, project = visit("/siting"), projects["prohibited"]
    choose(page, project["project_class"])
    page.get_by_label("拟选址范围").fill(lines_of(project["geometry"]))
    expect(page.locator("#understood")).not_to_be_empty()
    judge(page)
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    page.set_viewport_size(PHONE)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
