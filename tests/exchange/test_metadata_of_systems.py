"""What containers say about their coordinates: GeoParquet metadata, GeoPackage tables, .prj files, headings of columns."""

import copy
import json
import sqlite3
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from gis_layers.errors import UnreadableFile
from gis_layers.exchange import Delivery, ReadingOptions, read_stations
from gis_layers.exchange.systems.projection_files import read_projection
from tests.exchange.deliveries import gbk_shapefile, read, rows_of_squares, told
from tests.saying import refusing, tells

BOUNDARY = shapely.box(99.60, 39.20, 99.95, 39.45)
TOWN = ReadingOptions(boundary=BOUNDARY)
ZONES = gpd.GeoDataFrame(
    {"等级": ["高", "低"], "名称": ["甲", "乙"]},
    geometry=[shapely.box(99.8, 39.3, 99.81, 39.31), shapely.box(99.83, 39.3, 99.84, 39.31)],
    crs=4490,
)


def plain_table(folder: Path, **how: Any) -> tuple[pa.Table, dict[str, Any]]:
    ZONES.to_parquet(folder / "plain.parquet", **how)
    table = pq.read_table(folder / "plain.parquet")
    return table, json.loads(table.schema.metadata[b"geo"])


def written(path: Path, table: pa.Table, geo: Any) -> Path:
    content = geo if isinstance(geo, bytes) else json.dumps(geo).encode()
    kept = {key: value for key, value in (table.schema.metadata or {}).items() if key != b"geo"}
    pq.write_table(table.replace_schema_metadata(kept | ({b"geo": content} if geo is not None else {})), path)
    return path


def described(folder: Path, **members: Any) -> Delivery:
    """What is read of a GeoParquet file whose column is described with these members; ... leaves one out."""
    table, geo = plain_table(folder)
    column = geo["columns"]["geometry"]
    for name, value in members.items():
        column.pop(name, None)
        column |= {} if value is ... else {name: value}
    return read(written(folder / "z.parquet", table, geo), TOWN)


@pytest.mark.parametrize(
    "geo",
    [None, b"{not json", b"\xff\xfe", b"null", [], {}, {"columns": []}, {"columns": {"geometry": "x"}, "primary_column": "geometry"},
     {"columns": {"geometry": {}}, "primary_column": "geometry"}, {"columns": {"geometry": {"encoding": "WKB"}}, "primary_column": 7},
     {"columns": {"shape": {"encoding": "WKB"}}, "primary_column": "shape"},
     {"columns": {"名称": {"encoding": "WKB"}}, "primary_column": "名称"},
     {"columns": {"geometry": {"encoding": "point"}}, "primary_column": "geometry"}],
)  # fmt: skip
def test_metadata_of_another_shape_are_refused_by_name(tmp_path: Path, geo: Any) -> None:
    path = written(tmp_path / "z.parquet", plain_table(tmp_path)[0], geo)
    with refusing(UnreadableFile, match=r"z\.parquet"):
        read(path, TOWN)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["version", "primary_column", "columns", "geometry", "encoding", "crs", "edges", "covering"]), inner),
    max_leaves=8,
)  # fmt: skip


@settings(deadline=None, max_examples=12)
@given(geo=json_values)
def test_no_metadata_end_otherwise_than_read_or_refused(tmp_path_factory: pytest.TempPathFactory, geo: Any) -> None:
    folder = tmp_path_factory.mktemp("geo")
    path = written(folder / "z.parquet", plain_table(folder)[0], json.dumps(geo).encode())
    try:
        report = read(path, TOWN).report
    except UnreadableFile:
        return
    assert report.features_read == 2


@pytest.mark.parametrize("crs", [{}, {"type": "GeographicCRS", "name": "x"}, "高台独立坐标系", [1], True])
def test_a_parquet_crs_that_is_not_understood_is_asked_for(tmp_path: Path, crs: Any) -> None:
    delivery = described(tmp_path, crs=crs)
    assert tells(delivery.report.whole_file_error, "文件声明的坐标系「{words}」读不懂")
    assert "--crs EPSG:4490" in delivery.report.problems[0].advice
    assert read(tmp_path / "z.parquet", ReadingOptions(crs="EPSG:4490", boundary=BOUNDARY)).report.features_loaded == 2


