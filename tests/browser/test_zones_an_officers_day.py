"""An officer's whole job in one draft, from finding a zone to going back to the edition before: by mouse, and by keyboard alone.

It publishes, as the files before it do, so nothing comes after it.
"""
# ruff: noqa: F811 - fixtures of other files

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_rulebook import sign_in
from tests.browser.test_zone_editor import (
    across,
    approver,  # noqa: F401
    begin,
    edited,
    find,
    nodes,
    prick,
    ready,
    reshape,
    roomy,  # noqa: F401
    shells,
    split_merge_and_undo,
    zones,  # noqa: F401
)
from tests.browser.test_zone_tools import beside, between, nudge, pressed, trace_and_back


class Mouse:
    """Everything is clicked and dragged."""

    def take(self, button: Locator) -> None:
        button.click()

    def reshape(self, page: Page, zones: dict[str, dict], zone: dict, node) -> tuple[float, float]:
        find(page, zone)
        return reshape(page, zones, node)

    def trace(self, page: Page, node, before, after) -> None:
        page.locator("#snap").click()
        trace_and_back(page, node, before, after)

    def split_and_merge(self, page: Page, zone: dict) -> None:
        find(page, zone)
        split_merge_and_undo(page, zone)

    def mend(self, page: Page) -> None:
        page.locator(".problem-list button").first.click()
        expect(page.locator(".fix")).to_have_count(1)
        edited(page, lambda: (page.locator(".fix").click(), page.get_by_role("button", name="照此改正").click()))


class Keys:
    """Nothing is clicked."""

    def take(self, button: Locator) -> None:
        pressed(button.page, button)

    def reshape(self, page: Page, zones: dict[str, dict], zone: dict, node) -> tuple[float, float]:
        keys = page.keyboard
        find_by_keys(page, zone)
        page.locator("#vertex-box [role=listbox]").focus()
        keys.press("Home")
        for _ in range(shells(zone)[0].index(node)):
            keys.press("ArrowDown")
        expect(page.locator(".vertex-said")).to_contain_text("区共用")
        moved = edited(page, lambda: keys.press("Alt+ArrowRight"))
        users = {number for number, one in zones.items() if node in nodes(one)}
        assert users <= {one["id"] for one in moved["zones"]}
        now = set.intersection(*(nodes(one) for one in moved["zones"] if one["id"] in users))
        (at,) = now - set.union(*(nodes(zones[number]) for number in users))
        return at

    def trace(self, page: Page, node, before, after) -> None:
        pressed(page, page.locator("#trace"))
        typed_by_keys(page, "draw", [before, after, between(before, after, aside=0.8)])
        expect(page.locator("#new-grade")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        drawn = edited(page, lambda: page.keyboard.press("Enter"))
        new = next(one for one in drawn["zones"] if one["change"] == "create")
        assert {before, node, after} <= nodes(new)
        edited(page, lambda: page.keyboard.press("Control+z"))
        page.keyboard.press("Escape")

    def split_and_merge(self, page: Page, zone: dict) -> None:
        find_by_keys(page, zone)
        parted = edited(page, lambda: typed_by_keys(page, "split", across(zone)))
        assert len(parted["lineage"]) >= 2
        page.locator(".folium-map").focus()
        whole = edited(page, lambda: page.keyboard.press("m"))
        assert set(whole["removed"]) == {one["child"] for one in parted["lineage"]}
        for _ in range(2):
            edited(page, lambda: page.keyboard.press("Control+z"))

    def mend(self, page: Page) -> None:
        page.keyboard.press("F8")
        expect(page.locator(".fix")).to_have_count(1)
        page.keyboard.press("1")
        edited(page, lambda: page.keyboard.press("Enter"))


def find_by_keys(page: Page, zone: dict) -> None:
    page.get_by_label("查找区").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(zone["name"])
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#attributes h2")).to_contain_text(zone["name"])


def typed_by_keys(page: Page, name: str, points) -> None:
    """The line of a tool by its coordinates."""
    pressed(page, page.locator(f"[data-tool={name}]"))
    page.locator("#typed-points").focus()
    page.keyboard.type("\n".join(f"{lon!r},{lat!r}" for lon, lat in points))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def mend_all(page: Page, hand) -> None:
    """Both problems are mended, each in one way that was looked at."""
    hand.take(page.locator("#tab-problems"))
    expect(page.locator(".problem-list button")).to_have_count(2)
    for left in (1, 0):
        hand.mend(page)
        expect(page.locator(".problem-list button")).to_have_count(left)


def step(page: Page, hand, name: str, words: str = "") -> None:
    """A step of the draft, with words where it asks for them."""
    hand.take(page.locator("#tab-handin"))
    page.wait_for_timeout(800)  # the panel is read anew when it is shown
    hand.take(page.locator(".draft-steps").get_by_role("button", name=name))
    dialog = page.locator("dialog")
    expect(dialog.locator("button[type=submit]")).to_be_visible()
    said = dialog.locator("#reason-all").or_(dialog.locator("#step-words")).first
    if words:
        said.focus()
        page.keyboard.type(words)
    hand.take(dialog.locator("button[type=submit]"))
    expect(dialog).to_have_count(0)


def put_in_force(page: Page, hand) -> int:
    """Approved, and the number of the edition typed."""
    page.reload()
    ready(page)
    step(page, hand, "批准")
    expect(page.locator("#draft-state")).to_have_text("已审核")
    hand.take(page.locator(".draft-steps").get_by_role("button", name="启用"))
    number = re.search(r"\d+", page.locator("dialog h2").inner_text())[0]
    for field, words in (("#edition-typed", number), ("#edition-why", "汛前复核")):
        page.locator(field).focus()
        page.keyboard.type(words)
    hand.take(page.locator("dialog button[type=submit]"))
    expect(page.locator("#draft-state")).to_have_text("已启用")
    return int(number)


def answers_are_of(page: Page, base: str, edition: int, at) -> None:
    """A check, the areas page and the overview answer from this edition."""
    site = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(at)},
        "properties": {"project_class": "K4"},
    }
    assert httpx.post(f"{base}/api/siting/check", json=site, timeout=60).json()["edition"]["number"] == edition
    for address in ("/maps/areas", "/"):
        page.goto(address)
        expect(page.locator("footer")).to_contain_text(f"第 {edition} 版")


