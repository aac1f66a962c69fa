"""A planner looks for ground that is judged milder, sees it on the map, takes it and has it judged."""

from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations
from tests.browser.test_hazard_map import WORDS


def test_ground_to_compare_with_is_named_shown_taken_and_judged_as_promised(page: Page, visit, projects):
    project = projects["prohibited"]
    visit(f"/siting?project={project['id']}")
    page.locator("#opinion .verdict").wait_for()
    page.get_by_role("button", name="找结论更轻的范围").click()
    told = page.locator(".places-told")
    expect(told.locator("li").first).to_be_visible()
    names = told.locator("[data-place]")
    expect(page.locator("path.site-place")).to_have_count(names.count())
    expect(page.locator("#map-key")).to_contain_text("可比选范围")
    assert violations(page) == []
    names.first.focus()
    expect(page.locator("path.site-place.is-meant")).to_have_count(1)
    promised = told.locator("li").first.locator(".badge").first.evaluate("(one) => one.lastChild.textContent")
    told.locator("[data-take]").first.click()
    expect(page.locator("path.site-place")).to_have_count(0)
    expect(page.locator("#opinion")).to_have_class("is-void")
    page.get_by_role("button", name="开始筛查").click()
    expect(page.locator("#opinion .verdict h3")).to_contain_text(promised)
    assert promised != WORDS["prohibited"]
