"""A planner pastes the corners of a plot and reads what the town knows of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OPINION, choose, facts_in, judge, lines_of, refused_with
from tests.browser.test_hazard_map import WORDS


def paste(page: Page, text: str) -> None:
    page.get_by_label("拟选址范围").fill(text)
    expect(page.locator("#understood")).to_contain_text("经度", timeout=10_000)


@pytest.mark.parametrize("verdict", ["prohibited", "restricted", "permitted"])
def test_a_pasted_plot_gets_its_verdict_in_the_words_of_the_contract(visit, projects, verdict):
    page, project = visit("/siting"), projects[verdict]
    page.get_by_label("项目名称").fill(project["name"])
    choose(page, project["project_class"])
    paste(page, lines_of(project["geometry"]))
    answer = judge(page)
    assert answer["verdict"] == verdict
    box = page.locator("#opinion .verdict")
    expect(box).to_contain_text(WORDS[verdict])
    expect(page.locator("#opinion")).not_to_contain_text("允许建设")


def test_the_opinion_lists_every_theme_and_what_nobody_surveyed(visit, projects):
    page, project = visit("/siting"), projects["gaps"]
    choose(page, project["project_class"])
    paste(page, lines_of(project["geometry"]))
    answer = judge(page)
    rows = page.locator("table.evidence th[scope=row]")
    listed = rows.evaluate_all("(heads) => heads.map((head) => head.firstChild.textContent)")
    assert sorted(listed) == sorted(theme["name"] for theme in answer["themes"] if theme["findings"])
    rest = page.locator("#opinion .appendix").inner_text()
    assert all(theme["name"] in rest for theme in answer["themes"] if not theme["findings"])
    gaps = [theme["name"] for theme in answer["themes"] if theme["status"] == "no_data"]
    assert gaps
    for name in gaps:
        expect(page.locator(".unknowns")).to_contain_text(name)


def test_the_opinion_names_what_it_rests_on_and_what_it_is_not(visit, projects):
    page, project = visit("/siting"), projects["prohibited"]
    choose(page, project["project_class"])
    paste(page, lines_of(project["geometry"]))
    answer = judge(page)
    ending = page.locator("#opinion .ending")
    expect(ending).to_contain_text(f"第 {answer['edition']['number']} 版区划")
    expect(ending).to_contain_text(answer["rulebook"]["version"])
    expect(ending).to_contain_text("筛查意见，不替代法定评估")
    expect(page.get_by_role("heading", level=1)).to_have_text("选址灾害风险筛查意见(辅助研判)")


def test_what_is_missing_is_said_beside_its_field(visit):
    page = visit("/siting")
    page.get_by_role("button", name="开始筛查").click()
    expect(page.locator("#trouble-geometry")).not_to_be_empty()
    expect(page.locator("#trouble-project_class")).not_to_be_empty()
    expect(page.locator("#opinion .verdict")).to_have_count(0)


def test_metres_with_north_first_are_named_back(visit):
    page = visit("/siting")
    page.get_by_label("拟选址范围").fill("J1 4355445.3 33568978.5\nJ2 4355445.3 33569178.5\nJ3 4355645.3 33569178.5")
    understood = page.locator("#understood")
    for words in ("高斯-克吕格", "先 X（北坐标），后 Y（东坐标）", "第 33 带"):
        expect(understood).to_contain_text(words)
    expect(page.locator(".stratum-sites path.site-line")).to_have_count(1)


def test_a_line_that_cannot_be_read_is_selected_from_its_problem(visit):
    page = visit("/siting")
    page.get_by_label("拟选址范围").fill("99.80,39.33\n99.81;三十九\n99.81,39.34")
    page.locator("#understood").get_by_role("button", name="第 2 行").first.click()
    box = "document.getElementById('coordinates')"
    assert page.evaluate(f"() => {box}.value.slice({box}.selectionStart, {box}.selectionEnd)") == "99.81;三十九"


def test_a_crossing_outline_is_mended_with_one_click_that_shows_the_areas(visit, page: Page):
    refused_with(page, 422)
    visit("/siting")
    choose(page, "K4")
    paste(page, "99.800,39.300\n99.804,39.303\n99.804,39.300\n99.800,39.303")
    page.get_by_role("button", name="开始筛查").click()
    expect(page.locator("#trouble-geometry")).to_contain_text("自相交")
    expect(page.locator(".site-repair")).to_have_count(1)
    expect(page.locator("#repair")).to_contain_text("公顷")
    page.get_by_role("button", name="接受修复并筛查").click()
    expect(page.locator("#opinion .meta")).to_contain_text("拟选址范围已按建议修复")


def test_a_reader_of_english_meets_trouble_in_english(visit, page: Page):
    refused_with(page, 422)
    visit("/siting?lang=en")
    choose(page, "K4")
    box = page.get_by_label("Proposed site")
    box.fill("99.80,39.33\n99.81")
    expect(page.locator("#understood")).to_contain_text("Line 2")
    box.fill("99.800,39.300\n99.804,39.303\n99.804,39.300\n99.800,39.303")
    expect(page.locator("#understood")).to_contain_text("longitude")
    page.get_by_role("button", name="Screen the site").click()
    expect(page.locator("#trouble-geometry")).to_contain_text("the boundary crosses itself; please correct it")
    outline = b'{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [12.5, 41.9]}}'
    page.locator("[name=file]").first.set_input_files(
        {"name": "rome.geojson", "mimeType": "application/geo+json", "buffer": outline}
    )
    expect(page.locator("#file-report")).to_contain_text("the coordinates lie outside the region")
    said = page.locator("#siting-form .field-trouble, #understood, #file-report, #form-trouble").all_inner_texts()
    assert [words for words in said if re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", words)] == []


def test_a_stored_project_opens_judged(visit, projects):
    project = projects["prohibited"]
    page = visit(f"/siting?project={project['id']}")
    expect(page.locator("#opinion .verdict")).to_contain_text(WORDS["prohibited"])
    expect(page.locator(".opinion-title")).to_have_text(project["name"])
    expect(page.locator(".opinion-part:not(.by-class) .scale li")).to_have_count(7)


def test_a_link_to_a_place_starts_with_that_point(visit):
    page = visit("/siting?lon=99.8&lat=39.33")
    expect(page.get_by_label("拟选址范围")).to_have_value("99.8,39.33")
    centre = page.evaluate("() => [map.getCenter().lng, map.getCenter().lat]")
    assert centre == pytest.approx([99.8, 39.33], abs=0.01)


def test_on_paper_the_outline_is_in_frame_before_the_evidence_and_there_is_a_place_to_sign(visit, projects):
    page = visit(f"/siting?project={projects['gaps']['id']}")
    page.locator("#opinion .verdict").wait_for()
    page.set_viewport_size({"width": 680, "height": 980})
    page.emulate_media(media="print")
    frame, verdict, unknown, evidence = (
        page.locator(name).bounding_box() for name in (".folium-map", ".verdict", ".unknowns", "table.evidence")
    )
    assert verdict["y"] < unknown["y"] < frame["y"] < evidence["y"]
    assert unknown["y"] + unknown["height"] < 980
    outline = page.locator(".stratum-sites path.site-line").bounding_box()
    assert frame["x"] < outline["x"]
    assert outline["x"] + outline["width"] < frame["x"] + frame["width"]
    assert frame["y"] < outline["y"]
    assert outline["y"] + outline["height"] < frame["y"] + frame["height"]
    expect(page.locator(".signatures")).to_be_visible()
    expect(page.locator(".foot")).to_contain_text("审图号")
    expect(page.locator("#draw-tools")).to_be_hidden()


def test_paper_bears_the_number_of_a_recorded_check_and_says_so_of_no_other(visit, projects, base_url):
    page, project = visit("/siting"), projects["prohibited"]
    choose(page, project["project_class"])
    paste(page, lines_of(project["geometry"]))
    assert judge(page)["record"] is None
    page.emulate_media(media="print")
    record = page.locator("#opinion .record")
    expect(record).to_have_text("未登记，不作审查依据", use_inner_text=True)
    page.emulate_media(media="screen")
    entered = page.request.post(f"{base_url}/sign-in/demo", form={"role": "planner"})
    assert entered.ok
    page = visit("/siting?lang=en")
    page.get_by_label("Project name").fill("A depot")
    choose(page, project["project_class"])
    page.locator("#coordinates").fill(lines_of(project["geometry"]))
    expect(page.locator("#understood")).not_to_be_empty()
    with page.expect_response(OPINION) as answered:
        page.locator("#submit").click()
    kept = facts_in(answered.value.text())["record"]
    page.emulate_media(media="print")
    expect(record).to_contain_text(kept["number"])
    expect(record).to_contain_text("recorded by demo-planner")
    page.emulate_media(media="screen")
    page.locator("#request > summary").click()
    page.get_by_label("Project name").fill("Another depot")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        expect(record).to_be_hidden()
    page.emulate_media(media="screen")
    page.goto(f"{base_url}/checks?number={kept['number'][3:]}")
    expect(page.get_by_role("heading", level=1)).to_have_text(kept["number"])
    page.reload()
    page.goto(f"{base_url}/siting")
    expect(page.locator("#opinion")).not_to_contain_text("筛查-")


def test_an_opinion_is_taken_along_as_a_file_of_each_kind(visit, projects):
    page, project = visit("/siting"), projects["prohibited"]
    choose(page, project["project_class"])
    paste(page, lines_of(project["geometry"]))
    judge(page)
    for name, begins in (("PDF", b"%PDF-1.7"), ("Word", b"PK"), ("Excel", b"PK")):
        with page.expect_download() as taken:
            page.locator(".papers").get_by_role("button", name=name).click()
        assert taken.value.path().read_bytes().startswith(begins)
        assert taken.value.suggested_filename.startswith("opinion.")
