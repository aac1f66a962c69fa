"""Feature by feature: one broken zone hides none of its neighbours, and nothing is mended in silence."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.crs import parse_crs
from gis_layers.exchange import ReadingOptions, write_layer
from gis_layers.exchange.checks.inspection import Gate, _carried
from gis_layers.exchange.delivery.report import Journal
from risk_model.shapes import as_array
from tests.exchange.deliveries import (
    BOW_TIE,
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

GOOD = feature(polygon(square()))
BROKEN: dict[str, dict[str, Any]] = {
    "unclosed": feature(polygon(square()[:-1])),
    "bow tie": feature(polygon(BOW_TIE)),
    "no geometry": feature(None),
    "empty": feature({"type": "Polygon", "coordinates": []}),
    "a point": feature({"type": "Point", "coordinates": [99.8, 39.3]}),
    "a line": feature({"type": "LineString", "coordinates": [[99.8, 39.3], [99.9, 39.3]]}),
    "text for numbers": feature({"type": "Polygon", "coordinates": [[["east", "north"]]]}),
    "an unknown type": feature({"type": "Polygn", "coordinates": []}),
    "flat": feature(polygon([(99.8, 39.3), (99.81, 39.3), (99.8, 39.3), (99.8, 39.3)])),
    "an unknown grade": feature(polygon(square()), 危险性等级="特高"),
    "no grade": feature(polygon(square()), 危险性等级=None),
    "the other end of the world": feature(polygon(square(-60, -30))),
    "a collection": feature({"type": "GeometryCollection", "geometries": [polygon(square())]}),
}


def test_one_broken_ring_does_not_hide_nine_good_zones(tmp_path: Path) -> None:
    features = rows_of_squares(9)
    features.insert(4, BROKEN["unclosed"])
    delivery = read(write_geojson(tmp_path / "z.geojson", features))
    assert list(delivery.frame["feature"]) == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    problem = next(problem for problem in delivery.report.problems if problem.feature == 4)
    assert tells(problem.problem, "环没有闭合")
    assert problem.location == pytest.approx((99.805, 39.335))
    assert problem.advice


@pytest.mark.parametrize("kind", BROKEN)
def test_every_kind_of_broken_feature_is_refused_with_a_reason_and_advice(tmp_path: Path, kind: str) -> None:
    delivery = read(write_geojson(tmp_path / "z.geojson", [GOOD, BROKEN[kind], GOOD]))
    assert list(delivery.frame["feature"]) == [0, 2]
    assert told(delivery, 1)
    assert all(problem.advice for problem in delivery.report.problems)


@settings(max_examples=30, deadline=None)
@given(kinds=st.lists(st.sampled_from(["good", *BROKEN]), min_size=1, max_size=8), accept=st.booleans())
def test_what_was_read_is_what_was_loaded_and_refused(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], *, accept: bool
) -> None:
    features = [GOOD if kind == "good" else BROKEN[kind] for kind in kinds]
    path = write_geojson(tmp_path_factory.mktemp("law") / "z.geojson", features)
    report = read(path, ReadingOptions(accept_repairs=accept)).report
    assert report.features_read == len(kinds)
    explained = {problem.feature for problem in report.problems if problem.feature is not None}
    assert report.features_refused <= len(explained) or not report.trusted
    if report.trusted:
        mended = kinds.count("bow tie") if accept else 0
        assert report.features_loaded == kinds.count("good") + mended
        assert len(report.repairs) == mended


def test_a_bow_tie_is_placed_and_refused_with_the_areas_a_repair_would_give(tmp_path: Path) -> None:
    delivery = read(gbk_shapefile(tmp_path, [GOOD, BROKEN["bow tie"]]))
    problem = next(problem for problem in delivery.report.problems if problem.feature == 1)
    assert tells(problem.problem, "边界自相交")
    assert "478,8" in problem.problem
    assert problem.problem.startswith("「南华镇小海子村」")
    assert problem.location == pytest.approx((99.805, 39.305), abs=1e-6)
    assert delivery.report.repairs == ()


def test_an_accepted_repair_is_loaded_and_listed(tmp_path: Path) -> None:
    delivery = read(gbk_shapefile(tmp_path, [GOOD, BROKEN["bow tie"]]), ReadingOptions(accept_repairs=True))
    assert list(delivery.frame["feature"]) == [0, 1]
    assert delivery.frame.geometry.is_valid.all()
    repair = delivery.report.to_dict()["repairs"][0]
    assert set(repair) == {"feature", "problem", "location", "area_before_m2", "area_after_m2"}
    assert repair["feature"] == 1
    assert repair["area_after_m2"] == pytest.approx(478_854, rel=1e-3)


def test_heights_are_left_out_and_that_is_said_once(tmp_path: Path) -> None:
    high = feature(polygon([(*vertex, 1_350.0) for vertex in square()]))  # type: ignore[misc]
    delivery = read(write_geojson(tmp_path / "z.geojson", [high, high]))
    assert not delivery.frame.geometry.has_z.any()
    assert told(delivery, None).count("高程") == 1


def test_an_undecodable_text_hides_neither_its_feature_nor_the_others(tmp_path: Path) -> None:
    good = read(write_geojson(tmp_path / "z.geojson", rows_of_squares(6)))
    path = tmp_path / "z.gpkg"
    write_layer(good.frame[["grade", "name", "geometry"]], path, layer_name="zones")
    with sqlite3.connect(path) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("UPDATE zones SET name = CAST(x'C4CFFF' AS TEXT) WHERE fid = 2")
    delivery = read(path)
    assert delivery.report.features_loaded == 6
    assert delivery.frame["name"].iloc[1] is None
    assert tells(told(delivery, 1), "字段「{name}」有不能按 {encoding} 解读的字节，此值按缺失处理", encoding="UTF-8")
    assert delivery.frame["name"].iloc[2] == "图斑2号"


def test_a_file_without_features_is_refused(tmp_path: Path) -> None:
    report = read(write_geojson(tmp_path / "z.geojson", [])).report
    assert (report.trusted, report.features_read) == (False, 0)


def test_the_report_has_the_shape_clients_rely_on(tmp_path: Path) -> None:
    report = read(write_geojson(tmp_path / "z.geojson", [GOOD, BROKEN["no grade"]])).report.to_dict()
    assert list(report) == [
        "layer", "format", "encoding", "crs", "features_read", "features_loaded", "features_refused",
        "repairs", "problems", "draft", "edition",
    ]  # fmt: skip
    assert report["layer"] == "zones"
    assert set(report["problems"][0]) == {"feature", "problem", "location", "advice"}
    assert isinstance(report["problems"][0]["location"], list)


def test_zones_come_out_as_multi_geometries_in_the_storage_crs(tmp_path: Path) -> None:
    frame = read(write_geojson(tmp_path / "z.geojson", [GOOD])).frame
    assert set(frame.geometry.geom_type) == {"MultiPolygon"}
    assert frame.crs == 4490
    assert shapely.get_coordinates(frame.geometry.iloc[0]).tolist() == [list(vertex) for vertex in square()]


def test_a_feature_that_cannot_be_carried_is_refused_alone() -> None:
    astray = shapely.Polygon([(5e5, 4.3e6), (1e12, 4.3e6), (6e5, 4.4e6)])
    near = shapely.box(568_900, 4_355_400, 569_000, 4_355_500)
    journal = Journal(read=2)
    carried = _carried(as_array([astray, near]), parse_crs("EPSG:4542"), Gate(ReadingOptions(), journal))
    assert journal.refused == {0}
    assert carried[0] is None
    assert carried[1].centroid.x == pytest.approx(99.8, abs=0.01)
