"""An officer's job on the map: find, reshape a shared border, split, merge, undo, hand in; another approves; it is in force.

Once with the mouse, once with the keyboard alone. What is published last changes the town, so nothing comes after this file.
"""

import itertools
import re
from collections import Counter

import httpx
import pytest
import shapely
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_accessibility import PHONE, violations, violations_in_the_dark
from tests.browser.test_rulebook import sign_in

THEME = {"hazard": "geological", "product": "hazard"}
EDITS = re.compile(r"/api/zones/drafts/\d+/edits$")
ZONES_ASKED = re.compile(r"/api/zones/drafts/\d+/zones\?")
AT = """([lon, lat]) => {
    const at = window.map.latLngToContainerPoint([lat, lon]), box = window.map.getContainer().getBoundingClientRect();
    return [at.x + box.left, at.y + box.top];
}"""


def shells(zone: dict) -> list[list[tuple[float, float]]]:
    shape = zone["geometry"]
    parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [[tuple(point) for point in part[0]] for part in parts]


def nodes(zone: dict) -> set[tuple[float, float]]:
    return {point for shell in shells(zone) for point in shell}


@pytest.fixture
def zones(base_url: str) -> dict[str, dict]:
    """The zones of the theme as they are in force."""
    items = httpx.get(f"{base_url}/api/zones", params={**THEME, "limit": 1000}, timeout=60).json()["items"]
    return {zone["id"]: zone for zone in items}


@pytest.fixture
def roomy(base_url: str, zones: dict[str, dict]) -> tuple[dict, tuple[float, float]]:
    """A zone of one part, and of its nodes that others share the one with the longest edges: there is room to move it.

    Neither it nor a zone beside it has a problem of its own: what was put in force before may have left some.
    """
    asked = httpx.get(f"{base_url}/api/zones/problems", params=THEME, timeout=60).raise_for_status().json()["items"]
    ailing = set().union(*(nodes(zones[one]) for problem in asked for one in problem["zones"] if one in zones))
    shared = {point for point, users in Counter(itertools.chain(*map(nodes, zones.values()))).items() if users > 1}
    found = []
    for zone in zones.values():
        if len(shells(zone)) > 1 or nodes(zone) & ailing:
            continue
        (shell,) = shells(zone)
        for before, here, after in zip(shell[-2:-1] + shell[:-2], shell[:-1], shell[1:], strict=True):
            room = min(sum(abs(a - b) for a, b in zip(here, end, strict=True)) for end in (before, after))
            if here in shared:
                found.append((room, zone["id"], here))
    _, number, node = max(found)
    return zones[number], node


@pytest.fixture
def approver(browser: Browser, base_url: str):
    """A second person at a desk of their own."""
    context = browser.new_context(base_url=base_url, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    sign_in(page, "approver")
    yield page
    context.close()


def begin(page: Page, name: str) -> None:
    page.goto("/zones/drafts")
    page.get_by_label("新草稿的名称").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/zones/edit\?draft=\d+"))
    ready(page)


def ready(page: Page) -> None:
    page.wait_for_function("() => window.READY === 1", timeout=PATIENCE_MS * 2)
    expect(page.locator("#theme")).to_have_value("/".join(THEME.values()))
    expect(page.locator("#zone-list li").first).to_be_attached()
    expect(page.locator("#draft-state")).not_to_be_empty()


def edited(page: Page, act) -> dict:
    """What the service answered to the gesture, once the page says that it is saved."""
    with page.expect_response(lambda answer: EDITS.search(answer.url) is not None) as asked:
        act()
    answer: Response = asked.value
    assert answer.status == 200, answer.text()
    expect(page.locator("#saving")).to_have_text("已保存")
    return answer.json()


def find(page: Page, zone: dict) -> None:
    page.get_by_label("查找区").fill(zone["name"])
    page.get_by_role("button", name=zone["name"]).first.click()
    expect(page.locator("#attributes h2")).to_contain_text(zone["name"])


def across(zone: dict, way: float = 0.1) -> list[tuple[float, float]]:
    """A line through the middle of a zone, beyond it to both sides."""
    lons, lats = [[point[axis] for point in nodes(zone)] for axis in (0, 1)]
    wide, middle = max(lons) - min(lons), (max(lats) + min(lats)) / 2
    return [(min(lons) - wide * way, middle), (max(lons) + wide * way, middle)]


def click_at(page: Page, point: tuple[float, float], **how: object) -> None:
    page.mouse.click(*page.evaluate(AT, list(point)), **how)


def tool(page: Page, name: str) -> None:
    page.locator(f"[data-tool={name}]").click()


def step(page: Page, name: str, words: str | None = None) -> None:
    page.locator("#tab-handin").click()
    page.locator(".draft-steps").get_by_role("button", name=name).click()
    if words:
        page.locator("dialog textarea").fill(words)
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("dialog")).to_have_count(0)


