"""A report of a check on record tells what was answered then; nobody is handed another's, and nothing public without its number."""

import html
import re
from dataclasses import replace

import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.http.i18n import in_language
from app.main import create_app
from app.platform.principals import Role
from app.reports.paper import OFFERED
from app.reports.visits import VISITS
from risk_model.message import msg
from tests.app.conftest import site
from tests.app.test_told_opinions import squeezed, text_of
from tests.app.visitors import add_account, browser, sign_in
from tests.saying import tells

HERE = shapely.box(99.800, 39.300, 99.802, 39.301)
WET = shapely.box(99.799, 39.2995, 99.801, 39.3005)


def test_a_report_on_record_says_what_the_page_said_whatever_was_published_since(client, publish, surveyed):
    publish("flood", WET, grade=("极高", 1, "flood4"), name="北沟")
    piece = client.post("/siting/opinion", json=site(HERE, "K1"), headers={"HX-Request": "true"})
    assert piece.status_code == 200
    (kept,) = client.get("/api/siting/checks").json()["items"]
    before = client.get(f"/api/siting/checks/{kept['number']}/report.html")
    publish("flood", shapely.box(99.80, 39.30, 99.81, 39.31), grade=("低", 4, "flood4"), name="南沟")
    after = client.get(f"/api/siting/checks/{kept['number']}/report.html?visits=true")
    assert before.status_code == after.status_code == 200
    heading = squeezed(in_language(VISITS.heading, "zh"))
    assert [heading in text_of(one.text) for one in (before, after)] == [False, True]
    for told in (text_of(before.text), text_of(after.text)):
        assert squeezed("触发禁止性规则") in told
        assert "北沟" in told
        assert "南沟" not in told
        assert kept["result_digest"] in told
    assert len(client.get("/api/siting/checks").json()["items"]) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_check_holds_its_opinion_and_its_files(client, publish, surveyed, language):
    publish("flood", WET, grade=("极高", 1, "flood4"), name="北沟")
    number = client.post("/api/siting/check", json=site(HERE, "K1")).json()["record"]["number"]
    publish("flood", shapely.box(99.80, 39.30, 99.81, 39.31), grade=("低", 4, "flood4"), name="南沟")
    page = client.get(f"/checks/{number}?lang={language}")
    assert page.status_code == 200
    assert "北沟" in page.text
    assert "南沟" not in page.text
    assert squeezed(in_language(msg("筛查意见，不替代法定评估"), language)) in text_of(page.text)
    addresses = re.findall(r'href="(/api/siting/checks/[^"]+)"', page.text)
    assert len(addresses) == len(OFFERED)
    for address in addresses:
        assert client.get(html.unescape(address)).status_code == 200


def test_the_page_of_a_check_whose_answer_was_not_kept_says_so(client, deployment, surveyed):
    number = client.post("/api/siting/check", json=site(HERE)).json()["record"]["number"]
    with deployment.sessions.begin() as session:
        session.execute(text("ALTER TABLE check_answers DISABLE TRIGGER USER"))
        session.execute(text("DELETE FROM check_answers"))
    page = client.get(f"/checks/{number}")
    assert page.status_code == 200
    assert tells(page.text, "记录 {number} 只保存了结果摘要，没有意见全文，不能重新打印", number=number)
    assert "report.pdf" not in page.text


def test_one_question_of_the_page_is_one_number(client, surveyed):
    for asked in ("/siting/opinion", "/api/siting/check", "/api/siting/report?format=html"):
        before = client.get("/api/siting/checks").json()["total"]
        assert client.post(asked, json=site(HERE)).status_code == 200
        assert client.get("/api/siting/checks").json()["total"] == before + 1


def test_nothing_public_leaves_without_a_map_approval_number(client, surveyed):
    refused = client.post("/api/siting/report?format=html&profile=public", json=site(HERE))
    assert (refused.status_code, refused.json()["code"]) == (409, "unready")
    assert "ANZHI_MAP_APPROVAL_NUMBER" in refused.json()["detail"]


def test_nobody_is_handed_the_report_of_another(deployment, client, surveyed):
    number = client.post("/api/siting/check", json=site(HERE)).json()["record"]["number"]
    add_account(deployment, "zhang", Role.VIEWER)
    other = browser(create_app(deployment, loopback=True))
    sign_in(other)
    assert other.get(f"/api/siting/checks/{number}/report.html").status_code == 404


def test_a_site_refused_by_the_check_is_refused_by_page_and_report(client):
    bow_tie = shapely.Polygon([(99.8, 39.3), (99.81, 39.31), (99.81, 39.3), (99.8, 39.31)])
    for asked in ("/siting/opinion", "/api/siting/report"):
        refused = client.post(asked, json=site(bow_tie), headers={"HX-Request": "true"})
        assert (refused.status_code, refused.json()["code"]) == (422, "geometry")


def test_a_public_report_names_its_approval_and_nobody_who_made_it(deployment, token, surveyed):
    settings = deployment.settings.model_copy(update={"map_approval_number": "GS(2026)1"})
    app = create_app(replace(deployment, settings=settings), loopback=True)
    visitor = TestClient(app, headers={"Authorization": f"Bearer {token()}"})
    public = visitor.post("/api/siting/report?format=html&profile=public", json=site(HERE))
    assert public.status_code == 200
    assert "GS(2026)1" in public.text
    assert "token:test" not in public.text
    assert "token:test" in visitor.post("/api/siting/report?format=html", json=site(HERE)).text
    for profile, is_told in (("public", False), ("internal", True)):
        paper = visitor.post(f"/api/siting/report?format=html&visits=true&profile={profile}", json=site(HERE))
        assert ("99.8020000, 39.3010000" in paper.text) is is_told
