"""An opinion says the same on the page, in print and in every file, in both languages; nobody's text becomes markup."""

import dataclasses
import datetime
import html
import re
import subprocess
from collections.abc import Iterator

import pytest

from app.http.i18n import ROOM, in_language
from app.http.templates import templates
from app.reports.files import page_of, write_paper
from app.reports.findings import Sources
from app.reports.opinion import tell_opinion
from app.reports.paper import Paper
from app.reports.phrases import HEADING
from app.reports.picture_sheet import LETTERS_PT
from app.reports.surveys import Survey
from app.reports.visits import tell_visits
from risk_model.codes import code_name
from risk_model.message import Message, msg
from risk_model.rulebook import load_rulebook
from tests.app.opinions import NASTY, compared, full_answer, parted_answer

SURVEYS = {("9", 1): Survey(datetime.date(2026, 5, 1), 10000, "省地调院"), ("7", 1): Survey(None, None, None)}
SOURCES = Sources(load_rulebook(), SURVEYS)
ANSWERS = {
    "everything": full_answer(),
    "not recorded": full_answer(record=None, edition=None, verdict="permitted", borderline=False, conditions=[]),
    "gaps alone": full_answer(verdict="insufficient_data", conditions=[], notes=[], sensitivity=[]),
    "nowhere milder": full_answer(
        alternatives=compared(alternatives=[], smallest_move=None, smallest_cut=None, no_cut="too little", tried=56)
    ),
    "in parts": parted_answer(),
    "closed conditions": full_answer(verdict="restricted", conditions=full_answer()["conditions"][:1]),
}


def paper_with(answer: dict, language: str, *, visited: bool = False) -> Paper:
    told = tell_opinion(answer, SOURCES)
    visits = tell_visits({**answer, "site": {**answer["site"], "buffered_m": 0.0}}) if visited else None
    of = msg("灾害风险一张图"), msg("内部资料"), language, ((msg("坐标系"), "EPSG:4542"),)
    return Paper(told, *of, visits=visits)


def sentences(told: object, language: str) -> Iterator[str]:
    """Every saying in an opinion, wherever it stands."""
    if isinstance(told, Message):
        yield in_language(told, language)
    elif dataclasses.is_dataclass(told):
        for field in dataclasses.fields(told):
            yield from sentences(getattr(told, field.name), language)
    elif isinstance(told, tuple):
        for one in told:
            yield from sentences(one, language)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(page: str) -> str:
    """What people read of a page, without blanks."""
    return squeezed(html.unescape(re.sub(r"<(style|script).*?</\1>|<[^>]*>", "", page, flags=re.DOTALL)))


def piece_for_page(answer: dict, language: str) -> str:
    piece = templates.get_template("opinion/_opinion.html")
    return piece.render(opinion=tell_opinion(answer, SOURCES), on_screen=True, papers=(), language=language)


def text_of_pdf(content: bytes) -> str:
    ran = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return squeezed(ran.stdout.decode())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ANSWERS)
def test_page_and_report_hold_every_sentence_of_an_opinion(name, language):
    answer = ANSWERS[name]
    said = {squeezed(one) for one in sentences(tell_opinion(answer, SOURCES), language)}
    assert len(said) > 30
    for page in (piece_for_page(answer, language), page_of(paper_with(answer, language))):
        told = text_of(page)
        assert [one for one in said if one not in told] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pdf_holds_every_sentence_on_numbered_sheets(language):
    answer = ANSWERS["everything"]
    told = text_of_pdf(write_paper(paper_with(answer, language), "pdf"))
    said = {squeezed(one) for one in sentences(tell_opinion(answer, SOURCES), language)}
    assert [one for one in said if one not in told] == []
    sheets = int(re.search(r"1/(\d)", told)[1])
    assert sheets >= 2
    assert all(f"{sheet}/{sheets}" in told for sheet in range(1, sheets + 1))
    assert told.count("筛查-2026-000123") >= sheets
    assert told.count(squeezed(in_language(HEADING, language))) > sheets
    assert told.count(squeezed(in_language(tell_opinion(answer, SOURCES).grounds.edition, language))) > sheets


