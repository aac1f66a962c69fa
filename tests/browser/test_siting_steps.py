"""Every change of the request on the siting page is taken back, done again, and there after a reload; keys and tools."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import choose, judge, lines_of
from tests.browser.test_drawing import click_map, corners

OUTLINE = ".stratum-sites path.site-line"
MAP = ".folium-map"


def step(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def draw_area(page: Page) -> list[str]:
    step(page, "绘制用地范围").click()
    click_map(page, (300, 300), (420, 310), (430, 420))
    step(page, "完成").click()
    expect(page.locator("#understood")).to_contain_text("先经度")
    return corners(page)


def drag_a_corner(page: Page) -> None:
    before = "\n".join(corners(page))
    handle = page.locator(".marker-icon:not(.marker-icon-middle)").first.bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 50, steps=6)
    page.mouse.up()
    page.wait_for_function("(before) => document.getElementById('coordinates').value !== before", arg=before)


def test_drawing_vertices_fields_and_deleting_are_taken_back_and_done_again(visit):
    page = visit("/siting")
    expect(step(page, "撤销")).to_be_disabled()
    drawn = draw_area(page)
    step(page, "编辑顶点").click()
    drag_a_corner(page)
    dragged = corners(page)
    page.get_by_label("项目名称").fill("水厂")
    choose(page, "K3")
    step(page, "删除用地范围").click()
    seen = []
    while step(page, "撤销").is_enabled():
        step(page, "撤销").click()
        chosen = page.locator("#project-class").input_value()
        seen.append((corners(page), page.get_by_label("项目名称").input_value(), chosen))
    assert seen == [(dragged, "水厂", "K3"), (dragged, "水厂", ""), (dragged, "", ""), (drawn, "", ""), ([], "", "")]
    expect(page.locator(OUTLINE)).to_have_count(0)
    for _ in range(4):
        step(page, "重做").click()
    assert corners(page) == dragged
    assert page.locator("#project-class").input_value() == "K3"
    expect(page.locator(OUTLINE)).to_have_count(1)


def test_vertices_are_taken_back_while_they_are_edited_and_can_be_dragged_on(visit):
    page = visit("/siting")
    drawn = draw_area(page)
    step(page, "编辑顶点").click()
    drag_a_corner(page)
    page.keyboard.press("Control+z")
    expect(page.locator("#coordinates")).to_have_value("\n".join(drawn))
    drag_a_corner(page)
    assert len(set(corners(page)) - set(drawn)) == 1
    page.keyboard.press("Control+y")
    assert len(set(corners(page)) - set(drawn)) == 1


def test_a_corner_is_taken_back_and_put_back_while_drawing(visit):
    page = visit("/siting")
    step(page, "线").click()
    click_map(page, (300, 300), (420, 310), (430, 420))
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Enter")
    expect(page.locator("#understood")).not_to_be_empty()
    assert len(corners(page)) == 2


def test_typing_is_one_step_and_ctrl_z_in_a_field_is_the_same_undo(visit):
    page = visit("/siting")
    page.locator("#coordinates").press_sequentially("99.80,39.33")
    expect(page.locator("#understood")).not_to_be_empty()
    page.locator("#coordinates").press("Control+z")
    expect(page.locator("#coordinates")).to_have_value("")
    expect(step(page, "撤销")).to_be_disabled()


def test_a_reload_keeps_the_draft_and_its_steps(visit, page: Page):
    visit("/siting")
    drawn = draw_area(page)
    page.get_by_label("项目名称").fill("水厂")
    step(page, "撤销").click()
    page.reload()
    page.wait_for_function("() => window.READY === 1")
    assert corners(page) == drawn
    expect(page.locator(OUTLINE)).to_have_count(1)
    expect(page.locator("#toast")).to_contain_text("已恢复上次填写的内容")
    step(page, "重做").click()
    expect(page.get_by_label("项目名称")).to_have_value("水厂")
    visit("/siting?lang=en")
    expect(page.locator("#coordinates")).to_have_value("\n".join(drawn))
    page.get_by_role("button", name="Start anew").click()
    expect(page.locator("#coordinates")).to_have_value("")
    page.keyboard.press("Control+z")
    expect(page.locator("#coordinates")).to_have_value("\n".join(drawn))


def test_what_was_judged_is_brought_back_by_a_reload_and_not_by_coming_anew(visit, page: Page, projects):
    visit("/siting")
    page.get_by_label("拟选址范围").fill(lines_of(projects["permitted"]["geometry"]))
    choose(page, projects["permitted"]["project_class"])
    judge(page)
    page.reload()
    page.wait_for_function("() => window.READY === 1")
    assert corners(page) != []
    visit("/siting")
    assert corners(page) == []
    expect(step(page, "撤销")).to_be_disabled()


def test_another_address_has_a_draft_of_its_own(visit, page: Page, projects):
    visit("/siting")
    drawn = draw_area(page)
    page.goto(f"/siting?project={projects['gaps']['id']}")
    page.locator("#opinion .verdict").wait_for()
    assert corners(page) != drawn
    visit("/siting")
    assert corners(page) == drawn


def test_escape_puts_the_tool_away_and_one_tool_is_in_hand(visit):
    page = visit("/siting")
    board = page.locator(MAP)
    step(page, "矩形").click()
    step(page, "线").click()
    expect(board).to_have_attribute("data-tool", "line")
    expect(step(page, "矩形")).to_have_attribute("aria-pressed", "false")
    expect(step(page, "线")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(board).to_have_attribute("data-tool", "pan")
    expect(step(page, "线")).to_have_attribute("aria-pressed", "false")
    click_map(page, (300, 300), (420, 310))
    assert corners(page) == []


def test_escape_lets_one_thing_go_at_a_time(visit):
    page = visit("/")
    page.locator("[data-unsurveyed=flood]").press("Enter")
    expect(page.locator("#selection")).to_be_visible()
    page.locator(MAP).focus()
    page.keyboard.press("m")
    expect(page.locator(".measure-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".measure-panel")).to_be_hidden()
    expect(page.locator("#selection")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#selection")).to_be_hidden()


@pytest.mark.parametrize(("language", "undo", "draw"), [("zh", "撤销", "矩形"), ("en", "Undo", "Rectangle")])
def test_the_map_of_the_keyboard_lists_what_this_page_has(visit, language: str, undo: str, draw: str):
    page = visit(f"/siting?lang={language}")
    page.locator(MAP).focus()
    page.keyboard.press("?")
    listed = page.locator("dialog.keymap")
    expect(listed).to_contain_text("Ctrl+Z")
    expect(listed).to_contain_text(undo)
    expect(listed).to_contain_text(draw)
    told = listed.locator("dd").all_inner_texts()
    assert len(told) == len(set(told)) > 6
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(MAP)).to_be_focused()
    page.locator("#site-name").press("?")
    expect(page.locator("#site-name")).to_have_value("?")
    expect(page.locator("dialog")).to_have_count(0)


def test_single_keys_stay_switched_off_and_the_list_can_still_be_opened(visit):
    page = visit("/siting")
    page.locator(MAP).focus()
    page.keyboard.press("?")
    page.locator("dialog.keymap").get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.locator(MAP).focus()
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("Control+/")
    expect(page.locator("dialog.keymap").get_by_role("checkbox")).not_to_be_checked()


def test_the_draft_of_one_reader_is_not_shown_to_the_next(visit, page: Page):
    visit("/siting")
    draw_area(page)
    page.goto("/sign-in")
    with page.expect_navigation():
        page.locator("button[value=planner]:visible").first.click()
    visit("/siting")
    assert corners(page) == []
