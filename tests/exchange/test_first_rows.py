"""A heading is found wherever it stands, and a table without one is refused once, with the columns that were found."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.exchange import ReadingOptions, read_sites, read_stations
from gis_layers.exchange.formats.csv import parted, rows_of_text
from gis_layers.exchange.formats.heading_rows import below_heading
from gis_layers.exchange.formats.tabular import coordinate_columns
from gis_layers.exchange.text.headings import called, key_of
from tests.saying import tells

PLAIN = [["名称", "类型", "经度", "纬度"], ["甲", "消防", "99.80", "39.33"], ["乙", "医疗", "99.81", "39.34"]]
title = st.text(alphabet="南华镇应急站点一览表（2024年）填报单位：", min_size=1, max_size=12)
titles = st.lists(title.map(lambda text: [text]), max_size=6)
separators = st.sampled_from([",", ";", "\t", "|", "，", "；"])


@given(titles=titles, separator=separators, named=st.booleans(), first_column=st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_titles_above_a_heading_leave_the_same_rows(titles, separator, named, first_column):
    rows = [*titles, *PLAIN]
    rows = [["", *row] for row in rows] if first_column else rows
    table = below_heading(rows, {})
    lon, lat, _ = coordinate_columns(table.heading, {})
    assert (lon, lat) == ("经度", "纬度")
    kept = [[row[table.heading.index(name)] for name in PLAIN[0]] for row in table.rows]
    assert kept == PLAIN[1:]
    assert len(table.problems) == (1 if titles else 0)
    text = "\r\n".join(separator.join(row) for row in [*titles, *PLAIN])
    written = f"sep={separator}\n{text}" if named else text
    body, found = parted(written, {})
    assert found == separator
    again = below_heading(rows_of_text(body, Path("a.csv"), found), {})
    assert [list(row) for row in again.rows] == PLAIN[1:]


@pytest.mark.parametrize(
    "rows",
    [
        [["名称", "类型", "坐标", ""], ["", "", "经度", "纬度"], *PLAIN[1:]],
        [["站点一览表"], ["名称", "类型", "位置", ""], ["", "", "经度（°）", "纬度（°）"], *PLAIN[1:]],
        [PLAIN[0], ["name", "kind", "lon", "lat"], *PLAIN[1:]],
        [PLAIN[0], ["", "", "（°）", "（°）"], *PLAIN[1:]],
        [["mingcheng", "leixing", "jingdu", "weidu"], *PLAIN[1:]],
        [["名称Name", "类型/kind", "经度 Lon", "纬度(Lat)"], *PLAIN[1:]],
        [["*名 称：", "类型", "经度/度", "纬度[°]"], *PLAIN[1:]],
    ],
    ids=["merged", "merged below a title", "two languages", "a row of units", "pinyin", "both in one cell", "signs"],
)
def test_headings_of_two_rows_and_two_languages(rows: list[list[str]], tmp_path: Path):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "站点.xlsx")
    delivery = read_stations(tmp_path / "站点.xlsx", ReadingOptions())
    assert (delivery.report.features_read, delivery.report.features_loaded) == (2, 2)
    assert list(delivery.frame["name"]) == ["甲", "乙"]
    assert list(delivery.frame["kind"]) == ["fire", "medical"]
    assert [(shape.x, shape.y) for shape in delivery.frame.geometry] == [(99.80, 39.33), (99.81, 39.34)]


said = st.sampled_from(
    ["x", "y", "X", "lon", "lat", "经度", "纬度", "name", "甲", "99.8", "39.3", "°", "wgs84", "消防", "无", "kind", ""]
)
headings = st.sampled_from(
    [["名称", "经度", "纬度"], ["名称", "类型", "lon", "lat"], ["lon", "lat"], ["点号", "x", "y", "备注"]]
)


@given(heading=headings, cells=st.lists(st.lists(said, min_size=4, max_size=4), min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_every_row_below_a_heading_is_counted_unless_it_is_another_heading(heading, cells):
    rows = [row[: len(heading)] for row in cells]
    table = below_heading([heading, *rows], {})
    kept = [list(row) for row in table.rows]
    assert kept in (rows, rows[1:])
    if kept == rows:
        return
    assert " ".join(cell for cell in rows[0] if cell)[:20] in table.problems[0].problem
    beside = [(name, cell) for name, cell in zip(heading, rows[0], strict=True) if cell not in ("", "无")]
    units = all(cell in ("°", "wgs84") for _, cell in beside)
    names = all((name, cell) in ANOTHER_NAME or name == cell for name, cell in beside) and len(beside) > 2
    assert units or names, rows[0]


ANOTHER_NAME = {("名称", "name"), ("类型", "kind")} | {
    (name, cell) for names in ({"lon", "经度", "x", "X"}, {"lat", "纬度", "y"}) for name in names for cell in names
}


@pytest.mark.parametrize("row", [["x", "消防", "x", "y"], ["甲", "", "°", "°"], ["甲", "x", "lon", "lat"]])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_row_with_words_for_coordinates_is_refused_and_counted(row: list[str], suffix: str, tmp_path: Path):
    rows = [PLAIN[0], row, *PLAIN[1:]]
    if suffix == ".csv":
        (tmp_path / "s.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for one in rows:
            book.active.append(one)
        book.save(tmp_path / "s.xlsx")
    report = read_stations(tmp_path / f"s{suffix}", ReadingOptions()).report
    assert (report.features_read, report.features_loaded, report.features_refused) == (3, 2, 1)
    assert any(
        problem.feature == 0 and tells(problem.problem, "坐标无法读成数字：{lon}={east}，{lat}={north}")
        for problem in report.problems
    )


def test_rows_of_coordinates_above_a_heading_are_no_titles():
    rows = [["名称", "东", "北"], ["甲", "99.80", "39.33"], ["乙", "x", "y"], ["丙", "99.82", "39.35"]]
    table = below_heading(rows, {})
    assert (table.heading, list(table.rows)) == (rows[0], rows[1:])


def test_every_row_above_a_heading_is_told():
    rows = [["甲", "乙", "丙", "丁"], ["应急站点"], *PLAIN]
    rows[2] = ["名称", "经度", "纬度", ""]
    (problem,) = below_heading(rows, {}).problems
    assert "甲 乙 丙 丁 / 应急站点" in problem.problem


def test_a_table_without_coordinates_is_refused_once_with_its_columns(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("一览表\n名称,类型,东,北\n" + "甲,消防,1,2\n" * 50, encoding="utf-8")
    report = read_stations(path, ReadingOptions()).report
    assert (report.features_read, report.features_loaded, report.features_refused) == (50, 0, 50)
    (told,) = [problem for problem in report.problems if "经纬度" in problem.problem]
    assert "名称、类型、东、北" in told.problem
    assert told.feature is None
    assert "--field lon=" in told.advice


def test_two_columns_that_could_be_the_longitude_are_asked_about(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("名称,经度（度）,经度（十进制）,纬度\n甲,99.80,99.81,39.33\n", encoding="utf-8")
    report = read_sites(path, ReadingOptions()).report
    assert report.features_loaded == 0
    assert "经度(度)、经度(十进制)" in report.problems[0].problem
    told = ReadingOptions(fields={"lon": "经度（度）", "lat": "纬度"})
    assert read_sites(path, told).report.features_loaded == 1


def test_a_heading_that_names_another_datum_is_no_plain_longitude():
    assert called(["经度(GCJ-02)", "经度（百度）", "经度(西安80)"], ["经度"]) == []
    assert called(["经度（WGS84）"], ["经度"]) == ["经度（WGS84）"]
    assert key_of(" Lon (deg) ") == "lon"


def test_hidden_and_empty_sheets_are_no_layers(tmp_path: Path):
    book = openpyxl.Workbook()
    for row in PLAIN:
        book.active.append(row)
    for title, state in (("Sheet2", "visible"), ("_lists", "hidden"), ("缓存", "veryHidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        if state != "visible":
            sheet.append(["x"])
    book.save(tmp_path / "a.xlsx")
    report = read_stations(tmp_path / "a.xlsx", ReadingOptions()).report
    assert (report.features_loaded, report.layer) == (2, "stations")
    assert any("_lists、缓存" in problem.problem for problem in report.problems)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_text_that_excel_calls_unicode_is_read(encoding: str, tmp_path: Path):
    mark = {"utf-16": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding]
    text = "\r\n".join("\t".join(row) for row in PLAIN)
    (tmp_path / "a.csv").write_bytes(mark + text.encode(encoding))
    delivery = read_stations(tmp_path / "a.csv", ReadingOptions())
    assert (delivery.report.encoding, list(delivery.frame["name"])) == ("UTF-16", ["甲", "乙"])
