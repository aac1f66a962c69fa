"""An officer opens the town's map, turns layers on and off, asks why a project is flagged, takes the map home."""

from pathlib import Path

from playwright.sync_api import Page, expect

WORDS = {
    "prohibited": "触发禁止性规则",
    "restricted": "需论证",
    "insufficient_data": "资料不足",
    "permitted": "未触发已加载规则",
}


def shapes(page: Page, pane: str) -> int:
    return page.locator(f".stratum-{pane} path").count()


def test_the_overview_draws_a_map_with_height_under_the_real_policy(visit):
    page = visit("/")
    policy = page.request.get("/").headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert page.locator(".folium-map").bounding_box()["height"] > 500
    for pane in ("land", "roads", "grades", "sites"):
        assert shapes(page, pane) > 0, pane
    expect(page.locator("#map-note")).to_be_hidden()


def test_an_unticked_grade_leaves_the_map_and_comes_back(visit):
    page = visit("/")
    before = shapes(page, "grades")
    ticked = page.locator(".theme:has([name=theme]:checked) [name=grade]")
    held = next(box for box in ticked.all() if box.locator("xpath=ancestor::label").inner_text().split()[-1] != "0")
    held.uncheck()
    expect(page.locator(".stratum-grades path")).not_to_have_count(before)
    assert shapes(page, "grades") < before
    held.check()
    expect(page.locator(".stratum-grades path")).to_have_count(before)


def test_a_hazard_is_laid_over_the_map_by_its_box(visit):
    page = visit("/")
    box = page.locator("[name=overlay][value^='fault/']")
    box.set_checked(checked=False)
    without = shapes(page, "hazards")
    box.check()
    expect(page.locator(".stratum-hazards path")).not_to_have_count(without)
    assert shapes(page, "hazards") > without


def test_choosing_a_flagged_project_says_why(visit, projects):
    page = visit("/")
    flagged = projects["prohibited"]
    page.locator(f"[data-project='{flagged['id']}']").click()
    card = page.locator("#selection")
    expect(card).to_be_visible()
    expect(card).to_contain_text(flagged["name"])
    expect(card).to_contain_text(WORDS["prohibited"])
    expect(card).to_contain_text(flagged["reasons"][0])


def test_the_full_map_is_drawn_and_offers_the_file(visit):
    page = visit("/maps/hazards")
    assert page.locator(".folium-map").bounding_box()["height"] > 500
    assert shapes(page, "grades") > 0
    expect(page.locator("a[download]")).to_be_visible()


def test_the_single_file_opens_from_disk_with_no_network(visit, page: Page, tmp_path: Path):
    visit("/maps/hazards")
    with page.expect_download() as download:
        page.locator("a[download]").click()
    file = tmp_path / "map.html"
    download.value.save_as(file)
    page.context.set_offline(offline=True)
    page.goto(file.as_uri())
    page.wait_for_function("() => window.READY === 1")
    assert page.locator(".folium-map").bounding_box()["height"] > 500
    assert shapes(page, "grades") > 0
    expect(page.locator("body")).to_contain_text("筛查意见，不替代法定评估")
    first = page.locator(".theme:has([name=theme]:checked) [name=grade]").first
    before = shapes(page, "grades")
    first.uncheck()
    assert shapes(page, "grades") <= before
