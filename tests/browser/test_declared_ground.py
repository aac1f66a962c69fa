"""Zones without grades on the map: declared ground, a proposal until a notice carries it, and faults, which are lines."""

import httpx
import pytest
import shapely
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_accessibility import violations, violations_in_the_dark
from tests.browser.test_rulebook import sign_in
from tests.browser.test_zone_editor import AT, across, begin, edited, find, step, tool
from tests.browser.test_zone_tools import submit, typed

THEME = {"hazard": "declared_geological", "product": "hazard"}
NOTICE = {
    **THEME, "kind": "declaration", "level": "county", "authority": "示范县人民政府（合成）",
    "title": "示范县人民政府关于增划地质灾害危险区的公告（合成）", "number": "示政告〔2026〕9号（合成）",
    "announced_on": "2026-06-01", "secrecy": "public",
}  # fmt: skip


@pytest.fixture
def declared(base_url: str) -> list[dict]:
    """The zones of the theme as they are in force."""
    return httpx.get(f"{base_url}/api/zones", params={**THEME, "limit": 1000}, timeout=60).json()["items"]


@pytest.fixture
def free_ground(base_url: str, declared: list[dict]) -> list[tuple[float, float]]:
    """A triangle of the town that no zone of the theme is near."""
    edge = httpx.get(f"{base_url}/api/basemap/boundary", timeout=60).json()["features"]
    town = shapely.union_all([shapely.geometry.shape(one["geometry"]) for one in edge])
    taken = shapely.union_all([shapely.geometry.shape(one["geometry"]) for one in declared]).buffer(0.002)
    (x, y), (_, north) = shapely.maximum_inscribed_circle(town - taken, 0.001).coords
    size = max(abs(north - y), 0.002) / 4
    return [(x, y), (x + size, y), (x, y + size)]


def open_theme(page: Page, theme: str = "declared_geological/hazard") -> None:
    page.goto(f"{page.url}&theme={theme}")
    page.wait_for_function("() => window.READY === 1", timeout=PATIENCE_MS * 2)
    expect(page.locator("#theme")).to_have_value(theme)
    expect(page.locator("#zone-list li").first).to_be_attached()


def register_notice(page: Page) -> None:
    headers = {"X-CSRF-Token": page.request.get("/api/session").json()["csrf"]}
    answer = page.request.post("/api/zones/documents", data=NOTICE, headers=headers)
    assert answer.status == 201, answer.text()


def draw(page: Page, ring: list[tuple[float, float]]) -> dict:
    """A zone drawn by its coordinates: nobody asks for a grade."""
    tool(page, "draw")
    page.locator("#typed-points").fill("\n".join(f"{lon!r},{lat!r}" for lon, lat in ring))
    page.locator("#typed-line button").click()
    expect(page.locator("#new-grade")).to_have_count(0)
    page.locator("#new-name").fill("试划危险区")
    return edited(page, page.locator("dialog button[type=submit]").click)


def rests_upon_the_notice(page: Page) -> None:
    """What is only proposed says so and why; the notice, once named, carries it."""
    page.locator("#tab-handin").click()
    standing = page.locator("#draft-standing")
    expect(standing.locator(".standing-themes .badge")).to_have_text("待批建议")
    expect(standing.get_by_text("普查区划的改动作为")).to_be_hidden()
    standing.get_by_label(NOTICE["number"]).check()
    expect(standing.get_by_label(NOTICE["number"])).to_be_checked()
    standing.get_by_role("button", name="保存依据").click()
    expect(standing.locator(".standing-themes .badge")).not_to_have_text("待批建议")


def test_declared_ground_is_drawn_and_waits_for_its_notice(page: Page, declared, free_ground):
    sign_in(page, "officer")
    register_notice(page)
    begin(page, "增划危险区")
    open_theme(page)
    expect(page.locator("#theme-ground")).to_contain_text("依法划定")
    expect(page.locator("#map-key li").first).to_have_text("地质灾害危险区（已划定）")
    zone = max(declared, key=lambda one: shapely.geometry.shape(one["geometry"]).area)
    find(page, zone)
    expect(page.locator("#zone-grade")).to_be_hidden()
    tool(page, "split")
    parted = typed(page, across(zone))
    whole = edited(page, page.locator("[data-act=merge]").click)
    assert set(whole["removed"]) == {one["child"] for one in parted["lineage"]}
    for _ in range(2):
        edited(page, page.locator("[data-act=undo]").click)
    page.keyboard.press("Escape")
    drawn = draw(page, free_ground)
    (new,) = (one for one in drawn["zones"] if one["change"] == "create")
    assert (new["grade"], new["hazard"]) == (None, THEME["hazard"])
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    rests_upon_the_notice(page)
    submit(page)
    expect(page.locator("#draft-state")).to_have_text("已提交")
    step(page, "撤回草稿")


def line_of(answer: dict) -> list[tuple[float, float]]:
    (fault,) = answer["zones"]
    assert fault["geometry"]["type"] == "MultiLineString"
    (line,) = fault["geometry"]["coordinates"]
    return [tuple(point) for point in line]


def test_a_fault_is_reshaped_by_keys_and_by_the_mouse(page: Page):
    sign_in(page, "officer")
    begin(page, "断层复核")
    open_theme(page, "fault/hazard")
    expect(page.locator("#map-key li").first).to_have_text("活动断层")
    page.locator("#zone-list li button").first.click()
    expect(page.locator(".area-said")).to_contain_text("长度")
    for idle in ("split", "course", "hole", "part"):
        expect(page.locator(f"[data-tool={idle}]")).to_be_disabled()
    page.locator("#vertex-box [role=listbox]").focus()
    page.keyboard.press("End")
    moved = line_of(edited(page, lambda: page.keyboard.press("Alt+ArrowUp")))
    added = line_of(edited(page, lambda: page.keyboard.press("Enter")))
    assert (len(added), added[-1]) == (len(moved) + 1, moved[-1])
    assert line_of(edited(page, lambda: page.keyboard.press("Delete"))) == moved
    page.locator("#snap").click()
    page.evaluate("([lon, lat]) => { window.map.setView([lat, lon], 15, { animate: false }); }", list(moved[-1]))
    x, y = page.evaluate(AT, list(moved[-1]))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 6, y + 4, steps=4)
    dragged = line_of(edited(page, page.mouse.up))
    assert dragged[:-1] == moved[:-1]
    assert dragged[-1] != moved[-1]
    undone = line_of(edited(page, page.locator("[data-act=undo]").click))
    assert undone == moved
    step(page, "撤回草稿")
