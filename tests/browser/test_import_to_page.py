"""An officer publishes a survey from the console; the page that stands open judges by it from then on."""

from pathlib import Path

import geopandas as gpd
import shapely
from playwright.sync_api import expect

from tests.browser.conftest import choose, judge, lines_of
from tests.running import Running


def test_what_the_console_publishes_changes_the_verdict_on_the_page(town: Running, visit, projects, tmp_path: Path):
    project = projects["clear"]
    page = visit("/siting")
    choose(page, project["project_class"])
    page.get_by_label("拟选址范围").fill(lines_of(project["geometry"]))
    expect(page.locator("#understood")).not_to_be_empty()
    before = judge(page)
    assert before["verdict"] == "permitted"
    plot = shapely.geometry.shape(project["geometry"])
    danger = gpd.GeoDataFrame({"name": ["示范滑坡危险区"]}, geometry=[plot.buffer(0.002)], crs=4490)
    danger.to_file(tmp_path / "danger.geojson", driver="GeoJSON")
    imported = town.anzhi(
        "import", "zones", tmp_path / "danger.geojson", "--hazard", "declared_geological", "--product", "hazard",
        "--publish", "--reason", "汛期新划定", ANZHI_CONSOLE_PUBLISH="always",
    )  # fmt: skip
    assert imported.returncode == 0, imported.stderr
    page.locator("#request > summary").click()
    after = judge(page)
    assert after["edition"]["number"] == before["edition"]["number"] + 1
    assert after["verdict"] != "permitted"
    expect(page.locator("#opinion .ending")).to_contain_text(f"第 {after['edition']['number']} 版区划")
    expect(page.locator("table.evidence")).to_contain_text("示范滑坡危险区")
