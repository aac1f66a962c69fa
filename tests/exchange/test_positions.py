"""Files whose coordinates are not what they claim are refused as a whole, with a proposal and never a silent guess."""

from pathlib import Path

import pytest
import shapely
from pyproj import CRS

from gis_layers.exchange import ReadingOptions
from tests.exchange.deliveries import (
    feature,
    gbk_shapefile,
    polygon,
    read,
    rows_of_squares,
    square,
    told,
    write_geojson,
)
from tests.saying import tells


def declare(path: Path, crs: str) -> Path:
    path.with_suffix(".prj").write_text(CRS.from_user_input(crs).to_wkt("WKT1_ESRI"))
    return path


def refusal(path: Path, options: ReadingOptions | None = None) -> str:
    delivery = read(path, options)
    assert not delivery.report.trusted
    assert delivery.report.features_loaded == 0
    assert delivery.report.features_refused == delivery.report.features_read > 0
    problem = delivery.report.problems[0]
    assert problem.feature is None
    return f"{problem.problem}|{problem.advice}"


@pytest.mark.parametrize("crs", ["EPSG:4521", "EPSG:4542"])
def test_a_file_without_a_crs_is_refused_with_a_proposal_and_read_when_told(tmp_path: Path, crs: str) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(2), crs)
    path.with_suffix(".prj").unlink()
    assert tells(refusal(path), "文件没有声明坐标系")
    assert tells(refusal(path), "坐标看起来像 {crs}{order}", crs=f"{CRS(crs).name} ({crs})")
    assert read(path, ReadingOptions(crs=crs)).report.features_loaded == 2


def test_a_crs_that_contradicts_the_file_is_refused_and_an_equal_one_is_not(tmp_path: Path) -> None:
    path = gbk_shapefile(tmp_path, rows_of_squares(2), "EPSG:4521")
    assert tells(refusal(path, ReadingOptions(crs="EPSG:4542")), "指定的坐标系 {asked} 与文件声明的 {declared} 矛盾")
    assert read(path, ReadingOptions(crs="EPSG:4521")).report.features_loaded == 2


def test_degrees_under_a_projected_crs_are_refused(tmp_path: Path) -> None:
    path = declare(gbk_shapefile(tmp_path, rows_of_squares(2), "EPSG:4490"), "EPSG:4542")
    said = refusal(path)
    assert tells(said, "坐标系为投影坐标 {declared}，坐标值却是经纬度")
    assert "EPSG:4490" in said


def test_metres_under_degrees_are_refused(tmp_path: Path) -> None:
    said = refusal(declare(gbk_shapefile(tmp_path, rows_of_squares(2), "EPSG:4542"), "EPSG:4490"))
    assert tells(said, "坐标系为经纬度 {declared}，坐标值却像以米计的投影坐标")
    assert "EPSG:4542" in said


@pytest.mark.parametrize(("true", "claimed"), [("EPSG:4521", "EPSG:4542"), ("EPSG:4542", "EPSG:4521")])
def test_an_easting_with_the_zone_number_and_a_crs_without_it_do_not_go_together(
    tmp_path: Path, true: str, claimed: str
) -> None:
    said = refusal(declare(gbk_shapefile(tmp_path, rows_of_squares(2), true), claimed))
    assert tells(said, "东坐标的带号与坐标系 {declared} 不符")
    assert f"--crs {true}" in said


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4521", "EPSG:4542"])
def test_swapped_axes_are_refused_with_a_proposal(tmp_path: Path, crs: str) -> None:
    delivered = read(gbk_shapefile(tmp_path, rows_of_squares(2), crs))
    carried = delivered.frame.to_crs(crs)
    swapped = carried.set_geometry(shapely.transform(carried.geometry.to_numpy(), lambda xy: xy[:, ::-1]), crs=crs)
    path = tmp_path / "swapped.gpkg"
    swapped[["grade", "name", "geometry"]].to_file(path)
    assert tells(refusal(path), "坐标两轴颠倒：{declared} 的横轴上是北坐标（纬度）")


