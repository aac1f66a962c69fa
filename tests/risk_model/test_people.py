"""People on a piece of ground: where their houses stand, and where no house is on record, by area."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.people import BY_AREA, BY_DWELLINGS, DwellingFootprints, Settlements, find_homes, find_residents
from tests.risk_model.ground import column

NO_DWELLINGS = DwellingFootprints(column([]), np.empty(0))
VILLAGE = Settlements(column([shapely.box(0, 0, 4000, 2500)]), np.array([1200.0]))
WEST = shapely.box(0, 0, 1000, 2500)


def houses(spots, side=10.0):
    return DwellingFootprints(column([shapely.box(x, y, x + side, y + side) for x, y in spots]), np.ones(len(spots)))


def hundred_houses(in_the_west):
    spots = [(20.0 * n, 100.0) for n in range(in_the_west)]
    return houses(spots + [(2000.0 + 15 * n, 100.0) for n in range(100 - in_the_west)])


def test_a_quarter_of_the_ground_holds_a_quarter_of_the_people_where_no_house_is_known():
    found = find_residents(column([WEST]), VILLAGE, NO_DWELLINGS)
    assert found.totals().tolist() == [300.0]
    assert found.methods() == [(BY_AREA,)]


def test_forty_of_a_hundred_equal_houses_hold_forty_hundredths_of_the_people():
    found = find_residents(column([WEST]), VILLAGE, hundred_houses(40))
    assert found.totals().tolist() == pytest.approx([480.0])
    assert found.methods() == [(BY_DWELLINGS,)]


def test_a_house_on_the_edge_counts_in_part_and_a_taller_one_more():
    pair = DwellingFootprints(
        column([shapely.box(995, 0, 1005, 10), shapely.box(3000, 0, 3010, 10)]), np.array([3.0, 1.0])
    )
    assert find_residents(column([WEST]), VILLAGE, pair).totals() == pytest.approx([1200 * 3 / 4 / 2])


def test_a_house_on_the_border_of_two_villages_houses_people_of_both():
    two = Settlements(column([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)]), np.array([10.0, 30.0]))
    one = DwellingFootprints(column([shapely.box(90, 0, 110, 10)]), np.ones(1))
    found = find_residents(column([shapely.box(80, 0, 120, 20)]), two, one)
    assert found.people.tolist() == pytest.approx([10.0, 30.0])


def test_a_target_without_houses_is_empty_and_without_a_village_too():
    targets = column([shapely.box(1100, 2000, 1200, 2100), shapely.box(9000, 0, 9100, 100)])
    found = find_residents(targets, VILLAGE, hundred_houses(40))
    assert found.totals().tolist() == [0.0, 0.0]
    assert found.methods() == [(), ()]


def test_an_uncounted_village_makes_the_people_unknown_not_zero():
    uncounted = Settlements(VILLAGE.geometry, np.array([np.nan]))
    assert np.isnan(find_residents(column([WEST]), uncounted, NO_DWELLINGS).totals()).all()
    assert np.isnan(find_residents(column([WEST]), uncounted, hundred_houses(40)).totals()).all()


def test_villages_with_and_without_houses_on_record_are_told_by_their_own_method():
    two = Settlements(column([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)]), np.array([10.0, 30.0]))
    one = DwellingFootprints(column([shapely.box(10, 10, 20, 20)]), np.ones(1))
    found = find_residents(column([shapely.box(0, 0, 150, 100)]), two, one)
    assert found.people.tolist() == pytest.approx([10.0, 15.0])
    assert found.by_dwellings.tolist() == [True, False]
    assert found.methods() == [(BY_AREA, BY_DWELLINGS)]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 3950), st.floats(0, 2450)), max_size=12),
    st.floats(50, 3950),
    st.floats(50, 2450),
)
def test_ground_cut_into_disjoint_parts_holds_everybody_exactly_once(spots, x, y):
    parts = [shapely.box(*corner) for corner in ((0, 0, x, y), (x, 0, 4000, y), (0, y, x, 2500), (x, y, 4000, 2500))]
    shared = find_residents(column(parts), VILLAGE, houses(spots, side=50.0))
    assert shared.totals().sum() == pytest.approx(1200.0)
    assert (shared.people >= 0).all()


def test_points_at_which_people_live_hold_everybody_exactly_once():
    borders = [shapely.box(west, 0, west + 100, 100) for west in (0, 100, 200, 300)]
    villages = Settlements(column(borders), np.array([10.0, 30.0, 7.0, np.nan]))
    seats = column([shapely.centroid(border) for border in borders])
    homes = DwellingFootprints(
        column([shapely.box(90, 0, 110, 10), shapely.box(20, 20, 30, 30), shapely.box(150, 0, 160, 10)]),
        np.array([1.0, 1.0, 3.0]),
    )
    found = find_homes(villages, homes, seats)
    points, people = found.points, found.people
    for border, counted in zip(borders, (10.0, 30.0, 7.0, 0.0), strict=True):
        assert people[shapely.covers(border, points)].sum() == pytest.approx(counted)
    assert np.bincount(found.settlement, people).tolist() == pytest.approx([10.0, 30.0, 7.0, 0.0])
    assert people[shapely.distance(points, seats[2]) == 0].tolist() == [7.0], "without a dwelling, at the seat"
