"""The rulebook contested: an officer tightens a distance, sees whom it hits, another person approves, sites answer anew."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OPINION, PATIENCE_MS, choose, judge, lines_of, refused_with
from tests.browser.test_accessibility import PHONE, violations, violations_in_the_dark

FAULT_FIELD = "avoidance.rows.8.distances.乙"
BACKING = {"reason": "断层附近从严", "basis": "镇规划委员会会议纪要", "source": "南华镇人民政府"}
ADDRESSES = (
    "/rulebook",
    "/rulebook/rules/FLT-AVOID",
    "/rulebook/rules/siting.mandatory",
    "/rulebook/proposals",
    "/rulebook/versions/1",
)


def sign_in(page: Page, role: str) -> None:
    page.goto("/sign-in")
    page.locator(f"button[value={role}]").first.click()
    expect(page.locator(".account .who")).to_be_visible()


def fill(page: Page, value: str) -> None:
    given = page.get_by_label("新值")
    given.select_option(value) if given.evaluate("one => one.tagName") == "SELECT" else given.fill(value)
    for name, words in BACKING.items():
        page.locator(f"[name={name}]").fill(words)


def choose_field(page: Page, field: str) -> None:
    with page.expect_response(re.compile(r"/propose\?field=")):
        page.locator("[name=field]").select_option(field)


@pytest.fixture
def approver(browser: Browser, base_url: str):
    """A second person at a desk of their own."""
    context = browser.new_context(base_url=base_url, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    sign_in(page, "approver")
    yield page
    context.close()


def approve(page: Page, proposal: str) -> None:
    page.goto(proposal)
    page.get_by_role("button", name="批准并发布为新版本").click()
    page.wait_for_url(re.compile(r"/rulebook/versions/\d+"))


def test_a_tightened_distance_goes_from_the_form_to_the_opinion_and_back(page: Page, visit, approver: Page, base_url):
    sign_in(page, "officer")
    page.goto("/rulebook/rules/FLT-AVOID")
    page.get_by_role("link", name="提议修改").last.click()
    page.wait_for_url("**/propose")
    choose_field(page, FAULT_FIELD)
    expect(page.locator("#current")).to_contain_text("200")
    fill(page, "5000")
    page.get_by_role("button", name="预览影响").click()
    effect = page.locator("#preview .impact tbody tr", has_text="未触发已加载规则")
    expect(effect).to_have_count(1)
    name = effect.get_by_role("link").inner_text()
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_url(re.compile(r"/rulebook/proposals/\d+"))
    proposal = page.url
    expect(page.get_by_text("等待另一位审核人批准")).to_be_visible()
    expect(page.locator(".impact")).to_contain_text(name)
    assert violations(page) == []
    (project,) = [
        one for one in httpx.get(f"{base_url}/api/projects", timeout=120).json()["items"] if one["name"] == name
    ]
    assert project["verdict"] == "permitted"
    approve(approver, proposal)
    expect(approver.locator(".diff")).to_contain_text("5000")
    number = int(approver.url.rsplit("/", 1)[1])

    visit("/siting")
    choose(page, project["project_class"])
    page.get_by_label("拟选址范围").fill(lines_of(project["geometry"]))
    expect(page.locator("#understood")).not_to_be_empty()
    answer = judge(page)
    assert (answer["verdict"], answer["rulebook"]["number"]) == ("insufficient_data", number)
    expect(page.locator(".ending")).to_contain_text(f"第 {number} 版规则库")

    page.goto(f"/rulebook/versions/{number - 1}")
    page.get_by_label("修改理由").fill("试行结束")
    page.get_by_role("button", name="提议恢复到这一版").click()
    page.wait_for_url(re.compile(r"/rulebook/proposals/\d+"))
    approve(approver, page.url)
    expect(approver.get_by_text(f"等于第 {number - 1} 版")).to_be_visible()


def test_loosening_a_law_is_refused_with_a_clear_sentence_and_nothing_typed_is_lost(page: Page):
    refused_with(page, 422)
    sign_in(page, "officer")
    page.goto("/rulebook/rules/RIV-SCOPE/propose")
    choose_field(page, "verdicts.K4")
    fill(page, "R")
    page.get_by_role("button", name="提交审核").click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("RIV-SCOPE")
    expect(said).to_contain_text("以法律法规为据，本地只能收紧，不能放宽")
    expect(page.locator("[name=basis]")).to_have_value(BACKING["basis"])
    assert violations(page) == []


def test_rules_are_filtered_in_place_and_the_address_keeps_the_filter(page: Page):
    page.goto("/rulebook")
    everything = page.locator(".rule").count()
    weights = page.locator('[id="grading.weights"]')
    expect(weights.locator("table")).to_have_count(0)
    weights.locator("summary").click()
    expect(weights.locator("table.values")).to_be_visible()
    page.get_by_label("灾种").select_option("wildfire")
    expect(page.locator(".rule")).to_have_count(2)
    page.locator("#q").fill("50 米")
    expect(page.locator(".rule")).to_have_count(1)
    assert everything > 40
    page.goto(page.url)
    expect(page.locator(".rule")).to_have_count(1)


def test_a_finding_leads_to_its_rule_and_says_it_in_english(visit, page: Page, projects):
    visit("/siting?lang=en")
    project = projects["prohibited"]
    choose(page, project["project_class"])
    page.locator("#coordinates").fill(lines_of(project["geometry"]))
    expect(page.locator("#understood")).not_to_be_empty()
    with page.expect_response(OPINION):
        page.locator("#submit").click()
    page.locator("#opinion .verdict").wait_for()
    rule = page.locator(".rule-address").first
    mark = rule.inner_text()
    assert not re.search(
        "[\u4e00-\u9fff]",
        re.sub(r"\([^)]*\)", "", page.locator(".evidence tbody tr td:nth-last-child(2)").first.inner_text()),
    )
    rule.click()
    expect(page.locator("h1")).to_contain_text(mark)
    expect(page.get_by_role("heading", name="What it decides now")).to_be_visible()


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_of_the_rulebook_have_no_barrier(page: Page, address):
    page.goto(f"{address}?lang=zh")
    assert violations(page, repeated=".rule") == []
    assert violations_in_the_dark(page, repeated=".rule") == []
    page.set_viewport_size(PHONE)
    page.goto(f"{address}?lang=en")
    assert violations(page, repeated=".rule") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
