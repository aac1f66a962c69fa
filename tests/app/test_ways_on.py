"""No dead ends: every page of trouble keeps the way around and says what to do; an empty town is told what is missing."""

import io
import re
from html.parser import HTMLParser
from http import HTTPStatus

import docx
import pytest
from fastapi import HTTPException

from app.http.error_pages import ADVICE
from app.http.i18n import catalogue
from app.main import create_app
from app.platform.principals import Role
from app.reports.deliveries import read_deliveries
from tests.app.visitors import add_account, browser, sign_in

PAGE = {"Accept": "text/html"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
STATUSES = sorted({status.value for status in HTTPStatus if status >= 400} | set(ADVICE))


class Links(HTMLParser):
    """Addresses by the class, or the label, of the navigation they stand in, and the texts of paragraphs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.navs: list[list[str]] = []
        self.paragraphs: list[str] = []
        self.heading = 0
        self._open = self._in_text = False
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        if tag == "nav":
            self.navs.append([])
            self._open = True
        elif tag == "a" and self._open:
            self.navs[-1].append(dict(attrs)["href"])
        elif tag in ("p", "h1"):
            self.heading = len(self.paragraphs) if tag == "h1" else self.heading
            self.paragraphs.append("")
            self._in_text = True

    def handle_endtag(self, tag) -> None:
        self._open = self._open and tag != "nav"
        self._in_text = self._in_text and tag not in ("p", "h1")

    def handle_data(self, data) -> None:
        if self._in_text:
            self.paragraphs[-1] += data


def navigation(page: str) -> list[str]:
    return Links(page).navs[0]


@pytest.fixture
def visitor(client):
    client.app.state.guests_welcome = True

    @client.app.get("/broken/{status}")
    def broken(status: int) -> None:
        raise HTTPException(status)

    return browser(client.app)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_trouble_keeps_the_way_around_and_says_what_to_do(visitor, language):
    usual = navigation(visitor.get(f"/about?lang={language}", headers=PAGE).text)
    assert len(usual) > 5
    for status in STATUSES:
        answer = visitor.get(f"/broken/{status}?a=1&lang={language}", headers=PAGE)
        assert answer.status_code == status
        told = Links(answer.text)
        assert told.navs[0] == usual, status
        assert "/" in told.navs[1], status
        title, advice = told.paragraphs[told.heading : told.heading + 2]
        assert title.strip(), status
        assert advice.strip(), status
        if language == "en":
            assert not CHINESE.search(title + advice), status


def test_what_may_be_gone_the_next_time_is_opened_again_as_it_was_asked_for(visitor):
    assert "?a=1&b=%2F" in Links(visitor.get("/broken/503?a=1&b=%2F", headers=PAGE).text).navs[1]
    assert not [way for way in Links(visitor.get("/broken/404?a=1", headers=PAGE).text).navs[1] if way.startswith("?")]


def test_every_way_out_of_trouble_leads_somewhere(visitor):
    pages = [visitor.get(f"/broken/{status}", headers=PAGE).text for status in STATUSES]
    ways = {way for page in pages for nav in Links(page).navs for way in nav if not way.startswith("?")}
    paths = {route.path for route in visitor.app.routes if "GET" in getattr(route, "methods", ())}
    assert len(ways) > 8
    assert ways <= paths


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_town_is_told_what_is_missing_and_whom_to_ask(client, deployment, language):
    add_account(deployment, "chief", Role.OFFICER)
    visitor = browser(create_app(deployment, loopback=True))
    sign_in(visitor, "chief")
    page = visitor.get(f"/?lang={language}").text
    asked = re.findall(r'href="(/deliveries/letter\?[^"]+)"', page)
    listed = visitor.get("/deliveries").text
    lines = re.findall(r'<tr role="row" class="is-(\w+)">', listed)
    assert re.findall(r'<tr role="row" class="is-(\w+)">', page) == lines
    assert len(lines) - lines.count("received") == len(asked) > 20
    assert asked == re.findall(r'href="(/deliveries/letter\?[^"]+)"', listed)
    assert "anzhi import" not in page
    for way in (asked[0], asked[-1]):
        letter = visitor.get(way).text
        words = re.findall(r'<p class="indented">(.+?)</p>', letter)
        document = docx.Document(io.BytesIO(visitor.get(way.replace("/letter?", "/letter.docx?")).content))
        written = [paragraph.text for paragraph in document.paragraphs]
        assert set(words) <= set(written)
        assert len(words) > 4
        if language == "en":
            assert not CHINESE.search("".join(words))
    assert visitor.get("/deliveries/letter?layer=none").status_code == 404


def test_every_layer_of_the_list_has_its_letter(deployment, client):
    from app.exchange.letter import STANDS, write_letter
    from app.http.i18n import tell_in
    from app.platform.clock import today
    from app.platform.principals import GUEST
    from app.platform.work import Work
    from risk_model.codes import enumeration

    assert set(STANDS) == set(enumeration("delivery_state"))
    with deployment.sessions() as session:
        listed = read_deliveries(Work(session, deployment), GUEST)
        for line in listed.lines:
            for language in ("zh", "en"):
                letter = write_letter(
                    line, None, today(), lambda text, to=language: tell_in(text, to), english=language == "en"
                )
                title, office = line.layer.title, line.layer.office
                said = (title.english, office.english) if language == "en" else (title.chinese, office.chinese)
                assert all(part in letter.text for part in said)
                assert (language == "zh") == bool(CHINESE.search(letter.text)), letter.text
    assert catalogue("en")
