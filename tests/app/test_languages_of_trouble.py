"""Whoever meets trouble is told in the language they asked for: programs, pages and pieces of pages alike."""

import json
import re

import pytest
import shapely
from fastapi.testclient import TestClient
from shapely.geometry import mapping

from app.main import create_app
from app.platform.principals import Role
from tests.app.conftest import site
from tests.app.visitors import PASSWORD, add_account, browser, sign_in

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"}
PAGE = {"Accept": "text/html"}
BOW_TIE = shapely.Polygon([(99.75, 39.30), (99.76, 39.31), (99.76, 39.30), (99.75, 39.31)])


@pytest.fixture
def visitor(deployment) -> TestClient:
    with browser(create_app(deployment, loopback=True)) as opened:
        yield opened


def test_a_program_is_told_in_english_what_was_not_found(client):
    told = client.get("/api/enterprises/999999", headers=ENGLISH)
    assert told.status_code == 404
    assert told.json()["title"] == "Not found"
    assert told.json()["detail"] == "There is no enterprise 999999"
    assert told.headers["Content-Language"] == "en"


def test_chinese_stays_what_it_was_where_nobody_asks_for_english(client):
    told = client.get("/api/enterprises/999999")
    assert told.json() == {
        "type": "urn:anzhi:problem:not-found", "code": "not-found", "title": "没有找到", "status": 404,
        "detail": "没有编号为 999999 的企业",
    }  # fmt: skip
    assert told.headers["Content-Language"] == "zh-CN"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en", "en"),
        ("en, zh", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh;q=0.5, en;q=0.7", "en"),
        ("de, en;q=0", "zh-CN"),
        ("*", "zh-CN"),
        ("en;q=often", "zh-CN"),
        ("", "zh-CN"),
    ],
)
def test_the_first_of_both_languages_that_a_program_accepts_is_spoken(client, accepted, language):
    told = client.get("/api/jobs/999999", headers={"Accept-Language": accepted})
    assert told.headers["Content-Language"] == language


def test_the_cookie_and_the_address_count_for_more_than_what_a_browser_accepts(client):
    assert client.get("/api/jobs/999999?lang=zh", headers=ENGLISH).headers["Content-Language"] == "zh-CN"
    client.cookies.set("anzhi_language", "zh")
    assert client.get("/api/jobs/999999", headers=ENGLISH).headers["Content-Language"] == "zh-CN"


def test_the_page_of_a_missing_thing_names_it_in_english(visitor, deployment):
    add_account(deployment)
    sign_in(visitor)
    assert "There is no enterprise 999999" in visitor.get("/enterprises/999999?lang=en", headers=PAGE).text
    assert "没有编号为 999999 的企业" in visitor.get("/enterprises/999999?lang=zh", headers=PAGE).text


def test_a_piece_of_a_page_is_refused_in_the_language_of_its_page(visitor, deployment):
    add_account(deployment)
    sign_in(visitor)
    visitor.cookies.set("anzhi_language", "en")
    told = visitor.get("/enterprises/999999", headers={"HX-Request": "true"})
    assert told.json()["detail"] == "There is no enterprise 999999"


def test_a_crossed_outline_is_explained_in_english(client):
    told = client.post("/api/siting/check", json=site(BOW_TIE), headers=ENGLISH)
    assert told.status_code == 422
    assert told.json()["title"] == "Geometry is not sound"
    assert told.json()["detail"].startswith("Proposed site: the boundary crosses itself; please correct it")
    zh = client.post("/api/siting/check", json=site(BOW_TIE))
    assert zh.json()["detail"] == "拟选址范围边界自相交；请改正后重交，或核对面积变化后接受所附的修复"


