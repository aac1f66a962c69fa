"""Registers as they are delivered: words people use, lists in cells, what is refused and what is kept with a note."""

from datetime import date
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.exchange import (
    Delivery,
    ReadingOptions,
    read_constraints,
    read_enterprises,
    read_facilities,
    read_forces,
    read_stations,
)
from gis_layers.exchange.text.listed_stock import read_equipment, read_inventory
from gis_layers.exchange.text.register_words import CAPABILITIES, FORCE_KINDS
from tests.exchange.deliveries import feature, polygon, square, told, write_geojson
from tests.saying import tells

OPTIONS = ReadingOptions()


def table(folder: Path, *lines: str) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def counted(delivery: Delivery) -> tuple[int, int]:
    report = delivery.report
    assert report.features_read == report.features_loaded + report.features_refused
    return report.features_loaded, report.features_refused


def test_forces_come_from_a_table_with_lon_lat_and_capabilities_by_semicolon(tmp_path: Path):
    path = table(
        tmp_path,
        "name,kind,capabilities,station,crew,equipment,agreement_expires,lon,lat",
        "一队,fire,fire_engine;rescue,镇站,15,水罐车*2;手抬泵,,99.80,39.33",
        "二队,社会力量,冲锋舟；挖掘机;boat,,18,冲锋舟3艘,2026-05-31,99.81,39.34",
    )
    delivery = read_forces(path, OPTIONS)
    first, second = delivery.frame.to_dict("records")
    assert counted(delivery) == (2, 0)
    assert delivery.report.problems == ()
    assert (first["kind"], first["capabilities"], first["station"], first["crew"]) == (
        "fire",
        ["fire_engine", "rescue"],
        "镇站",
        15,
    )
    assert first["equipment"] == [{"name": "水罐车", "count": 2}, {"name": "手抬泵", "count": 1}]
    assert (second["kind"], second["capabilities"]) == ("social", ["boat", "excavator"])
    assert second["equipment"] == [{"name": "冲锋舟", "count": 3}]
    assert second["agreement_expires"] == date(2026, 5, 31)
    assert {first["state"], second["state"]} == {"ready"}
    assert first["geometry"].equals(shapely.Point(99.80, 39.33))


def test_an_unknown_kind_becomes_the_stated_default_and_a_problem(tmp_path: Path):
    path = table(tmp_path, "name,kind,capabilities,lon,lat", "骑兵,cavalry,rescue,99.8,39.3", "空,,rescue,99.8,39.3")
    delivery = read_forces(path, OPTIONS)
    assert list(delivery.frame["kind"]) == ["volunteer", "volunteer"]
    assert "cavalry" in told(delivery, 0)
    assert "volunteer" in told(delivery, 0)
    assert tells(told(delivery, 1), "没有填写")


def test_an_unknown_capability_is_kept_and_flagged(tmp_path: Path):
    path = table(tmp_path, "name,kind,capabilities,lon,lat", "一队,fire,rescue;snow_plough,99.8,39.3")
    delivery = read_forces(path, OPTIONS)
    assert delivery.frame["capabilities"].iloc[0] == ["rescue", "snow_plough"]
    assert delivery.frame["unknown_capabilities"].iloc[0] == ["snow_plough"]
    assert "snow_plough" in told(delivery, 0)


def test_a_file_without_a_column_says_so_once(tmp_path: Path):
    delivery = read_forces(table(tmp_path, "name,lon,lat", "一队,99.8,39.3", "二队,99.8,39.3"), OPTIONS)
    assert list(delivery.frame["kind"]) == ["volunteer", "volunteer"]
    assert list(delivery.frame["capabilities"]) == [[], []]
    assert len(delivery.report.problems) == 2
    assert "kind" in told(delivery, None)
    assert "capabilities" in told(delivery, None)


def test_a_place_without_a_name_or_without_coordinates_is_refused(tmp_path: Path):
    path = table(tmp_path, "name,kind,lon,lat", ",village,99.8,39.3", "一站,village,,", "二站,village,99.8,39.3")
    delivery = read_stations(path, OPTIONS)
    assert counted(delivery) == (1, 2)
    assert tells(told(delivery, 0), "没有可用的名称")
    assert list(delivery.frame["feature"]) == [2]


def test_stations_take_the_kinds_of_forces_and_village(tmp_path: Path):
    path = table(
        tmp_path,
        "站点名称,类型,值班电话,lon,lat",
        "一,专职消防队,13800000001,99.8,39.3",
        "二,村站,,99.8,39.3",
        "三,哨所,,99.8,39.3",
    )
    delivery = read_stations(path, OPTIONS)
    assert list(delivery.frame["kind"]) == ["fire", "village", "village"]
    assert delivery.frame["duty_phone"].iloc[0] == "13800000001"
    assert "哨所" in told(delivery, 2)


