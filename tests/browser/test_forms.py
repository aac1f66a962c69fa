"""Registers written on pages: made, wrong at its field, put right, changed by another meanwhile, both values, kept."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS, refused_with
from tests.browser.test_accessibility import PHONE, violations, violations_in_the_dark
from tests.browser.test_rulebook import sign_in

SCRIPTS = re.compile(r"/js/(?!appearance)[^?]*\.js")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_function("() => window.READY === 1")
    return page


def trouble_at(page: Page, field: str):
    return page.locator(f"[data-field={field}] .field-trouble")


@pytest.fixture
def another(browser: Browser, base_url: str) -> Callable[[str], Page]:
    """Somebody else, at a desk of their own."""
    context = browser.new_context(base_url=base_url, locale="zh-CN")

    def sit_down(role: str) -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        sign_in(page, role)
        return page

    yield sit_down
    context.close()


def save(page: Page) -> None:
    page.locator(".register-form [type=submit]").click()


def test_an_enterprise_is_made_put_right_and_kept_though_another_wrote_in_between(page: Page, another):
    refused_with(page, 422)
    sign_in(page, "officer")
    opened(page, "/enterprises/new")
    page.locator("[name=name]").fill("新登记的试验厂")
    page.locator("[name=sector]").select_option("food")
    page.locator("[name=staff]").fill("很多")
    page.locator("[name=coordinates]").fill("99.8012, 39.3301")
    expect(page.locator("[data-understood] .read-as")).to_be_visible()
    save(page)
    expect(trouble_at(page, "staff")).not_to_be_empty()
    expect(page.locator("[name=staff]")).to_have_value("很多")
    expect(page.locator("[name=staff]")).to_be_focused()
    assert violations_in_the_dark(page) == []
    page.locator("[name=staff]").fill("12")
    save(page)
    page.wait_for_url(re.compile(r"/enterprises/\d+$"))
    address = page.url

    page.expected_errors = ("status of 422", "status of 412")  # type: ignore[attr-defined]
    opened(page, f"{address}/change")
    expect(page.locator("[name=coordinates]")).to_have_value("99.8012,39.3301")
    page.locator("[name=staff]").fill("15")
    page.locator("[name=industry]").fill("挂面")
    other = another("officer")
    opened(other, f"{address}/change")
    other.locator("[name=staff]").fill("20")
    other.locator("[name=address]").fill("镇东街 3 号")
    save(other)
    other.wait_for_url(address)
    save(page)
    dialog = page.locator("dialog.conflict")
    expect(dialog.locator("[data-both]")).to_have_count(1)
    expect(dialog.locator("[data-both=staff]")).to_contain_text("15")
    expect(dialog.locator("[data-both=staff]")).to_contain_text("20")
    expect(dialog).to_contain_text("镇东街 3 号")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("[name=staff]")).to_have_value("15")
    save(page)
    dialog.locator("[data-both=staff] [value=mine]").check()
    dialog.locator("[type=submit]").click()
    page.wait_for_url(address)
    kept = page.request.get(address.replace("/enterprises", "/api/enterprises")).json()
    assert (kept["staff"], kept["industry"], kept["address"]) == (15, "挂面", "镇东街 3 号")


def test_a_hidden_danger_is_registered_by_a_point_on_the_map_and_led_on_by_two(page: Page, another):
    refused_with(page, 422)
    sign_in(page, "officer")
    page.set_viewport_size(PHONE)
    opened(page, "/hidden-dangers/new")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.locator("[name=channel]").select_option("self")
    save(page)
    expect(page.locator(".form-trouble")).to_be_visible()
    page.locator("[data-draw=point]").click()
    page.locator(".folium-map").click(position={"x": 300, "y": 300})
    expect(page.locator("[name=coordinates]")).not_to_have_value("")
    page.locator("[name=found_on]").fill("2999-01-01")
    save(page)
    expect(trouble_at(page, "found_on")).not_to_be_empty()
    page.locator("[name=found_on]").fill("2026-05-01")
    save(page)
    page.wait_for_url(re.compile(r"/hidden-dangers/\d+$"))
    address = page.url
    page.get_by_role("button", name="开始核查").click()
    page.wait_for_url(address)
    dismiss = page.locator("details", has_text="认定不属实")
    dismiss.locator("summary").click()
    expect(dismiss.locator("form")).to_have_count(0)
    transfer = page.locator("details", has_text="转为一般隐患")
    transfer.locator("summary").click()
    transfer.locator("[type=submit]").click()
    expect(transfer.locator("[data-field=comment] .field-trouble")).not_to_be_empty()
    assert violations(page) == []
    transfer.locator("[name=comment]").fill("一般")
    transfer.locator("[type=submit]").click()
    expect(page.locator(".acts > li")).to_have_count(3)


def test_a_dispatcher_ticks_what_a_force_can_do_and_lists_its_tools_though_another_wrote_in_between(
    page: Page, another
):
    page.expected_errors = ("status of 422", "status of 412")  # type: ignore[attr-defined]
    sign_in(page, "dispatcher")
    page.goto("/registers/forces")
    page.get_by_role("link", name="新增登记").click()
    page.wait_for_function("() => window.READY === 1")
    page.locator("[name=name]").fill("试验救援队")
    page.locator("[name=kind]").select_option("social")
    page.get_by_role("checkbox", name="舟艇").check()
    page.locator("[name=equipment]").fill("冲锋舟 2\n手抬泵")
    page.locator("[name=coordinates]").fill("99.8012, 39.3301")
    expect(page.locator("[data-understood] .read-as")).to_be_visible()
    save(page)
    expect(trouble_at(page, "equipment")).not_to_be_empty()
    page.locator("[name=equipment]").fill("冲锋舟 2\n手抬泵 ×3")
    assert violations(page) == []
    save(page)
    page.wait_for_url(re.compile(r"/registers/forces"))
    row = page.locator("tr[aria-current]")
    expect(row).to_contain_text("冲锋舟 ×2、手抬泵 ×3")
    expect(row).to_contain_text("舟艇")

    row.get_by_role("link", name="修改").click()
    page.wait_for_function("() => window.READY === 1")
    expect(page.get_by_role("checkbox", name="舟艇")).to_be_checked()
    expect(page.locator("[name=equipment]")).to_have_value("冲锋舟 2\n手抬泵 3")
    other = another("dispatcher")
    opened(other, page.url)
    other.get_by_role("checkbox", name="无人机").check()
    save(other)
    other.wait_for_url(re.compile(r"/registers/forces"))
    page.get_by_role("checkbox", name="发电").check()
    save(page)
    both = page.locator("dialog.conflict [data-both=capabilities]")
    expect(both).to_contain_text("发电")
    expect(both).to_contain_text("无人机")
    both.locator("[value=mine]").check()
    page.get_by_role("button", name="按所选保存").click()
    page.wait_for_url(re.compile(r"/registers/forces"))
    expect(page.locator("tr[aria-current]")).not_to_contain_text("无人机")
    expect(page.locator("tr[aria-current]")).to_contain_text("发电")


def test_what_is_typed_before_the_scripts_are_there_is_kept_and_saved(page: Page):
    sign_in(page, "officer")
    held: list[Route] = []
    arrived = False

    def hold(route: Route) -> None:
        route.continue_() if arrived else held.append(route)

    page.route(SCRIPTS, hold)
    page.goto("/enterprises/new", wait_until="commit")
    page.locator("[name=name]").fill("慢网试验厂")
    page.locator("[name=sector]").select_option("food")
    page.locator("[name=coordinates]").fill("99.8015, 39.3305")
    arrived = True
    for route in held:
        route.continue_()
    page.wait_for_function("() => window.READY === 1")
    expect(page.locator("[data-understood] .read-as")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("慢网试验厂")
    save(page)
    page.wait_for_url(re.compile(r"/enterprises/\d+$"))
    kept = page.request.get(page.url.replace("/enterprises", "/api/enterprises")).json()
    assert (kept["name"], kept["sector"]) == ("慢网试验厂", "food")