def test_the_piece_of_the_page_and_the_report_differ_by_what_only_a_screen_has():
    for language in ("zh", "en"):
        piece, page = piece_for_page(full_answer(), language), page_of(paper_with(full_answer(), language))
        without = re.sub(
            r"<span class=\"papers\".*?</span>|<small class=\"on-screen\".*?</small>", "", piece, flags=re.DOTALL
        )
        sheets, appendix = without.split('<section class="appendix">')
        told = text_of(page)
        assert text_of(sheets) in told
        assert text_of(appendix) in told[told.index(text_of(sheets)) + len(text_of(sheets)) :]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_text_of_somebodys_own_stays_text(language):
    for page in (piece_for_page(full_answer(), language), page_of(paper_with(full_answer(), language))):
        assert "<script>alert" not in page
        assert html.escape(NASTY, quote=False).split(" &amp;")[0] in page


def test_findings_of_a_theme_that_differ_by_product_say_so():
    met = full_answer()["themes"][0]["findings"][0]
    several = [{**met, "product": product} for product in ("hazard", "risk_population")]
    for findings, said in ((several, True), (several[:1], False)):
        answer = full_answer(themes=[{**full_answer()["themes"][0], "findings": findings}])
        for language in ("zh", "en"):
            told = text_of(piece_for_page(answer, language))
            for one in ("hazard", "risk_population"):
                assert (squeezed(f"北沟 · {in_language(code_name('product', one), language)}") in told) is said


def test_a_name_that_is_a_word_of_ours_is_not_translated():
    answer = full_answer(site={**full_answer()["site"], "name": "规则"})
    assert '<h2 class="opinion-title">规则</h2>' in piece_for_page(answer, "en")


def test_english_papers_hold_no_chinese_but_names():
    answer = full_answer()
    told = text_of(piece_for_page(answer, "en"))
    own = (NASTY, "镇队", "北沟", "东坡", "南岔小学", "后来的专题", "省地调院", "园区洪评", "筛查-2026-000123", "甘评〔2025〕1号",
           "甘评〔2020〕2号", "甘评〔2027〕3号", "甘评〔2025〕4号", "丙", "洪水影响评价", "地质灾害危险性评估", "高")  # fmt: skip
    for name in sorted(own, key=len, reverse=True):
        told = told.replace(squeezed(name), "")
    assert re.findall("[\u4e00-\u9fff]+", told) == []


def test_the_same_paper_is_the_same_bytes_and_every_font_is_in_it():
    paper = paper_with(full_answer(), "zh")
    first, second = write_paper(paper, "pdf"), write_paper(paper, "pdf")
    assert first == second
    listed = subprocess.run(["pdffonts", "-"], input=first, capture_output=True, check=True).stdout.decode()
    fonts = listed.splitlines()[2:]
    assert fonts
    assert all(re.search(r"\byes\s+yes\s+yes\b", font) for font in fonts)


@pytest.mark.parametrize("name", ANSWERS)
def test_each_theme_is_evidence_or_stands_in_the_appendix_and_never_both(name):
    told = tell_opinion(ANSWERS[name], SOURCES)
    appendix = " ".join(line for part in told.appendix for row in part.rows for line in row)
    page = page_of(paper_with(ANSWERS[name], "zh"))
    heads = re.findall(r'<th scope="row" rowspan="\d+">([^<]+)<small>', page)
    assert [html.unescape(one) for one in heads] == [theme.name for theme in told.themes if theme.findings]
    for theme in told.themes:
        assert bool(theme.findings) or theme.name in appendix
        assert not theme.reach or theme.reach in appendix
        assert all(one.survey in appendix for one in theme.findings)


def test_no_letter_of_a_paper_is_small():
    style = (ROOM / "templates/reports/paper.css").read_text("utf-8")
    sizes = re.findall(r"font(?:-size)?: (?:\d+ )?([\d.]+)pt", style)
    assert len(sizes) > 15
    assert min(map(float, sizes)) >= 8.5
    assert LETTERS_PT >= 8.4
