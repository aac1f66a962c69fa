"""What else officers do on the map: redraw a border, cut a hole and fill it, trace, move, simplify; and what befalls them:
a colleague in the same draft, no service, a draft returned with a remark on its place. What was published is looked back at.

It publishes, as the file before it does, so nothing comes after it.
"""
# ruff: noqa: F811 - fixtures of other files

import re

import pytest
import shapely
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_accessibility import violations, violations_in_the_dark
from tests.browser.test_rulebook import sign_in
from tests.browser.test_zone_editor import (
    approver,  # noqa: F401
    begin,
    click_at,
    edited,
    find,
    nodes,
    ready,
    roomy,  # noqa: F401
    shells,
    step,
    tool,
    zones,  # noqa: F401
)


def typed(page: Page, points: list[tuple[float, float]]) -> dict:
    """The line of the tool in hand by its coordinates."""
    page.locator("#typed-points").fill("\n".join(f"{lon!r},{lat!r}" for lon, lat in points))
    return edited(page, page.locator("#typed-line button").click)


def beside(zone: dict, node: tuple[float, float]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The nodes before and after a node of a zone of one part."""
    (shell,) = shells(zone)
    place = shell.index(node)
    return shell[place - 1 if place else -2], shell[place + 1]


def between(one, other, share=0.5, aside=0.0):
    """A place along the line from one to the other, and as much of its length beside it."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    return one[0] + dx * share - dy * aside, one[1] + dy * share + dx * aside


@pytest.fixture
def at_work(page: Page, roomy):
    """An officer with a draft and a zone chosen: the page, the zone, a node of it with room around, those beside it."""
    zone, node = roomy
    sign_in(page, "officer")
    begin(page, "工具复核")
    find(page, zone)
    return page, zone, node, beside(zone, node)


def redraw_and_hole(page: Page, zone: dict, node, after) -> None:
    """A border redrawn, a hole cut and filled again."""
    tool(page, "course")
    bent = between(node, after, aside=0.05)
    redrawn = typed(page, [node, bent, after])
    assert all({node, bent, after} <= nodes(one) for one in redrawn["zones"])
    ground = shapely.geometry.shape(zone["geometry"])
    middle = shapely.maximum_inscribed_circle(ground).coords
    x, y = middle[0]
    size = shapely.LineString(middle).length / 3
    tool(page, "hole")
    typed(page, [(x, y), (x + size, y), (x, y + size)])
    page.locator("#vertex-box [role=listbox]").focus()
    page.keyboard.press("End")
    filled = edited(page, page.get_by_role("button", name="填上这个洞").click)
    assert zone["id"] in {one["id"] for one in filled["zones"]}


def trace_and_back(page: Page, node, before, after) -> None:
    """A zone drawn along a border: back along it what was traced goes, and comes once more."""
    page.evaluate("([lon, lat]) => { window.map.setView([lat, lon], 15, { animate: false }); }", list(node))
    page.locator("#trace").click()
    tool(page, "draw")
    for place in (before, after, node, after):
        click_at(page, place)
        page.wait_for_timeout(300)  # no double click is meant
    page.locator("#snap").click()
    click_at(page, between(before, after, aside=0.8))
    page.keyboard.press("Enter")
    page.locator("#new-grade").select_option(index=1)
    drawn = edited(page, page.locator("dialog button[type=submit]").click)
    new = next(one for one in drawn["zones"] if one["change"] == "create")
    assert {before, node, after} <= nodes(new)
    edited(page, page.locator("[data-act=undo]").click)
    page.keyboard.press("Escape")


def move_and_smooth(page: Page, zone: dict, node) -> None:
    """A zone pushed by a key; its shared borders made plainer and rounder; each taken back."""
    find(page, zone)
    tool(page, "move")
    page.locator(".folium-map").focus()
    moved = edited(page, lambda: page.keyboard.press("Shift+ArrowUp"))
    assert node not in nodes(next(one for one in moved["zones"] if one["id"] == zone["id"]))
    edited(page, page.locator("[data-act=undo]").click)
    page.locator("[data-act=simplify]").click()
    page.locator("#tolerance").fill("20")
    simpler = edited(page, page.locator("dialog button[type=submit]").click)
    assert len(simpler["zones"]) > 1
    edited(page, page.locator("[data-act=undo]").click)
    rounder = edited(page, page.locator("[data-act=smooth]").click)
    assert len(rounder["zones"]) > 1
    edited(page, page.locator("[data-act=undo]").click)


def test_every_tool_does_what_it_says(at_work):
    page, zone, node, (before, after) = at_work
    redraw_and_hole(page, zone, node, after)
    trace_and_back(page, node, before, after)
    move_and_smooth(page, zone, node)
    step(page, "撤回草稿")


def nudge(page: Page, zone: dict, key: str = "Alt+ArrowRight") -> None:
    """Move the first vertex of a zone by a pixel."""
    find(page, zone)
    page.locator("#vertex-box [role=listbox]").focus()
    page.keyboard.press("Home")
    page.keyboard.press(key)


def pressed(page: Page, button) -> None:
    """A button taken with the keyboard."""
    button.focus()
    page.keyboard.press("Enter")


def overtaken_and_offline(page: Page, zone: dict) -> None:
    """A colleague was faster and is yielded to; the service was away and what was done meanwhile is handed in afterwards."""
    page.expected_errors = ("status of 412", "ERR_FAILED")  # type: ignore[attr-defined]
    colleague = page.context.new_page()
    colleague.goto(page.url)
    ready(colleague)
    edited(colleague, lambda: nudge(colleague, zone))
    colleague.close()
    nudge(page, zone, "Alt+ArrowUp")
    dialog = page.get_by_role("dialog", name="他人刚刚改了这份草稿")
    expect(dialog.locator("figure").first).to_be_visible()
    pressed(page, dialog.get_by_role("button", name="用他人的"))
    expect(page.locator("#saving")).to_have_text("已保存")
    page.route("**/edits", lambda route: route.abort())
    nudge(page, zone)
    expect(page.locator("#saving")).to_contain_text("1 步未保存")
    page.unroute("**/edits")
    page.reload()
    ready(page)
    again = edited(page, page.get_by_role("button", name="再存一次").click)
    assert zone["id"] in {one["id"] for one in again["zones"]}


def returned_with_a_remark(page: Page, approver: Page, zone: dict) -> None:
    """The approver pins a remark to a zone; it leads the officer there, who hands in once more."""
    submit(page)
    approver.goto(page.url)
    ready(approver)
    approver.locator("#tab-zones").click()
    find(approver, zone)
    step(approver, "退回", "北侧请复核")
    page.reload()
    ready(page)
    page.locator("#tab-handin").click()
    page.get_by_role("button", name="北侧请复核").click()
    page.locator("#tab-zones").click()
    expect(page.locator("#attributes h2")).to_contain_text(zone["name"])
    submit(page)


def submit(page: Page) -> None:
    """Hand the draft in, with a reason where warnings of its own are passed."""
    page.locator("#tab-handin").click()
    page.locator(".draft-steps").get_by_role("button", name="提交审核").click()
    dialog = page.locator("dialog")
    expect(dialog.locator("button[type=submit]")).to_be_visible()
    if dialog.locator("#reason-all").count():
        dialog.locator("#reason-all").fill("按现场复核调整")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)


