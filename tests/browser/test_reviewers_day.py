"""A reviewer's day in a browser: paste, verdict, sensitivity, places to compare, opinions, conditions, decision, papers in hand.

An edition published meanwhile touches exactly the reviews whose ground it changes.
"""

import io
import re
import subprocess
from pathlib import Path
from urllib.parse import quote

import docx
import geopandas as gpd
import httpx
import pytest
import shapely
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.app.test_siting_reviews import on_paper
from tests.app.test_told_opinions import text_of_pdf
from tests.browser.conftest import choose, judge, lines_of
from tests.browser.test_accessibility import PHONE, violations, violations_in_the_dark
from tests.browser.test_joint_review import step_named
from tests.browser.test_paste_to_verdict import paste
from tests.browser.test_rulebook import sign_in
from tests.running import Running, until

REVIEWS = "/api/siting/reviews"
WIDTH_M, DEGREES = 0.0012, 0.004
"""Side of the plots beside the project, and how far apart they are (degrees)."""


@pytest.fixture
def planner(town: Running):
    """The interface as a planner's program uses it."""
    made = town.anzhi("token", "create", "--role", "planner", "--name", "reviewers-day")
    assert made.returncode == 0, made.stderr
    headers = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
    with httpx.Client(base_url=town.base, headers=headers, timeout=120) as client:
        yield client


