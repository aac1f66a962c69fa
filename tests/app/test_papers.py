"""Papers as files: Word and Excel hold every sentence, the map's key is what is drawn, nobody's text becomes a formula."""

import io
from dataclasses import replace

import numpy as np
import pytest
import shapely
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from PIL import Image

from app.reports.files import write_paper
from app.reports.map_gaps import UNSURVEYED
from app.reports.map_ground import SITE
from app.reports.opinion import tell_opinion
from app.reports.pdf import write_pdf
from app.reports.picture import (
    Distance,
    Look,
    MapLayer,
    Picture,
    draw_picture,
    drawn_layers,
    frame_around,
    scale_length_m,
)
from app.reports.picture_sheet import SMALL, WHOLE, lines_of
from tests.app.opinions import NASTY, full_answer
from tests.app.opinions import SITE as SITE_CORNERS
from tests.app.test_told_opinions import SOURCES, paper_with, sentences, squeezed, text_of, text_of_pdf

PLOT = shapely.box(1000, 1000, 1200, 1100)
FAULT = shapely.LineString([(700, 900), (1600, 880)])
GRADED = Look("#e5832b", 0.48, "///", "#2f6fa8", "#2f6fa8")


def picture() -> Picture:
    distances = (Distance(shapely.shortest_line(PLOT, FAULT), "110 m"),)
    layers = (
        MapLayer("Ⅱ 洪水 高", shapely.Point(1000, 1000).buffer(150), GRADED),
        MapLayer("活动断层", FAULT, Look(None, edge="#a33a2c")),
        MapLayer("远处的区划", shapely.box(9e4, 9e4, 9.1e4, 9.1e4), GRADED),
        MapLayer("未调查：森林草原火灾", shapely.box(1300, 700, 3000, 3000), UNSURVEYED),
        MapLayer("拟选址范围", PLOT, SITE),
    )
    frame = frame_around(PLOT, [one.line for one in distances])
    return Picture(frame, layers, distances, "北", ("EPSG:4542", "第 3 版区划"), ("99.8°E", "99.9°E"))


def texts_of_docx(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    section = document.sections[0]
    framed = (one.text for part in (section.header, section.footer) for one in part.paragraphs)
    return squeezed(" ".join([*(one.text for one in document.paragraphs), *cells, *framed]))


def cells_of_xlsx(content: bytes) -> list[str]:
    book = load_workbook(io.BytesIO(content))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_word_and_excel_hold_every_sentence(kind, language):
    paper = paper_with(full_answer(), language)
    content = write_paper(paper, kind)
    told = texts_of_docx(content) if kind == "docx" else squeezed(" ".join(cells_of_xlsx(content)))
    said = {squeezed(one) for one in sentences(tell_opinion(full_answer(), SOURCES), language)}
    assert [one for one in said if one not in told] == []
    assert "2026-000123" in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_paper_ends_with_the_record_of_visits_where_one_was_asked_for(language):
    asked, plain = (paper_with(full_answer(), language, visited=visited) for visited in (True, False))
    said = [squeezed(one) for one in sentences(asked.visits, language)]
    corners = [squeezed(words) for name, words in asked.visits.facts if words.startswith("99.8")]
    assert len(said) > 10
    assert len(corners) == len(SITE_CORNERS) - 1
    read = {
        "html": lambda content: text_of(content.decode()),
        "pdf": text_of_pdf,
        "docx": texts_of_docx,
        "xlsx": lambda content: squeezed(" ".join(cells_of_xlsx(content))),
    }
    heading = squeezed(asked.say(asked.visits.heading))
    for kind, text in read.items():
        told = text(write_paper(asked, kind))
        assert [one for one in said if one not in told] == [], kind
        assert heading in told, kind
        assert heading not in text(write_paper(plain, kind)), kind


def test_word_counts_its_pages_by_fields():
    content = write_paper(paper_with(full_answer(), "zh"), "docx")
    foot = Document(io.BytesIO(content)).sections[0].footer.paragraphs[0]._p.xml
    assert 'w:instr="PAGE"' in foot
    assert 'w:instr="NUMPAGES"' in foot


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t="])
def test_a_name_that_begins_like_a_formula_is_no_formula(begin):
    name = f'{begin}HYPERLINK("http://x") {NASTY}'
    answer = full_answer(site={**full_answer()["site"], "name": name})
    cells = cells_of_xlsx(write_paper(paper_with(answer, "zh"), "xlsx"))
    assert [one for one in cells if "HYPERLINK" in one and one.startswith(("=", "+", "-", "@"))] == []


def test_signs_no_file_can_hold_do_not_keep_a_paper_from_being_written():
    answer = full_answer(site={**full_answer()["site"], "name": "甲\x07\x1b地 \ufffe"})
    for kind in ("html", "pdf", "docx", "xlsx"):
        assert write_paper(paper_with(answer, "zh"), kind)


def test_the_key_of_a_map_is_what_is_drawn():
    names = [layer.name for layer in drawn_layers(picture())]
    assert names == ["Ⅱ 洪水 高", "活动断层", "未调查：森林草原火灾", "拟选址范围"]


def test_a_map_holds_its_site_and_every_distance_and_is_the_same_twice():
    drawn = picture()
    frame = shapely.box(*drawn.frame)
    assert all(shapely.contains(frame, one) for one in (PLOT, *(one.line for one in drawn.distances)))
    first, second = draw_picture(drawn), draw_picture(drawn)
    assert first == second
    assert first.startswith(b"\x89PNG")


@given(
    st.text(st.sampled_from("abc Ⅱ·灾害风险，. "), max_size=80).map(lambda name: " ".join(name.split())),
    st.integers(6, 40),
)
def test_a_name_in_lines_is_the_name_and_no_line_of_short_words_is_wider_than_the_key(name, width):
    lines = list(lines_of(name, width))
    assert squeezed("".join(lines)) == squeezed(name)
    wide = [line for line in lines if sum(2 if ord(letter) > 0x2FFF else 1 for letter in line) > width]
    assert [line for line in wide if " " in line] == []


@pytest.mark.parametrize("sheet", [WHOLE, SMALL])
def test_a_key_longer_than_its_sheet_makes_the_sheet_longer_and_leaves_the_map_as_large_as_it_was(sheet):
    drawn = picture()
    many = [MapLayer(f"Ⅱ 洪水 高 · 第 {number} 片的一个很长的名字", PLOT, GRADED) for number in range(20)]
    plain, full = (
        Image.open(io.BytesIO(draw_picture(one, sheet)))
        for one in (drawn, replace(drawn, layers=(*drawn.layers, *many)))
    )
    assert full.width == plain.width
    assert full.height > plain.height + 100
    last = np.asarray(full.convert("L"))[-3:]
    assert last.min() > 250, "nothing is cut off at the foot"


@pytest.mark.parametrize(("width", "length"), [(487.0, 100.0), (1000.0, 200.0), (2100.0, 500.0), (9000.0, 2000.0)])
def test_a_scale_bar_is_one_two_or_five(width, length):
    assert scale_length_m(width) == length


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "paper:other.png", "/etc/passwd"]
)
def test_a_page_on_paper_fetches_nothing_but_what_came_with_it(address, caplog):
    plain = write_pdf("<p>x</p>", {}, "x")
    laid = write_pdf(f"<p>x</p><img src='{address}'>", {}, "x")
    assert b"/Subtype /Image" not in laid
    assert abs(len(laid) - len(plain)) < 500
