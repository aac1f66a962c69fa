"""What is sure is read, what is understood otherwise is told, what is vague is no value."""

import datetime
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from gis_layers.exchange import ReadingOptions, read_enterprises, read_facilities, read_forces, read_sites
from gis_layers.exchange.delivery.report import Journal
from gis_layers.exchange.formats.tabular import read_coordinate
from gis_layers.exchange.layers.declarations import read_project_class
from gis_layers.exchange.layers.fields import find_columns
from gis_layers.exchange.text.column_reading import Reading
from gis_layers.exchange.text.days import read_day
from gis_layers.exchange.text.listed_stock import read_equipment, read_inventory
from gis_layers.exchange.text.quantities import METRES, PERSONS, SECONDS, SQUARE_METRES, TONNES, read_scale
from gis_layers.exchange.text.sheet_cells import as_shown
from gis_layers.exchange.text.text_encoding import Claims, RawText, decide_encoding, known_name
from gis_layers.exchange.text.values import read_code, read_text
from gis_layers.exchange.text.written import Understood, value_of
from tests.exchange.deliveries import feature, polygon, read, square, told, write_geojson
from tests.saying import tells


def understood(read: object) -> object:
    return read.value if isinstance(read, Understood) else read


@pytest.mark.parametrize(
    "cell",
    [
        "约100",
        "≥50",
        "10-20",
        "1,5",
        "12,34",
        "（500）",
        "三十",
        "5²",
        "5%",
        "1 200",
        "1.500,5",
        "100左右",
        "50kg",
        "30分钟",
        "",
        "−",
    ],
)
def test_what_is_no_certain_number_of_this_unit_is_none(cell: str):
    with pytest.raises(ValueError, match="读不成数字"):
        PERSONS(cell)


@pytest.mark.parametrize(
    ("quantity", "cell", "number"),
    [(PERSONS, "1.5万", 15_000), (TONNES, "500kg", 0.5), (SQUARE_METRES, "3亩", 2000), (METRES, "3km", 3000), (SECONDS, "5分钟", 300),
     (PERSONS, "1.2E+03", 1200), (PERSONS, "1.2345万人", 12_345)],
)  # fmt: skip
def test_another_unit_is_converted_and_told(quantity: Callable[[object], object], cell: str, number: float):
    answer = quantity(cell)
    assert isinstance(answer, Understood)
    assert answer.value == number
    assert cell in answer.notes[0]


@given(st.integers(0, 2**53 - 1))
def test_every_whole_number_is_read_with_and_without_its_thousands(number: int):
    wide = str(number).translate({0x30 + digit: 0xFF10 + digit for digit in range(10)})
    assert {PERSONS(str(number)), PERSONS(f"{number:,}"), PERSONS(wide), PERSONS(f"{number}人"), PERSONS(number)} == {
        number
    }


@given(st.integers(2**53, 10**30))
def test_whole_numbers_beyond_what_is_exact_are_refused(number: int):
    for cell in (number, str(number)):
        with pytest.raises(ValueError, match="数字太大"):
            PERSONS(cell)


def test_the_unit_of_a_heading_is_that_of_its_column():
    assert SQUARE_METRES.headed("有效面积（亩）")(3) == 2000
    assert SQUARE_METRES.headed("有效面积（亩）")("3平方米") == 3
    assert PERSONS.headed("人口（万人）")("1.2345") == 12_345
    assert PERSONS.headed("人口（户籍）")(5) == 5
    with pytest.raises(ValueError, match="平方米"):
        SQUARE_METRES.headed("有效面积（kg）")


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.integers(0, 23))
def test_an_instant_is_the_day_it_is_in_china(day: date, hour: int):
    instant = datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)
    wanted = instant.astimezone(datetime.timezone(datetime.timedelta(hours=8))).date()
    for cell in (
        instant,
        instant.isoformat(),
        instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
        instant.strftime("%Y/%m/%d %H:%M:%S+00"),
    ):
        assert understood(read_day(cell)) == wanted
        assert isinstance(read_day(cell), Understood) == (wanted != day)


