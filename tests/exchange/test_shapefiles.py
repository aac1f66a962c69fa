"""Shapefiles as provinces deliver them: GBK, Gauss-Krüger, and not always what they say."""

from pathlib import Path

import pytest
import shapely

from gis_layers.errors import UnreadableFile
from gis_layers.exchange import ReadingOptions
from tests.exchange.deliveries import (
    feature,
    gbk_shapefile,
    ogr2ogr,
    polygon,
    read,
    rows_of_squares,
    square,
    told,
    write_geojson,
)
from tests.saying import refusing, tells


@pytest.mark.parametrize("crs", ["EPSG:4521", "EPSG:4542", "EPSG:4490", "EPSG:32647", "EPSG:3857"])
def test_a_gbk_shapefile_comes_in_with_its_words_and_in_its_place(tmp_path: Path, crs: str) -> None:
    delivery = read(gbk_shapefile(tmp_path, [feature(polygon(square()))], crs))
    zone = delivery.frame.iloc[0]
    assert (zone["name"], zone["grade"], zone["grade_rank"], zone["grade_scheme"]) == (
        "南华镇小海子村",
        "高",
        2,
        "geo4",
    )
    assert delivery.report.encoding == "GBK"
    assert delivery.report.crs == crs
    vertices = {tuple(vertex) for vertex in shapely.get_coordinates(zone.geometry)}
    for lon, lat in square():
        assert min(abs(x - lon) + abs(y - lat) for x, y in vertices) < 1e-9


def test_without_a_code_page_file_the_bytes_tell_the_encoding(tmp_path: Path) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(3))
    path.with_suffix(".cpg").unlink()
    delivery = read(path)
    assert delivery.report.encoding == "GB18030"
    assert list(delivery.frame["name"]) == ["图斑0号", "图斑1号", "图斑2号"]


def test_a_code_page_file_that_lies_is_found_out_and_told(tmp_path: Path) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(3))
    path.with_suffix(".cpg").write_text("UTF-8")
    delivery = read(path)
    assert delivery.report.encoding == "GB18030"
    assert delivery.frame["name"].iloc[0] == "图斑0号"
    assert tells(
        told(delivery, None), "文件声明的文字编码是 {declared}，内容却是 {found}；已按 {found} 读取", declared="UTF-8"
    )


def test_utf8_text_under_a_gbk_code_page_is_not_read_as_rubbish(tmp_path: Path) -> None:
    source = write_geojson(tmp_path / "s.geojson", rows_of_squares(3))
    path = ogr2ogr(tmp_path / "z.shp", source, "-lco", "ENCODING=UTF-8")
    path.with_suffix(".cpg").write_text("GBK")
    delivery = read(path)
    assert delivery.report.encoding == "UTF-8"
    assert delivery.frame["name"].iloc[2] == "图斑2号"


def test_bytes_of_no_encoding_refuse_the_file_as_a_whole(tmp_path: Path) -> None:
    path = gbk_shapefile(tmp_path, [feature(polygon(square()), 名称="南华镇")])
    path.with_suffix(".cpg").unlink()
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("南华镇".encode("gbk"), b"\xff\x81\xff\x80\xff\xff"))
    delivery = read(path)
    assert not delivery.report.trusted
    assert delivery.report.features_loaded == 0
    assert tells(told(delivery, None), "文字编码无法判定：既不是 UTF-8 也不是 GB18030")


def test_the_encoding_the_officer_names_wins(tmp_path: Path) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(2))
    path.with_suffix(".cpg").write_text("ISO-8859-1")
    assert read(path, ReadingOptions(encoding="gb18030")).frame["name"].iloc[0] == "图斑0号"
    with refusing(UnreadableFile, match="no text encoding"):
        read(path, ReadingOptions(encoding="klingon"))


def test_half_a_character_at_the_width_of_the_field_is_left_out_and_told(tmp_path: Path) -> None:
    path = gbk_shapefile(tmp_path, [feature(polygon(square()), 名称="x" + "村" * 130)])
    delivery = read(path)
    assert delivery.frame["name"].iloc[0] == "x" + "村" * 126
    assert tells(told(delivery, 0), "字段「{name}」的文字在字段宽度处被截断，末尾半个字已略去")


def test_headings_cut_to_ten_bytes_are_still_known(tmp_path: Path) -> None:
    properties = {"综合风险等级": "中", "覆盖层厚度": 12.5, "断层活动时代": "全新世"}
    source = feature(polygon(square()), **properties)
    del source["properties"]["危险性等级"]
    zone = read(gbk_shapefile(tmp_path, [source])).frame.iloc[0]
    assert (zone["grade"], zone["overburden_m"], zone["fault_age"]) == ("中", 12.5, "Q4h")


def test_a_shapefile_without_its_index_says_what_to_ask_for(tmp_path: Path) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(1))
    path.with_suffix(".shx").unlink()
    with refusing(UnreadableFile, match=r"\.shx"):
        read(path)


def test_suffixes_in_capitals_belong_together_too(tmp_path: Path) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(1), "EPSG:4521")
    for part in list(tmp_path.glob("地质灾害.*")):
        part.rename(part.with_suffix(part.suffix.upper()))
    report = read(path.with_suffix(".SHP")).report
    assert (report.features_loaded, report.crs, report.encoding) == (1, "EPSG:4521", "GBK")


def test_a_projection_that_someone_named_in_gbk_is_still_read(tmp_path: Path) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(1), "EPSG:4521")
    projection = path.with_suffix(".prj")
    projection.write_bytes(projection.read_text().replace("CGCS2000_3_Degree_GK_Zone_33", "高台三度带").encode("gbk"))
    delivery = read(path)
    assert delivery.report.features_loaded == 1
    assert delivery.frame.geometry.iloc[0].centroid.x == pytest.approx(99.705, abs=1e-6)
    projection.write_bytes(b"\xff\xfe\xff")
    assert tells(told(read(path), None), "文件声明的坐标系「{words}」读不懂")