def put_in_force_by_keys(approver: Page) -> None:
    """Approved and published without the mouse."""
    approver.reload()
    ready(approver)
    pressed(approver, approver.locator("#tab-handin"))
    approver.wait_for_timeout(1500)  # the panel is read anew when it is shown
    pressed(approver, approver.locator(".draft-steps").get_by_role("button", name="批准"))
    pressed(approver, approver.locator("dialog button[type=submit]"))
    expect(approver.locator("#draft-state")).to_have_text("已审核")
    pressed(approver, approver.locator(".draft-steps").get_by_role("button", name="启用"))
    number = re.search(r"\d+", approver.locator("dialog h2").inner_text())[0]
    approver.locator("#edition-typed").focus()
    approver.keyboard.type(number)
    approver.locator("#edition-why").focus()
    approver.keyboard.type("复核")
    approver.keyboard.press("Enter")
    expect(approver.locator("#draft-state")).to_have_text("已启用")


def looked_back_at(page: Page, zone: dict) -> None:
    """Both editions side by side: the zone among those that differ, what happened to a place, the divider moved by keys."""
    page.goto("/zones/compare")
    page.wait_for_function("() => window.READY === 1", timeout=PATIENCE_MS * 2)
    row = page.get_by_role("button", name=f"{zone['id']} · {zone['name']}")
    row.click()
    expect(row).to_have_attribute("aria-pressed", "true")
    lon, lat = shells(zone)[0][0]
    page.locator("#ground-lon").fill(str(lon))
    page.locator("#ground-lat").fill(str(lat))
    page.keyboard.press("Enter")
    expect(page.locator("#ground-events li").first).to_be_visible()
    page.locator("#divider").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#divider")).to_have_attribute("aria-valuenow", "48")
    assert violations(page) == []
    assert violations_in_the_dark(page) == []


def test_a_colleague_no_service_a_return_and_a_look_back(at_work, approver):
    page, zone, _, _ = at_work
    overtaken_and_offline(page, zone)
    returned_with_a_remark(page, approver, zone)
    put_in_force_by_keys(approver)
    looked_back_at(page, zone)
