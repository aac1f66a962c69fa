"""A rural house asked about on a phone: by position, with a photo that stays, to a verdict and the sheet of three visits."""

import base64
import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from app.reports.visits import VISITS
from tests.browser.conftest import OPINION, facts_in

PHONE = {"width": 390, "height": 844}
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def house(visit, page: Page, projects):
    """The page on a phone that stands on one corner after the other."""
    page.set_viewport_size(PHONE)
    page.context.grant_permissions(["geolocation"])
    corners = projects["permitted"]["geometry"]["coordinates"][0][:4]
    visit("/siting#homestead")
    for number, (lon, lat) in enumerate(corners, 1):
        page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 12.2 if number == 1 else 3.5})
        page.get_by_role("button", name="我站的地方是一角").click()
        expect(page.locator("#corner-note")).to_contain_text(f"第 {number} 角")
        if number == 1:
            expect(page.locator("#corner-note")).to_contain_text(re.compile("±13 米.*草图"))
    return page, corners


def test_corners_by_position_and_a_householder_lead_to_a_verdict_and_a_sheet(house, projects):
    page, corners = house
    page.get_by_label("户主").fill("马某")
    page.get_by_label("社", exact=True).fill("小海子村 三社")
    asked = []
    page.on("request", lambda one: asked.append(one.post_data_buffer or b""))
    page.locator("#photo").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": DOT})
    expect(page.locator("#photo-shown")).to_be_visible()
    with page.expect_response(OPINION) as answered:
        page.locator("#submit").click()
    facts = facts_in(answered.value.text())
    assert facts["site"]["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert answered.value.request.post_data_json["properties"] == {
        "name": "小海子村 三社 · 马某",
        "project_class": "K4",
        "response": True,
    }
    expect(page.locator("#opinion .verdict")).to_be_in_viewport()
    assert not any(b"image/" in body for body in asked)
    with page.expect_download() as taken:
        page.locator("[data-report=xlsx]").click()
    assert VISITS.heading in load_workbook(io.BytesIO(taken.value.path().read_bytes())).sheetnames
    page.emulate_media(media="print")
    sheet = page.locator(".visits")
    expect(sheet).to_be_visible()
    expect(sheet.locator("tbody tr")).to_have_count(3)
    expect(sheet.locator("#visits-corners li")).to_have_count(len(corners))
    expect(sheet).to_contain_text("±13 米")
    expect(sheet.locator("img")).to_be_visible()


def test_a_reload_keeps_corners_photo_and_tab_and_a_step_back_takes_one_corner(house):
    page, corners = house
    page.locator("#photo").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": DOT})
    expect(page.locator("#photo-shown")).to_be_visible()
    page.reload()
    page.wait_for_function("() => window.READY === 1")
    expect(page.get_by_label("户主")).to_be_visible()
    expect(page.locator("#photo-shown")).to_be_visible()
    assert len(page.locator("#coordinates").input_value().splitlines()) == len(corners)
    page.locator("#coordinates").press("Control+z")
    page.locator("#coordinates").press("Control+z")
    assert len(page.locator("#coordinates").input_value().splitlines()) == len(corners) - 1
