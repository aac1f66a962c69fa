"""Coordinates as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places.coordinates import read_coordinates

HERE = (97.5, 20.0, 100.5, 50.0)
POINT = (pytest.approx(99.8), pytest.approx(39.33))


@pytest.mark.parametrize(
    "text",
    [
        "99.80,39.33", "39.33, 99.80", "99.80 39.33", "９９．８，３９．３３", "(99.8, 39.33)", "99.80、39.33",
        "99°48′E 39°19.8′N", "99°48′E39°19.8′N", "N39°19′48″E99°48′0″", "39°19'48\"N, 99°48'0\"E",
        "东经99度48分 北纬39度19.8分", "北纬39.33° 东经99.8°", "99:48:00 39:19:48",
    ],
)  # fmt: skip
def test_a_pair_is_read_in_whatever_form_and_order(text):
    assert read_coordinates(text, HERE) == [POINT]


@pytest.mark.parametrize(
    "text",
    ["小海子村", "99.8", "100,200", "99°75′E 39°N", "99 48 39 19", "G312 K12", "99.8E 39.33E", "", "1,2,3", "N39°19′E"],
)
def test_what_is_no_pair_of_coordinates_is_not_made_one(text):
    assert read_coordinates(text, HERE) == []


def test_a_pair_that_fits_both_ways_elsewhere_is_offered_both_ways():
    assert read_coordinates("80,40", HERE) == [(80.0, 40.0), (40.0, 80.0)]
    assert read_coordinates("80,40", (70.0, 30.0, 90.0, 50.0)) == [(80.0, 40.0)]


def test_letters_decide_the_order_even_far_from_here():
    assert read_coordinates("10E 20N", HERE) == [(10.0, 20.0)]
    assert read_coordinates("10N 20E", HERE) == [(20.0, 10.0)]


@given(st.floats(97.6, 100.4), st.floats(20.1, 49.9))
def test_every_point_of_the_land_reads_back(lon, lat):
    assert read_coordinates(f"{lon:.6f},{lat:.6f}", HERE) == [(float(f"{lon:.6f}"), float(f"{lat:.6f}"))]


@given(st.text(max_size=40))
def test_no_text_upsets_the_reader_and_no_point_leaves_the_earth(text):
    assert all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in read_coordinates(text, HERE))