def feature(shape, name: str) -> dict:
    told = {"name": name, "project_class": "K4"}
    return {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": told}


def free_plot(planner, start) -> shapely.Geometry:
    """A plot near ``start`` on which nothing speaks against a house today."""
    for step in range(1, 60):
        for side in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            x, y = start.x + side[0] * step * DEGREES, start.y + side[1] * step * DEGREES
            plot = shapely.box(x, y, x + WIDTH_M, y + WIDTH_M)
            answer = planner.post("/api/siting/check", json=feature(plot, "试"))
            if answer.status_code == 200 and answer.json()["verdict"] == "permitted":
                return plot
    raise AssertionError("no permitted ground near the project")


def opened(planner, plot, name: str) -> dict:
    answer = planner.post(REVIEWS, json={**feature(plot, name), "stage": "planning"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def decided(planner, review: dict, decision: str) -> None:
    tag = planner.get(f"{REVIEWS}/{review['id']}").headers["ETag"]
    body = {"decision": decision, "reason": "符合条件", "override": True}
    answer = planner.post(f"{REVIEWS}/{review['id']}/decision", json=body, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text


def publish_danger_over(town: Running, plot, folder: Path) -> None:
    danger = gpd.GeoDataFrame({"name": ["示范崩塌危险区"]}, geometry=[plot.buffer(0.0004)], crs=4490)
    danger.to_file(folder / "danger.geojson", driver="GeoJSON")
    imported = town.anzhi(
        "import", "zones", folder / "danger.geojson", "--hazard", "declared_geological", "--product", "hazard",
        "--publish", "--reason", "汛期新划定", ANZHI_CONSOLE_PUBLISH="always",
    )  # fmt: skip
    assert imported.returncode == 0, imported.stderr


def judged_sensitivity_and_places(page: Page, visit, project: dict) -> None:
    """The opinion on the page: verdict, how firm it is, and where else the same outline would be judged milder."""
    visit("/siting")
    page.get_by_label("项目名称").fill("示例敬老院")
    choose(page, project["project_class"])
    paste(page, lines_of(project["geometry"]))
    assert judge(page)["verdict"] == "restricted"
    steps = page.locator("#opinion .opinion-part:not(.by-class) .scale li")
    assert steps.count() >= 5
    expect(page.locator("#opinion .opinion-part:not(.by-class) .scale li.now")).to_have_count(1)
    expect(page.locator("#opinion .deciding li").first).to_be_visible()
    page.get_by_role("button", name="找结论更轻的范围").click()
    expect(page.locator(".places-told")).to_contain_text(re.compile("米|没有"))
    expect(page.locator(".places-told")).not_to_contain_text("推荐")


def opened_on_the_page(page: Page) -> int:
    page.locator("#opinion").get_by_role("link", name="开启联审").click()
    page.locator("#review-route").select_option("authorised")
    page.locator("#review-stage").select_option("planning")
    page.get_by_role("button", name="重新筛查并开启联审").click()
    page.wait_for_url(re.compile(r"/reviews/\d+$"))
    return int(page.url.rpartition("/")[2])


def answered(page: Page, planner, number: int) -> None:
    """One letter is written down on the page, by keys; the others come in by the interface."""
    water = step_named(page, "水务 填写意见")
    water.locator("summary").focus()
    page.keyboard.press("Enter")
    water.locator("[name=opinion]").select_option("conditional")
    water.locator("[name=conditions]").fill("设排洪沟")
    water.locator("[name=signer]").fill("周示范")
    water.locator("[name=document]").fill("示水函〔2026〕9号")
    water.get_by_role("button", name="提交意见").click()
    expect(page.locator("tr", has_text="水务").first).to_contain_text("附条件同意")
    for one in planner.get(f"{REVIEWS}/{number}").json()["departments"]:
        if one["department"] != "water":
            given = planner.post(f"{REVIEWS}/{number}/opinions", json=on_paper(one["department"]))
            assert given.status_code == 201, given.text
    page.reload()
    ditch = page.locator(".condition", has_text="设排洪沟")
    ditch.locator("summary").click()
    ditch.locator("[name=document]").fill("验〔2026〕9号")
    ditch.locator("[name=conclusion]").fill("已建成")
    ditch.get_by_role("button", name="凭文件关闭").click()
    expect(page.locator(".condition", has_text="设排洪沟")).to_contain_text("已关闭")


def application_handed_in(page: Page) -> None:
    """The application itself, without which nothing is approved."""
    fold = step_named(page, "上传材料")
    fold.locator("summary").click()
    fold.locator("#document-kind").select_option(label="用地预审与选址申请")
    fold.locator("#document-number").fill("示申〔2026〕1号")
    fold.locator("#document-file").set_input_files(
        [{"name": "申请.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 application"}]
    )
    fold.get_by_role("button", name="上传并存档").click()
    expect(page.locator(".documents .document")).to_contain_text("示申〔2026〕1号")


def decided_on_the_page(page: Page) -> None:
    """A conditional decision goes with a verdict that restricts; what is open goes on to the next gate."""
    decide = page.locator("section", has=page.locator("#decide-heading"))
    decide.locator("[name=decision]").select_option("conditional")
    decide.locator("[name=reason]").fill("条件随下一环节落实")
    decide.get_by_role("button", name="作出决定").click()
    expect(page.locator(".decided").first).to_contain_text("条件随下一环节落实")


def papers_in_hand(page: Page, town: Running, folder: Path, check: str) -> None:
    """The PDF and the Word file, opened by other programs; a byte altered is told."""
    files = {}
    for kind in ("PDF", "Word"):
        with page.expect_download() as asked:
            page.locator(".papers").get_by_role("link", name=kind, exact=True).click()
        files[kind] = Path(asked.value.path()).read_bytes()
    content = files["PDF"]
    told = text_of_pdf(content)
    for words in ("示例敬老院", check, "筛查意见，不替代法定评估", "演示数据(合成)"):
        assert re.sub(r"\s", "", words) in told, words
    drawn = subprocess.run(["pdftoppm", "-r", "110", "-png", "-f", "1", "-l", "1", "-"], input=content, capture_output=True, check=True).stdout  # fmt: skip
    sheet = Image.open(io.BytesIO(drawn)).convert("L")
    assert len(sheet.getcolors(256)) > 50, "the first sheet is drawn with its map"
    document = docx.Document(io.BytesIO(files["Word"]))
    written = "".join(one.text for one in document.paragraphs)
    assert "示例敬老院" in written
    assert "需论证" in written
    codes = [
        code.text
        for part in document.part.package.iter_parts()
        if part.partname.startswith("/word/media/")
        for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(part.blob)).convert("L"))
    ]
    assert [check in code for code in codes] == [True]
    for name, altered, code in (
        ("as-it-left.pdf", content, 0),
        ("altered.pdf", content[:-40] + b" " + content[-39:], 1),
    ):
        (folder / name).write_bytes(altered)
        assert town.anzhi("verify", folder / name).returncode == code


def told_of(page: Page, planner, touched: tuple[dict, dict], untouched: int) -> None:
    """Of the two reviews on the danger's ground one goes on by the new verdict, the decided one is only told of."""
    open_one, closed_one = touched
    until(lambda: not planner.get(f"{REVIEWS}/{open_one['id']}").json()["judgement_pending"])
    listed = planner.get("/api/siting/review-notices", params={"limit": 100}).json()["items"]
    about = {one["review"] for one in listed if any("示范崩塌危险区" in line for line in one["lines"])}
    assert about == {open_one["id"], closed_one["id"]}
    assert untouched not in {one["review"] for one in listed}
    page.goto("/reviews?judged_anew=true")
    expect(page.locator("tbody")).to_contain_text(closed_one["number"])
    expect(page.locator("tbody")).not_to_contain_text(open_one["number"])
    page.goto(f"/reviews/{open_one['id']}")
    expect(page.locator("#notice-heading")).to_contain_text("重新判定")
    page.goto(f"/reviews/{closed_one['id']}")
    expect(page.locator("#notice-heading")).to_contain_text("复核提示单")
    expect(page.locator(".decided").first).to_contain_text("符合条件")
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    note = step_named(page, "已知悉，维持原决定")
    note.locator("summary").focus()
    page.keyboard.press("Enter")
    note.locator("[name=reason]").fill("另选址，原决定不再实施")
    note.get_by_role("button", name="已知悉，维持原决定").click()
    expect(page.locator("section", has=page.locator("#notice-heading"))).to_contain_text("另选址，原决定不再实施")
    expect(page.locator(".decided").first).to_contain_text("符合条件")


def test_a_reviewers_day(page: Page, visit, projects, town: Running, planner, tmp_path: Path):
    project = projects["restricted"]
    plot = free_plot(planner, shapely.geometry.shape(project["geometry"]).centroid)
    undecided, closed = opened(planner, plot, "示例住宅一"), opened(planner, plot, "示例住宅二")
    decided(planner, closed, "approved")

    sign_in(page, "planner")
    judged_sensitivity_and_places(page, visit, project)
    number = opened_on_the_page(page)
    before = planner.get(f"{REVIEWS}/{number}").json()
    answered(page, planner, number)
    publish_danger_over(town, plot, tmp_path)
    told_of(page, planner, (undecided, closed), number)

    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"/reviews/{number}")
    expect(page.locator("#notice-heading")).to_have_count(0)
    after = planner.get(f"{REVIEWS}/{number}").json()
    assert (after["check"], after["verdict"]) == (before["check"], "restricted")
    application_handed_in(page)
    decided_on_the_page(page)
    papers_in_hand(page, town, tmp_path, before["check"])
    page.goto(f"/checks/{quote(before['check'], safe='')}")
    expect(page.locator("body")).to_contain_text(before["check"])
