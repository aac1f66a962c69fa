"""Layers that leave the house: whole, exact, and harmless in a spreadsheet."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from gis_layers.errors import UnwritableFile
from gis_layers.exchange import ReadingOptions, write_layer, write_tables
from gis_layers.exchange.text.cells import guarded
from gis_layers.exchange.text.column_names import cut_names
from tests.exchange.deliveries import BOW_TIE, gbk_shapefile, read, rows_of_squares, square
from tests.saying import refusing, tells

gdal: Any = pyogrio  # untyped
FORMULAS = ["=1+1", "+86 936", "-3度", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＠SUM(A1)"]


def layer(*rows: dict[str, Any], crs: str = "EPSG:4490") -> gpd.GeoDataFrame:
    squares = [shapely.Polygon(square(99.7 + 0.02 * number)) for number in range(len(rows))]
    return gpd.GeoDataFrame([{"grade": "高", "name": "南华镇", **row} for row in rows], geometry=squares, crs=crs)


@pytest.mark.parametrize("name", ["o.gpkg", "o.geojson", "o.csv", "o.xlsx", "o.parquet"])
def test_what_is_written_reads_back_with_the_same_coordinates(tmp_path: Path, name: str) -> None:
    frame = layer({"name": "图斑一"}, {"name": "图斑二"})
    write_layer(frame, tmp_path / name, layer_name="zones")
    back = read(tmp_path / name).frame
    assert list(back["name"]) == ["图斑一", "图斑二"]
    for before, after in zip(frame.geometry, back.geometry, strict=True):
        assert shapely.get_coordinates(before).tolist() == shapely.get_coordinates(after).tolist()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(98, 100), st.floats(38, 40), st.floats(1e-3, 0.5)), min_size=1, max_size=4))
def test_a_geopackage_keeps_every_bit(
    tmp_path_factory: pytest.TempPathFactory, corners: list[tuple[float, float, float]]
) -> None:
    frame = gpd.GeoDataFrame(
        {"grade": "高"},
        geometry=[shapely.box(x, y, x + side, y + side) for x, y, side in corners],
        crs=4490,
        index=range(len(corners)),
    )
    path = tmp_path_factory.mktemp("bits") / "o.gpkg"
    write_layer(frame, path, layer_name="zones")
    back = read(path).frame
    assert (shapely.get_coordinates(back.geometry) == shapely.get_coordinates(frame.geometry)).all()


@pytest.mark.parametrize("name", ["o.shp", "o.zip"])
@pytest.mark.parametrize("encoding", [None, "gb18030", "GBK"])
def test_a_shapefile_is_utf8_unless_asked_else_and_says_so_in_its_cpg(
    tmp_path: Path, name: str, encoding: str | None
) -> None:
    write_layer(layer({"名称": "骆驼城"}), tmp_path / name, encoding=encoding, crs="EPSG:4521", layer_name="zones")
    if name == "o.zip":
        with zipfile.ZipFile(tmp_path / name) as archive:
            archive.extractall(tmp_path)
    stem = tmp_path / ("zones.shp" if name == "o.zip" else name)
    table = stem.with_suffix(".dbf").read_bytes()
    assert "骆驼城".encode(encoding or "utf-8") in table
    assert "名称".encode(encoding or "utf-8") in table
    assert stem.with_suffix(".cpg").read_text() == {None: "UTF-8", "gb18030": "GB18030", "GBK": "GBK"}[encoding]
    delivery = read(tmp_path / name)
    assert delivery.report.crs == "EPSG:4521"
    assert delivery.frame.geometry.iloc[0].centroid.x == pytest.approx(99.705, abs=1e-9)


def test_names_are_cut_to_ten_bytes_without_two_alike_and_the_notes_tell(tmp_path: Path) -> None:
    notes = write_layer(layer({"survey_date_first": 1, "survey_date_last": 2}), tmp_path / "o.shp", layer_name="zones")
    told = "{name} 列在 shapefile 中名为 {cut}"
    assert [note.values for note in notes if note.template == told] == [
        {"name": "survey_date_first", "cut": "survey_dat"},
        {"name": "survey_date_last", "cut": "survey_d_2"},
    ]
    assert {"survey_dat", "survey_d_2"} <= set(gdal.read_info(tmp_path / "o.shp")["fields"])


@given(
    st.lists(st.text("abc危险性等级", min_size=1, max_size=20), unique=True, max_size=30),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_cut_names_fit_and_differ(names: list[str], encoding: str) -> None:
    short, _ = cut_names(names, encoding)
    assert len(set(short.values())) == len(names)
    assert all(len(cut.encode(encoding)) <= 10 for cut in short.values())


def test_text_that_does_not_fit_the_encoding_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    for name in ("o.shp", "o.csv"):
        with refusing(UnwritableFile, match="fit"):
            write_layer(
                layer({"name": "𠀀 Ω ☃"}),
                tmp_path / name,
                encoding="gb2312" if name == "o.csv" else "latin-1",
                layer_name="z",
            )
    assert list(tmp_path.iterdir()) == []


def test_text_wider_than_any_field_of_a_shapefile_is_told(tmp_path: Path) -> None:
    (note,) = write_layer(layer({"name": "村" * 100}), tmp_path / "o.shp", layer_name="zones")
    assert tells(note, "{name} 列中有 {longest} 字节的文字，shapefile 只能保留 {widest_bytes} 字节", longest=300)
    assert read(tmp_path / "o.shp").frame["name"].iloc[0] == "村" * 84


def test_a_failed_write_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text("old")
    with pytest.raises(UnwritableFile):
        write_layer(layer({}), path, encoding="no-such-encoding", layer_name="zones")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("cell", FORMULAS)
def test_text_that_begins_like_a_formula_is_only_text_in_csv_and_excel(tmp_path: Path, cell: str) -> None:
    frame = layer({"name": cell, "count": -5})
    write_layer(frame, tmp_path / "o.csv", layer_name="zones")
    raw = (tmp_path / "o.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert row["name"] == f"'{cell}"
    assert row["count"] == "-5"
    write_layer(frame, tmp_path / "o.xlsx", layer_name="zones")
    sheet = load_workbook(tmp_path / "o.xlsx").active
    assert sheet is not None
    cells = {str(sheet.cell(1, column).value): sheet.cell(2, column) for column in range(1, sheet.max_column + 1)}
    assert cells["name"].data_type == "s"
    assert str(cells["name"].value).startswith("'")
    assert cells["count"].value == -5


@given(st.text())
def test_no_guarded_text_begins_like_a_formula(text: str) -> None:
    assert not str(guarded(text)).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"))


def test_a_heading_is_guarded_as_a_cell_is(tmp_path: Path) -> None:
    frame = layer({"=1+1": "x"})
    write_layer(frame, tmp_path / "o.xlsx", layer_name="zones")
    sheet = load_workbook(tmp_path / "o.xlsx").active
    assert sheet is not None
    assert {cell.data_type for cell in sheet[1]} == {"s"}
    write_layer(frame, tmp_path / "o.csv", layer_name="zones")
    assert "'=1+1" in (tmp_path / "o.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")


def test_cells_keep_numbers_and_days_and_drop_what_is_no_number() -> None:
    assert guarded(np.int64(3)) == 3
    assert guarded(np.float64("nan")) is None
    assert guarded(pd.NaT) is None
    assert guarded(["=x"]) == "['=x']"
    assert guarded("a\x00b") == "ab"


def test_geojson_is_always_longitude_and_latitude(tmp_path: Path) -> None:
    write_layer(layer({}), tmp_path / "o.geojson", crs="EPSG:4542", layer_name="zones")
    west = read(tmp_path / "o.geojson").frame.total_bounds[0]
    assert west == pytest.approx(99.7, abs=1e-9)


def test_days_and_missing_values_survive_every_format(tmp_path: Path) -> None:
    frame = layer({"survey_date": date(2023, 5, 1), "scale": 50_000}, {"survey_date": None, "scale": None})
    for name in ("o.gpkg", "o.geojson", "o.csv", "o.xlsx", "o.parquet", "o.shp"):
        write_layer(frame.astype({"survey_date": object, "scale": object}), tmp_path / name, layer_name="zones")
        options = ReadingOptions(fields={"survey_date": "survey_dat"} if name == "o.shp" else {})
        back = read(tmp_path / name, options).frame
        assert (list(back["survey_date"]), list(back["scale"])) == ([date(2023, 5, 1), None], [50_000, None]), name


def test_several_tables_go_into_the_sheets_of_a_workbook_and_the_layers_of_a_geopackage(tmp_path: Path) -> None:
    sites = layer({"verdict": "restricted"}, {"verdict": "permitted"})
    findings = pd.DataFrame({"site": [0], "zone": ["z-1"], "message": ["=cmd"]})
    write_tables({"sites": sites, "findings": findings}, tmp_path / "o.gpkg")
    assert {str(name) for name, _ in gdal.list_layers(tmp_path / "o.gpkg")} == {"sites", "findings"}
    assert len(gpd.read_file(tmp_path / "o.gpkg", layer="sites")) == 2
    write_tables({"sites": sites, "findings": findings}, tmp_path / "o.xlsx")
    book = load_workbook(tmp_path / "o.xlsx")
    assert book.sheetnames == ["sites", "findings"]
    assert book["findings"]["C2"].value == "'=cmd"
    with refusing(UnwritableFile, match="several tables"):
        write_tables({"sites": sites}, tmp_path / "o.csv")


def test_objects_that_are_no_words_are_words_in_a_geopackage_as_they_ever_were(tmp_path: Path) -> None:
    odd = {"numbers": [1, None], "mixed": [1, "一"], "days": [date(2026, 1, 1), None], "large": [2**70, 1]}
    tables = {"odd": pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in odd.items()})}
    write_tables(tables | {"words": pd.DataFrame({"word": ["一", None]})}, tmp_path / "o.gpkg")
    written = {name: gdal.read_dataframe(tmp_path / "o.gpkg", layer=name) for name in ("odd", "words")}
    assert {name: table.fillna("").to_numpy().tolist() for name, table in written.items()} == {
        "odd": [["1", "1", "2026-01-01", str(2**70)], ["", "一", "", "1"]],
        "words": [["一"], [""]],
    }


def test_empty_tables_are_written_with_their_headings(tmp_path: Path) -> None:
    nothing = pd.DataFrame({"site": pd.Series(dtype="int64"), "zone": pd.Series(dtype="object")})
    write_tables({"sites": layer({}), "findings": nothing}, tmp_path / "o.gpkg")
    assert list(gdal.read_info(tmp_path / "o.gpkg", layer="findings")["fields"]) == ["site", "zone"]
    write_layer(layer({}).iloc[:0], tmp_path / "e.gpkg", layer_name="zones")
    assert gdal.read_info(tmp_path / "e.gpkg")["features"] == 0


def test_an_unknown_suffix_and_a_missing_folder_are_refused_with_what_to_do(tmp_path: Path) -> None:
    with refusing(UnwritableFile, match=r"\.gpkg"):
        write_layer(layer({}), tmp_path / "o.dwg", layer_name="zones")
    with refusing(UnwritableFile, match="no folder"):
        write_layer(layer({}), tmp_path / "none" / "o.gpkg", layer_name="zones")


def test_a_gbk_import_leaves_as_gbk_and_comes_back_the_same(tmp_path: Path) -> None:
    first = read(gbk_shapefile(tmp_path, rows_of_squares(3))).frame
    write_layer(
        first[["grade", "name", "geometry"]], tmp_path / "back.shp", crs=4521, encoding="gb18030", layer_name="zones"
    )
    second = read(tmp_path / "back.shp").frame
    assert list(second["name"]) == list(first["name"])
    assert shapely.hausdorff_distance(first.geometry.to_numpy(), second.geometry.to_numpy()).max() < 1e-9


def test_an_invalid_geometry_can_leave_so_that_it_can_be_mended_elsewhere(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"grade": ["高"]}, geometry=[shapely.Polygon(BOW_TIE)], crs=4490)
    write_layer(frame, tmp_path / "o.gpkg", layer_name="zones")
    assert read(tmp_path / "o.gpkg").report.features_refused == 1
    assert read(tmp_path / "o.gpkg", ReadingOptions(accept_repairs=True)).report.features_loaded == 1
