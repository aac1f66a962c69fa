"""Normalising, joining and cutting into classes, against worked examples; an unknown figure stays unknown."""

import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.errors import UnsoundBreaks
from risk_model.indicators import (
    bounds_by_deviation,
    goodness_of_fit,
    join_risk,
    natural_bounds,
    normalise,
    rank_by_bounds,
    relieve,
    weighted_sum,
)
from tests.saying import refusing

SCORES = [0.05, 0.07, 0.11, 0.20, 0.22, 0.25, 0.38, 0.41, 0.44, 0.58, 0.61, 0.66, 0.79, 0.85, 0.92]
FIXED = (0.8, 0.6, 0.4, 0.2)
WEIGHTS = [0.4030, 0.2444, 0.1367, 0.1367, 0.0791]
figures = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)


def test_the_most_becomes_one_and_the_least_zero_or_the_other_way_round():
    assert normalise([10, 20, 40]) == pytest.approx([0, 1 / 3, 1])
    assert normalise([10, 20, 40], rising=False) == pytest.approx([1, 2 / 3, 0])


def test_an_unknown_figure_stays_unknown_and_moves_no_other():
    scaled = normalise([10, np.nan, 40])
    assert np.isnan(scaled[1])
    assert scaled[[0, 2]] == pytest.approx([0, 1])
    assert np.isnan(normalise([np.nan, np.nan])).all()


def test_equal_figures_become_a_half_and_that_is_logged(caplog):
    with caplog.at_level(logging.INFO):
        assert normalise([3, 3, np.nan], name="people")[:2] == pytest.approx([0.5, 0.5])
    assert "people" in caplog.text


@given(figures)
def test_both_directions_of_normalising_add_up_to_one(values):
    assert normalise(values) + normalise(values, rising=False) == pytest.approx(np.ones(len(values)))


def test_the_worked_example_of_weighted_sum_and_risk():
    hazard = weighted_sum([0.8, 0.4, 0.6, 0.5, 0.2], WEIGHTS)
    assert hazard == pytest.approx(0.5864, abs=5e-5)
    assert join_risk(0.5864, 0.7, 0.5, geometric=False) == pytest.approx(0.2052, abs=5e-5)
    risk = join_risk(0.5864, 0.7, 0.5)
    assert risk == pytest.approx(0.5899, abs=5e-5)
    assert relieve(risk, 0.3, relief=0.5) == pytest.approx(0.5014, abs=5e-5)


def test_an_unknown_part_leaves_the_whole_unknown_but_not_a_part_of_no_weight():
    assert np.isnan(weighted_sum([0.5, np.nan], [0.5, 0.5]))
    assert weighted_sum([0.5, np.nan], [1.0, 0.0]) == 0.5
    assert np.isnan(join_risk(0.5, np.nan, 0.5))


def test_unknown_capacity_eases_nothing():
    assert relieve([0.6, 0.6], [np.nan, 1.0], relief=0.5) == pytest.approx([0.6, 0.3])


def test_a_score_on_a_bound_belongs_to_the_worse_class():
    assert rank_by_bounds([1.0, 0.8, 0.7999, 0.6, 0.4, 0.2, 0.1999, 0.0, np.nan], FIXED).tolist() == [
        1, 1, 2, 2, 3, 4, 5, 5, 0,
    ]  # fmt: skip


@pytest.mark.parametrize("bounds", [(0.2, 0.4), (0.4, 0.4), (float("nan"),)])
def test_bounds_that_do_not_fall_are_refused(bounds):
    with pytest.raises(UnsoundBreaks):
        rank_by_bounds([0.5], bounds)


def test_breaks_by_mean_and_deviation_of_the_worked_example():
    assert np.mean(SCORES) == pytest.approx(0.4360)
    assert np.std(SCORES) == pytest.approx(0.27835, abs=5e-6)
    assert bounds_by_deviation(SCORES) == pytest.approx([0.7143, 0.5752, 0.2968, 0.1577], abs=5e-5)
    assert bounds_by_deviation(SCORES, 4) == pytest.approx([0.7143, 0.4360, 0.1577], abs=5e-5)


def test_equal_scores_are_one_class_by_any_breaks():
    assert bounds_by_deviation([0.3, 0.3, np.nan]) == ()
    assert rank_by_bounds([0.3, 0.3], ()).tolist() == [1, 1]
    assert natural_bounds([0.3, 0.3, 0.3], 5) == (0.3,)
    assert goodness_of_fit([0.3, 0.3], (0.3,)) == 1


@pytest.mark.parametrize(
    ("classes", "bounds", "fit"),
    [(5, (0.11, 0.25, 0.44, 0.66, 0.92), 0.98566), (4, (0.25, 0.44, 0.66, 0.92), 0.95789)],
)
def test_natural_breaks_of_the_worked_example(classes, bounds, fit):
    assert natural_bounds(SCORES, classes) == bounds
    assert goodness_of_fit(SCORES, bounds) == pytest.approx(fit, abs=5e-6)


def test_more_classes_than_distinct_scores_make_every_score_a_class():
    assert natural_bounds([0.1, 0.1, 0.4], 5) == (0.1, 0.4)


@pytest.mark.parametrize("call", [lambda: natural_bounds([np.nan], 3), lambda: natural_bounds([0.1], 0)])
def test_natural_breaks_of_nothing_are_refused(call):
    with pytest.raises(UnsoundBreaks):
        call()


def test_deviation_breaks_exist_for_four_and_five_classes_only():
    with refusing(UnsoundBreaks, match="4 or 5"):
        bounds_by_deviation(SCORES, 3)


@given(st.lists(st.integers(0, 60), min_size=4, max_size=12), st.integers(2, 4))
def test_no_other_breaks_leave_less_deviation_than_the_natural_ones(values, classes):
    found = natural_bounds(values, classes)
    distinct = sorted(set(values))
    if len(distinct) <= classes:
        assert found == tuple(distinct)
        return
    rivals = [(*cut, distinct[-1]) for cut in _cuts(distinct[:-1], classes - 1)]
    assert goodness_of_fit(values, found) == pytest.approx(max(goodness_of_fit(values, cut) for cut in rivals))


def _cuts(values, count):
    if count == 0:
        yield ()
        return
    for place, value in enumerate(values):
        for rest in _cuts(values[place + 1 :], count - 1):
            yield (value, *rest)