def reshape(page: Page, zones: dict[str, dict], node: tuple[float, float]) -> tuple[float, float]:
    """Drag a shared node by some pixels: it moves in every zone that has it. Where it is then."""
    tool(page, "reshape")
    page.locator("#snap").click()
    x, y = page.evaluate(AT, list(node))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3, y + 2, steps=4)
    moved = edited(page, page.mouse.up)
    users = {number for number, one in zones.items() if node in nodes(one)}
    assert users <= {one["id"] for one in moved["zones"]}
    assert all(node not in nodes(one) for one in moved["zones"])
    now = set.intersection(*(nodes(one) for one in moved["zones"] if one["id"] in users))
    (at,) = now - set.union(*(nodes(zones[number]) for number in users))
    expect(page.locator(".vertex-said")).to_contain_text(f"与 {len(users)} 区共用")
    return at


def split_merge_and_undo(page: Page, zone: dict) -> None:
    tool(page, "split")
    first, last = across(zone)
    click_at(page, first)
    page.wait_for_timeout(300)  # no double click is meant
    click_at(page, last)
    parted = edited(page, lambda: page.keyboard.press("Enter"))
    children = {one["child"] for one in parted["lineage"]}
    assert parted["removed"] == [zone["id"]]
    assert len(children) >= 2
    expect(page.locator("#attributes h2")).to_contain_text(f"所选 {len(children)} 个区")
    whole = edited(page, page.locator("[data-act=merge]").click)
    assert set(whole["removed"]) == children
    undone = edited(page, page.locator("[data-act=undo]").click)
    assert children <= {one["id"] for one in undone["zones"]}
    edited(page, page.locator("[data-act=undo]").click)


def prick(page: Page, zone: dict) -> None:
    """A hole of two metres in the zone, as a program of the officer's makes it."""
    number = re.search(r"draft=(\d+)", page.url)[1]
    address = f"/api/zones/drafts/{number}"
    stands = page.request.get(f"{address}/zones?hazard={zone['hazard']}&product={zone['product']}").json()["items"]
    whole = shapely.geometry.shape(next(one for one in stands if one["id"] == zone["id"])["geometry"])
    hole = whole.point_on_surface().buffer(1e-5, cap_style="square")
    headers = {
        "If-Match": page.request.get(address).headers["etag"],
        "X-CSRF-Token": page.request.get("/api/session").json()["csrf"],
    }
    body = {"op": "update", "zone": zone["id"], "geometry": (whole - hole).__geo_interface__}
    answer = page.request.post(f"{address}/edits", data=body, headers=headers)
    assert answer.status == 200, answer.text()


def mend(page: Page) -> None:
    """The problem is chosen, a way to mend it looked at and taken, all from the list."""
    page.locator("#tab-problems").click()
    page.locator(".problem-list button").first.click()
    expect(page.locator(".fix")).to_have_count(1)
    page.keyboard.press("1")
    expect(page.locator(".fix[aria-pressed=true]")).to_have_count(1)
    expect(page.locator(".fix[aria-pressed=true] small").first).to_contain_text("→")
    edited(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator(".problem-count")).to_have_text("没有发现问题。")