@pytest.mark.parametrize("crs", ["EPSG:2357", "EPSG:2409", "EPSG:4610", "EPSG:4214"])
def test_an_old_datum_is_refused_with_the_reason(tmp_path: Path, crs: str) -> None:
    base = "EPSG:4490" if CRS(crs).is_geographic else "EPSG:4521"
    said = refusal(declare(gbk_shapefile(tmp_path, rows_of_squares(2), base), crs))
    assert tells(said, "{crs} 与 CGCS2000 基准不同，没有当地参数无法可靠转换，直接转换会偏移数十至上百米")
    assert tells(said, "向资料提供单位索取转换到 CGCS2000 的成果，或索取七参数后由测绘单位转换")


def test_one_feature_far_away_is_refused_and_its_neighbours_are_loaded(tmp_path: Path) -> None:
    features = [*rows_of_squares(3), feature(polygon(square(39.33, 99.80 - 30)), 名称="颠倒")]
    delivery = read(write_geojson(tmp_path / "z.geojson", features))
    assert list(delivery.frame["feature"]) == [0, 1, 2]
    assert tells(told(delivery, 3), "坐标落在本系统所用地区之外")
    assert delivery.report.trusted


def test_a_vertex_that_goes_round_the_earth_is_not_taken_for_a_place(tmp_path: Path) -> None:
    square_m = [(568_978.0 + x, 4_355_445.0 + y) for x, y in square(0, 0, 500)]
    astray = [*square_m[:2], (568_978.0, 1e12), *square_m[3:]]
    path = write_geojson(tmp_path / "z.geojson", [feature(polygon(square_m)), feature(polygon(astray))])
    delivery = read(path, ReadingOptions(crs="EPSG:4542"))
    assert list(delivery.frame["feature"]) == [0]
    assert tells(told(delivery, 1), "坐标落在本系统所用地区之外")


def test_a_neighbouring_zone_by_mistake_is_noticed_where_there_is_a_boundary(tmp_path: Path) -> None:
    path = declare(gbk_shapefile(tmp_path, rows_of_squares(2), "EPSG:4542"), "EPSG:4543")
    town = shapely.box(99.5, 39.1, 100.1, 39.6)
    assert tells(
        refusal(path, ReadingOptions(boundary=town)),
        "按 {crs} 读取，没有一个要素落在本辖区附近，而在经度 {lon}、纬度 {lat} 一带，坐标系或带号可能有误",
    )


def test_a_feature_far_from_the_boundary_is_a_problem_but_loaded(tmp_path: Path) -> None:
    features = [*rows_of_squares(2), feature(polygon(square(98.0, 38.0)))]
    delivery = read(
        write_geojson(tmp_path / "z.geojson", features), ReadingOptions(boundary=shapely.box(99.6, 39.2, 99.9, 39.4))
    )
    assert delivery.report.features_loaded == 3
    assert tells(told(delivery, 2), "要素远离本辖区（0.5 度以外）")


def test_a_province_wide_feature_whose_middle_is_far_away_is_believed(tmp_path: Path) -> None:
    wide = feature(polygon([(93, 33), (108.5, 33), (108.5, 42.5), (93, 42.5), (93, 33)]))
    options = ReadingOptions(boundary=shapely.box(99.6, 39.2, 99.9, 39.4))
    assert read(write_geojson(tmp_path / "z.geojson", [wide]), options).report.problems == ()


def test_outside_china_its_own_metric_crs_is_the_measure(tmp_path: Path) -> None:
    vaduz = [feature(polygon(square(9.52, 47.14)), 名称="Vaduz")]
    path = write_geojson(tmp_path / "z.geojson", vaduz)
    assert read(path, ReadingOptions(metric_crs="EPSG:2056")).report.features_loaded == 1
    assert tells(refusal(path), "按 {declared} 读取，坐标落在本系统所用地区之外，在经度 {lon}、纬度 {lat} 一带")


def test_geojson_that_names_no_crs_is_in_degrees_unless_told_otherwise(tmp_path: Path) -> None:
    metric = [feature(polygon([(568_978 + x, 4_355_445 + y) for x, y in square(0, 0, 500)]))]
    path = write_geojson(tmp_path / "z.geojson", metric)
    assert "EPSG:4542" in refusal(path)
    assert read(path, ReadingOptions(crs="EPSG:4542")).report.features_loaded == 1
    named = write_geojson(
        tmp_path / "n.geojson", metric, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4542"}}
    )
    assert read(named).report.crs == "EPSG:4542"
