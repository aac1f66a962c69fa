"""Chains, guidance figures and trials as people meet them: by keyboard, in both languages, on a phone, in the dark."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import PHONE, violations

RAIN = "西南山区暴雨危险性高区"


@pytest.fixture(scope="module")
def rain(base_url: str) -> str:
    zones = httpx.get(f"{base_url}/api/zones?hazard=meteorological&product=hazard", timeout=60).json()["items"]
    return next(zone["id"] for zone in zones if zone["name"] == RAIN)


def settle(page: Page, address: str, size: dict | None = None) -> Page:
    if size:
        page.set_viewport_size(size)
    page.goto(address)
    page.wait_for_function("() => window.READY === 1")
    return page


def test_the_chain_of_a_zone_is_followed_by_keyboard_and_let_go(page: Page, rain):
    settle(page, f"/?select=zone:{rain}")
    with page.expect_response("**/api/chains*"):
        page.get_by_role("button", name="灾害链").press("Enter")
    steps = page.locator(".chain-step")
    expect(steps.first).to_contain_text("暴雨 → 山洪")
    expect(page.locator(".chains h2")).to_be_focused()
    expect(page.locator(".chain-label > span").first).to_be_visible()
    steps.first.press("Enter")
    expect(steps.first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("path.chosen").first).to_be_attached()
    page.locator(".chain-list summary").first.press("Enter")
    expect(page.locator(".chains")).to_contain_text("不能排除")
    assert violations(page) == []
    steps.first.press("Escape")
    expect(page.locator(".chains")).to_be_hidden()
    expect(page.locator("path.chain-ground")).to_have_count(0)
    expect(page.get_by_role("button", name="灾害链")).to_be_focused()


def test_a_chain_has_no_barrier_in_english_on_a_dark_phone(page: Page, rain):
    settle(page, f"/?lang=en&select=zone:{rain}", PHONE)
    with page.expect_response("**/api/chains*"):
        page.get_by_role("button", name="Hazard chain").press("Enter")
    expect(page.locator(".chain-step").first).to_contain_text("Rainstorm → Flash flood")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("address", ["/kpi", "/areas/trial"])
def test_figures_and_trials_have_no_barrier_light_dark_english_or_on_a_phone(page: Page, address):
    settle(page, address)
    assert violations(page, repeated="tbody tr") == []
    settle(page, f"{address}?lang=en", PHONE)
    page.locator("#appearance").click()
    assert violations(page, repeated="tbody tr") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    told = page.locator("main").inner_text()
    assert not re.search("[\u4e00-\u9fff]{12,}", told)


def test_every_chart_of_the_figures_is_drawn_with_patterns_beside_its_table(page: Page):
    settle(page, "/kpi")
    charts = page.locator("[data-chart]")
    expect(charts).to_have_count(5)
    for chart in charts.all():
        expect(chart.locator("svg path").first).to_be_attached()
    assert page.locator("[data-chart=people] svg pattern").count() > 0
    assert page.locator(".kpi-pair").count() == page.locator(".kpi-pair:has(table)").count()


def test_a_guest_cannot_keep_a_baseline_and_an_officer_can(page: Page):
    settle(page, "/kpi")
    expect(page.locator("#keep-baseline")).to_have_count(0)
    page.request.post("/api/session/demo", data={"role": "officer"})
    settle(page, "/kpi")
    page.get_by_label("名称").fill("浏览器基线")
    page.get_by_label("为什么以今天为基线").fill("试一次")
    page.get_by_role("button", name="把今天的数字存为基线").click()
    page.wait_for_url(re.compile(r"/kpi\?baseline=\d+"))
    expect(page.locator(".kpi-baselines")).to_contain_text("试一次")
    expect(page.locator("tr.change").first).to_contain_text("较基线")
    assert violations(page) == []


def test_judgements_that_contradict_each_other_are_rejected_while_typing(page: Page):
    settle(page, "/areas/trial")
    expect(page.locator(".no-publish")).to_have_text("试算，不发布")
    note = page.locator("#consistency")
    expect(note).to_contain_text("CR 0.0074")
    with page.expect_response("**/api/trials"):
        page.locator("[name=j-0-4]").select_option("1/4")
    expect(note).to_contain_text("CR 0.3478")
    expect(note).to_contain_text("拒绝")
    expect(page.locator("#judged")).to_be_empty()
    with page.expect_response("**/api/trials"):
        page.locator("#judgements [type=reset]").click()
    expect(note).to_contain_text("CR 0.0074")
    expect(page.locator("#judged")).to_contain_text("次序相关系数 1.0000")


def test_weights_slide_and_say_what_would_change(page: Page):
    settle(page, "/areas/trial")
    expect(page.locator("#weighed")).to_contain_text("次序相关系数")
    with page.expect_response("**/api/trials"):
        page.locator("#weights [name=wildfire]").fill("100")
    expect(page.locator("#weighed")).not_to_contain_text("次序相关系数 1.0000")
    for name in ("flooding", "geological", "earthquake", "meteorological", "wildfire"):
        page.locator(f"#weights [name={name}]").fill("0")
    expect(page.locator("#weighed")).to_contain_text("不能全为 0")
