"""A file of sites judged on the page: listed and mapped with the gravest first, one of them opened alone, all of them printed."""

import io
import json
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, judge
from tests.browser.test_accessibility import PHONE, violations, violations_in_the_dark
from tests.browser.test_hazard_map import WORDS
from tests.browser.test_rulebook import sign_in

VERDICTS = ("permitted", "prohibited", "restricted")


def file_of(projects) -> bytes:
    told = [
        {"type": "Feature", "geometry": projects[one]["geometry"], "properties": {"name": f"<i>{one}", "project_class": projects[one]["project_class"]}}
        for one in VERDICTS
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": told}).encode()


def test_many_sites_are_listed_mapped_opened_and_printed(page: Page, visit, projects):
    sign_in(page, "planner")
    visit("/siting#batch")
    page.locator("#batch-file").set_input_files(
        [{"name": "plots.geojson", "mimeType": "application/geo+json", "buffer": file_of(projects)}]
    )
    page.get_by_role("button", name="提交批量筛查").click()
    rows = page.locator(".batch-sites tbody tr")
    expect(rows).to_have_count(len(VERDICTS), timeout=PATIENCE_MS)
    expect(rows.first).to_contain_text("<i>prohibited")
    expect(rows.first).to_contain_text(WORDS["prohibited"])
    expect(rows.last).to_contain_text("<i>permitted")
    expect(page.locator("path.batch-site")).to_have_count(len(VERDICTS))
    for verdict in VERDICTS:
        expect(page.locator("#map-key")).to_contain_text(WORDS[verdict])
    rows.nth(1).locator("button").first.focus()
    expect(page.locator("path.selected-zone")).to_have_count(1)
    assert violations(page) == []
    assert violations_in_the_dark(page) == []

    page.get_by_role("button", name="打包报告").click()
    archive = page.locator("#batch-answer a.button", has_text="reports.zip")
    expect(archive).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#batch-answer")).to_contain_text("已打印 3 份报告")
    with page.expect_download() as asked:
        archive.click()
    with zipfile.ZipFile(io.BytesIO(Path(asked.value.path()).read_bytes())) as packed:
        assert len(packed.namelist()) == len(VERDICTS) + 1

    rows.nth(1).get_by_role("button", name="单独筛查").click()
    expect(page.locator("path.batch-site")).to_have_count(0)
    expect(page.get_by_label("项目名称")).to_have_value("<i>restricted")
    assert judge(page)["verdict"] == "restricted"
    page.get_by_role("tab", name="批量筛查").click()
    expect(page.locator("path.batch-site")).to_have_count(len(VERDICTS))
    page.set_viewport_size(PHONE)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