def test_a_parquet_crs_is_null_assumed_or_as_it_says(tmp_path: Path) -> None:
    assert tells(described(tmp_path, crs=None).report.whole_file_error, "文件没有声明坐标系")
    assert described(tmp_path, crs=...).report.features_loaded == 2
    assert "GCJ-02" in described(tmp_path, crs="GCJ-02").report.whole_file_error
    assert tells(
        described(tmp_path, crs=CRS(4610).to_json_dict()).report.whole_file_error,
        "{crs} 与 CGCS2000 基准不同，没有当地参数无法可靠转换，直接转换会偏移数十至上百米",
    )
    assert described(tmp_path, crs=CRS(4490).to_json_dict()).report.features_loaded == 2


def test_what_else_is_said_of_the_shapes_is_told(tmp_path: Path) -> None:
    assert "spherical" in told(described(tmp_path, edges="spherical"), None)
    table, geo = plain_table(tmp_path)
    assert "9.9" in told(read(written(tmp_path / "z.parquet", table, geo | {"version": "9.9"}), TOWN), None)


def test_columns_made_for_speed_are_no_attributes_and_a_second_geometry_is_told(tmp_path: Path) -> None:
    table, geo = plain_table(tmp_path, write_covering_bbox=True)
    assert "bbox" in table.column_names
    assert read(written(tmp_path / "z.parquet", table, geo), TOWN).report.features_loaded == 2
    two = copy.deepcopy(geo)
    two["columns"]["centre"] = {**geo["columns"]["geometry"], "crs": None, "covering": None}
    centres = pa.array(shapely.to_wkb(shapely.centroid(ZONES.geometry.to_numpy())).tolist())
    path = written(tmp_path / "z.parquet", table.append_column("centre", centres), two)
    delivery = read(path, TOWN)
    assert delivery.report.features_loaded == 2
    assert "centre" in told(delivery, None)
    chosen = read(path, ReadingOptions(layer="centre", crs="EPSG:4490", boundary=BOUNDARY))
    assert chosen.report.features_loaded == 0
    assert tells(told(chosen, 0), "几何是{kind}，这里只要{kinds}", kind="点")


def test_one_broken_shape_of_parquet_hides_no_other_and_native_encodings_are_read(tmp_path: Path) -> None:
    table, geo = plain_table(tmp_path)
    place = table.schema.get_field_index("geometry")
    broken = table.set_column(place, "geometry", pa.array([table["geometry"][0].as_py(), b"\x01\x02"]))
    delivery = read(written(tmp_path / "z.parquet", broken, geo), TOWN)
    assert list(delivery.frame["feature"]) == [0]
    assert tells(told(delivery, 1), "几何无法解析（{reason}）")
    ZONES.to_parquet(tmp_path / "native.parquet", geometry_encoding="geoarrow")
    assert read(tmp_path / "native.parquet", TOWN).report.features_loaded == 2


def package(folder: Path, *statements: tuple[str, tuple[Any, ...]], crs: int = 4490) -> Path:
    path = folder / "z.gpkg"
    ZONES.to_crs(crs).to_file(path, layer="zones", driver="GPKG")
    with sqlite3.connect(path) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        for sql, values in statements:
            database.execute(sql, values)
    return path


NUMBERED = ("UPDATE gpkg_geometry_columns SET srs_id = ?", "UPDATE gpkg_contents SET srs_id = ?")
BARE = "UPDATE zones SET geom = CAST(substr(geom, 1, 4) || ? || substr(geom, 9) AS BLOB)"
DEFINED = "UPDATE gpkg_spatial_ref_sys SET definition = ? WHERE srs_id = ?"


@pytest.mark.parametrize("number", [0, -1])
def test_an_undefined_system_of_a_geopackage_is_asked_for(tmp_path: Path, number: int) -> None:
    blob = number.to_bytes(4, "little", signed=True)
    path = package(tmp_path, *((sql, (number,)) for sql in NUMBERED), (BARE, (blob,)))
    report = read(path, TOWN).report
    assert tells(report.whole_file_error, "文件没有声明坐标系")
    assert read(path, ReadingOptions(crs="EPSG:4490", boundary=BOUNDARY)).report.features_loaded == 2


@pytest.mark.parametrize(
    ("statements", "crs", "words"),
    [
        ([(DEFINED, (CRS(4610).to_wkt("WKT1_GDAL"), 4490))], 4490, "Xian 1980"),
        ([(DEFINED, (CRS(4543).to_wkt("WKT1_GDAL"), 4542))], 4542, "CM 102E"),
        ([("UPDATE gpkg_spatial_ref_sys SET organization_coordsys_id = 4610 WHERE srs_id = 4490", ())], 4490, "EPSG:4610"),
        ([(NUMBERED[1], (4326,))], 4542, "EPSG:4326"), ([(NUMBERED[0], (-1,))], 4490, "前后不一"),
        ([(BARE, ((4326).to_bytes(4, "little"),))], 4542, "EPSG:4326"),
        ([("UPDATE gpkg_spatial_ref_sys SET srs_name = 'GCJ-02' WHERE srs_id = 4490", ())], 4490, "GCJ-02"),
    ],
)  # fmt: skip
def test_tables_of_a_geopackage_that_contradict_each_other_are_not_believed(
    tmp_path: Path, statements, crs, words
) -> None:
    report = read(package(tmp_path, *statements, crs=crs), TOWN).report
    assert report.features_loaded == 0
    assert words in report.whole_file_error