def weigh(page: Page) -> None:
    """What the draft would bring is listed."""
    page.locator("#tab-impact").click()
    expect(page.locator(".impact-table").last).to_contain_text("人口")
    expect(page.locator(".impact-note")).to_be_empty()


def put_in_force(page: Page, address: str) -> int:
    """Approve the draft and type the number of the edition it becomes."""
    page.goto(address)
    ready(page)
    step(page, "批准")
    expect(page.locator("#draft-state")).to_have_text("已审核")
    page.locator(".draft-steps").get_by_role("button", name="启用").click()
    number = re.search(r"\d+", page.locator("dialog h2").inner_text())[0]
    page.locator("#edition-typed").fill(number)
    page.locator("#edition-why").fill("汛前复核")
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("#draft-state")).to_have_text("已启用")
    return int(number)


def test_an_officer_edits_with_the_mouse_and_another_puts_it_in_force(page, approver, base_url, zones, roomy):
    zone, node = roomy
    sign_in(page, "officer")
    begin(page, "汛前复核")
    find(page, zone)
    at = reshape(page, zones, node)
    split_merge_and_undo(page, zone)
    prick(page, zone)
    page.reload()  # every gesture is the service's already
    ready(page)
    expect(page.locator("#draft-title")).to_have_text("汛前复核")
    mend(page)
    weigh(page)
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    step(page, "提交审核")
    expect(page.locator("#draft-state")).to_have_text("已提交")
    expect(page.locator(".draft-steps").get_by_role("button", name="批准")).to_have_count(0)
    edition = put_in_force(approver, page.url)
    stands = httpx.get(f"{base_url}/api/zones/{zone['id']}", timeout=60).json()
    assert stands["from_edition"] == edition
    assert at in nodes(stands)
    shape = {"type": "Point", "coordinates": list(at)}
    site = {"type": "Feature", "geometry": shape, "properties": {"project_class": "K4"}}
    assert httpx.post(f"{base_url}/api/siting/check", json=site, timeout=60).json()["edition"]["number"] == edition


def test_an_officer_edits_with_the_keyboard_alone(page: Page, roomy):
    zone, node = roomy
    sign_in(page, "officer")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if ZONES_ASKED.search(request.url) else None)
    begin(page, "键盘复核")
    assert len(asked) == 1, "the page asks ahead for the very zones its script asks for"
    keys = page.keyboard
    page.get_by_label("查找区").focus()
    keys.type(zone["name"])
    for _ in range(2):
        keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#attributes h2")).to_contain_text(zone["name"])
    page.locator("#vertex-box [role=listbox]").focus()
    keys.press("Home")
    expect(page.locator(".vertex-said")).to_contain_text("顶点 1/")
    place = shells(zone)[0].index(node)
    for _ in range(place):
        keys.press("ArrowDown")
    expect(page.locator(".vertex-said")).to_contain_text("区共用")
    moved = edited(page, lambda: keys.press("Alt+ArrowRight"))
    assert len(moved["zones"]) > 1
    added = edited(page, lambda: keys.press("Enter"))
    assert len(nodes(added["zones"][0])) >= len(nodes(moved["zones"][0]))
    edited(page, lambda: keys.press("Delete"))

    page.locator("[data-tool=split]").focus()
    keys.press("Enter")
    page.get_by_label("按坐标绘制").focus()
    keys.type("\n".join(f"{lon:.7f},{lat:.7f}" for lon, lat in across(zone)))
    keys.press("Tab")
    parted = edited(page, lambda: keys.press("Enter"))
    assert len(parted["lineage"]) >= 2
    page.locator(".folium-map").focus()
    edited(page, lambda: keys.press("m"))
    undone = edited(page, lambda: keys.press("Control+z"))
    assert {one["child"] for one in parted["lineage"]} <= {one["id"] for one in undone["zones"]}
    keys.press("Escape")
    expect(page.locator("#attributes")).to_be_hidden()
    step(page, "撤回草稿")
    expect(page.locator("#draft-state")).to_have_text("已撤回")
    page.set_viewport_size(PHONE)
    expect(page.get_by_text("编辑边界需要较宽的屏幕和鼠标")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
