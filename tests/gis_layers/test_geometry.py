"""Broken geometry: named, placed, and a repair proposed."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.geometry import (
    drop_height,
    explain_invalid,
    has_height,
    keep_dimension,
    promote_to_multi,
    propose_repair,
)
from risk_model.shapes import as_array

BOW_TIE = shapely.Polygon([(99.80, 39.30), (99.81, 39.31), (99.81, 39.30), (99.80, 39.31)])
SQUARE = shapely.box(99.80, 39.30, 99.81, 39.31)


def test_a_bow_tie_is_explained_at_its_crossing() -> None:
    explained = explain_invalid(BOW_TIE)
    assert explained is not None
    reason, place = explained
    assert reason == "边界自相交"
    assert place == pytest.approx((99.805, 39.305))


def test_a_valid_geometry_needs_no_explanation() -> None:
    assert explain_invalid(SQUARE) is None


def test_a_hole_outside_its_shell_is_explained_in_words() -> None:
    odd = shapely.Polygon(SQUARE.exterior, [shapely.box(99.9, 39.4, 99.91, 39.41).exterior.coords])
    explained = explain_invalid(odd)
    assert explained is not None
    assert explained[0] == "内环落在外环之外"


def test_a_number_that_is_none_is_placed_at_a_vertex_that_is_one() -> None:
    with np.errstate(invalid="ignore"):
        odd = shapely.Polygon([(99.8, 39.3), (np.nan, 39.31), (99.81, 39.3)])
    explained = explain_invalid(odd)
    assert explained is not None
    assert explained[1] == pytest.approx((99.8, 39.3))
    assert propose_repair(odd, metric_crs=DEFAULT_METRIC_CRS) is None


def test_a_repair_of_a_bow_tie_keeps_both_wings_and_tells_their_area() -> None:
    repair = propose_repair(BOW_TIE, metric_crs=DEFAULT_METRIC_CRS)
    assert repair is not None
    assert repair.geometry.is_valid
    assert len(shapely.get_parts(repair.geometry)) == 2
    assert repair.area_before_m2 < 10
    assert repair.area_after_m2 == pytest.approx(478_854, rel=1e-4)


def test_a_polygon_without_area_has_no_repair() -> None:
    flat = shapely.Polygon([(99.8, 39.3), (99.81, 39.3), (99.8, 39.3)])
    assert propose_repair(flat, metric_crs=DEFAULT_METRIC_CRS) is None


@given(st.lists(st.tuples(st.floats(99.7, 99.9), st.floats(39.2, 39.4)), min_size=4, max_size=9))
def test_a_proposed_repair_is_valid_and_of_areas_only(vertices: list[tuple[float, float]]) -> None:
    repair = propose_repair(shapely.Polygon(vertices), metric_crs=DEFAULT_METRIC_CRS)
    if repair is not None:
        assert repair.geometry.is_valid
        assert repair.geometry.geom_type == "MultiPolygon"
        assert repair.area_after_m2 >= 0


def test_only_parts_of_the_wanted_dimension_are_kept() -> None:
    mixed = shapely.GeometryCollection([SQUARE, shapely.GeometryCollection([shapely.Point(1, 1), SQUARE.exterior])])
    assert keep_dimension(mixed, 2) == shapely.MultiPolygon([SQUARE])
    assert keep_dimension(shapely.Point(1, 1), 2) is None


def test_single_geometries_become_multi_and_missing_ones_stay_missing() -> None:
    line = shapely.LineString([(0, 0), (1, 1)])
    kinds = [g and g.geom_type for g in promote_to_multi(as_array([SQUARE, None, line, shapely.Point(0, 0), BOW_TIE]))]
    assert kinds == ["MultiPolygon", None, "MultiLineString", "MultiPoint", "MultiPolygon"]


def test_heights_are_noticed_and_left_out() -> None:
    high = as_array([shapely.Point(1, 2, 3), None])
    assert has_height(high)
    assert not has_height(drop_height(high))
    assert not has_height(as_array([shapely.Point(1, 2)]))
