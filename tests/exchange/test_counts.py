"""Nothing vanishes between a file and its report: what is declared is read, refused by number, or refuses the file."""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely
from openpyxl import Workbook

from gis_layers.errors import AmbiguousLayer, CountsDiffer, UnreadableFile
from gis_layers.exchange import ReadingOptions, read_sites
from tests.exchange.deliveries import feature, gbk_shapefile, polygon, rows_of_squares, square, told, write_geojson
from tests.saying import refusing, tells

RING = [list(place) for place in square()]
HOLE = [[99.803, 39.333], [99.803, 39.336], [99.806, 39.336], [99.803, 39.333]]


def read(path: Path, **options: Any):
    delivery = read_sites(path, ReadingOptions(**options))
    report = delivery.report
    assert report.features_read == report.features_loaded + report.features_refused
    return delivery


def counted(path: Path, **options: Any) -> tuple[int, int]:
    report = read(path, **options).report
    return report.features_loaded, report.features_refused


def laid(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


MEMBERS: dict[str, tuple[Any, str]] = {
    "null": (None, "null"),
    "number": (5, "number"),
    "list": ([], "array"),
    "empty object": ({}, "type"),
    "no type": ({"properties": {}, "geometry": polygon(square())}, "type"),
    "small letter": ({**feature(polygon(square())), "type": "feature"}, "'feature'"),
    "a bare geometry": (polygon(square()), "'Polygon'"),
    "a collection within": ({"type": "FeatureCollection", "features": [feature(polygon(square()))]}, "Feature"),
    "properties are a list": ({**feature(polygon(square())), "properties": [1]}, "properties"),
    "properties are text": ({**feature(polygon(square())), "properties": "高"}, "properties"),
    "geometry is text": ({**feature(None), "geometry": "POINT (99.8 39.3)"}, "geometry"),
    "geometry of no known type": (feature({"type": "polygon", "coordinates": [RING]}), "'polygon'"),
    "a hole that is null": (feature({"type": "Polygon", "coordinates": [RING, None]}), "空缺"),
    "a vertex that is null": (feature({"type": "Polygon", "coordinates": [[*RING[:2], None, *RING[2:]]]}), "空缺"),
    "a part that is null": (feature({"type": "MultiPolygon", "coordinates": [[RING], None]}), "空缺"),
    "numbers in quotes": (feature({"type": "Point", "coordinates": ["99.8", "39.3"]}), "空缺"),
    "a part of a collection": (
        feature({"type": "GeometryCollection", "geometries": [polygon(square()), None]}),
        "空缺",
    ),
    "no coordinates": (feature({"type": "Polygon"}), "空缺"),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_that_is_no_feature_keeps_its_number_and_is_refused(name: str, tmp_path: Path):
    odd, words = MEMBERS[name]
    before, after = rows_of_squares(2)
    delivery = read(write_geojson(tmp_path / "a.geojson", [before, odd, after]))
    assert (delivery.report.features_read, delivery.report.features_loaded) == (3, 2)
    assert list(delivery.frame["feature"]) == [0, 2]
    assert words in told(delivery, 1)
    assert list(delivery.frame["name"]) == ["图斑0号", "图斑1号"]


def test_collections_in_collections_are_refused_and_counted(tmp_path: Path):
    nested = {
        "type": "GeometryCollection",
        "geometries": [{"type": "GeometryCollection", "geometries": [polygon(square())]}],
    }
    assert counted(write_geojson(tmp_path / "a.geojson", [feature(nested), feature(polygon(square()))])) == (1, 1)


ONE = json.dumps(feature(polygon(square())), ensure_ascii=False)
DOCUMENTS = {
    "lines of features": f"{ONE}\n{ONE}\n",
    "a second document": f'{{"type":"FeatureCollection","features":[{ONE}]}}{{"type":"FeatureCollection","features":[{ONE}]}}',
    "a mark in the middle": f'{{"type":"FeatureCollection","features":[{ONE},\ufeff{ONE}]}}',
    "features twice": f'{{"type":"FeatureCollection","features":[{ONE}],"features":[{ONE},{ONE}]}}',
    "features that are no list": f'{{"type":"FeatureCollection","features":{ONE}}}',
    "no features": '{"type":"FeatureCollection"}',
    "cut off": f'{{"type":"FeatureCollection","features":[{ONE},{ONE[:60]}',
    "a comma too many": f'{{"type":"FeatureCollection","features":[{ONE},]}}',
    "a crs twice": f'{{"type":"FeatureCollection","crs":null,"crs":null,"features":[{ONE}]}}',
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_which_a_part_would_be_lost_is_refused(name: str, tmp_path: Path):
    with pytest.raises(UnreadableFile):
        read(laid(tmp_path / "a.geojson", DOCUMENTS[name]))


def test_a_member_said_twice_is_not_guessed(tmp_path: Path):
    twice = ONE.replace('"危险性等级": "高"', '"危险性等级": "高", "危险性等级": "低"')
    assert twice != ONE
    text = f'{{"type":"FeatureCollection","features":[{twice},{ONE}]}}'
    delivery = read(laid(tmp_path / "a.geojson", text))
    assert tells(told(delivery, 0), "成员「{key}」写了不止一次，无法判断用哪一个", key="危险性等级")
    assert list(delivery.frame["feature"]) == [1]


def topology(**objects: Any) -> str:
    return json.dumps({"type": "Topology", "objects": objects, "arcs": [RING]})


def test_a_topology_names_its_objects_and_counts_their_geometries(tmp_path: Path):
    whole = {"type": "Polygon", "arcs": [[0]]}
    parts = [whole, None, {"type": None}, {"type": "Polygon", "arcs": [[7]]}, {"type": "Polygon", "arcs": "x"}]
    path = laid(tmp_path / "a.json", topology(a={"type": "GeometryCollection", "geometries": parts}))
    assert counted(path) == (1, 4)
    two = laid(tmp_path / "b.json", topology(a={"type": "GeometryCollection", "geometries": parts[:1]}, b=whole))
    with refusing(AmbiguousLayer, match="a, TopoJSON"):
        read(two)
    assert counted(two, layer="a") == (1, 0)
    assert counted(two, layer="TopoJSON") == (1, 0)


HEADING = "名称,lon,lat,备注\n"
TABLES: dict[str, tuple[str, tuple[int, int]]] = {
    "blank lines": (HEADING + "甲,99.8,39.3,\n\n,,,\n乙,99.8,39.3,\n", (2, 0)),
    "commas at the end": (HEADING + "甲,99.8,39.3,x,,,\n乙,99.8,39.3,,,\n", (2, 0)),
    "short rows": (HEADING + "甲,99.8,39.3\n乙,99.8\n", (1, 1)),
    "a longer row": (HEADING + "甲,99.8,39.3,x,z\n乙,99.8,39.3,x\n", (1, 1)),
    "carriage returns": (HEADING.replace("\n", "\r") + "甲,99.8,39.3,x\r乙,99.8,39.3,y\r", (2, 0)),
    "all line ends": (HEADING + "甲,99.8,39.3,x\r\n乙,99.8,39.3,y\r丙,99.8,39.3,z\n", (3, 0)),
    "a break in a cell": (HEADING + '甲,99.8,39.3,"一\n二，三,四"\n乙,99.8,39.3,\n', (2, 0)),
    "a quote that swallows": (HEADING + '甲,99.8,39.3,"一\n乙,99.8,39.3,"\n丙,99.8,39.3,\n', (1, 1)),
    "a mark in the middle": (HEADING + "甲,99.8,39.3,x\n\ufeff" + HEADING + "乙,99.8,39.3,x\n", (2, 1)),
    "quotes within a cell": (HEADING + '12" 管,99.8,39.3,"说 ""好"""\n乙,99.8,39.3,a"b\n', (2, 0)),
    "semicolons": (HEADING.replace(",", ";") + '甲;99.8;39.3;"a,b"\n', (1, 0)),
    "headings twice": ("名称,lon,lat,名称\n甲,99.8,39.3,乙\n", (1, 0)),
    "text over lines": ('名称,wkt\n甲,"POLYGON ((99.8 39.3,\n99.81 39.3,\n99.81 39.31,\n99.8 39.3))"\n', (1, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_every_line_of_a_table_is_counted(name: str, tmp_path: Path):
    text, wanted = TABLES[name]
    assert counted(laid(tmp_path / "a.csv", text)) == wanted


@pytest.mark.parametrize("row", ['乙,99.8,39.3,"一', '"乙,99.8,39.3,x', '"乙"丙,99.8,39.3,x', '乙,99.8,39.3,"一"二'])
def test_an_unclosed_quote_is_named_by_its_line(row: str, tmp_path: Path):
    with pytest.raises(UnreadableFile, match="第 3 行起"):
        read(laid(tmp_path / "a.csv", f"{HEADING}甲,99.8,39.3,x\n{row}\n丙,99.8,39.3,x\n"))


def test_a_heading_that_lacks_a_column_is_told_once(tmp_path: Path):
    with pytest.raises(CountsDiffer, match="标题行有 4 列，第 1 行数据却有 5 列"):
        read(laid(tmp_path / "a.csv", HEADING + "甲,99.8,39.3,x,z\n" * 4))


def workbook(path: Path, edit: Callable[[str], str] = str, **merges: str) -> Path:
    """A workbook of four sites whose sheet is then edited by hand."""
    book = Workbook()
    book.active.append(["名称", "lon", "lat", "备注"])
    for number in range(4):
        book.active.append([f"第{number}", 99.8 + number / 100, 39.33, "x"])
    for merged in merges.values():
        book.active.merge_cells(merged)
    plain = path.with_suffix(".plain")
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, edit(content.decode()) if name.endswith("sheet1.xml") else content)
    return path


EDITS: dict[str, Callable[[str], str]] = {
    "a row number twice": lambda xml: xml.replace('<row r="4"', '<row r="3"'),
    "a row number too small": lambda xml: xml.replace('<row r="5"', '<row r="1"'),
    "cells out of order": lambda xml: xml.replace('r="D3"', 'r="A3"', 1),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_sheet_whose_numbers_hide_cells_is_refused(name: str, tmp_path: Path):
    with pytest.raises(CountsDiffer, match="按行列读出的只有"):
        read(workbook(tmp_path / "a.xlsx", EDITS[name]))


@pytest.mark.parametrize("size", ["A1", "A1:B2", "C3:D5", "A1:XFD1048576", "nonsense"])
def test_the_size_a_sheet_claims_is_not_believed(size: str, tmp_path: Path):
    def resized(xml: str) -> str:
        assert "<dimension" in xml
        return xml.replace('<dimension ref="A1:D5"', f'<dimension ref="{size}"')

    if size == "nonsense":
        with pytest.raises(UnreadableFile):
            read(workbook(tmp_path / "a.xlsx", resized))
    else:
        assert counted(workbook(tmp_path / "a.xlsx", resized)) == (4, 0)


def test_hidden_rows_are_read_and_told(tmp_path: Path):
    delivery = read(workbook(tmp_path / "a.xlsx", lambda xml: xml.replace('<row r="3"', '<row r="3" hidden="1"')))
    assert delivery.report.features_loaded == 4
    assert tells(told(delivery, None), "有 {n} 行在表格中被隐藏或筛选掉，也一并读取了", n=1)


def test_cells_merged_over_rows_are_told(tmp_path: Path):
    delivery = read(workbook(tmp_path / "a.xlsx", down="D2:D4", across="A1:A1"))
    assert delivery.report.features_loaded == 4
    assert "D2:D4" in told(delivery, None)
    assert not tells(
        told(read(workbook(tmp_path / "b.xlsx", across="C5:D5")), None),
        "有 {n} 处单元格跨行合并（{ranges}），只有最上一行有值，其余各行按空白处理",
    )


def test_what_stands_beside_the_last_column_is_told(tmp_path: Path):
    book = Workbook()
    for row in (["名称", "lon", "lat"], ["甲", 99.8, 39.33, "另见附表"], ["乙", 99.8, 39.33]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    delivery = read(tmp_path / "a.xlsx")
    assert delivery.report.features_loaded == 2
    assert "另见附表" in told(delivery, None)


def test_headings_that_are_the_same_are_told(tmp_path: Path):
    delivery = read(laid(tmp_path / "a.csv", "名称,lon,lat,名称\n甲,99.8,39.3,乙\n"))
    assert list(delivery.frame["name"]) == ["甲"]
    assert tells(told(delivery, None), "有几列的标题相同：{names}；只认其中第一列，其余的改称「…_2」", names="名称")


@pytest.fixture
def shape(tmp_path: Path) -> Path:
    return gbk_shapefile(tmp_path, rows_of_squares(4))


def poked(path: Path, at: int, content: bytes) -> None:
    whole = bytearray(path.read_bytes())
    whole[at : at + len(content)] = content
    path.write_bytes(whole)


def row_of(table: Path, number: int) -> int:
    head, width = struct.unpack_from("<HH", table.read_bytes(), 8)
    return int(head + number * width)


def test_rows_marked_as_deleted_are_told_and_the_others_keep_their_rows(shape: Path):
    table = shape.with_suffix(".dbf")
    poked(table, row_of(table, 1), b"*")
    delivery = read(shape)
    assert delivery.report.features_loaded == 3
    assert list(delivery.frame["name"]) == ["图斑0号", "图斑2号", "图斑3号"]
    assert tells(told(delivery, None), "有 {n} 个要素在 .dbf 中标记为已删除，没有读取", n=1)


def test_a_shapefile_without_its_table_says_that_it_knows_nothing(shape: Path):
    shape.with_suffix(".dbf").unlink()
    delivery = read(shape)
    assert (delivery.report.features_loaded, delivery.report.features_refused) == (4, 0)
    assert tells(told(delivery, None), "没有同名的 .dbf，所有属性都缺失")


def test_a_table_that_is_cut_off_refuses_the_shapefile(shape: Path):
    table = shape.with_suffix(".dbf")
    table.write_bytes(table.read_bytes()[: row_of(table, 3) - 5])
    with pytest.raises(CountsDiffer, match=r"\.dbf 有 2 行"):
        read(shape)


def test_an_index_that_lists_fewer_or_points_elsewhere_refuses_the_shapefile(shape: Path):
    index = shape.with_suffix(".shx")
    whole = index.read_bytes()
    index.write_bytes(whole[:-8])
    with pytest.raises(CountsDiffer, match=r"\.shx 列出 3 个"):
        read(shape)
    index.write_bytes(whole)
    poked(index, 108, struct.pack(">i", struct.unpack_from(">i", whole, 108)[0] + 2))
    with pytest.raises(CountsDiffer, match=r"\.shx 第 1 条"):
        read(shape)


def test_a_shape_of_another_index_refuses_the_shapefile(shape: Path, tmp_path: Path):
    (tmp_path / "other").mkdir()
    other = gbk_shapefile(tmp_path / "other", rows_of_squares(3))
    shutil.copy(other, shape)
    with pytest.raises(CountsDiffer, match=r"\.shp 有 3 个"):
        read(shape)


def test_null_shapes_are_refused_and_the_others_keep_their_rows(shape: Path):
    index = shape.with_suffix(".shx").read_bytes()
    poked(shape, struct.unpack_from(">i", index, 108)[0] * 2 + 8, struct.pack("<i", 0))
    delivery = read(shape)
    assert (delivery.report.features_loaded, delivery.report.features_refused) == (3, 1)
    assert list(delivery.frame["name"]) == ["图斑0号", "图斑2号", "图斑3号"]


def test_rings_that_are_not_read_are_missed(shape: Path):
    """The number of parts is poked: a reader that believes it leaves vertices out."""
    place = struct.unpack_from(">i", shape.with_suffix(".shx").read_bytes(), 100)[0] * 2
    poked(shape, place + 8 + 4 + 32 + 4, struct.pack("<i", 500))
    delivery = read(shape)
    assert delivery.report.features_read == 4
    assert 0 not in list(delivery.frame["feature"])


def test_the_books_of_a_geopackage_are_not_believed(tmp_path: Path):
    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame({"name": list("甲乙丙丁")}, geometry=[shapely.Polygon(square())] * 4, crs=4490)
    frame.to_file(path, driver="GPKG", layer='一 层"')
    for books, read_by_gdal in ((0, 0), (2, 2), (9, None)):
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (books,))
        if read_by_gdal is None:
            assert counted(path) == (4, 0)
            continue
        with pytest.raises(CountsDiffer, match=f"写有 4 个要素，读出的却是 {read_by_gdal} 个"):
            read(path)


def test_a_feature_class_is_counted_in_its_index(tmp_path: Path):
    frame = gpd.GeoDataFrame({"name": list("甲乙丙")}, geometry=[shapely.Polygon(square())] * 3, crs=4490)
    for layer in ("一层", "two"):
        pyogrio.write_dataframe(frame, tmp_path / "a.gdb", driver="OpenFileGDB", layer=layer, append=layer == "two")
    with pytest.raises(AmbiguousLayer):
        read(tmp_path / "a.gdb")
    assert counted(tmp_path / "a.gdb", layer="一层") == (3, 0)
    (index,) = (tmp_path / "a.gdb").glob("a00000009.gdbtablx")
    poked(index, 16 + 5, bytes(5))
    assert counted(tmp_path / "a.gdb", layer="一层") == (2, 0)
    poked(tmp_path / "a.gdb" / "a00000009.gdbtablx", 16 + 3 * 5, index.read_bytes()[16:21])
    with pytest.raises(CountsDiffer):
        read(tmp_path / "a.gdb", layer="一层")


def packed(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_layers_of_one_stem_in_an_archive_are_told_apart(tmp_path: Path):
    one = write_geojson(tmp_path / "one.geojson", rows_of_squares(1)).read_bytes()
    two = write_geojson(tmp_path / "two.geojson", rows_of_squares(2)).read_bytes()
    folders = packed(tmp_path / "a.zip", **{"东/zones.geojson": one, "西/zones.geojson": two})
    with pytest.raises(AmbiguousLayer, match=r"东/zones\.geojson, 西/zones\.geojson"):
        read(folders)
    assert counted(folders, layer="西/zones.geojson") == (2, 0)
    table = f"{HEADING}甲,99.8,39.3,x\n".encode()
    formats = packed(tmp_path / "b.zip", **{"zones.geojson": two, "zones.csv": table})
    with refusing(AmbiguousLayer, match=r"zones\.csv, zones\.geojson"):
        read(formats)
    assert counted(formats, layer="zones.csv") == (1, 0)


def test_what_is_left_in_an_archive_is_told(tmp_path: Path):
    two = write_geojson(tmp_path / "two.geojson", rows_of_squares(2)).read_bytes()
    delivery = read(packed(tmp_path / "a.zip", **{"zones.geojson": two, "more.json": two, "readme.txt": b"x"}))
    assert delivery.report.features_loaded == 2
    assert "more.json" in told(delivery, None)
    assert "readme" not in told(delivery, None)
    assert counted(packed(tmp_path / "b.zip", **{"only.json": two})) == (2, 0)


def test_a_parquet_file_is_counted_by_its_groups(tmp_path: Path):
    frame = gpd.GeoDataFrame({"name": list("甲乙丙丁")}, geometry=[shapely.Polygon(square())] * 4, crs=4490)
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=3)
    assert counted(tmp_path / "a.parquet") == (4, 0)