@pytest.mark.parametrize(
    ("crs", "form"), [(4490, "WKT1_ESRI"), (4542, "WKT1_ESRI"), (4521, "WKT1_ESRI"), (32647, "WKT2_2019")]
)
def test_the_same_system_written_otherwise_is_no_contradiction(tmp_path: Path, crs: int, form: str) -> None:
    report = read(package(tmp_path, (DEFINED, (CRS(crs).to_wkt(form), crs)), crs=crs), TOWN).report
    assert report.features_loaded == 2
    again = read(tmp_path / "z.gpkg", ReadingOptions(crs=f"EPSG:{crs}", boundary=BOUNDARY)).report
    assert again.features_loaded == 2


@pytest.mark.parametrize(
    "form",
    ["EPSG:4542", "4542", "urn:ogc:def:crs:EPSG::4542", "WKT1_GDAL", "WKT1_ESRI", "WKT2_2015", "WKT2_2019", "bom"],
)
def test_a_prj_is_read_however_it_is_written(tmp_path: Path, form: str) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(2), "EPSG:4542")
    text = (
        CRS(4542).to_wkt(form)
        if form.startswith("WKT")
        else "\ufeff" + CRS(4542).to_wkt("WKT1_ESRI")
        if form == "bom"
        else form
    )
    path.with_suffix(".prj").write_text(text, encoding="utf-8")
    report = read(path, TOWN).report
    assert (report.features_loaded, report.crs) == (2, "EPSG:4542")


@pytest.mark.parametrize(
    ("text", "words"),
    [("高台独立坐标系", "读不懂"), (" ", "没有声明"), ("GCJ-02", "GCJ-02"), ("西安80", "基准不同"),
     (CRS(4542).to_wkt("WKT1_ESRI").replace("CM_99E", "CM_102E"), "参数里的中央经线却是 99°"),
     ('LOCAL_CS["高台独立",UNIT["Meter",1]]', "读不懂")],
)  # fmt: skip
def test_a_prj_that_says_nothing_usable_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(2), "EPSG:4542")
    path.with_suffix(".prj").write_text(text, encoding="utf-8")
    assert words in read(path, TOWN).report.whole_file_error


def test_a_prj_that_two_programs_read_differently_is_not_believed() -> None:
    told_so = read_projection(CRS(4543).to_wkt("WKT1_ESRI").encode(), CRS(4542))
    assert told_so.stated == (CRS(4543).name,)
    assert read_projection(None, CRS(4542)).crs is None


@pytest.mark.parametrize("heading", ["经度(GCJ-02)", "高德经度", "百度经度", "lng_bd09", "东坐标(西安80)"])
def test_a_heading_that_names_another_ground_is_heeded(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"name,{heading},lat\n甲,99.8,39.33\n", encoding="utf-8")
    delivery = read_stations(path, ReadingOptions(fields={"lon": heading}, boundary=BOUNDARY))
    assert delivery.report.features_loaded == 0
    assert heading in delivery.report.whole_file_error
    assert read_stations(path, TOWN).report.features_loaded == 0


def test_rows_in_another_system_than_the_file_are_refused_one_by_one_and_all_of_them_once(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    rows = ["GCJ-02", "CGCS2000", "西安80", "EPSG:4542", "", "WGS84", "高台独立坐标系"]
    lines = "".join(f"站{n},99.8,39.33,{words}\n" for n, words in enumerate(rows))
    path.write_text(f"name,lon,lat,坐标系\n{lines}", encoding="utf-8")
    assert list(read_stations(path, TOWN).frame["feature"]) == [1, 4, 5]
    path.write_text("name,lon,lat,坐标系\n" + "站,99.8,39.33,BD-09\n" * 50, encoding="utf-8")
    report = read_stations(path, TOWN).report
    assert (report.features_refused, len(report.problems)) == (50, 1)


def test_a_vague_heading_tells_of_known_systems_only(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("name,lon,lat,坐标类型\n甲,99.8,39.33,入口\n乙,99.8,39.33,高德坐标\n", encoding="utf-8")
    assert list(read_stations(path, TOWN).frame["feature"]) == [0]
