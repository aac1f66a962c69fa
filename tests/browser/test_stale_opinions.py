"""An opinion answers the request it was given on and no other: not on screen, not on paper, not under another name."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import choose, judge, lines_of, refused_with

VOID = "本意见已失效"


def judged(page: Page, project: dict) -> None:
    page.get_by_label("项目名称").fill(project["name"])
    choose(page, project["project_class"])
    page.locator("#coordinates").fill(lines_of(project["geometry"]))
    expect(page.locator("#understood")).to_contain_text("经度", timeout=10_000)
    judge(page)
    expect(page.locator("#opinion")).not_to_contain_text(VOID)
    page.locator("#request > summary").click()


def change_class(page: Page) -> None:
    other = "K2" if page.locator("#project-class").input_value() == "K1" else "K1"
    choose(page, other)


def change_name(page: Page) -> None:
    page.get_by_label("项目名称").fill("另一个项目")


def change_seismic(page: Page) -> None:
    page.locator(".reading-as > summary").click()
    page.locator("#seismic").select_option("甲")


def change_text(page: Page) -> None:
    page.locator("#coordinates").press_sequentially(" ")


@pytest.mark.parametrize("change", [change_class, change_name, change_seismic, change_text])
def test_a_changed_request_makes_the_opinion_void_at_once(visit, projects, change):
    page = visit("/siting")
    judged(page, projects["prohibited"])
    change(page)
    opinion = page.locator("#opinion")
    expect(opinion).to_contain_text(VOID)
    expect(opinion.get_by_role("button", name="打印意见")).to_be_disabled()
    page.emulate_media(media="print")
    expect(opinion.locator(".verdict")).to_be_hidden()
    expect(opinion.get_by_text(VOID)).to_be_visible()
    page.emulate_media(media="screen")


def test_judging_anew_makes_it_valid(visit, projects):
    page = visit("/siting")
    judged(page, projects["prohibited"])
    change_name(page)
    judge(page)
    expect(page.locator("#opinion")).not_to_contain_text(VOID)
    expect(page.locator("#opinion .opinion-title")).to_have_text("另一个项目")
    expect(page.get_by_role("button", name="打印意见")).to_be_enabled()


def hand_in(page: Page, name: str, content: str) -> None:
    page.locator("#file").set_input_files([{"name": name, "mimeType": "application/json", "buffer": content.encode()}])


def of(*features: dict) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False)


def plot(geometry: dict, **properties) -> dict:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


@pytest.mark.parametrize(
    "content", ["no json at all", of(), of(plot({"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}))]
)
def test_a_refused_file_leaves_no_former_site_to_be_judged(visit, projects, content):
    page = visit("/siting")
    judged(page, projects["prohibited"])
    refused_with(page, 422)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    hand_in(page, "other.geojson", content)
    expect(page.locator("#file-report")).to_contain_text("other" if "{" in content else "", timeout=20_000)
    expect(page.locator("#opinion")).to_contain_text(VOID)
    expect(page.locator("#coordinates")).to_have_value("")
    expect(page.locator(".stratum-sites path.site-line")).to_have_count(0)
    page.get_by_role("button", name="开始筛查").click()
    expect(page.locator("#trouble-geometry")).not_to_be_empty()
    assert not [address for address in asked if "/siting/opinion" in address]
    expect(page.locator("#file-report")).to_be_in_viewport()


def test_a_file_of_several_sites_is_judged_only_once_one_is_chosen_and_under_its_own_name(visit, projects):
    page, other = visit("/siting"), projects["permitted"]["geometry"]
    judged(page, projects["prohibited"])
    hand_in(page, "two.geojson", of(plot(other, name="甲地", project_class="K5"), plot(other)))
    picks = page.locator(".picks input")
    expect(picks).to_have_count(2)
    expect(page.locator("#coordinates")).to_have_value("")
    picks.first.check()
    expect(page.get_by_label("项目名称")).to_have_value("甲地")
    expect(page.locator("#understood")).to_contain_text("经度", timeout=10_000)
    picks.last.check()
    expect(page.get_by_label("项目名称")).to_have_value("")
