"""Positions carried from one system to another, and those that must not be."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from gis_layers import crs
from gis_layers.errors import CoordinatesOutsideCrs, UnknownCrs, UnsafeDatum
from risk_model.shapes import as_array
from tests.saying import refusing

NANHUA = as_array([shapely.Point(99.80, 39.33)])
FIELD = as_array([shapely.Polygon([(99.75, 39.30), (99.80, 39.30), (99.80, 39.35), (99.75, 39.35)])])


@pytest.mark.parametrize(
    ("target", "east", "north"),
    [
        (4521, 33_568_978.505, 4_355_445.351),
        (4542, 568_978.505, 4_355_445.351),
        (4522, 34_310_301.067, 4_357_448.983),
        (4495, 17_568_978.505, 4_355_445.351),
        (3857, 11_109_685.181, 4_769_052.081),
    ],
)
def test_the_reference_point_lands_where_the_tables_say_with_east_first(target: int, east: float, north: float) -> None:
    point = crs.transform(NANHUA, crs.STORAGE_SRID, target)[0]
    assert (point.x, point.y) == pytest.approx((east, north), abs=0.001)


def test_an_area_is_true_in_the_metric_system_and_two_thirds_too_large_in_web_mercator() -> None:
    assert shapely.area(crs.to_metric(FIELD))[0] == pytest.approx(23_935_773, abs=1)
    assert shapely.area(crs.transform(FIELD, crs.STORAGE_CRS, crs.WEB_MERCATOR_SRID))[0] == pytest.approx(
        40_048_508, abs=1
    )


@given(st.floats(97.5, 100.5), st.floats(30, 42))
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    back = crs.to_storage(crs.to_metric(as_array([shapely.Point(lon, lat)])))[0]
    assert (back.x, back.y) == pytest.approx((lon, lat), abs=1e-9)


@pytest.mark.parametrize(("source", "target"), [(4326, 4490), (4490, 4326)])
def test_cgcs2000_and_wgs84_degrees_are_one_place(source: int, target: int) -> None:
    assert crs.transform(NANHUA, source, target)[0].equals(NANHUA[0])
    assert crs.same_place(source, target)
    assert not crs.same_place(4521, 4542)


@pytest.mark.parametrize("code", [2327, 2357, 2390, 4610, 2401, 2409, 2442, 4214, 4555])
def test_a_datum_without_parameters_is_refused_and_the_message_says_what_to_ask_for(code: int) -> None:
    with refusing(UnsafeDatum, match="seven parameters"):
        crs.transform(NANHUA, code, crs.STORAGE_SRID)
    with pytest.raises(UnsafeDatum):
        crs.transform(NANHUA, crs.STORAGE_SRID, code)


def test_an_old_datum_read_from_esri_text_is_refused_too() -> None:
    with pytest.raises(UnsafeDatum):
        crs.refuse_unsafe(CRS.from_epsg(2357).to_wkt("WKT1_ESRI"))


def test_an_old_datum_with_its_parameters_is_carried() -> None:
    text = "+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3,0,0,0,0 +no_defs"
    point = crs.transform(NANHUA, text, crs.STORAGE_SRID)[0]
    assert 10 < shapely.distance(point, NANHUA[0]) * 100_000 < 200


def test_a_datum_of_known_accuracy_is_carried_over_wgs84() -> None:
    vaduz = as_array([shapely.Point(9.5215, 47.1410)])
    swiss = crs.transform(vaduz, crs.STORAGE_CRS, "EPSG:2056")
    assert swiss[0].x == pytest.approx(2_758_000, abs=5_000)
    back = crs.transform(swiss, "EPSG:2056", crs.STORAGE_CRS)[0]
    assert back.distance(vaduz[0]) < 1e-7


def test_missing_and_empty_geometries_are_kept() -> None:
    carried = crs.to_metric(as_array([None, shapely.Polygon(), NANHUA[0]]))
    assert carried[0] is None
    assert carried[1].is_empty
    assert carried[2].x == pytest.approx(568_978.505, abs=0.001)


def test_the_given_geometries_are_left_as_they_are() -> None:
    before = shapely.to_wkb(FIELD)
    crs.to_metric(FIELD)
    assert (shapely.to_wkb(FIELD) == before).all()


def test_coordinates_without_an_image_are_an_error_and_not_infinity() -> None:
    with refusing(CoordinatesOutsideCrs, match="declared CRS"):
        crs.transform(as_array([shapely.Point(99.8, 123.0)]), 4490, 4542)
    points = crs.transform_points(np.array([[99.8, 123.0], [99.8, 39.33]]), 4490, 4542)
    assert np.isfinite(points[:, 0]).tolist() == [False, True]


@pytest.mark.parametrize("text", ["EPSG:999999", "somewhere", ""])
def test_a_text_that_names_no_system_is_an_error(text: str) -> None:
    with refusing(UnknownCrs, match="EPSG:n"):
        crs.parse_crs(text)


def test_a_system_is_named_for_people_and_for_programs() -> None:
    assert crs.crs_name("4542") == "EPSG:4542"
    assert crs.describe(4542) == "CGCS2000 / 3-degree Gauss-Kruger CM 99E (EPSG:4542)"
    assert crs.area_of_use(4542) == pytest.approx((97.5, 21.43, 100.5, 42.76), abs=0.01)
    assert crs.is_inside_china(4542)
    assert not crs.is_inside_china(2056)


@pytest.mark.parametrize("code", [4521, 4522, 4495, 4542, 4543])
def test_a_gauss_krueger_zone_is_read_from_the_system_and_leads_back_to_it(code: int) -> None:
    zone = crs.gauss_krueger_of(code)
    assert zone is not None
    assert zone.code == f"EPSG:{code}"


def test_a_gauss_krueger_zone_outside_china_has_no_code_and_other_projections_are_none() -> None:
    assert crs.GaussKrueger(24, 3, prefixed=True).code is None
    assert crs.GaussKrueger(17, 6, prefixed=True).central_meridian == 99
    assert crs.gauss_krueger_of(32647) is None
    assert crs.gauss_krueger_of(4490) is None
    assert crs.gauss_krueger_of(3857) is None


def test_an_unknown_datum_is_refused() -> None:
    with refusing(UnsafeDatum, match="known accuracy"):
        crs.refuse_unsafe("+proj=longlat +ellps=intl +no_defs")


def test_between_systems_of_one_datum_nothing_is_shifted() -> None:
    swiss = as_array([shapely.Point(2_758_000, 1_223_000)])
    old = crs.transform(swiss, "EPSG:2056", "EPSG:4150")
    assert crs.transform(old, "EPSG:4150", "EPSG:2056")[0].distance(swiss[0]) < 0.001


def test_a_transverse_mercator_that_is_no_gauss_krueger_zone_is_none() -> None:
    assert crs.gauss_krueger_of("+proj=tmerc +lon_0=99.5 +x_0=500000 +ellps=GRS80") is None
    assert crs.gauss_krueger_of("+proj=tmerc +lon_0=99 +x_0=34500000 +ellps=GRS80") is None
