"""Villages, projects, boundaries, sites and survey extents."""

from pathlib import Path
from typing import Any

import pytest
import shapely

from gis_layers.errors import UnreadableFile
from gis_layers.exchange import (
    Declarations,
    ReadingOptions,
    read_boundary,
    read_extent,
    read_projects,
    read_sites,
    read_villages,
)
from risk_model.rulebook import load_rulebook
from tests.exchange.deliveries import BOW_TIE, gbk_shapefile, polygon, square, told, write_geojson
from tests.saying import refusing, tells

OPTIONS = ReadingOptions()


def file(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    features = [
        {"type": "Feature", "geometry": row.pop("geometry", polygon(square(99.7 + 0.02 * number))), "properties": row}
        for number, row in enumerate(rows)
    ]
    return write_geojson(tmp_path / "layer.geojson", features)


def test_villages_keep_their_code_as_text_and_their_people_as_a_number(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        {"村名": "小海子村", "村代码": 620724102201.0, "常住人口": "１，２００人"},
        {"村名": "南岔村", "常住人口": "不详"},
    )
    delivery = read_villages(path, OPTIONS)
    assert list(delivery.frame["name"]) == ["小海子村", "南岔村"]
    assert list(delivery.frame["code"]) == ["620724102201", None]
    assert list(delivery.frame["population"]) == [1200, None]
    assert set(delivery.frame.geometry.geom_type) == {"MultiPolygon"}
    assert delivery.report.layer == "villages"


def test_a_village_without_a_name_and_one_of_a_doubled_code_are_refused(tmp_path: Path) -> None:
    delivery = read_villages(
        file(tmp_path, {"name": "甲", "code": "1"}, {"name": None, "code": "2"}, {"name": "丙", "code": "1"}), OPTIONS
    )
    assert list(delivery.frame["feature"]) == [0]
    assert tells(told(delivery, 1), "没有可用的名称")
    assert tells(told(delivery, 2), "代码 {code} 与第 {number} 号要素相同", number=0)


def test_a_population_that_is_no_count_is_unknown(tmp_path: Path) -> None:
    delivery = read_villages(
        file(tmp_path, {"name": "甲", "population": "约一千"}, {"name": "乙", "population": 1.5}), OPTIONS
    )
    assert list(delivery.frame["population"]) == [None, None]
    assert "约一千" in told(delivery, 0)
    assert tells(told(delivery, 1), "应为整数：{value}")


def test_projects_need_a_name_and_a_class(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        {"项目名称": "安置点", "项目类别": "K4 居住", "抗震类别": "标准设防类"},
        {"项目名称": "加油站", "项目类别": "危化"},
        {"项目名称": "管线", "项目类别": "k7"},
    )
    delivery = read_projects(path, OPTIONS)
    assert list(delivery.frame["project_class"]) == ["K4", "K7"]
    assert list(delivery.frame["seismic_class"]) == ["丙", None]
    assert list(delivery.frame.geometry.geom_type) == ["Polygon", "Polygon"]
    assert tells(told(delivery, 1), "不认识的项目类别：{value}（可用：{known}）", value="危化")


def test_a_boundary_may_come_in_parts(tmp_path: Path) -> None:
    frame = read_boundary(file(tmp_path, {"name": "南"}, {"name": "北"}), OPTIONS).frame
    assert len(frame) == 2
    assert list(frame.columns) == ["feature", "name", "geometry"]


def test_sites_may_be_points_lines_and_areas_and_a_broken_one_stays_in_the_report(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        {"name": "点", "geometry": {"type": "Point", "coordinates": [99.8, 39.33]}},
        {"name": "线", "geometry": {"type": "LineString", "coordinates": [[99.8, 39.33], [99.81, 39.33]]}},
        {"name": "面", "project_class": "K2"},
        {"name": "蝴蝶结", "geometry": polygon(BOW_TIE)},
        {"name": "空", "geometry": None},
    )
    delivery = read_sites(path, OPTIONS)
    assert list(delivery.frame["feature"]) == [0, 1, 2]
    assert list(delivery.frame["project_class"]) == [None, None, "K2"]
    assert list(delivery.frame.geometry.geom_type) == ["Point", "LineString", "Polygon"]
    assert tells(told(delivery, 3), "边界自相交")
    assert delivery.report.features_refused == 2


@pytest.mark.parametrize("read", [read_projects, read_sites])
def test_a_file_declares_no_school_like_a_shed(tmp_path, read):
    """Refused by name: the declaration the standard forbids, and the one that cannot be believed without a type."""
    terms = load_rulebook().terms
    rows = [
        ("小学", "K2", "丁", "school"),
        ("诊所", "K2", "丙", "其他医疗机构"),
        ("不知何楼", "K3", "丙", None),
        ("消防站", "K3", "乙", None),
        ("住宅", "K4", "丁", None),
    ]
    columns = ("名称", "项目类别", "抗震设防类别", "建筑类型")
    path = file(tmp_path, *(dict(zip(columns, row, strict=True)) for row in rows))
    delivery = read(path, OPTIONS, Declarations(terms.building_words, terms.trouble_with_declaration))
    assert delivery.frame["name"].tolist() == ["诊所", "消防站", "住宅"]
    assert delivery.frame["building_type"].tolist() == ["clinic", None, None]
    told = {problem.feature: problem.problem for problem in delivery.report.problems}
    assert set(told) == {0, 2}
    assert all("GB 50223" in words for words in told.values())


def test_the_surveyed_ground_is_the_zones_own_the_boundary_or_a_file(tmp_path: Path) -> None:
    town = shapely.box(99.6, 39.2, 99.9, 39.4)
    assert read_extent("zones", OPTIONS).geometry is None
    assert read_extent("boundary", ReadingOptions(boundary=town)).geometry == town
    path = file(tmp_path, {"n": 1, "geometry": polygon(square())}, {"n": 2, "geometry": polygon(square(99.805))})
    extent = read_extent(path, OPTIONS)
    assert extent.kind == "file"
    assert extent.geometry is not None
    assert extent.geometry.geom_type == "MultiPolygon"
    assert extent.geometry.area == pytest.approx(0.00015, rel=1e-6)


def test_an_extent_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, {"n": 1}, {"n": 2, "geometry": polygon(BOW_TIE)})
    with pytest.raises(UnreadableFile, match="自相交"):
        read_extent(path, OPTIONS)
    assert read_extent(path, ReadingOptions(accept_repairs=True)).geometry is not None
    with refusing(UnreadableFile, match="boundary yet"):
        read_extent("boundary", OPTIONS)


def test_the_crs_given_for_the_zones_helps_an_extent_that_declares_none_and_no_other(tmp_path: Path) -> None:
    source = gbk_shapefile(
        tmp_path, [{"type": "Feature", "properties": {"n": 1}, "geometry": polygon(square())}], "EPSG:4521"
    )
    assert read_extent(source, ReadingOptions(crs="EPSG:4542")).kind == "file"
    source.with_suffix(".prj").unlink()
    extent = read_extent(source, ReadingOptions(crs="EPSG:4521"))
    assert extent.geometry is not None
    assert extent.geometry.centroid.x == pytest.approx(99.805, abs=1e-6)
    with pytest.raises(UnreadableFile, match="坐标系"):
        read_extent(source, OPTIONS)
