"""Zones of one delivery that claim the same ground."""

from pathlib import Path

import pytest

from tests.exchange.deliveries import feature, polygon, read, square, told, write_geojson
from tests.saying import tells


def test_an_overlap_is_told_with_its_place_and_area_and_both_zones_are_loaded(tmp_path: Path) -> None:
    features = [feature(polygon(square())), feature(polygon(square(99.805)))]
    delivery = read(write_geojson(tmp_path / "z.geojson", features))
    assert delivery.report.features_loaded == 2
    (problem,) = delivery.report.problems
    assert problem.feature == 0
    assert tells(problem.problem, "与第 {number} 号要素重叠 {area} m²", number=1)
    assert problem.location is not None
    lon, lat = problem.location
    assert 99.805 < lon < 99.81
    assert 39.33 < lat < 39.34


def test_neighbours_that_share_an_edge_do_not_overlap(tmp_path: Path) -> None:
    features = [feature(polygon(square())), feature(polygon(square(99.81)))]
    assert read(write_geojson(tmp_path / "z.geojson", features)).report.problems == ()


@pytest.mark.parametrize(("count", "listed", "summed"), [(10, 45, False), (12, 50, True)])
def test_after_fifty_overlaps_the_rest_is_counted(tmp_path: Path, count: int, listed: int, *, summed: bool) -> None:
    features = [feature(polygon(square(99.80 + 0.0001 * number))) for number in range(count)]
    delivery = read(write_geojson(tmp_path / "z.geojson", features))
    assert sum(problem.feature is not None for problem in delivery.report.problems) == listed
    assert tells(told(delivery, None), "重叠不再逐一列出；另有 {n} 对相接或重叠的要素未列", n=16) == summed