def look_back(page: Page, hand, zone: dict) -> None:
    """The zone among those that differ, and what happened to its ground."""
    page.goto("/zones/compare")
    page.wait_for_function("() => window.READY === 1", timeout=PATIENCE_MS * 2)
    row = page.get_by_role("button", name=f"{zone['id']} · {zone['name']}")
    hand.take(row)
    expect(row).to_have_attribute("aria-pressed", "true")
    for field, value in zip(("#ground-lon", "#ground-lat"), shells(zone)[0][0], strict=True):
        page.locator(field).focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(str(value))
    page.keyboard.press("Enter")
    expect(page.locator("#ground-events li").first).to_be_visible()


def go_back(page: Page, hand, base: str, edition: int) -> None:
    """The edition before is put in force once more, as a new one of the same content."""
    page.goto("/zones/compare")
    page.wait_for_function("() => window.READY === 1", timeout=PATIENCE_MS * 2)
    hand.take(page.locator("#restore"))
    page.locator("#restore-why").focus()
    page.keyboard.type("改线有误")
    hand.take(page.locator("dialog button[type=submit]"))
    page.wait_for_url(re.compile(rf"from={edition}&to={edition + 1}"))
    told = {one["number"]: one for one in httpx.get(f"{base}/api/editions", timeout=60).json()["items"]}
    assert max(told) == edition + 1
    assert told[edition + 1]["fingerprint"] == told[edition - 1]["fingerprint"] != told[edition]["fingerprint"]


@pytest.mark.parametrize("hand", [Mouse(), Keys()], ids=["by mouse", "by keyboard alone"])
def test_an_officers_day(page, approver, base_url, zones, roomy, hand):
    zone, node = roomy
    before, after = beside(zone, node)
    sign_in(page, "officer")
    begin(page, "汛前复核")
    at = hand.reshape(page, zones, zone, node)
    hand.trace(page, at, before, after)
    hand.split_and_merge(page, zone)
    for _ in range(2):
        prick(page, zone)
    page.reload()
    ready(page)
    mend_all(page, hand)
    hand.take(page.locator("#tab-impact"))
    expect(page.locator(".impact-table").last).to_contain_text("人口", timeout=PATIENCE_MS)
    step(page, hand, "提交审核", "按现场复核调整")
    approver.goto(page.url)
    ready(approver)
    step(approver, hand, "退回", "北侧请复核")
    page.reload()
    ready(page)
    hand.take(page.locator("#tab-zones"))
    nudged = edited(page, lambda: nudge(page, zone))
    assert zone["id"] in {one["id"] for one in nudged["zones"]}
    step(page, hand, "提交审核", "已按意见改正")
    edition = put_in_force(approver, hand)
    answers_are_of(page, base_url, edition, at)
    look_back(page, hand, zone)
    go_back(approver, hand, base_url, edition)
    answers_are_of(page, base_url, edition + 1, at)
    assert nodes(httpx.get(f"{base_url}/api/zones/{zone['id']}", timeout=60).json()) == nodes(zone)
