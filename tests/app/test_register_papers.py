"""A register taken away says what its page says: the same columns, every row once, on sheets that name and number themselves."""

import html
import io
import re
import subprocess
from dataclasses import replace
from itertools import product

import pytest
import shapely
from openpyxl import load_workbook
from sqlalchemy import text

from app.http.i18n import in_language, translate
from app.maps.legend import legend_of
from app.registers.register_views import SHEETS, Column
from app.registers.told_cells import Teller, told_cell
from app.reports.imprint import Profile
from app.reports.register_files import written
from app.reports.register_paper import RegisterPaper, RegisterTable, TableCell, TableColumn
from app.reports.workbook import BookSheet, SheetColumn, day_cell, keyed_sheet, write_book
from gis_layers.stores import places, projects, town
from gis_layers.stores.lists import ListQuery, read_list
from risk_model.codes import code_name
from risk_model.rulebook import load_rulebook
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_registers import HERE, SQUARE, frame, stocked
from tests.app.test_told_opinions import squeezed

__all__ = ["stocked"]
BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
NASTY = ('=HYPERLINK("http://x")', "+1+1", "-2", "@sum(1)", "＝1", "\t=1", "<b>厂</b>", "{{ 1 }}", "%(n)s", "一\n二")


@seeded_database()
def full(deployment):
    """Something in every register, with names that would do harm, and dated surveys."""
    publish_zones(deployment, "flood", SQUARE, grade=("高", 2, "flood4"))
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE surveyed_layers SET survey_date = '2024-05-01', scale = 10000, source = '省院'"))
        square = frame([shapely.multipolygons([SQUARE])], code=["v1"], name=["西村"], population=[1234])
        places.append_places(session, "villages", square)
        town.append_register(
            session, "enterprises", frame([HERE] * len(NASTY), name=[*NASTY], staff=[12_345] * len(NASTY))
        )
        town.append_register(session, "facilities", frame(
            [HERE], name=["操场"], kind=["shelter"], capacity=[1500], effective_area_m2=[12_345.0], village_code=["v1"],
        ))  # fmt: skip
        projects.append_projects(session, frame([SQUARE], name=["小学"], project_class=["K2"], seismic_class=[None]))
        session.execute(text("UPDATE constraint_surveys SET survey_date = '2023-03-03', source = '自然资源所'"))


def book_of(client, layer: str, **asked):
    answer = client.get(f"/registers/{layer}/register.xlsx", params=asked)
    assert answer.status_code == 200, answer.text
    return load_workbook(io.BytesIO(answer.content))