def test_a_multi_point_of_one_is_a_point_and_of_several_is_refused(tmp_path: Path):
    one = {"type": "MultiPoint", "coordinates": [[99.8, 39.3]]}
    two = {"type": "MultiPoint", "coordinates": [[99.8, 39.3], [99.81, 39.3]]}
    path = write_geojson(
        tmp_path / "f.geojson", [feature(one, name="甲", kind="fire"), feature(two, name="乙", kind="fire")]
    )
    delivery = read_stations(path, OPTIONS)
    assert counted(delivery) == (1, 1)
    assert delivery.frame.geometry.iloc[0].geom_type == "Point"
    assert tells(told(delivery, 1), "一个要素里有几个点")


def test_a_force_is_no_area(tmp_path: Path):
    path = write_geojson(tmp_path / "f.geojson", [feature(polygon(square()), name="甲", kind="fire")])
    assert counted(read_forces(path, OPTIONS)) == (0, 1)


def test_enterprises_come_as_points_or_outlines_with_their_stock(tmp_path: Path):
    plant = feature(
        polygon(square()), name="厂", 行业领域="危化", 企业规模="中型", 危险化学品="氯:15；氢 5吨", 重大危险源等级="三级", 从业人数="186",
        四色等级="红色",
    )  # fmt: skip
    shop = feature(
        {"type": "Point", "coordinates": [99.8, 39.3]}, name="店", 行业领域="魔法", 企业规模="巨型", 危险化学品="若干"
    )
    delivery = read_enterprises(write_geojson(tmp_path / "e.geojson", [plant, shop]), OPTIONS)
    first, second = delivery.frame.to_dict("records")
    assert (first["sector"], first["size"], first["base_grade"], first["staff"]) == ("chemical", "medium", "red", 186)
    assert first["major_hazard_level"] == 3
    assert [(item["substance"], item["tonnes"]) for item in first["inventory"]] == [("氯", 15.0), ("氢", 5.0)]
    assert (second["sector"], second["size"]) == ("other", None)
    assert second["inventory"] == [{"substance": "若干", "cas": None, "tonnes": None}]
    assert all(word in told(delivery, 1) for word in ("魔法", "巨型", "若干"))


def test_shelters_come_with_their_ground_and_term(tmp_path: Path):
    path = table(
        tmp_path, "设施名称,设施类型,有效避难面积,避难类型,容纳人数,经度,纬度", "广场,应急避难场所,2600,短期,1300,99.8,39.3",
        "亭,凉亭,-5,,,99.8,39.3",
    )  # fmt: skip
    delivery = read_facilities(path, OPTIONS)
    square_, pavilion = delivery.frame.to_dict("records")
    assert (square_["kind"], square_["effective_area_m2"], square_["shelter_term"], square_["capacity"]) == (
        "shelter",
        2600.0,
        "short",
        1300,
    )
    assert (pavilion["kind"], pavilion["effective_area_m2"]) == ("other", None)
    assert tells(told(delivery, 1), "不能是负数：{value}")


def test_constraints_say_which_line_they_are_or_are_refused(tmp_path: Path):
    rows = [
        feature(polygon(square(99.7 + 0.02 * n)), kind=kind)
        for n, kind in enumerate(["farmland", "生态保护红线", "林地"])
    ]
    path = write_geojson(tmp_path / "c.geojson", rows)
    delivery = read_constraints(path, OPTIONS)
    assert counted(delivery) == (2, 1)
    assert list(delivery.frame["kind"]) == ["farmland", "ecological_redline"]
    assert tells(told(delivery, 2), "不认识的控制线类型")
    assert set(delivery.frame.geometry.geom_type) == {"MultiPolygon"}
    assert counted(read_constraints(path, OPTIONS, kind="urban_boundary")) == (3, 0)


def test_constraints_without_any_kind_are_refused_as_a_file(tmp_path: Path):
    delivery = read_constraints(write_geojson(tmp_path / "c.geojson", [feature(polygon(square()))]), OPTIONS)
    assert counted(delivery) == (0, 1)
    assert delivery.report.whole_file_error is not None
    assert "--kind" in delivery.report.problems[0].advice


@pytest.mark.parametrize(("cell", "tonnes"), [("氯:15", 15.0), ("氯 15 吨", 15.0), ("液氨*6.5t", 6.5)])
def test_an_amount_is_read_however_it_is_set_apart(cell: str, tonnes: float):
    assert read_inventory(cell).value[0]["tonnes"] == tonnes


@given(st.lists(st.tuples(st.sampled_from(["挖掘机", "手抬泵", "帐篷"]), st.integers(1, 99)), max_size=5))
def test_equipment_written_out_is_read_back(tools: list[tuple[str, int]]):
    cell = ";".join(f"{name}:{count}" for name, count in tools)
    assert [(item["name"], item["count"]) for item in read_equipment(cell).value] == tools


@given(st.sampled_from(sorted(FORCE_KINDS.codes)), st.sampled_from(sorted(CAPABILITIES.codes)))
def test_our_own_words_and_each_of_their_names_are_known(kind: str, capability: str):
    assert FORCE_KINDS.find(kind.upper()) == kind
    assert {CAPABILITIES.find(name) for name in CAPABILITIES.codes[capability].written} == {capability}
