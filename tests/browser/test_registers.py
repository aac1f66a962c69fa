"""Registers looked through as an officer does, and what a person sees where an address leads nowhere."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import refused_with


def test_a_register_is_filtered_sorted_and_gone_back_in_without_loading_the_page_anew(page: Page):
    page.goto("/registers/enterprises")
    page.evaluate("document.body.dataset.same = 'yes'")
    rows = page.locator(".rows tbody tr")
    whole = rows.count()
    page.locator("#filter-words").fill("加油")
    page.wait_for_url(re.compile("q="))
    expect(rows.first).to_contain_text("加油")
    assert 0 < rows.count() < whole
    page.locator("#filter-words").fill("")
    page.locator("[name=kind]").select_option("fuel")
    page.wait_for_url(re.compile("kind=fuel"))
    page.get_by_role("link", name="从业人数").click()
    page.wait_for_url(re.compile("sort=staff"))
    expect(page.locator("[aria-sort=ascending]")).to_have_count(1)
    staff = [int(text) for text in page.locator(".rows tbody td:nth-child(5)").all_inner_texts()]
    assert staff == sorted(staff)
    assert page.locator("body").get_attribute("data-same") == "yes"
    page.go_back()
    expect(page.locator("[aria-sort]")).to_have_count(0)


def test_in_english_the_grounds_of_an_opinion_are_english_too(page: Page):
    page.goto("/registers/projects?lang=en")
    flagged = page.locator(".rows tr", has=page.locator(".badge.is-prohibited"))
    expect(flagged.first.locator(".long").first).to_have_text(re.compile(r"site|from"))
    assert not re.search("用地与|小于", page.locator(".rows").inner_text())


def test_a_row_leads_to_the_map_and_is_selected_there(page: Page, visit):
    page.goto("/registers/shelters")
    row = page.locator(".rows tbody tr").first
    name, address = row.locator("th").inner_text(), row.locator("a").get_attribute("href")
    visit(address)
    expect(page.locator("#selection h2")).to_have_text(name)


def test_a_long_register_comes_in_pages(page: Page):
    page.goto("/registers/buildings")
    first = page.locator(".rows tbody tr").first.get_attribute("id")
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url(re.compile("page=2"))
    expect(page.locator(f"#{first}")).to_have_count(0)
    expect(page.locator(".rows tbody tr")).to_have_count(50)


def test_an_address_that_leads_nowhere_is_a_page_with_ways_out(page: Page):
    refused_with(page, 404)
    assert page.goto("/nowhere").status == 404
    expect(page.locator("h1")).to_have_text("没有找到这一页")
    page.get_by_role("link", name="回到风险总览").click()
    expect(page.locator("h1")).to_have_text("风险总览")


def test_the_unsurveyed_theme_of_a_project_is_named_in_the_list_and_on_its_card(visit, projects):
    page, project = visit("/"), projects["gaps"]
    row = page.locator("#projects button").filter(has_text=project["name"])
    expect(row.locator(".unknown-themes")).to_contain_text("洪水")
    row.click()
    expect(page.locator("#selection .unknown-themes")).to_contain_text("洪水")
