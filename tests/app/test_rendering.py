"""Pages in two languages, with every sentence translated and nothing allowed from outside."""

import json
import re
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from app.http.i18n import LANGUAGE_COOKIE, LANGUAGES, catalogue, told_codes, told_counts, told_lapses, translate
from app.http.templates import render, templates
from app.main import create_app
from risk_model.codes import enumeration
from tests.app.visitors import browser

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TOWN = {
    "edition": None,
    "rulebook": {"version": "2026.1", "fingerprint": "ab" * 32},
    "synthetic": True,
    "township": "<b>镇</b>",
    "approval_number": None,
    "data_date": None,
    "layers": [],
}


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.get("/")
    def page(request: Request):
        return render(request, "base.html", town=TOWN)

    return TestClient(app)


def test_the_words_of_the_scripts_come_once_and_are_kept(client: TestClient, deployment):
    visitor = browser(create_app(deployment, loopback=True))
    for language in LANGUAGES:
        page = client.get("/", params={"lang": language}).text
        (address,) = re.findall(rf'<script src="(/words/{language}\.js\?v=\w+)"></script>', page)
        answer = visitor.get(address)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        told = json.loads(re.fullmatch(r"window\.ANZHI = (.*);\n", answer.text)[1])
        assert told == {
            "messages": catalogue(language),
            "counts": told_counts(language),
            "codes": told_codes(language),
            "lapses": told_lapses(),
        }
        assert list(told["codes"]["verdict"]) == list(enumeration("verdict"))
        assert visitor.get(f"/words/{language}.js?v=old").headers["cache-control"] == "no-cache"
    assert visitor.get("/words/xx.js").status_code == 404


PAGES = [path for path in (ROOT / "app/templates").rglob("*.*") if path.suffix != ".docx"]


def test_no_chinese_hides_outside_the_catalogue():
    for path in PAGES:
        text = re.sub(r"{#.*?#}|{{.*?}}|{%.*?%}", "", path.read_text("utf-8"), flags=re.DOTALL)
        text = re.sub(r"筛查-\d{4}-\d{6}", "", text)  # the number of a check is one in every language
        assert set(CHINESE.findall(text)) <= set("中文甲乙丙丁"), path.name
    for path in (ROOT / "static/js").rglob("*.js"):
        assert not CHINESE.search(re.sub(r'"[^"\n]*"', "", path.read_text("utf-8"))), path.name


def test_english_keeps_the_placeholders_of_the_chinese():
    for chinese, english in catalogue("en").items():
        for mark in (r"\{\w+\}", r"%\(\w+\)s"):
            assert sorted(re.findall(mark, chinese)) == sorted(re.findall(mark, english)), chinese


def test_chinese_is_the_language_unless_asked_otherwise(client):
    answer = client.get("/", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN">' in answer.text
    assert "风险总览" in answer.text


def test_a_chosen_language_is_remembered(client):
    first = client.get("/?lang=en")
    assert first.cookies[LANGUAGE_COOKIE] == "en"
    assert "Overview" in client.get("/").text
    assert "风险总览" in client.get("/?lang=zh").text


def test_an_unknown_language_changes_nothing(client):
    answer = client.get("/?lang=xx")
    assert LANGUAGE_COOKIE not in answer.cookies
    assert '<html lang="zh-CN">' in answer.text


def test_a_page_may_load_from_this_server_alone_and_runs_only_its_own_script(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_each_answer_has_its_own_nonce(client):
    policies = {client.get("/").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_what_the_data_say_is_text_on_the_page(client):
    page = client.get("/").text
    assert "<b>镇</b>" not in page
    assert "&lt;b&gt;镇&lt;/b&gt;" in page


def test_templates_have_no_inline_handlers_and_no_inline_style():
    for path in PAGES:
        text = path.read_text("utf-8")
        assert not re.search(r"""\son\w+=["']|\sstyle=["']|https?://(?!www\.w3\.org)""", text), path.name


def test_numbers_read_as_officers_write_them():
    assert templates.filters["thousands"](12_345) == "12,345"
    assert templates.filters["metres"](None) == "—"
    assert templates.filters["per_cent"](0.0699) == "7%"
    assert translate("第 %(number)s 版区划", "en", number=3) == "Zoning edition 3"
    assert translate("没有译文的句子", "en") == "没有译文的句子"