@pytest.mark.parametrize(
    "cell",
    ["03/04/2024", "24/5/1", "24.3.5", "2024113", "2024.3", "2024年5月", "45413", 45413, "2024-05-01 至 2024-06-01", "2024-5/1", "8:00",
     "2024-05-01T25:00:00Z", "2024年13月1日", "5-Mar-2024"],
)  # fmt: skip
def test_a_day_that_may_be_another_is_none(cell: object):
    with pytest.raises(ValueError, match=str(cell)[:4]):
        read_day(cell)


@pytest.mark.parametrize(
    "cell", ["2024 年 3 月 5 日", "二〇二四年三月五日", "2024-3-5 8:00", "20240305.0", "2024/03/05T00:00"]
)
def test_a_day_that_can_be_no_other_is_read(cell: str):
    assert read_day(cell) == date(2024, 3, 5)


def test_a_year_at_the_end_is_told():
    answer = read_day("13/03/2024")
    assert isinstance(answer, Understood)
    assert answer.value == date(2024, 3, 13)


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1))
def test_text_is_as_it_was_written_or_the_reader_tells(text: str):
    try:
        cell = value_of(text)
        answer = read_text(understood(cell))
    except ValueError:
        return
    assert understood(answer) == text.strip(" \t\r\n") or isinstance(cell, Understood) or isinstance(answer, Understood)


@given(st.integers(0, 10**30))
def test_every_digit_of_a_code_counts(number: int):
    assert read_code(number) == str(number)
    assert read_code(str(number)) == str(number)
    assert understood(read_code(f"{number}.0")) == str(number)
    if number >= 10**15:
        with pytest.raises(ValueError, match="末几位已丢失"):
            read_code(float(number))


@pytest.mark.parametrize("cell", ["6.20724E+11", "1.38E+10", 6.2072400000000128e16])
def test_a_code_that_lost_digits_is_none(cell: object):
    with pytest.raises(ValueError, match="末几位已丢失"):
        read_code(cell)


@pytest.mark.parametrize("cell", ["01850001", "+8613800000000", "0936-6621234", "K1-2", "1E5"])
def test_a_code_that_only_looks_like_a_number_stays_as_it_is(cell: str):
    assert read_code(cell) == cell


@pytest.mark.parametrize(
    "cell", ["K10", "K1-K3", "K1、K3", "K1/K2", "K1（K2）", "K1A", "K1-3", "K1至3", "K1.5", "K8", "K", "1"]
)
def test_several_classes_or_another_are_no_class(cell: str):
    with pytest.raises(ValueError, match="不认识的项目类别"):
        read_project_class(cell)


@pytest.mark.parametrize("cell", ["K1", "k1", "Ｋ１", "K1 学校", "K1-居住", "K1居住 3号楼", "K1（学校）"])
def test_a_class_may_be_followed_by_its_name(cell: str):
    assert read_project_class(cell) == "K1"


@pytest.mark.parametrize(
    ("cell", "tonnes"),
    [("氯:1,500", [1500]), ("氯:1，500", [1500]), ("钢瓶:50个", [None]), ("氯:15,30", [None]), ("氯:约15", [None]), ("氯:-5", [None]),
     ("1,3-丁二烯:5", [5]), ("氯:1, 500", [None, None]), ("R22", [None]), ("UN1005", [None]), ("氯:15:3", [None]), ("双氧水30%", [None]),
     ("氯:15,氨:3", [15, 3]), ("罐区/液氨 6吨", [6]), ("汽油10吨;氯:500kg", [10, 0.5])],
)  # fmt: skip
def test_stock_is_weighed_or_unknown(cell: str, tonnes: list[float | None]):
    answer = read_inventory(cell)
    assert [stock["tonnes"] for stock in answer.value] == tonnes
    assert "" not in {stock["substance"] for stock in answer.value}


def test_numbers_in_the_name_of_a_tool_are_no_count_of_it():
    answer = read_equipment("卡特320;泵x2;水带20盘;泵:约3")
    assert [(tool["name"], tool["count"]) for tool in answer.value] == [
        ("卡特320", 1),
        ("泵", 2),
        ("水带", 20),
        ("泵", 1),
    ]
    assert any("约3" in note for note in answer.notes)


