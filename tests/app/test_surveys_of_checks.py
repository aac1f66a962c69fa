"""How its zones were surveyed stands in the answer of a check, and on its papers as it stood then."""

import copy

from sqlalchemy import text

from app.reports.grounds import read_surveys
from tests.app.conftest import site
from tests.app.test_every_number_of_a_report import INSIDE, SLANTED
from tests.app.test_told_opinions import text_of

LATER = "UPDATE surveyed_layers SET source = '后来改写', survey_date = '2020-01-01', scale = 777"


def without_surveys(answer):
    older = copy.deepcopy(answer)
    for finding in (one for theme in older["themes"] for one in theme["findings"]):
        finding.pop("survey", None)
    return older


def test_a_paper_tells_the_surveys_as_they_stood_when_the_check_was_made(client, deployment, surveyed, publish):
    publish("flood", SLANTED, grade=("极高", 1, "flood4"), name="北沟")
    answer = client.post("/api/siting/check", json=site(INSIDE, "K1")).json()
    with deployment.sessions() as session:
        assert read_surveys(session, without_surveys(answer)) == read_surveys(session, answer) != {}
    with deployment.sessions.begin() as session:
        session.execute(text(LATER))
    told = text_of(client.get(f"/api/siting/checks/{answer['record']['number']}/report.html").text)
    assert "后来改写" not in told
    assert "2020-01-01" not in told
    with deployment.sessions() as session:
        assert {one.source for one in read_surveys(session, without_surveys(answer)).values()} == {"后来改写"}
