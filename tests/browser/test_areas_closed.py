"""Areas on the dispatcher's page with the keyboard alone: closed to all roads in them, walked through, kept clear of as danger."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations, violations_in_the_dark
from tests.browser.test_dispatch import desk, rows
from tests.running import Running

__all__ = ["desk"]


@pytest.fixture
def at_hand(desk: Page, visit) -> Page:
    visit("/dispatch?lon=99.83&lat=39.32&lang=en")
    expect(rows(desk).first).to_be_visible()
    desk.locator(".leaflet-container").focus()
    return desk


def corners(page: Page, *moves: str) -> None:
    for move in moves:
        page.keyboard.press(move)
        page.wait_for_timeout(350)


def close_elsewhere(town: Running, closure: dict) -> None:
    """The same ground closed once more at another desk, while this one has a button of the list in hand."""
    key = town.anzhi("token", "create", "--role", "dispatcher", "--name", "another-desk").stdout.split()[-1]
    body = {name: closure[name] for name in ("kind", "reason", "reporter", "review_at")} | {
        "geometry": closure["geometry"]
    }
    headers = {"Authorization": f"Bearer {key}"}
    httpx.post(f"{town.base}/api/closures", json=body, headers=headers, timeout=60).raise_for_status()


def test_an_area_is_drawn_told_closed_and_lifted_with_the_keyboard_alone(at_hand: Page, town: Running, base_url: str):
    at_hand.keyboard.press("c")
    at_hand.keyboard.press("f")
    expect(at_hand.locator(".area-tool [data-extent=area]")).to_have_attribute("aria-pressed", "true")
    corners(
        at_hand, "Space", "ArrowRight", "ArrowRight", "Space", "ArrowDown", "ArrowDown", "Space", "ArrowLeft", "Space"
    )
    expect(at_hand.locator(".sketched-corner")).to_have_count(4)
    assert violations(at_hand) == []
    at_hand.keyboard.press("Backspace")
    expect(at_hand.locator(".sketched-corner")).to_have_count(3)
    at_hand.keyboard.press("Enter")
    taken = at_hand.locator(".closure-taken")
    expect(taken).to_contain_text(" of road, ")
    assert violations(at_hand) == []
    for words in ("landslide", "Tab", "village head", "Tab", "Space", "Enter"):
        at_hand.keyboard.press(words) if words in ("Tab", "Space", "Enter") else at_hand.keyboard.type(words)
    listed = at_hand.locator("#closures li")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("can be walked")
    (closure,) = at_hand.request.get(f"{base_url}/api/closures", params={"state": "active"}).json()["items"]
    assert (closure["geometry"]["type"], closure["on_foot"]) == ("Polygon", True)
    assert f"{closure['stretches']} stretches" in listed.inner_text() or closure["road_m"] > 0
    expect(at_hand.locator(".closed-area")).to_have_count(1)
    assert violations_in_the_dark(at_hand) == []
    mine = at_hand.locator(f"#closures li[data-row='{closure['id']}']")
    mine.locator("button").last.focus()
    close_elsewhere(town, closure)
    expect(listed).to_have_count(2)
    expect(mine.locator("button").last).to_be_focused()
    at_hand.keyboard.press("Enter")
    expect(mine).to_have_count(0)
    listed.locator("button").last.press("Enter")
    expect(listed).to_have_count(0)
    at_hand.locator(".leaflet-container").focus()
    for key, tool in (("c", "closure"), ("Space", "closure"), ("Escape", "closure"), ("Escape", "pan")):
        at_hand.keyboard.press(key)
        expect(at_hand.locator(".leaflet-container")).to_have_attribute("data-tool", tool)


def test_a_danger_area_is_a_circle_by_keyboard_and_forces_come_to_the_place_to_gather(at_hand: Page):
    at_hand.keyboard.press("n")
    at_hand.locator("[name=said]").wait_for()
    at_hand.keyboard.type("smoke")
    at_hand.keyboard.press("Tab")
    at_hand.keyboard.type("neighbour")
    at_hand.keyboard.press("Enter")
    expect(at_hand.locator("#case h2")).to_be_visible()
    at_hand.keyboard.press("w")
    at_hand.keyboard.press("o")
    at_hand.locator("[name=radius]").fill("800")
    at_hand.keyboard.press("Enter")
    expect(at_hand.locator("dialog")).to_have_count(0)
    expect(at_hand.locator(".danger-area")).to_have_count(1)
    gather = at_hand.locator("[data-act=gather]")
    gather.focus()
    at_hand.keyboard.press("Enter")
    expect(at_hand.locator("#answer")).to_contain_text("place to gather")
    expect(at_hand.locator(".gather-pin > span")).to_be_visible()
    assert "gather=" in at_hand.url
    assert violations(at_hand) == []
    at_hand.locator("[data-act=no-danger]").click()
    expect(at_hand.locator(".danger-area")).to_have_count(0)
    at_hand.locator("[data-act=close]").click()
    at_hand.locator("[name=outcome]").fill("over")
    at_hand.keyboard.press("Enter")
    expect(at_hand.locator("#case .answer")).to_be_visible()
