"""The opinion on a usual site takes two sheets: verdict and what nobody surveyed on the first, its appendix on sheets of its own."""

import subprocess

import httpx
import pytest

from app.http.i18n import in_language
from app.reports.findings import verdict_badge
from app.reports.phrases import APPENDIX, DISCLAIMER, GAPS, SIGNED_BY
from risk_model.message import bilingual
from tests.app.test_told_opinions import squeezed
from tests.browser.conftest import Running

CASES = (("prohibited", "en"), ("prohibited", "zh"), ("restricted", "en"), ("gaps", "zh"), ("permitted", "en"))


@pytest.fixture(scope="module")
def planner(town: Running):
    made = town.anzhi("token", "create", "--role", "planner", "--name", "two-sheets")
    headers = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
    with httpx.Client(base_url=town.base, headers=headers, timeout=120) as client:
        yield client


def printed(planner: httpx.Client, project: dict, language: str) -> tuple[dict, bytes]:
    told = {"name": project["name"], "project_class": project["project_class"], "response": True}
    site = {"type": "Feature", "geometry": project["geometry"], "properties": told}
    answer = planner.post("/api/siting/check", json=site).json()
    paper = planner.get(f"/api/siting/checks/{answer['record']['number']}/report.pdf?lang={language}")
    assert paper.status_code == 200, paper.text
    return answer, paper.content


def sheets_of(content: bytes) -> list[str]:
    ran = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return [squeezed(one) for one in ran.stdout.decode().split("\f") if one.strip()]


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_a_usual_opinion_takes_two_sheets_and_what_is_long_follows_on_its_own(planner, projects, kind, language):
    answer, content = printed(planner, projects[kind], language)
    sheets = sheets_of(content)
    first = sheets[0]
    say = {words: squeezed(in_language(words, language)) for words in (APPENDIX, DISCLAIMER, GAPS, *SIGNED_BY)}
    assert squeezed(in_language(verdict_badge(answer["verdict"]).words, language)) in first
    assert answer["record"]["number"].partition("-")[2] in first
    gaps = [theme for theme in answer["themes"] if theme["status"] == "no_data"]
    assert (say[GAPS] in first) == bool(gaps)
    assert bool(gaps) or kind != "gaps"
    for theme in gaps:
        assert squeezed(in_language(bilingual(theme["reason"], theme["reason_en"]), language)) in first
    begins = next(number for number, sheet in enumerate(sheets, 1) if say[APPENDIX] in sheet)
    assert begins <= 3
    before, after = "".join(sheets[: begins - 1]), "".join(sheets[begins - 1 :])
    assert all(say[who] in before for who in SIGNED_BY)
    assert answer["record"]["result_digest"] in before
    assert answer["rulebook"]["fingerprint"][:16] in before
    for theme in answer["themes"]:
        for finding in theme["findings"]:
            assert not finding["rule"] or finding["rule"] in before
            assert not finding["zone"] or f"{finding['zone']}·v{finding['zone_version']}" in before
    assert all(say[DISCLAIMER] in sheet for sheet in sheets)
    if answer["by_class"]:
        assert f"{answer['by_class'][-1]['project_class']}" in after
