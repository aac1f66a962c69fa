"""A planner's review on the pages: from a verdict to departments, conditions and a decision that keeps what it went against."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import choose, judge, lines_of
from tests.browser.test_accessibility import PHONE, violations, violations_in_the_dark
from tests.browser.test_paste_to_verdict import paste
from tests.browser.test_rulebook import sign_in


def step_named(page: Page, words: str):
    return page.locator("details.step", has=page.locator("summary", has_text=words))


def opened_review(page: Page, visit, project: dict) -> None:
    """A site judged on the siting page, and a joint review opened on it at the first gate it may stand at."""
    visit("/siting")
    page.get_by_label("项目名称").fill("<b>示例养老院")
    choose(page, project["project_class"])
    paste(page, lines_of(project["geometry"]))
    assert judge(page)["verdict"] == "restricted"
    page.locator("#opinion").get_by_role("link", name="开启联审").click()
    page.locator("#review-route").select_option("rural_house")
    page.locator("#review-stage").select_option("approval")
    page.get_by_role("button", name="重新筛查并开启联审").click()
    expect(page.get_by_role("alert")).to_contain_text("不经过")
    expect(page.locator("#review-route")).to_have_value("rural_house")
    page.locator("#review-route").select_option("authorised")
    page.locator("#review-stage").select_option("planning")
    assert violations(page) == []
    page.get_by_role("button", name="重新筛查并开启联审").click()
    page.wait_for_url(re.compile(r"/reviews/\d+$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>示例养老院")


def row_of_water(page: Page) -> Locator:
    """The water department among those that were asked; findings name offices of water too."""
    return page.get_by_role("row", name=re.compile("^水务 "))


def letter_written_down(page: Page) -> None:
    """The water department's letter with two conditions, of which one is closed by keys."""
    water = step_named(page, "水务 填写意见")
    water.locator("summary").click()
    water.locator("[name=opinion]").select_option("conditional")
    water.locator("[name=conditions]").fill("设排洪沟\n场地抬高 0.5 m")
    water.locator("[name=signer]").fill("周示范")
    water.locator("[name=document]").fill("示水函〔2026〕2号")
    water.get_by_role("button", name="提交意见").click()
    expect(row_of_water(page)).to_contain_text("附条件同意")
    expect(row_of_water(page)).to_contain_text("代录自 示水函〔2026〕2号")
    ditch = page.locator(".condition", has_text="设排洪沟")
    expect(ditch).to_contain_text("未关闭")
    assert violations_in_the_dark(page) == []
    ditch.locator("summary").focus()
    page.keyboard.press("Enter")
    ditch.locator("[name=document]").fill("验〔2026〕5号")
    ditch.locator("[name=conclusion]").fill("已建成")
    ditch.get_by_role("button", name="凭文件关闭").click()
    expect(page.locator(".condition", has_text="设排洪沟")).to_contain_text("已关闭")


def scan_handed_in(page: Page, tmp_path: Path) -> None:
    """The letter's scan, refused where it is none, and handed in by keys; what still lacks is the sentence it may be returned with."""
    expect(row_of_water(page).locator(".no-scan")).to_be_visible()
    disguised, scan = tmp_path / "假.pdf", tmp_path / "复函.pdf"
    disguised.write_bytes(b"MZ")
    scan.write_bytes(b"%PDF-1.7 letter")
    fold = step_named(page, "上传材料")
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    fold.get_by_role("button", name="上传并存档").click()
    expect(fold.locator("#document-file-trouble")).not_to_be_empty()
    for told, name in (("reply", "document-kind"), ("water", "document-department")):
        fold.locator(f"#{name}").select_option(told)
    fold.locator("#document-number").fill("示水函[2026] 2号")
    fold.locator("#document-file").set_input_files(disguised)
    fold.get_by_role("button", name="上传并存档").click()
    expect(fold.locator("#document-file-trouble")).to_contain_text("PDF")
    fold.locator("#document-file").set_input_files(scan)
    fold.get_by_role("button", name="上传并存档").press("Enter")
    expect(page.locator(".documents .document")).to_contain_text("示水函[2026] 2号")
    expect(page.locator(".no-scan")).to_have_count(0)
    page.locator("[data-completion]").click()
    expect(page.locator("#decide-reason")).to_have_value(re.compile("用地预审与选址申请"))
    expect(page.locator("#decide-decision")).to_have_value("returned")


def test_a_verdict_goes_to_the_departments_and_comes_back_as_a_decision(page: Page, visit, projects, tmp_path):
    page.expected_errors = ("status of 409", "status of 422")  # type: ignore[attr-defined]
    sign_in(page, "planner")
    opened_review(page, visit, projects["restricted"])
    letter_written_down(page)
    scan_handed_in(page, tmp_path)

    decide = page.locator("section", has=page.locator("#decide-heading"))
    expect(decide.locator(".weighing")).to_contain_text("还有部门没有复函")
    decide.locator("[name=decision]").select_option("approved")
    decide.locator("[name=reason]").fill("县政府专题会议纪要第 3 号")
    with page.expect_response("**/decision*") as answered:
        decide.get_by_role("button", name="作出决定").click()
    assert answered.value.json()["objections"] == ["verdict", "opinions_owed", "conditions_open", "documents_lacking"]
    expect(decide.locator(".form-trouble")).to_contain_text("与筛查结论不一致")
    expect(decide.locator("[name=reason]")).to_have_value("县政府专题会议纪要第 3 号")
    decide.locator("[name=override]").check()
    decide.get_by_role("button", name="作出决定").click()
    expect(page.locator(".decided")).to_contain_text("越过筛查与意见作出")
    expect(page.locator(".decided")).to_contain_text("需论证")
    expect(page.locator("#decide-heading")).to_have_count(0)

    address = page.url
    page.set_viewport_size(PHONE)
    page.goto("/reviews")
    expect(page.locator("tbody tr").first).to_contain_text("示例养老院")
    assert violations(page) == []
    page.goto(address)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.emulate_media(media="print")
    expect(page.locator(".papers").first).to_be_hidden()
    expect(page.locator("details.step.on-screen").first).to_be_hidden()
    expect(page.locator(".decided")).to_be_visible()
