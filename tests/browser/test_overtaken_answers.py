"""An answer that comes late, after something else was asked, is shown nowhere: held back here until the newer one stands."""

import contextlib
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.conftest import refused_with

Held = list[Route]


@pytest.fixture
def hold(page: Page) -> Callable[..., Held]:
    """Hold back the first so many answers to an address, until they are let go."""

    def begin(pattern: str | re.Pattern[str], *, first: int = 1) -> Held:
        held: Held = []

        def meet(route: Route) -> None:
            if len(held) < first:
                held.append(route)
            else:
                route.continue_()

        page.route(pattern, meet)
        return held

    return begin


def let_go(page: Page, held: Held) -> None:
    """Let what was held back arrive now, where the page still waits for it."""
    for route in held:
        with contextlib.suppress(Error):
            route.continue_()
    page.wait_for_timeout(700)


def abandons_requests(page: Page) -> None:
    """What is no longer waited for is given up, which htmx writes into the console."""
    page.expected_errors = ("htmx:afterRequest", "htmx:sendAbort")  # type: ignore[attr-defined]


def until_held(page: Page, held: Held) -> None:
    for _ in range(100):
        if held:
            return
        page.wait_for_timeout(30)
    raise AssertionError("nothing was asked")


def test_enter_chooses_no_place_found_by_other_words_than_stand_in_the_box(page: Page, hold, visit):
    visit("/kpi")
    box = page.locator("#search input")
    box.fill("明水")
    expect(page.locator("#search .search-list > *").first).to_be_visible()
    held = hold("**/api/places?*")
    box.fill("南寨子")
    box.press("Enter")
    until_held(page, held)
    expect(box).to_have_value("南寨子")
    assert page.url.endswith("/kpi")
    let_go(page, held)
    expect(page.locator("#search .search-list > *").first).to_contain_text("南寨子")


def test_the_enterprise_asked_for_last_is_the_one_that_is_shown(page: Page, hold, visit):
    visit("/enterprises")
    abandons_requests(page)
    first, second = page.locator(".ent-list [data-enterprise]").all()[:2]
    held = hold(re.compile(r"/enterprises/\d+$"))
    first.click()
    until_held(page, held)
    name = second.inner_text()
    second.click()
    heading = page.locator("#detail [data-chosen]")
    expect(heading).to_have_text(name)
    let_go(page, held)
    expect(heading).to_have_text(name)


def test_a_register_shows_what_was_asked_of_it_last(page: Page, hold):
    page.goto("/registers/enterprises")
    held = hold("**/registers/enterprises?*sort=*")
    page.get_by_role("link", name="从业人数").click()
    until_held(page, held)
    page.locator("[name=kind]").select_option("fuel")
    let_go(page, held)
    page.wait_for_url("**kind=fuel**")
    expect(page.locator("[name=kind]")).to_have_value("fuel")
    expect(page.locator(".rows tbody tr").first).to_contain_text("成品油")


def test_a_trial_that_answers_other_weights_goes_at_once_and_never_comes_back(page: Page, hold, visit):
    visit("/areas/trial")
    place = page.locator("#weighed")
    expect(place).to_contain_text("次序相关系数")
    held = hold("**/api/trials")
    slider = page.locator("#weights [name=wildfire]")
    slider.fill("100")
    expect(place).to_be_empty()
    until_held(page, held)
    slider.fill("90")
    expect(place).to_contain_text("次序相关系数")
    stands = place.inner_text()
    refused_with(page, 503)
    for route in held:
        route.fulfill(status=503, content_type="application/problem+json", body='{"detail": "忙", "status": 503}')
    page.wait_for_timeout(300)
    assert place.inner_text() == stands
    page.locator("[name=j-0-4]").select_option("1/4")
    expect(page.locator("#consistency")).to_contain_text("CR 0.3478")


def test_judgements_under_change_stand_beside_no_ratio_of_others(page: Page, hold, visit):
    visit("/areas/trial")
    expect(page.locator("#consistency")).to_contain_text("CR 0.0074")
    held = hold("**/api/trials")
    page.locator("[name=j-0-4]").select_option("1/4")
    expect(page.locator("#consistency")).to_be_empty()
    expect(page.locator("#judged")).to_be_empty()
    until_held(page, held)
    let_go(page, held)
    expect(page.locator("#consistency")).to_contain_text("CR 0.3478")


def test_numerals_of_a_theme_that_was_left_stand_on_no_other(page: Page, hold, visit):
    visit("/")
    held = hold("**/api/zones?hazard=flood*")
    page.locator("[name=theme][value='flood/hazard']").check()
    until_held(page, held)
    page.locator(
        "[name=theme][value='geological/susceptibility'], [name=theme][value='earthquake/risk_building']"
    ).first.check()
    page.wait_for_timeout(700)
    numerals = page.locator(".map-label.numerals")
    before = sorted(numerals.all_inner_texts())
    let_go(page, held)
    assert sorted(numerals.all_inner_texts()) == before


def test_a_batch_that_answered_another_file_is_gone_when_a_new_one_is_chosen(page: Page, visit):
    visit("/siting")
    files = [{"name": f"{name}.geojson", "mimeType": "application/json", "buffer": b"{}"} for name in ("old", "new")]
    done = {
        "id": 1, "kind": "check sites", "state": "done", "progress": 1, "links": {"self": "/api/jobs/1", "files": {"check.xlsx": "/x"}},
        "result": {
            "verdicts": {"prohibited": 3}, "report": {"features_read": 3, "features_loaded": 3, "features_refused": 0},
            "record": {"number": "C-1"},
        },
    }  # fmt: skip
    page.route(
        "**/api/siting/batch",
        lambda route: route.fulfill(status=202, content_type="application/json", body=json.dumps(done)),
    )
    page.get_by_role("tab", name="批量筛查").click()
    page.locator("#batch-file").set_input_files(files[:1])
    page.get_by_role("button", name="提交批量筛查").click()
    answer = page.locator("#batch-answer")
    expect(answer).to_contain_text("old.geojson")
    expect(answer).to_contain_text("触发禁止性规则 3")
    page.locator("#batch-file").set_input_files(files[1:])
    expect(answer).to_be_empty()
