"""A planner divides a plot: the park is judged as a park, the ward as a ward, and the opinion tells which is which."""

from playwright.sync_api import Page, expect
from shapely import box
from shapely.geometry import mapping, shape

from tests.browser.conftest import lines_of
from tests.browser.test_accessibility import violations
from tests.browser.test_hazard_map import WORDS


def halves(geometry):
    ground = shape(geometry)
    west, south, east, north = ground.bounds
    middle = (west + east) / 2
    return [
        mapping(ground.intersection(box(west, south, middle, north))),
        mapping(ground.intersection(box(middle, south, east, north))),
    ]


def test_a_plot_is_divided_judged_and_told_by_its_parts(page: Page, visit, projects):
    project = projects["prohibited"]
    visit(f"/siting?project={project['id']}")
    page.locator("#opinion .verdict").wait_for()
    page.locator("#request > summary").click()
    page.locator("#site-parts > summary").click()
    for name, half in zip(("花园", "病房"), halves(project["geometry"]), strict=True):
        page.get_by_role("button", name="添加分区").click()
        row = page.locator(".part-row").last
        expect(row.get_by_label("分区名称")).to_be_focused()
        page.keyboard.type(name)
        row.locator("[data-part=project_class]").select_option("K6" if name == "花园" else "K2")
        if name == "病房":
            row.get_by_label("建筑类型").select_option("school")
            row.locator("[data-part=seismic_class]").select_option("甲")
        row.get_by_label("分区范围").fill(lines_of(half))
    expect(page.locator("path.site-part")).to_have_count(2)
    expect(page.locator("#opinion")).to_have_class("is-void")
    assert violations(page) == []
    page.get_by_role("button", name="开始筛查").click()
    told = page.locator("#opinion .site-parts tbody tr")
    expect(told).to_have_count(2)
    expect(told.first.get_by_role("rowheader")).to_have_text("花园")
    expect(told.last).to_contain_text("抗震设防 甲类")
    expect(page.locator("#opinion .evidence").last).to_contain_text("分区“病房”")
    expect(page.locator("#opinion .part-classes")).to_have_count(2)
    assert violations(page) == []
    drawn = [row.input_value() for row in page.locator("[data-part=coordinates]").all()]
    page.get_by_role("button", name="找结论更轻的范围").click()
    page.locator(".places-told [data-take]").first.click()
    moved = [row.input_value() for row in page.locator("[data-part=coordinates]").all()]
    assert all(one != other for one, other in zip(drawn, moved, strict=True))
    page.get_by_role("button", name="开始筛查").click()
    expect(page.locator("#opinion")).not_to_have_class("is-void")
    expect(page.locator("#opinion .verdict h3")).not_to_contain_text(WORDS["prohibited"])
    expect(told).to_have_count(2)
    page.locator("#request > summary").click()
    page.locator(".part-row").last.get_by_role("button", name="删除分区").click()
    expect(page.locator(".part-row")).to_have_count(1)
    expect(page.locator("path.site-part")).to_have_count(1)
    expect(page.locator("#opinion")).to_have_class("is-void")
    page.keyboard.press("Control+z")
    expect(page.locator(".part-row")).to_have_count(2)
