"""An officer looks for the red ones, opens one, reads why, and takes the list along."""

import io

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

PHONE = {"width": 390, "height": 844}


def shown_signs(page: Page) -> int:
    return page.locator(".leaflet-objects-pane .ent-sign").count()


def test_filter_open_a_red_one_see_why_and_download_the_list(visit):
    page = visit("/enterprises")
    rows = page.locator(".ent-list tbody tr")
    everything = rows.count()
    assert everything == shown_signs(page) > 40
    page.locator(".colour-red").click()
    expect(page.locator(".ent-list tbody tr.row-1")).to_have_count(int(page.locator("#count-red").inner_text()))
    expect(page.locator(".ent-list tbody tr:not(.row-1)")).to_have_count(0)
    page.wait_for_function("count => document.querySelectorAll('.ent-sign').length === count", arg=rows.count())
    page.get_by_role("link", name="示范第二加油站").click()
    detail = page.get_by_role("complementary", name="企业详情")
    expect(detail.get_by_role("heading", name="示范第二加油站")).to_be_focused()
    expect(detail.locator(".why-list li").first).to_contain_text("尚未整改完成，直接判定为重大风险")
    expect(detail).to_contain_text("GB 18218-2018")
    expect(detail).to_contain_text("S = Σ q/Q = 0.395")
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    expect(page.get_by_role("link", name="示范第二加油站")).to_be_focused()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载动态清单").click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    grades = [row[7] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert set(grades) == {"重大"}
    assert len(grades) == rows.count()


def test_words_find_an_enterprise_and_its_sign_opens_it(visit):
    page = visit("/enterprises")
    page.get_by_label("名称、信用代码或拼音首字母").press_sequentially("硅材")
    expect(page.locator(".ent-list tbody tr")).to_have_count(1)
    page.wait_for_function("() => document.querySelectorAll('.ent-sign').length === 1")
    page.locator(".leaflet-objects-pane .leaflet-marker-icon").click()
    detail = page.get_by_role("complementary", name="企业详情")
    expect(detail.locator(".steps")).to_contain_text("R = α · Σ β·q/Q")
    expect(page.locator(".stratum-selection path")).not_to_have_count(0)


def test_an_address_opens_one_enterprise_also_on_a_phone(visit, page: Page):
    page.set_viewport_size(PHONE)
    visit("/enterprises/1?lang=en")
    detail = page.get_by_role("complementary", name="Details of the enterprise")
    expect(detail).to_contain_text("Why this grade")
    page.get_by_role("link", name="Back to the list").click()
    expect(detail).to_be_hidden()
    expect(page.locator(".ent-list tbody tr").first).to_be_visible()


def test_signs_that_stand_on_one_another_are_spread_by_a_click_and_chosen_by_the_next(visit):
    page = visit("/enterprises")
    page.evaluate("window.map.setZoom(9, { animate: false })")
    signs = page.locator(".leaflet-objects-pane .leaflet-marker-icon")
    before = signs.evaluate_all("all => all.map((one) => one.style.transform)")
    signs.nth(0).dispatch_event("click")
    expect(page.locator(".spread-leg").first).to_be_attached()
    expect(page.get_by_role("complementary", name="企业详情")).to_be_hidden()
    after = signs.evaluate_all("all => all.map((one) => one.style.transform)")
    assert sum(one != other for one, other in zip(before, after, strict=True)) > 1
    signs.nth(0).dispatch_event("click")
    expect(page.get_by_role("complementary", name="企业详情")).to_be_visible()
