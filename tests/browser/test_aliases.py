"""An officer names places where they are found, and loses no word when the sign-in is lost; nobody else is offered it."""

import re
import subprocess

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import refused_with
from tests.browser.test_accessibility import PHONE, violations
from tests.running import ANZHI, Running, anzhi_here

PASSWORD = "granary under willow"
VILLAGE, OTHER = "village:SYN-620724102-02", "village:SYN-620724102-03"


def sign_in(page: Page, role: str) -> None:
    page.goto("/sign-in?next=/registers/villages")
    page.locator(f"button[value={role}]").first.click()
    page.wait_for_url("**/registers/villages")


def search(page: Page, words: str) -> Locator:
    """The candidates of a search, once they are there."""
    with page.expect_response(lambda answer: "/api/places?" in answer.url):
        page.get_by_role("combobox", name="查找村组、企业、桩号").fill(words)
    found = page.locator(".search-list > div")
    expect(found.first).to_be_visible()
    return found


def open_by_keyboard(page: Page, words: str) -> Locator:
    search(page, words)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    return page.get_by_role("dialog", name="小海子村的别名")


@pytest.fixture
def leaving_nothing(base_url: str, town: Running):
    """Every alias is forgotten afterwards, as an officer at the console does it."""
    yield
    for alias in httpx.get(f"{base_url}/api/places/aliases", timeout=60).json()["items"]:
        assert anzhi_here(town.data_dir, "place", "unalias", alias["id"]).returncode == 0


def test_an_alias_is_added_by_keyboard_found_at_once_and_withdrawn(page: Page, leaving_nothing):
    sign_in(page, "officer")
    dialog = open_by_keyboard(page, "小海子村")
    expect(dialog.locator("li")).to_have_count(1)
    expect(dialog.get_by_label("新的别名")).to_be_focused()
    page.keyboard.type("湾子上")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("现在就可以查到")
    expect(dialog.locator("li").last).to_contain_text("湾子上")
    expect(dialog.locator("li").last).to_contain_text("demo-officer")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="查找村组、企业、桩号")).to_be_focused()
    for asked in ("湾子上", "wanzishang", "wzs"):
        expect(search(page, asked).filter(has_text="小海子村").first).to_contain_text("湾子上")
    dialog = open_by_keyboard(page, "湾子上")
    dialog.get_by_role("button", name="撤回别名 湾子上").click()
    expect(dialog.locator("li")).to_have_count(1)
    page.keyboard.press("Escape")
    search(page, "xhz")
    page.get_by_role("combobox", name="查找村组、企业、桩号").fill("湾子上")
    expect(page.locator(".search-note")).to_have_text("没有叫这个名字的地方")


def test_what_cannot_be_an_alias_is_said_with_the_words_kept(page: Page, leaving_nothing):
    refused_with(page, 4)
    sign_in(page, "officer")
    dialog = open_by_keyboard(page, "小海子村")
    field, trouble = dialog.get_by_label("新的别名"), dialog.get_by_role("alert")
    for typed, told in (("　 ", "请写一个名称"), ("——", "没有文字或数字"), ("湾" * 101, "最多 100 个字")):
        field.fill(typed)
        page.keyboard.press("Enter")
        expect(trouble).to_contain_text("没有给小海子村登记别名")
        expect(trouble).to_contain_text(told)
        expect(field).to_have_value(typed)
    field.fill("小海子村")
    page.keyboard.press("Enter")
    expect(trouble).to_contain_text("已经是小海子村的名称")
    expect(dialog.locator("li")).to_have_count(1)


def test_the_form_says_who_else_is_called_so_before_anything_is_written(page: Page, town: Running, leaving_nothing):
    assert town.anzhi("place", "alias", OTHER, "河湾").returncode == 0
    sign_in(page, "officer")
    dialog = open_by_keyboard(page, "小海子村")
    dialog.get_by_label("新的别名").fill("河湾")
    expect(dialog.get_by_role("status")).to_contain_text("另有 1 处也叫这个名称：墩仁村")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("已登记")
    page.keyboard.press("Escape")
    expect(search(page, "河湾")).to_have_count(2)


def test_a_lost_sign_in_is_made_again_in_place_and_the_alias_arrives(page: Page, town: Running, leaving_nothing):
    made = [ANZHI, "user", "add", "li", "--role", "officer", "--password-stdin", "--data-dir", town.data_dir]
    subprocess.run(made, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
    refused_with(page, 401)
    sign_in(page, "officer")
    dialog = open_by_keyboard(page, "小海子村")
    expect(dialog.locator("li")).to_have_count(1)
    page.context.clear_cookies()
    dialog.get_by_label("新的别名").fill("湾子上")
    page.keyboard.press("Enter")
    page.get_by_label("用户名").fill("li")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("「湾子上」已登记")
    expect(dialog.locator("li").last).to_contain_text("li · ")


def test_a_sign_in_that_is_not_made_again_keeps_the_words(page: Page):
    refused_with(page, 401)
    sign_in(page, "officer")
    dialog = open_by_keyboard(page, "小海子村")
    page.context.clear_cookies()
    dialog.get_by_label("新的别名").fill("湾子上")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="请登录").get_by_role("button", name="取消").click()
    expect(dialog.get_by_role("alert")).to_contain_text("请先登录")
    expect(dialog.get_by_label("新的别名")).to_have_value("湾子上")


def test_who_may_not_name_places_is_offered_nothing(page: Page):
    page.goto("/registers/villages")
    expect(search(page, "xhz").first).to_have_attribute("role", "option")
    expect(page.get_by_role("button", name=re.compile("别名"))).to_have_count(0)
    sign_in(page, "planner")
    search(page, "xhz")
    expect(page.get_by_role("button", name=re.compile("别名"))).to_have_count(0)


def test_a_row_of_the_register_is_named_and_shows_it(page: Page, leaving_nothing):
    sign_in(page, "officer")
    page.goto("/registers/groups")
    row = page.locator(".rows tbody tr").first
    row.get_by_role("button", name=re.compile("的别名")).click()
    page.get_by_label("新的别名").fill("老<b>庄</b>子")
    page.keyboard.press("Enter")
    expect(row.locator(".also")).to_have_text("又称 老<b>庄</b>子")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator(".rows tbody tr").first.locator(".also")).to_have_text("又称 老<b>庄</b>子")


def test_naming_has_no_barrier_light_dark_or_in_english_on_a_phone(page: Page):
    sign_in(page, "officer")
    for _ in ("light", "dark"):
        search(page, "xhz")
        assert violations(page) == []
        page.keyboard.press("Escape")
        page.locator("#appearance").click()
    page.set_viewport_size(PHONE)
    page.goto("/registers/villages?lang=en")
    page.get_by_role("combobox").fill("xhz")
    page.locator(".search-list button").first.click()
    expect(page.get_by_role("dialog").get_by_label("New alias")).to_be_focused()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
