"""A delivery of a whole layer on its page: what changed is walked by key, both outlines are drawn, the file of a draft comes back as one edit."""

import io
import re
from pathlib import Path

import geopandas as gpd
import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_accessibility import PHONE, violations, violations_in_the_dark
from tests.browser.test_rulebook import sign_in
from tests.browser.test_zone_editor import THEME


def begin(page: Page, name: str) -> str:
    page.goto("/zones/drafts")
    page.get_by_label("新草稿的名称").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/zones/edit\?draft=\d+"))
    return page.url.rpartition("=")[2]


def regraded(content: bytes) -> bytes:
    """The file of a draft with its largest zone graded otherwise, as somebody at a desktop leaves it."""
    layer = gpd.read_file(io.BytesIO(content), layer="zones", engine="pyogrio")
    largest = layer.geometry.area.idxmax()
    rank = layer.loc[largest, "grade_rank"]
    other = layer[(layer["grade_rank"] != rank) & layer["grade"].notna()].iloc[0]
    layer.loc[largest, ["grade", "grade_rank"]] = [other["grade"], other["grade_rank"]]
    out = io.BytesIO()
    layer.to_file(out, layer="zones", driver="GPKG", engine="pyogrio")
    return out.getvalue()


def test_a_draft_is_edited_on_the_desktop_and_compared_on_the_page(page, base_url):
    sign_in(page, "officer")
    draft = begin(page, "外业修改")
    page.goto(f"/zones/delivery?draft={draft}&hazard={THEME['hazard']}&product={THEME['product']}")
    page.wait_for_function("() => window.READY === 1", timeout=PATIENCE_MS)
    expect(page.locator(".delivery-counts")).to_contain_text("变化 0 个")
    page.locator("#desktop summary").click()
    with page.expect_download() as asked:
        page.get_by_role("button", name="导出草稿").click()
    content = regraded(Path(asked.value.path()).read_bytes())
    page.locator("#desktop input[type=file]").set_input_files(
        [{"name": "zones.gpkg", "mimeType": "application/octet-stream", "buffer": content}]
    )
    page.get_by_role("button", name="比较").click()
    expect(page.locator(".desktop-told")).to_contain_text("修改 1 个")
    page.get_by_role("button", name="确认读回").click()
    expect(page.locator(".desktop-told")).to_contain_text("已读回")
    expect(page.locator(".delivery-counts")).to_contain_text("变化 1 个")
    page.locator("#delivery h1").click()
    page.keyboard.press("F8")
    expect(page.locator("#delivery-row")).to_be_visible()
    expect(page.locator(".delivery-list [aria-current]")).to_be_visible()
    expect(page.locator("path.side-before")).to_have_count(1)
    expect(page.locator("path.side-after")).to_have_count(1)
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    told = httpx.get(f"{base_url}/api/zones/drafts/{draft}", timeout=60).json()
    assert [one["op"] for one in told["edits"]] == ["file"]