@pytest.mark.parametrize(("cell", "scale"), [("1:5万", 50_000), ("1:50,000", 50_000), ("1:5,0", None), ("1:2.5", None)])
def test_a_scale_keeps_its_thousands(cell: str, scale: int | None):
    if scale is None:
        with pytest.raises(ValueError, match="比例尺"):
            read_scale(cell)
    else:
        assert read_scale(cell) == scale


@given(st.integers(0, 89), st.integers(0, 99), st.integers(0, 99))
def test_minutes_and_seconds_are_below_sixty(degrees: int, minutes: int, seconds: int):
    cell = f"{degrees}°{minutes}′{seconds}″"
    if minutes < 60 and seconds < 60:
        assert read_coordinate(cell) == pytest.approx(degrees + minutes / 60 + seconds / 3600)
    else:
        with pytest.raises(ValueError, match="读不成数字"):
            read_coordinate(cell)


@pytest.mark.parametrize(
    ("number", "pattern", "shown"),
    [(0.05, "0%", "5%"), (1234, "000000", "001234"), (3, '0"亩"', "3亩"), (3, 'General"亩"', "3亩"), (15_000, '0!.0,"万"', 15_000),
     (1500, "#,##0", 1500), (1.23456, "0.00", 1.23456), (5, "@", 5), (0.5, "# ?/?", 0.5), (3, "0_ ", 3)],
)  # fmt: skip
def test_a_cell_says_what_its_format_adds(number: float, pattern: str, shown: object):
    assert as_shown(number, pattern) == shown


@pytest.mark.parametrize(
    ("claim", "name"),
    [("UTF-8 ", "UTF-8"), ("utf_8;", "UTF-8"), ("cp936", "GBK"), ("OEM 936", "GBK"), ("MS936", "GBK"), ("x-gbk", "GBK"), ("GB18030-2000", "GB18030"),
     ("54936", "GB18030"), ("88591", "ISO8859-1"), ("OEM", None), ("ANSI", None), ("hex", None)],
)  # fmt: skip
def test_a_code_page_is_known_in_any_spelling(claim: str, name: str | None):
    assert known_name(claim) == name


def test_a_code_page_nobody_knows_is_told():
    decided = decide_encoding([RawText(word.encode("gbk")) for word in ("南华镇", "小海子村")], Claims(declared="OEM"))
    assert decided.name == "GB18030"
    assert "OEM" in str(decided.note)


def test_cut_headings_are_looked_for_only_where_the_format_cuts_them():
    assert find_columns(["grade"], ["洪水风险等"], {}) == {}
    assert find_columns(["grade"], ["洪水风险等"], {}, cut=True) == {"grade": "洪水风险等"}


def test_what_is_said_of_the_whole_file_holds_for_blank_cells_and_not_for_unreadable_ones(tmp_path: Path):
    rows = [feature(polygon(square(99.7 + 0.02 * n)), 调查日期=day, 比例尺=scale)
            for n, (day, scale) in enumerate([(None, None), ("去年", "很大"), ("2024-05-01", "1:5万"), ("", "-")])]  # fmt: skip
    whole = {"survey_date": date(2020, 1, 1), "scale": 10_000}
    frame = read(write_geojson(tmp_path / "z.geojson", rows), **whole).frame
    assert frame["survey_date"].tolist() == [date(2020, 1, 1), None, date(2024, 5, 1), date(2020, 1, 1)]
    assert frame["scale"].tolist() == [10_000, None, 50_000, 10_000]


def test_a_stock_nobody_can_read_is_no_empty_stock(tmp_path: Path):
    path = tmp_path / "e.csv"
    path.write_text("name,inventory,lon,lat\n甲,#N/A,99.8,39.3\n乙,,99.8,39.3\n", encoding="utf-8")
    frame = read_enterprises(path, ReadingOptions()).frame
    assert [[stock["tonnes"] for stock in stocks] for stocks in frame["inventory"]] == [[None], []]