def table_on_page(page: str) -> list[list[str]]:
    """Head and cells of the page's table without its last column, which leads to the map."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[_plain(cell) for cell in row[:-1]] for row in cells]


def _plain(cell: str) -> str:
    shown = re.sub(r'<small class="also".*?</small>|<span class="sorted".*?</span>', "", cell, flags=re.DOTALL)
    return squeezed(html.unescape(re.sub(r"<[^>]*>", "", shown)))


def text_of_pdf(content: bytes) -> list[str]:
    ran = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return ran.stdout.decode().split("\f")[:-1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_workbook_and_a_paper_have_the_columns_and_the_cells_of_the_page(client, stocked, full, language):
    for layer in SHEETS:
        _is_as_its_page(client, layer, language)


def _is_as_its_page(client, layer, language):
    shown = table_on_page(client.get(f"/registers/{layer}", params={"lang": language}).text)
    sheet = book_of(client, layer, lang=language).worksheets[0]
    head = [squeezed(str(cell)) for cell in next(sheet.iter_rows(values_only=True))]
    assert head == shown[0] if shown else head
    assert head == [squeezed(translate(column.title, language)) for column in SHEETS[layer].columns]
    assert sheet.max_row - 1 == max(0, len(shown) - 1)
    paper = client.get(f"/registers/{layer}/register.html", params={"lang": language}).text
    for row in shown[1:]:
        for column, cell in zip(SHEETS[layer].columns, row, strict=True):
            said = re.sub(r"（共\d+条理由）|\(\d+reasons?inall\)", "", cell) if column.look == "reasons" else cell
            assert said in squeezed(html.unescape(re.sub(r"<[^>]*>", "", paper))), column.key


def test_a_workbook_stays_readable_and_says_what_it_rests_on(client, stocked, full):
    for layer, language in product(SHEETS, ("zh", "en")):
        book = book_of(client, layer, lang=language)
        sheet, about = book.worksheets
        assert (sheet.freeze_panes, about.title) == ("B2", "about")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[1])
        said = "\n".join(str(cell) for row in about.iter_rows(values_only=True) for cell in row)
        for fact in ("内部资料", "筛查意见，不替代法定评估", "2024-05-01", "区划版次", "规则库", "正式数据"):
            assert in_language(fact, language) in said, fact
        cells = [cell for one in book for row in one.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
        texts = [str(cell.value) for cell in cells if cell.data_type == "s"]
        assert not [one for one in texts if one.startswith(BEGINS)]


def test_numbers_and_days_are_numbers_and_days_to_a_spreadsheet(client, stocked, full):
    sheet = book_of(client, "shelters").worksheets[0]
    (row,) = [row for row in sheet.iter_rows(min_row=2) if row[0].value == "操场"]
    assert [(cell.value, cell.number_format) for cell in row[2:4]] == [(1500, "#,##0"), (12345, '#,##0 "m²"')]
    zones = book_of(client, "zones").worksheets[0]
    keys = [column.key for column in SHEETS["zones"].columns]
    told = dict(zip(keys, next(zones.iter_rows(min_row=2)), strict=True))
    assert (told["survey_date"].value.date().isoformat(), told["survey_date"].is_date) == ("2024-05-01", True)
    assert (told["scale"].value, told["source"].value) == ("1:10,000", "省院")
    aside = book_of(client, "constraints").worksheets[0]
    assert "自然资源所" in [cell.value for cell in aside[2]]


def test_a_lapsed_day_stays_a_day_to_a_spreadsheet_under_the_mark_the_page_has(client, stocked, full, deployment):
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE stations SET last_verified = '2001-02-03'"))
    keys = [column.key for column in SHEETS["stations"].columns]
    for language in ("zh", "en"):
        told = dict(zip(keys, book_of(client, "stations", lang=language).worksheets[0][2], strict=True))
        name = in_language(code_name("lapse", "stale"), language)
        assert (told["last_verified"].value.date().isoformat(), told["last_verified"].is_date) == ("2001-02-03", True)
        assert told["last_verified"].number_format == f'"! {name} "yyyy-mm-dd'
        never = book_of(client, "forces", lang=language).worksheets[0][2]
        assert never[-1].value == f"? {in_language(code_name('lapse', 'unverified'), language)}"
    book = book_of(client, "stations", lapse="stale", q="镇站", lang="zh")
    about = dict(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert about["筛选条件"].startswith("镇站 · ")
    assert about["筛选条件"].endswith(code_name("lapse", "stale"))
    assert about["记录数"] == 1


def test_the_numbers_of_a_field_are_told_one_by_one():
    teller = Teller("en", legend_of(load_rulebook()))
    row = {"duty_phone": "13900000034；8810", "lapsed": {}}
    assert told_cell(row, Column("duty_phone", "联系电话", "phone"), teller).words == "13900000034, 8810"


def test_a_sheet_of_keyed_rows_has_its_columns_before_there_is_a_row():
    columns = (SheetColumn("日期", "yyyy-mm-dd"), SheetColumn("数"))
    rows = [{"数": 1, "日期": day_cell("2026-01-02")}, {"数": 2, "又": "x"}]
    sheets = [keyed_sheet("有", rows, columns), keyed_sheet("无", [], columns), keyed_sheet("空", [], ())]
    told, none, empty = load_workbook(io.BytesIO(write_book(sheets))).worksheets
    assert [[cell.value for cell in row] for row in told][::2] == [["日期", "数", "又"], [None, 2, "x"]]
    assert told["A2"].is_date
    assert (none.auto_filter.ref, none.dimensions) == ("A1:B1", "A1:B1")
    assert empty.max_row == 1


def test_a_file_holds_the_rows_the_page_was_narrowed_to_and_says_so(client, stocked, full):
    for kind in ("shelter", "school"):
        book = book_of(client, "facilities", kind=kind, sort="name")
        assert book.worksheets[0].max_row - 1 == len(rows_of(client, "facilities", kind=kind)) > 0
    about = dict(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert about[in_language("筛选条件", "zh")].endswith(code_name("facility_kind", "school"))
    assert client.get("/downloads/facilities.xlsx").url.path == "/registers/facilities/register.xlsx"


def rows_of(client, register: str, **only):
    with client.app.state.deployment.sessions() as session:
        return read_list(session, register, ListQuery(only=only))


def test_what_may_not_go_to_the_public_is_refused_until_it_was_approved(client, stocked, full, deployment):
    address = "/registers/stations/register.xlsx?profile=public"
    assert client.get(address).status_code == 409
    approved = deployment.settings.model_copy(update={"map_approval_number": "甘S(2026)1号"})
    client.app.state.deployment = replace(deployment, settings=approved)
    book = load_workbook(io.BytesIO(client.get(address).content))
    said = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "甘S(2026)1号" in said
    assert Profile.INTERNAL.words not in said
    assert not [one for one in said if "13900000034" in one]


LONG = "很长的名称" * 30


def paper_of(language: str, rows: int) -> RegisterPaper:
    columns = (TableColumn("甲栏", long=True), TableColumn("乙栏", "#,##0", numeric=True), TableColumn("备注"))
    table = tuple(
        (TableCell(f"行{n}行{LONG if n % 7 == 0 else ''}"), TableCell(f"{n:,}", n), TableCell("—")) for n in range(rows)
    )
    told = RegisterTable("stations", "应急站点", columns, table, "", synthetic=True)
    facts = (("规则库", "2026.1"), ("打印时间（服务器）", "2026-11-26 08:00:00"))
    run = "第 3 版区划 · 数据日期 2026-10-01"
    return RegisterPaper(told, "镇灾害风险一张图", "应急站点台账", run, "内部资料", language, facts)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("rows", [0, 1, 120])
def test_a_printed_register_holds_every_row_once_on_sheets_that_say_whose_they_are(language, rows):
    paper = paper_of(language, rows)
    sheets = [squeezed(sheet) for sheet in text_of_pdf(written(paper, "pdf"))]
    whole = "".join(sheets)
    assert [n for n in range(rows) if whole.count(f"行{n}行") != 1] == []
    assert whole.count("2026-11-2608:00:00") == 1
    for number, sheet in enumerate(sheets, 1):
        assert f"{number}/{len(sheets)}" in sheet
        for said in (paper.title, paper.run, paper.house, paper.profile):
            assert squeezed(said) in sheet, number
        assert "甲栏" in sheet or sheet.count("行") == 0
    if rows > 100:
        assert len(sheets) > 3
        assert all("乙栏" in sheet for sheet in sheets[:-1])
    assert written(paper, "pdf") == written(paper, "pdf")


def test_a_heading_that_begins_like_a_formula_is_harmless_and_a_long_text_is_cut_where_it_shows():
    sheet = BookSheet("甲/乙[1]", (SheetColumn("=cmd"), SheetColumn("丙")), [["+1", "字" * 40_000], ["@x", -5]])
    book = load_workbook(io.BytesIO(write_book([sheet])))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell.value for cell in cells if cell.data_type == "s" and cell.value.startswith(BEGINS)]
    assert cells[3].value.endswith("…")
    assert len(cells[3].value) == 32_767
    assert cells[5].value == -5
