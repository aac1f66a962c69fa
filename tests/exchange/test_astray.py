"""One vertex far from all others is named; where it cannot be, its feature alone stays out."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.exchange import ReadingOptions, read_projects, read_sites, read_stations
from gis_layers.exchange.checks.stray_vertices import find_stray, refuse_astray
from gis_layers.exchange.delivery.report import Journal
from risk_model.shapes import as_array
from tests.exchange.deliveries import feature, polygon, read, rows_of_squares, square, told, write_geojson
from tests.saying import tells

TOWN = ReadingOptions(boundary=shapely.box(99.60, 39.20, 99.95, 39.45))
METRIC = "EPSG:4542"


@settings(deadline=None, max_examples=50)
@given(
    corners=st.integers(3, 40), radius=st.floats(0.001, 0.015), at=st.integers(0, 39), away=st.floats(1.0, 8.0),
    bearing=st.floats(0, 6.28),
)  # fmt: skip
def test_the_vertex_that_was_moved_is_the_one_that_is_named(corners, radius, at, away, bearing):
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    ring = np.column_stack((99.8 + radius * np.cos(angles), 39.3 + radius * np.sin(angles)))
    assert find_stray(shapely.Polygon(ring)) is None
    moved = at % corners
    ring[moved] += away * np.array((np.cos(bearing), np.sin(bearing)))
    stray = find_stray(shapely.Polygon(ring))
    assert stray is not None
    assert stray.place == pytest.approx(tuple(ring[moved]))
    assert stray.number == moved + 1


@pytest.mark.parametrize(
    "vertex", [(0.0, 0.0), (39.3, 39.8), (99.8, -39.3), (9.98, 39.3), (-99.8, 39.3), (179.9, 39.3)]
)
def test_a_vertex_on_another_part_of_the_earth_refuses_its_feature_alone(
    tmp_path: Path, vertex: tuple[float, float]
) -> None:
    astray = [*square()[:2], vertex, *square()[3:]]
    path = write_geojson(tmp_path / "z.geojson", [feature(polygon(astray)), *rows_of_squares(2)])
    delivery = read(path, TOWN)
    assert list(delivery.frame["feature"]) == [1, 2]
    assert tells(told(delivery, 0), "第 {number} 个顶点（{lon}, {lat}）离其余顶点 {km} 公里，像是写错的坐标", number=3)
    problem = next(problem for problem in delivery.report.problems if problem.feature == 0)
    assert problem.location == pytest.approx(vertex)
    for reader in (read_sites, read_projects):
        assert 0 not in set(reader(path, TOWN).frame["feature"])


def test_real_outlines_have_no_vertex_astray():
    county = shapely.box(98, 38, 101, 41)
    valley = shapely.LineString([(99.6 + 0.001 * n, 39.2 + 0.0005 * n) for n in range(400)]).buffer(0.01)
    far_part = shapely.MultiPolygon([shapely.box(99.8, 39.3, 99.81, 39.31), shapely.box(99.2, 39.3, 99.21, 39.31)])
    journal = Journal(read=3)
    kept = refuse_astray(as_array([county, valley, far_part, None]), journal, metric_crs=METRIC)
    assert journal.problems == []
    assert not shapely.is_missing(kept[:3]).any()


def test_what_goes_round_the_earth_is_refused(tmp_path: Path) -> None:
    strip = polygon([(179.9, 39.3), (-179.9, 39.3), (-179.9, 39.31), (179.9, 39.31), (179.9, 39.3)])
    delivery = read(write_geojson(tmp_path / "z.geojson", [feature(strip), feature(polygon(square()))]), TOWN)
    assert list(delivery.frame["feature"]) == [1]
    assert tells(told(delivery, 0), "要素跨过 180 度经线，或绕了半个地球")


BAD = {
    "left blank": ("0,0", "没有填写"),
    "swapped": ("39.33,99.80", "颠倒"),
    "metres": ("568978.5,4355445.3", "米计"),
    "another continent": ("-60,-30", "地区之外"),
    "not a number": ("nan,39.3", ""),
    "endless": ("inf,39.3", ""),
    "huge": ("1e300,1e300", ""),
    "nothing": (",", ""),
    "crossed": ("北纬39.33°,东经99.8°", "写反了列"),
    "words": ("东边,北边", "读成数字"),
}


@settings(deadline=None, max_examples=12)
@given(rows=st.lists(st.sampled_from([*BAD, "good"]), min_size=1, max_size=9).filter(lambda rows: "good" in rows))
def test_no_bad_row_takes_a_good_one_with_it(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    path = tmp_path_factory.mktemp("law") / "s.csv"
    lines = [f"站{n},{'99.8,39.33' if kind == 'good' else BAD[kind][0]}" for n, kind in enumerate(rows)]
    path.write_text("\n".join(["name,lon,lat", *lines]))
    delivery = read_stations(path, TOWN)
    assert delivery.report.trusted
    assert list(delivery.frame["feature"]) == [n for n, kind in enumerate(rows) if kind == "good"]
    for number, kind in enumerate(rows):
        assert kind == "good" or (told(delivery, number) and BAD[kind][1] in told(delivery, number))


@pytest.mark.parametrize(("lon", "lat"), [(116.4, 39.9), (87.6, 43.8), (98.5, 38.2)])
def test_a_file_that_lies_elsewhere_is_refused_with_the_place_it_lies_at(
    tmp_path: Path, lon: float, lat: float
) -> None:
    path = write_geojson(
        tmp_path / "z.geojson", [feature(polygon(square(lon, lat))), feature(polygon(square(lon, lat)))]
    )
    report = read(path, TOWN).report
    assert not report.trusted
    assert all(f" {round(at + 0.005, 4)}" in report.whole_file_error for at in (lon, lat))


def test_rows_that_nobody_filled_in_say_nothing_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("name,lon,lat\n" + "".join(f"空{n},0,0\n" for n in range(20)) + "甲,99.8,39.33\n")
    report = read_stations(path, TOWN).report
    assert (report.features_read, report.features_loaded, report.trusted) == (21, 1, True)
    path.write_text("name,lon,lat\n空,0,0\n")
    assert tells(read_stations(path, TOWN).report.problems[-1].problem, "坐标是 (0, 0)，像是没有填写")
