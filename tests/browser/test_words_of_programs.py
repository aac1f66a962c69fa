"""No page, card or panel shows a word of the program where something is missing, in either language."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import MAPS, TEXTS, go

MORE = ("/kpi", "/rulebook", "/areas/trial?unit=village", "/maps/areas?product=risk", "/registers/villages")
# Text nodes that are, or hold as a word of its own, what a program says for nothing, or a key of the program itself.
FOUND = r"""() => {
    const word = /(^|[^\p{L}\p{N}_])(undefined|NaN|null|false|\[object \w+\]|[a-z]+(?:_[a-z]+)+)(?![\p{L}\p{N}_])|^\s*(None|True|False|true)\s*$/u;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        if (!node.parentElement.closest('script, style, template, code') && word.test(node.data))
            found.push(`${node.parentElement.outerHTML.slice(0, 120)}: ${node.data.trim().slice(0, 80)}`);
    return found;
}"""

# The rulebook's own page names its fields by the keys they have in the files.
SHOWN_BY_KEY = "/rulebook"
BUT_KEYS = FOUND.replace("|[a-z]+(?:_[a-z]+)+", "")


def test_the_search_finds_what_it_looks_for(page: Page):
    page.set_content(
        "<p>是false</p><p>null</p><p>falsehood nullify</p><p>[object Object]</p><p>None of them</p><p>x: NaN,</p>"
        "<p>未调查：ecological_redline</p>"
    )
    assert len(page.evaluate(FOUND)) == 4
    assert len(page.evaluate(BUT_KEYS)) == 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_shows_a_word_of_the_program(visit, page: Page, language: str):
    found = {}
    for address in (*MAPS, *TEXTS, *MORE):
        go(page, visit, f"{address}{'&' if '?' in address else '?'}lang={language}")
        found[address] = page.evaluate(BUT_KEYS if address.startswith(SHOWN_BY_KEY) else FOUND)
    assert {address: words for address, words in found.items() if words} == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_card_of_the_overview_shows_a_word_of_the_program(visit, page: Page, language: str):
    """Every kind of thing the map tells of: projects, gaps, zones, villages and the objects of each register."""
    visit(f"/?lang={language}")
    card = page.locator("#selection")
    for opener in ("#projects button", "[data-unsurveyed]"):
        for button in page.locator(opener).all():
            button.click()
            expect(card).to_be_visible()
            assert page.evaluate(FOUND) == []
    page.locator(".map-tools [aria-expanded]").press("Enter")
    lists = page.locator("#drawer select option").evaluate_all("(all) => all.map((one) => one.value)")
    for name in lists:
        page.locator("#drawer select").select_option(name)
        kind = "zone" if "/" in name else name.removesuffix("s").removesuffix("-site")
        page.locator(f".drawer-list button[data-kind={kind}]").first.click()
        expect(card).to_be_visible()
        assert (name, page.evaluate(FOUND)) == (name, [])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_panel_of_other_maps_shows_a_word_of_the_program(visit, page: Page, projects, language: str):
    """The reasons of an area and an enterprise, and opinions of every verdict."""
    visit(f"/maps/areas?lang={language}")
    for row in page.locator("[data-area]").all():
        row.click()
        assert page.evaluate(FOUND) == []
    visit(f"/enterprises?lang={language}")
    page.locator("[data-enterprise]").first.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(FOUND) == []
    for verdict in ("prohibited", "gaps", "clear"):
        page.goto(f"/siting?project={projects[verdict]['id']}&lang={language}")
        expect(page.locator("#opinion .verdict")).to_be_visible()
        assert page.evaluate(FOUND) == []
