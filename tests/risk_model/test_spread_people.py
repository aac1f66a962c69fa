"""People of units that are no villages: nobody twice, and unknown where nobody counted."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.grading import spread_people as spread
from risk_model.people import DwellingFootprints, Settlements
from tests.risk_model.ground import column

VILLAGE = shapely.box(0, 0, 4000, 2500)
"""10 km², 1 200 people."""
WARNED = shapely.box(0, 0, 1000, 2500)
"""2.5 km² of it."""


def homes(*houses, population=1200.0, villages=(VILLAGE,)):
    people = np.full(len(villages), population) if np.isscalar(population) else np.array(population)
    return Settlements(column(villages), people), DwellingFootprints(column(houses), np.ones(len(houses)))


def spread_people(units, lived_in, *, least_known):
    return spread(units, *lived_in, least_known=least_known)


def house(x, y, side=10.0):
    return shapely.box(x, y, x + side, y + side)


HUNDRED = [house(20 + 20 * n, 100) for n in range(40)] + [house(2000 + 20 * n, 100) for n in range(60)]
"""A hundred equal houses, forty of them in WARNED."""


def test_a_house_astride_two_villages_is_shared_by_them():
    west, east = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)
    astride = shapely.box(990, 0, 1010, 10)
    told = spread_people(
        column([west, east]), homes(astride, villages=(west, east), population=[100, 40]), least_known=0.95
    )
    assert told.people == pytest.approx([100, 40])


def test_outside_counted_villages_people_are_unknown_and_not_absent():
    beyond, half = shapely.box(9000, 0, 9100, 100), shapely.box(3500, 0, 4500, 1000)
    told = spread_people(column([beyond, half]), homes(), least_known=0.95)
    assert np.isnan(told.people).all()
    assert told.method == ("", "")
    uncounted = spread_people(column([WARNED]), homes(population=np.nan), least_known=0.95)
    assert np.isnan(uncounted.people).all()


def test_an_empty_field_of_a_village_with_houses_has_nobody():
    told = spread_people(column([shapely.box(3600, 2000, 3700, 2100)]), homes(*HUNDRED), least_known=0.95)
    assert (told.people[0], told.method[0]) == (0.0, "dwellings")


def test_ground_of_two_villages_says_that_both_ways_were_used():
    other = shapely.box(4000, 0, 8000, 2500)
    both = homes(*HUNDRED, villages=(VILLAGE, other), population=[1200, 600])
    told = spread_people(column([shapely.box(0, 0, 8000, 2500)]), both, least_known=0.95)
    assert (told.people[0], told.method[0]) == (pytest.approx(1800), "mixed")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3990), st.integers(0, 2490)), max_size=12),
    st.integers(1, 6),
    st.integers(1, 5),
)
def test_cells_of_a_village_hold_all_of_its_people_and_nobody_twice(places, columns, rows):
    x, y = np.linspace(0, 4000, columns + 1), np.linspace(0, 2500, rows + 1)
    cells = [shapely.box(x[c], y[r], x[c + 1], y[r + 1]) for c in range(columns) for r in range(rows)]
    told = spread_people(column(cells), homes(*(house(*place) for place in places)), least_known=0.95)
    assert told.people.sum() == pytest.approx(1200)
