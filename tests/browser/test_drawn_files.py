"""A drawing and a KML as the outline of a site: the layer and the coordinate system are asked for, never guessed."""

import io
import re

import ezdxf
from playwright.sync_api import Page, expect

from tests.browser.conftest import choose, judge

EAST, NORTH = 568_978.505, 4_355_445.351
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Folder><name>拟选址</name><Placemark><name>甲地块</name><Polygon>'
    "<outerBoundaryIs><LinearRing><coordinates>99.80,39.33 99.801,39.33 99.801,39.331 99.80,39.331 99.80,39.33"
    "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder></kml>"
)


def drawing() -> bytes:
    made = ezdxf.new("R2010")
    corners = [(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 100), (EAST, NORTH + 100)]
    made.modelspace().add_lwpolyline(corners, close=True, dxfattribs={"layer": "拟选址范围"})
    made.modelspace().add_circle((EAST, NORTH), 500, dxfattribs={"layer": "地形"})
    text = io.StringIO()
    made.write(text)
    return text.getvalue().encode()


def hand_in(page: Page, name: str, content: bytes) -> None:
    page.locator("#file").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})


def pick(page: Page, label: str, value: str) -> None:
    page.locator("#file-report").get_by_label(label).select_option(value)
    page.locator("#file-report").get_by_role("button", name="按所选重新读取").click()


def test_a_drawing_is_read_in_the_layer_and_system_a_person_names(visit):
    page = visit("/siting")
    page.expected_errors = ("422",)
    choose(page, "K2")
    hand_in(page, "总图.dxf", drawing())
    report = page.locator("#file-report")
    expect(report).to_contain_text("地形, 拟选址范围")
    pick(page, "图层", "拟选址范围")
    expect(report).to_contain_text("文件没有声明坐标系")
    pick(page, "坐标系", "EPSG:4542")
    expect(report).to_contain_text(re.compile(r"读入 1 个图形，未读入 0 个 · EPSG:4542"))
    assert judge(page)["verdict"]


def test_a_kml_is_a_site_like_any_other(visit):
    page = visit("/siting")
    choose(page, "K2")
    hand_in(page, "地块.kml", KML.encode())
    expect(page.locator("#file-report")).to_contain_text("读入 1 个图形，未读入 0 个")
    assert judge(page)["verdict"]


def test_the_page_offers_every_format_that_is_read(visit):
    offered = visit("/siting").locator("#file").get_attribute("accept").split(",")
    assert {".dxf", ".kml", ".kmz", ".txt", ".xlsx", ".zip"} <= {*offered}