def test_a_sheet_is_read_as_it_is_seen(tmp_path: Path):
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["名称", "电话", "人数", "协议到期", "lon", "lat"])
    sheet.append(["甲", 936, 5, datetime.datetime(2024, 5, 1), 99.8, 39.3])  # noqa: DTZ001 - as a sheet has it
    sheet.append([datetime.datetime(2024, 3, 5), True, 0.05, 45413, 99.8, 39.3])  # noqa: DTZ001
    sheet.append(["=A1&A2", "#REF!", 3, "x", 99.8, 39.3])
    sheet["B2"].number_format, sheet["C3"].number_format = "00000000", "0%"
    book.save(tmp_path / "f.xlsx")
    delivery = read_forces(tmp_path / "f.xlsx", ReadingOptions())
    first, second = delivery.frame.to_dict("records")
    assert (first["contact_phone"], first["agreement_expires"]) == ("00000936", date(2024, 5, 1))
    assert (second["name"], second["contact_phone"], second["crew"], second["agreement_expires"]) == (
        "2024-03-05",
        "TRUE",
        None,
        date(2024, 5, 1),
    )
    assert "936" in told(delivery, 0)
    assert all(word in told(delivery, 1) for word in ("3-5", "逻辑值", "5%", "2024-05-01"))
    assert "=A1&A2" in told(delivery, 2)


@pytest.mark.parametrize(("epoch", "system"), [(CALENDAR_WINDOWS_1900, "1900"), (CALENDAR_MAC_1904, "1904")])
@given(days=st.lists(st.dates(date(1950, 1, 1), date(2099, 12, 31)), min_size=1, max_size=20))
@settings(max_examples=3, deadline=None)
def test_a_day_without_its_format_is_counted_from_the_day_of_the_workbook(epoch, system: str, days: list[date]):
    book = Workbook()
    book.epoch = epoch
    sheet: Any = book.active
    sheet.append(["名称", "协议到期", "lon", "lat"])
    for day in days:
        sheet.append(["甲", (day - epoch.date()).days + 0.25, 99.8, 39.3])
    sheet.append(["乙", "45413", 99.8, 39.3])
    sheet.append(["丙", 12, 99.8, 39.3])
    with tempfile.TemporaryDirectory() as folder:
        book.save(Path(folder) / "f.xlsx")
        delivery = read_forces(Path(folder) / "f.xlsx", ReadingOptions())
    assert delivery.frame["agreement_expires"].tolist() == [*days, None, None]
    for number, day in enumerate(days):
        assert all(word in told(delivery, number) for word in ("协议到期", day.isoformat(), f"{system} 年制"))
    assert "45413" in told(delivery, len(days))
    assert tells(told(delivery, len(days) + 1), "读不成完整的日期：{value}")


def test_the_heading_names_the_unit_and_the_report_says_so(tmp_path: Path):
    path = tmp_path / "f.csv"
    path.write_text("名称,有效面积（亩）,lon,lat\n甲,3,99.8,39.3\n乙,3平方米,99.8,39.3\n", encoding="utf-8")
    delivery = read_facilities(path, ReadingOptions())
    assert delivery.frame["effective_area_m2"].tolist() == [2000, 3]
    assert any(
        tells(problem.problem, "「{column}」按列名里的单位换算成{unit}", unit="平方米")
        for problem in delivery.report.problems
    )


def test_words_for_nothing_are_told_once_a_column(tmp_path: Path):
    path = tmp_path / "s.csv"
    path.write_text(
        "name,project_class,lon,lat\n" + "".join(f"{word},无,99.8,39.3\n" for word in ("甲", "/", "-", "/")),
        encoding="utf-8",
    )
    problems = [
        problem.problem for problem in read_sites(path, ReadingOptions()).report.problems if problem.feature is None
    ]
    assert sum("/×2" in problem and "-×1" in problem for problem in problems) == 1
    assert sum("project_class" in problem and "×4" in problem for problem in problems) == 1


@given(st.lists(st.sampled_from(["K1", "学校", "'=K2", "k3\u200b", "没有这一类", None]), max_size=12))
def test_a_column_is_read_as_each_cell_alone_and_told_of_as_often(cells: list[str | None]):
    def told_of(column: list[str | None]) -> tuple[list[Any], list[str]]:
        journal = Journal(len(column))
        found = Reading("类别", journal).read(column, read_project_class)
        return found, [problem.problem for problem in journal.problems]

    alone = [told_of([cell]) for cell in cells]
    found, problems = told_of(cells)
    assert found == [one for read, _ in alone for one in read]
    assert sorted(problems) == sorted(problem for _, said in alone for problem in said)
