"""Guidance to safer ground: who stands on which grade, unknown told apart, and the nearest ground that may receive."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.errors import InvalidRule
from risk_model.guidance import (
    GradedUnits,
    apportion,
    count_people,
    grade_objects,
    guidance_terms,
    mild_ground,
    nearest_ground,
    receiving_ground,
)
from risk_model.people import DwellingFootprints, Settlements
from risk_model.rulebook import load_rulebook, packaged_rules
from tests.risk_model.ground import BOOK, column
from tests.saying import refusing

TERMS = guidance_terms(BOOK)
HIGH, LOW, UNKNOWN = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100), shapely.box(200, 0, 300, 100)
UNITS = GradedUnits(np.array([2, 5, 0]), column([HIGH, LOW, UNKNOWN]))
NO_DWELLINGS = DwellingFootprints(column([]), np.empty(0))


def graded(*shapes):
    return grade_objects(column(shapes), UNITS, high_rank=TERMS.high_rank).tolist()


def test_the_packaged_terms_know_high_ground_and_receiving_ground():
    assert TERMS.facility_classes["school"] == "K2"
    assert (TERMS.high_rank, TERMS.receiving_rank) == (2, 4)
    assert set(TERMS.excluded) == {"farmland", "ecological_redline"}


def test_receiving_ground_may_not_be_as_bad_as_high_ground():
    texts = packaged_rules()
    wrong = texts | {"guidance.toml": texts["guidance.toml"].replace("rank = 4", "rank = 2")}
    with refusing(InvalidRule, match="milder"):
        guidance_terms(load_rulebook(wrong))


def test_an_object_has_the_worst_grade_it_stands_on():
    assert graded(shapely.Point(50, 50), shapely.Point(150, 50), shapely.box(90, 10, 110, 20)) == [2, 5, 2]


def test_ground_without_a_grade_is_unknown_unless_the_rest_is_high_already():
    inside, beyond = shapely.Point(250, 50), shapely.Point(900, 50)
    low_and_unknown, high_and_unknown = shapely.box(190, 10, 210, 20), shapely.box(50, 10, 250, 20)
    assert graded(inside, beyond, low_and_unknown, high_and_unknown) == [0, 0, 0, 2]


def test_an_object_that_only_touches_a_worse_cell_does_not_stand_on_it():
    assert graded(shapely.box(100, 10, 120, 20)) == [5]


def test_people_go_by_their_houses_and_what_is_on_no_graded_ground_is_unknown():
    village = Settlements(column([shapely.box(0, 0, 400, 100)]), np.array([100.0]))
    homes = DwellingFootprints(column([shapely.box(x, 10, x + 10, 20) for x in (10, 30, 110, 350)]), np.ones(4))
    assert count_people(UNITS, village, homes, ranks=5)[0].tolist() == [25, 0, 50, 0, 0, 25]
    assert count_people(UNITS, village, NO_DWELLINGS, ranks=5)[0].tolist() == [50, 0, 25, 0, 0, 25]


def test_an_uncounted_village_has_no_figures_instead_of_zeros():
    village = Settlements(column([HIGH]), np.array([np.nan]))
    assert np.isnan(count_people(UNITS, village, NO_DWELLINGS, ranks=5)).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000), st.lists(st.integers(0, 390), max_size=8))
def test_every_row_of_people_sums_to_the_people_of_the_village(population, places):
    village = Settlements(column([shapely.box(0, 0, 400, 100)]), np.array([float(population)]))
    homes = DwellingFootprints(column([shapely.box(x, 10, x + 9, 20) for x in places]), np.ones(len(places)))
    row = count_people(UNITS, village, homes, ranks=5)[0]
    assert row.sum() == population
    assert (row >= 0).all()


def test_largest_remainders_are_rounded_up_first():
    assert apportion(np.array([1.4, 1.4, 1.2]), 4).tolist() == [2, 1, 1]
    assert apportion(np.zeros(3), 0).tolist() == [0, 0, 0]


def test_receiving_ground_is_mild_surveyed_free_and_large_enough():
    cells = [shapely.box(x, 0, x + 200, 200) for x in range(0, 1000, 200)]
    mild = mild_ground(GradedUnits(np.array([1, 4, 5, 5, 0]), column(cells)), TERMS)
    unsurveyed, farmland = shapely.box(700, 0, 2000, 200), shapely.box(200, 0, 300, 200)
    patches = receiving_ground(mild, [unsurveyed, farmland], TERMS)
    assert shapely.union_all(patches).equals(shapely.box(300, 0, 700, 200))
    assert len(receiving_ground(mild, [shapely.box(240, 0, 2000, 200)], TERMS)) == 0


def test_the_nearest_patch_is_told_by_distance_and_bearing():
    patches = column([shapely.box(100, -5, 200, 5), shapely.box(-900, -5, -500, 5)])
    found = nearest_ground(column([shapely.Point(0, 0), shapely.Point(150, 305), shapely.Point(120, 0)]), patches)
    assert found.number.tolist() == [0, 0, 0]
    assert found.distance_m.tolist() == [100, 300, 0]
    assert found.bearing_deg[:2].tolist() == [90, 180]
    assert np.isnan(found.bearing_deg[2])
    nowhere = nearest_ground(column([shapely.Point(0, 0)]), column([]))
    assert (nowhere.number[0], nowhere.point[0]) == (-1, None)