def test_fields_are_named_with_what_is_wrong_in_english(client, token):
    officer = {"Authorization": f"Bearer {token(Role.OFFICER)}"}
    told = client.post("/api/runs", json={"unit": "grid"}, headers={**ENGLISH, **officer})
    assert told.status_code == 422
    assert told.json()["detail"] == "Please correct these fields and try again: body"
    (error,) = told.json()["errors"]
    assert error["message"].startswith("grading a grid needs the side of its cells")
    zh = client.post("/api/runs", json={"unit": "grid"}, headers=officer)
    assert zh.json()["errors"][0]["message"] == "格网分级要给单元边长 cell_m，其他单元不给"


def test_a_field_that_is_no_box_is_explained_in_english(client):
    told = client.get("/api/basemap/buildings?bbox=1,2,3", headers=ENGLISH)
    assert told.status_code == 422
    assert told.json()["detail"] == "bbox should be four numbers in degrees: west,south,east,north"


def test_a_role_that_does_not_reach_is_told_in_english(client):
    told = client.post("/api/runs", json={"unit": "village"}, headers=ENGLISH)
    assert told.status_code == 403
    assert (told.json()["title"], told.json()["detail"]) == (
        "Not allowed", "This needs the role Zoning officer; yours is Viewer",
    )  # fmt: skip
    assert client.post("/api/runs", json={"unit": "village"}).json()["detail"] == "需要 区划编辑 角色，当前是 浏览"


def test_a_stale_write_and_a_write_without_its_state_are_told_in_english(client, token):
    officer = {"Authorization": f"Bearer {token(Role.OFFICER)}", **ENGLISH}
    point = {"type": "Point", "coordinates": [99.8, 39.3]}
    body = {"name": "试验厂", "geometry": point}
    made = client.post("/api/enterprises", json=body, headers=officer)
    assert made.status_code == 201, made.text
    twice = client.post("/api/enterprises", json=body, headers=officer)
    assert (twice.status_code, twice.json()["title"]) == (409, "Not done")
    number = made.json()["id"]
    assert twice.json()["detail"] == f"“试验厂” is registered already (number {number}); please change that entry"
    address = f"/api/enterprises/{number}"
    missing = client.patch(address, json={"name": "新名"}, headers=officer)
    assert (missing.status_code, missing.json()["title"]) == (428, "If-Match is missing")
    stale = client.patch(address, json={"name": "新名"}, headers={**officer, "If-Match": '"0"'})
    assert (stale.status_code, stale.json()["title"]) == (412, "Changed meanwhile")
    assert stale.json()["detail"].startswith("Somebody else has changed this (it is version 1 now)")


def test_too_many_attempts_are_told_in_english(visitor, deployment):
    add_account(deployment)
    for _ in range(5):
        wrong = visitor.post("/api/session", json={"username": "zhang", "password": "wrong"}, headers=ENGLISH)
    assert not CHINESE.search(wrong.text)
    waits = visitor.post("/api/session", json={"username": "zhang", "password": PASSWORD}, headers=ENGLISH)
    assert waits.status_code == 429
    assert waits.json()["title"] == "Too many attempts"
    assert re.fullmatch(r"Too many attempts\D* \d+ seconds?\.?.*", waits.json()["detail"])


def test_the_report_on_a_file_is_given_in_english(client):
    outline = {"type": "Feature", "properties": {"name": "甲地"}, "geometry": mapping(BOW_TIE)}
    content = json.dumps({"type": "FeatureCollection", "features": [outline]})
    files = {"file": ("a.geojson", content)}
    told = client.post("/api/siting/outline/file", files=files, headers=ENGLISH).json()
    assert "report" in told, told
    said = [problem["problem"] for problem in told["report"]["problems"]]
    assert said
    assert [words for words in said if CHINESE.search(words.replace("甲地", ""))] == []
    assert all(not CHINESE.search(problem["advice"]) for problem in told["report"]["problems"])


def test_pasted_coordinates_are_understood_in_english(client):
    told = client.post("/api/siting/outline", json={"text": "99.80,39.30\n99.81"}, headers=ENGLISH).json()
    (problem,) = told["problems"]
    assert problem["message"].startswith("Line 2")
