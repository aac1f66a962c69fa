"""Ground nobody surveyed: no grade is drawn, written or told there; its card says where, who and what to do."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import tiles_from

TOLD = re.compile(r"未调查：洪水 · 明水村 · [\d.,]+ (?:km²|公顷) · [\d,]+ 人 · 应补调查")
HATCH = ".stratum-unsurveyed path.unsurveyed"
# Of places on the hatch: what a finger would meet first there, of the hatch and of everything that has a grade.
FIRST_MET = """() => {
    const hatch = document.querySelector('.stratum-unsurveyed path.unsurveyed');
    const box = hatch.getBoundingClientRect();
    const found = [];
    for (let i = 1; i < 12; i++)
        for (let j = 1; j < 12; j++) {
            const at = [box.left + (box.width * i) / 12, box.top + (box.height * j) / 12];
            const place = new DOMPoint(...at).matrixTransform(hatch.getScreenCTM().inverse());
            if (!hatch.isPointInFill(place)) continue;
            const met = document.elementsFromPoint(...at);
            const first = met.find((one) => one.matches('.stratum-unsurveyed path, .stratum-grades path, .leaflet-tile'));
            if (first) found.push(first === hatch);
        }
    return found;
}"""
NUMERALS_ON_HATCH = """() => {
    const hatch = document.querySelector('.stratum-unsurveyed path.unsurveyed');
    const middle = ({ left, top, width, height }) => new DOMPoint(left + width / 2, top + height / 2);
    return [...document.querySelectorAll('.map-label.numerals span')]
        .filter((one) => hatch.isPointInFill(middle(one.getBoundingClientRect()).matrixTransform(hatch.getScreenCTM().inverse())))
        .map((one) => one.textContent)
        .filter((text) => text !== '?');
}"""


@pytest.mark.parametrize("tiled", [False, True])
@pytest.mark.parametrize("address", ["/", "/maps/hazards"])
def test_no_grade_shows_or_answers_where_nobody_surveyed(visit, page: Page, address: str, tiled: bool):
    if tiled:
        tiles_from(page, 1)
    visit(address)
    expect(page.locator(HATCH)).to_have_count(1)
    if tiled:
        expect(page.locator(".map-label.numerals").first).to_be_attached()
    met = page.evaluate(FIRST_MET)
    assert len(met) > 20
    assert all(met)
    assert page.evaluate(NUMERALS_ON_HATCH) == []
    assert page.locator(HATCH).get_attribute("fill-opacity") == "1"
    click_the_hatch(page)
    card = page.locator("#selection")
    expect(card.locator("h2")).to_have_text(TOLD)
    expect(card).to_contain_text("普查综合风险区划")
    expect(card.locator("[class*=rank-], .numeral")).to_have_count(0)


def click_the_hatch(page: Page) -> None:
    """A click into the south of the piece, where no pin stands."""
    box = page.locator(HATCH).bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.8)


def test_the_gap_is_told_to_whoever_has_only_a_keyboard(visit):
    page = visit("/")
    page.locator(HATCH).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#selection h2")).to_have_text(TOLD)
    page.keyboard.press("Escape")
    expect(page.locator("#selection")).to_be_hidden()
    expect(page.locator("[data-unsurveyed][aria-pressed=true]")).to_have_count(0)


def test_the_list_of_gaps_frames_the_ground_and_opens_its_card(visit):
    page = visit("/")
    before = page.evaluate("() => window.map.getZoom()")
    page.locator("[data-unsurveyed=flood]").press("Enter")
    expect(page.locator("#selection h2")).to_have_text(TOLD)
    expect(page.locator("[name=theme][value='flood/hazard']")).to_be_checked()
    expect(page.locator("[data-unsurveyed=flood]")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("() => window.map.getZoom()") > before
    page.locator("#selection .close").click()
    expect(page.locator("[data-unsurveyed=flood]")).to_have_attribute("aria-pressed", "false")
    page.goto(f"{page.url.split('?')[0]}?select=gap:flood")
    expect(page.locator("#selection h2")).to_have_text(TOLD)


def test_where_surveys_cannot_be_asked_for_no_grade_is_drawn(visit, page: Page):
    page.expected_errors = ("status of 503", "out of order")  # type: ignore[attr-defined]
    page.route("**/api/surveys/unsurveyed*", lambda route: route.fulfill(status=503, json={"detail": "out of order"}))
    visit("/maps/hazards")
    expect(page.locator("#map-note")).to_contain_text("地图没有画完")
    expect(page.locator(".stratum-grades path")).to_have_count(0)


def test_the_single_file_tells_the_gap_too(visit: Callable[[str], Page], page: Page, tmp_path: Path):
    visit("/maps/hazards")
    with page.expect_download() as download:
        page.locator("a[download]").click()
    file = tmp_path / "map.html"
    download.value.save_as(file)
    page.goto(file.as_uri())
    page.wait_for_function("() => window.READY === 1")
    assert all(page.evaluate(FIRST_MET))
    assert page.evaluate(NUMERALS_ON_HATCH) == []
    click_the_hatch(page)
    expect(page.locator("#selection h2")).to_have_text(TOLD)
    page.locator("#selection .close").click()
    page.locator("[data-legend-gap]:visible").press("Enter")
    expect(page.locator("#selection h2")).to_have_text(TOLD)


def test_an_opinion_tells_no_mild_grade_of_a_theme_nobody_surveyed_there(page: Page, projects):
    """The site lies where flood, and so the composite zoning, is unknown; its zones there say 低 and are not believed."""
    page.goto(f"/siting?project={projects['gaps']['id']}")
    row = page.locator("#opinion tr", has=page.locator("th", has_text="普查综合风险区划"))
    expect(row).to_contain_text("没有资料，不作判断")
    expect(row.locator("[class*=rank-]")).to_have_count(0)
    expect(page.locator("#opinion tr [class*=rank-]").first).to_be_visible()
    key = page.locator(".key", has_text="拟选址范围")
    expect(key).to_contain_text("未调查")
    expect(key).not_to_contain_text("普查综合风险区划")
    expect(page.locator(".stratum-grades path")).to_have_count(0)
    expect(page.locator(".stratum-unsurveyed path.composite-gap")).to_have_count(1)
