"""Grading as officers do it on the page: ordered, watched, cancelled, understood by its reasons, compared, taken away."""

import json
import re
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Browser, Page, expect

from app.assessments.service import GradingOrder, grade_town
from app.platform.deployment import open_deployment
from app.platform.settings import Settings
from app.platform.work import Work
from gis_layers.stores import runs
from tests.running import Running

UNITS = {"东片": shapely.box(99.80, 39.30, 99.83, 39.33), "西片": shapely.box(99.75, 39.30, 99.78, 39.33)}


@pytest.fixture
def officer(page: Page, base_url: str) -> Page:
    """A browser signed in as the demo officer."""
    assert page.request.post(f"{base_url}/api/session/demo", data={"role": "officer"}).ok
    return page


@pytest.fixture(scope="session")
def two_runs(town: Running) -> tuple[int, int]:
    """The first grading of the villages, and one by rules that weigh floods more and ease nothing."""
    with open_deployment(Settings().with_data_dir(town.data_dir), lambda _: None) as found:
        text = found.books.packaged.texts["grading.toml"].replace("ease_steps = 1", "ease_steps = 0")
        text = text.replace("share = 0.5", "share = 0.9", 1).replace("share = 0.5", "share = 0.1", 1)
        rules = found.books.packaged.reload({**found.books.packaged.texts, "grading.toml": text})
        with found.sessions.begin() as session:
            first = runs.list_runs(session, unit="village", limit=100)[-1].id
            return first, grade_town(Work(session, found, rules), GradingOrder("village", "officer")).id


def open_order(page: Page, unit: str) -> None:
    page.locator("#order summary").first.click()
    page.locator(f"#run-form [name=unit][value={unit}]").check()


def test_an_officer_orders_a_grid_watches_it_and_reads_its_reasons_by_mouse_and_by_keys(officer: Page, visit):
    page = visit("/maps/areas")
    open_order(page, "grid")
    page.get_by_label("格网边长（米）").fill("1000")
    page.get_by_role("button", name="开始分级").click()
    expect(page.locator("#job")).to_be_visible()
    page.wait_for_url(re.compile(r"unit=grid&run=\d+"))
    page.wait_for_function("() => window.READY === 1")
    expect(page.locator(".run-facts")).to_contain_text("1000 米格网")
    box = page.locator(".folium-map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    reasons = page.locator("#reasons")
    expect(reasons.locator("h2")).to_have_text(re.compile(r"\d+ 行 \d+ 列"))
    row = page.locator("[data-area]").nth(2)
    row.focus()
    page.keyboard.press("Enter")
    expect(reasons.locator("h2")).to_have_text(row.inner_text())
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(reasons.locator(".parts li")).to_have_count(6)
    expect(reasons).to_contain_text("按住宅面积分摊")
    expect(page.locator("#chart-grades svg")).to_be_visible()


def test_a_run_that_is_not_wanted_any_more_is_cancelled_and_leaves_nothing(officer: Page, visit):
    page = visit("/maps/areas?unit=grid")
    before = page.request.get("/api/runs").json()["total"]
    open_order(page, "grid")
    page.get_by_label("格网边长（米）").fill("100")
    page.get_by_role("button", name="开始分级").click()
    page.get_by_role("button", name="取消任务").click()
    expect(page.locator("#job-words")).to_have_text(re.compile("已取消"), timeout=60_000)
    assert page.request.get("/api/runs").json()["total"] == before


def test_uploaded_polygons_are_checked_kept_and_graded(officer: Page, visit, tmp_path: Path):
    file = tmp_path / "units.geojson"
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shape.__geo_interface__}
        for name, shape in UNITS.items()
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    page = visit("/maps/areas?unit=polygons")
    open_order(page, "polygons")
    page.get_by_label("单元集名称").fill("两片")
    page.locator("#units-file").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator("#units-report")).to_contain_text("共 2 个单元")
    page.get_by_role("button", name="开始分级").click()
    page.wait_for_url(re.compile(r"unit=polygons&run=\d+"))
    page.wait_for_function("() => window.READY === 1")
    expect(page.locator(".run-facts")).to_contain_text("两片")
    expect(page.locator("[data-area]")).to_have_count(2)


def test_a_guest_sees_results_and_is_told_who_may_order(visit):
    page = visit("/maps/areas?product=risk")
    page.locator("#order summary").first.click()
    expect(page.locator("#order")).to_contain_text("区划编辑人员登录后")
    expect(page.locator(".caution").first).to_contain_text("风险低 ≠ 适宜建设")
    expect(page.locator("#run-form")).to_have_count(0)


