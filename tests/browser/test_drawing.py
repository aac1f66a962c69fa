"""A planner draws an outline on the map, mends its corners, throws it away; the coordinates box is always in step."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect


def click_map(page: Page, *places: tuple[int, int]) -> None:
    corner = page.locator(".folium-map").bounding_box()
    for x, y in places:
        page.mouse.click(corner["x"] + x, corner["y"] + y)
        page.wait_for_timeout(350)  # two clicks closer together are one double-click to Leaflet


def corners(page: Page) -> list[str]:
    return page.get_by_label("拟选址范围").input_value().splitlines()


def test_a_drawn_area_fills_the_box_and_a_dragged_corner_changes_it(visit):
    page = visit("/siting")
    page.get_by_role("button", name="绘制用地范围").click()
    click_map(page, (300, 300), (420, 310), (430, 420))
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#understood")).to_contain_text("先经度，后纬度")
    drawn = corners(page)
    assert len(drawn) == 3
    page.get_by_role("button", name="编辑顶点").click()
    handle = page.locator(".marker-icon:not(.marker-icon-middle)").first
    at = handle.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(at["x"] - 60, at["y"] - 50, steps=6)
    page.mouse.up()
    page.wait_for_function("(before) => document.getElementById('coordinates').value !== before", arg="\n".join(drawn))
    assert len(set(corners(page)) - set(drawn)) == 1
    page.get_by_role("button", name="删除用地范围").click()
    assert corners(page) == []
    expect(page.locator(".stratum-sites path.site-line")).to_have_count(0)


def test_a_point_taken_back_is_not_part_of_the_line(visit):
    page = visit("/siting")
    page.get_by_role("button", name="线", exact=True).click()
    click_map(page, (300, 300), (420, 310), (430, 420))
    page.get_by_role("button", name="撤销一点").click()
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#understood")).not_to_be_empty()
    assert len(corners(page)) == 2


def test_a_typed_change_moves_the_drawing(visit):
    page = visit("/siting")
    page.get_by_role("button", name="点", exact=True).click()
    click_map(page, (350, 350))
    expect(page.locator("#understood")).not_to_be_empty()
    page.get_by_label("拟选址范围").fill("99.80,39.33\n99.81,39.33\n99.81,39.34")
    expect(page.locator(".stratum-sites path.site-line")).to_have_count(1)
    assert page.evaluate("() => map.getBounds().contains([39.335, 99.805])")


def test_a_file_of_several_plots_asks_which_one(visit, tmp_path: Path):
    def plot(name: str, lon: float) -> dict:
        ring = [[lon, 39.3], [lon + 0.002, 39.3], [lon + 0.002, 39.302], [lon, 39.3]]
        return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    file = tmp_path / "plots.geojson"
    document = {"type": "FeatureCollection", "features": [plot("东地块", 99.81), plot("西地块", 99.79)]}
    file.write_text(json.dumps(document), encoding="utf-8")
    page = visit("/siting")
    page.locator("#file").set_input_files(file)
    page.get_by_label("西地块").check()
    expect(page.get_by_label("项目名称")).to_have_value("西地块")
    expect(page.get_by_label("拟选址范围")).to_have_value("99.79,39.3\n99.792,39.3\n99.792,39.302")