def test_two_runs_lie_under_one_divider_moved_by_keys_and_by_mouse(visit, two_runs):
    page = visit(f"/maps/areas/compare?from={two_runs[0]}&to={two_runs[1]}")
    divider = page.get_by_role("slider")
    divider.focus()
    page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "52")
    page.keyboard.press("Home")
    expect(divider).to_have_attribute("aria-valuenow", "0")
    box, grip = page.locator("#compared").bounding_box(), divider.bounding_box()
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, grip["y"] + 100, steps=4)
    page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "75")
    clips = page.evaluate("['earlier', 'later'].map((pane) => map.getPane(pane).style.clip)")
    assert all(clip.startswith("rect(") for clip in clips)
    assert clips[0] != clips[1]


def test_what_moved_is_found_on_the_map_and_from_the_map(visit, two_runs):
    page = visit(f"/maps/areas/compare?from={two_runs[0]}&to={two_runs[1]}")
    rows = page.locator("[data-move]")
    assert rows.count() > 1
    expect(page.locator(".moved-list")).to_contain_text("权重")
    rows.last.focus()
    page.keyboard.press("Enter")
    expect(rows.last).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".selected-area")).to_have_count(1)
    name = rows.first.inner_text()
    place = page.evaluate(
        """async (name) => {
            const found = await (await fetch('/api/villages?limit=100', {headers: {Accept: 'application/geo+json'}})).json();
            const village = found.features.find((one) => one.properties.name === name);
            const { insidePoint } = await import('/static/js/map.js');
            const point = map.latLngToContainerPoint(insidePoint(village.geometry));
            return [point.x, point.y];
        }""",
        name,
    )
    box = page.locator(".folium-map").bounding_box()
    page.mouse.click(box["x"] + place[0], box["y"] + place[1])
    expect(rows.first).to_have_attribute("aria-pressed", "true")


def test_the_single_file_opens_from_a_disk_with_no_network(browser: Browser, base_url: str, page: Page, tmp_path: Path):
    file = tmp_path / "areas.html"
    answer = page.request.get(f"{base_url}/maps/areas?standalone=1")
    assert "attachment" in answer.headers["content-disposition"]
    file.write_bytes(answer.body())
    context = browser.new_context(offline=True)
    alone, asked, said = context.new_page(), [], []
    alone.on(
        "request", lambda request: asked.append(request.url) if not request.url.startswith(("file:", "data:")) else None
    )
    alone.on("pageerror", lambda error: said.append(str(error)))
    alone.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    alone.goto(file.as_uri())
    alone.wait_for_function("() => window.READY === 1")
    alone.locator("[data-area]").first.press("Enter")
    expect(alone.locator("#reasons .parts li")).to_have_count(6)
    expect(alone.locator(".figure-table")).to_have_count(2)
    context.close()
    assert (asked, said) == ([], [])


# Playwright takes a promise for a yes where it waits for a function: so the page itself asks until the job has ended.
ORDERED = """async (order) => {
  const { send } = await import('/static/js/core/api.js');
  let job = await send('/api/runs', order);
  while (!job.ended_at) {
    await new Promise((go) => setTimeout(go, 200));
    job = await (await fetch(job.links.self)).json();
  }
  return job.state;
}"""
SIZES = ({"width": 1366, "height": 768}, {"width": 390, "height": 844})


@pytest.mark.parametrize("address", ["/maps/areas", "/enterprises", "/siting"])
def test_a_key_leaves_the_whole_map_free(visit, page: Page, address):
    for size in SIZES:
        page.set_viewport_size(size)
        visit(address)
        ground, key = (page.locator(one).bounding_box() for one in (".folium-map", ".map > .key"))
        assert ground["height"] > 250
        assert key["height"] > 10
        assert key["y"] >= ground["y"] + ground["height"] - 1


def test_cells_too_small_to_be_told_apart_have_no_outlines_and_a_patch_has_one_numeral(officer: Page, visit):
    visit("/maps/areas?unit=grid")
    assert officer.evaluate(ORDERED, {"unit": "grid", "cell_m": 1000}) == "done"
    page = visit("/maps/areas?unit=grid")
    cells = page.locator(".graded-area").count()
    assert page.evaluate("getComputedStyle(document.querySelector('.graded-area')).stroke") == "none"
    numerals = page.locator(".map-label.numerals").count()
    assert 0 < numerals < cells / 4
    assert page.locator(".map-label.village").count() > 3
    page.evaluate("window.map.setZoom(16, { animate: false })")
    assert page.evaluate("getComputedStyle(document.querySelector('.graded-area')).stroke") != "none"
