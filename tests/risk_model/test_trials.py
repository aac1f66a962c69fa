"""Trials of other bounds and weights: the known answers, and that a trial never mistakes what it was given."""

from dataclasses import replace

import numpy as np
import pytest

from risk_model import trials
from risk_model.errors import UnsoundWeights
from risk_model.grading import grading_terms
from risk_model.grading.composite import compose
from risk_model.indicators import natural_bounds, rank_by_bounds
from risk_model.trials import (
    Scores,
    compare_order,
    entropy_weights,
    falling_bounds,
    fit_of,
    try_breaks,
    try_weights,
    worked_examples,
)
from risk_model.weights import judge_pairwise
from tests.risk_model.ground import BOOK

TERMS = grading_terms(BOOK)
VALUES = np.array([0.05, 0.07, 0.11, 0.2, 0.22, 0.25, 0.38, 0.41, 0.44, 0.58, 0.61, 0.66, 0.79, 0.85, 0.92])


def scores(values):
    table = np.repeat(np.asarray(values, dtype=float)[:, np.newaxis], len(TERMS.hazards), axis=1)
    return Scores(table, compose(table, TERMS).rank)


def test_all_worked_examples_hold():
    assert [one["key"] for one in worked_examples() if not one["holds"]] == []


def test_an_example_that_does_not_hold_says_so(monkeypatch):
    monkeypatch.setattr(trials, "natural_bounds", lambda values, _: natural_bounds(values, 3))
    assert not worked_examples()[0]["holds"]


def test_natural_upper_bounds_become_lower_bounds_that_cut_alike():
    upper = natural_bounds(VALUES, 5)
    lower = falling_bounds(VALUES, upper)
    assert lower == (0.79, 0.58, 0.38, 0.2)
    np.testing.assert_array_equal(rank_by_bounds(VALUES, lower), 5 - np.searchsorted(upper, VALUES))
    assert fit_of(VALUES, lower) == pytest.approx(0.98566, abs=5e-6)
    assert fit_of(np.array([np.nan]), lower) is None


def test_breaks_are_tried_beside_the_published_ones_and_leave_them_alone():
    fixed, natural, deviation = try_breaks(scores(VALUES), TERMS)
    assert [one.method for one in (fixed, natural, deviation)] == ["fixed", "natural", "deviation"]
    np.testing.assert_array_equal(fixed.rank, compose(scores(VALUES).values, TERMS).rank)
    assert natural.gvf > fixed.gvf
    assert deviation.bounds == pytest.approx((0.7143, 0.5752, 0.2968, 0.1577), abs=5e-5)
    assert natural.rank.tolist() == [5, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1]


def test_the_worst_hazard_keeps_its_fixed_bounds_whatever_cuts_the_sums():
    one_extreme = np.zeros((3, len(TERMS.hazards)))
    one_extreme[0, 0] = 1.0
    one_extreme[1, 0] = 0.1
    for trial in try_breaks(Scores(one_extreme, compose(one_extreme, TERMS).rank), TERMS):
        assert trial.rank[0] <= 2


def test_unknown_units_stay_unknown_and_a_run_that_knows_nothing_is_not_cut():
    values = np.append(VALUES, np.nan)
    assert all(trial.rank[-1] == 0 for trial in try_breaks(scores(values), TERMS))
    assert [trial.method for trial in try_breaks(scores([np.nan]), TERMS)] == ["fixed"]


def test_equal_scores_are_one_class_and_are_not_cut():
    assert [trial.method for trial in try_breaks(scores([0.3, 0.3, 0.3]), TERMS)] == ["fixed"]


def test_many_scores_are_thinned_and_that_is_said(monkeypatch):
    monkeypatch.setattr(trials, "MOST_NATURAL", 8)
    natural = try_breaks(scores(VALUES), TERMS)[1]
    assert natural.thinned
    assert len(natural.bounds) == 4


def test_the_published_weights_tried_anew_change_nothing():
    given = scores(VALUES)
    same = try_weights("weights", given, TERMS, [2 * weight for weight in TERMS.weights])
    np.testing.assert_array_equal(same.rank, given.rank)
    assert same.weights == pytest.approx(TERMS.weights)


def test_all_weight_on_one_hazard_grades_by_it():
    values = np.full((2, len(TERMS.hazards)), 0.1)
    values[0, 0] = 0.5
    alone = [1.0] + [0.0] * (len(TERMS.hazards) - 1)
    assert try_weights("weights", Scores(values, compose(values, TERMS).rank), TERMS, alone).rank.tolist() == [3, 5]


def test_entropy_weighs_units_known_of_every_hazard():
    table = np.array([[0.2, 0.5, 0.9], [0.4, 0.5, 0.1], [0.6, 0.5, 0.3], [0.8, 0.5, 0.2], [np.nan, 1.0, 1.0]])
    weights, units = entropy_weights(Scores(table, np.zeros(5, np.int64)))
    assert weights == pytest.approx((0.2564, 0.0, 0.7436), abs=5e-5)
    assert units == 4
    with pytest.raises(UnsoundWeights):
        entropy_weights(Scores(np.full((3, 2), 0.5), np.zeros(3, np.int64)))


def test_order_is_compared_by_rank_over_units_known_to_both():
    rising = np.arange(12.0)
    assert compare_order(rising, rising * 3).rho == pytest.approx(1.0)
    assert compare_order(rising, -rising).rho == pytest.approx(-1.0)
    swapped = rising.copy()
    swapped[[1, 11]] = swapped[[11, 1]]
    assert (compare_order(rising, swapped).same_worst, compare_order(rising, swapped).of_worst) == (9, 10)
    assert compare_order(np.array([np.nan]), np.array([1.0])).rho is None
    assert compare_order(np.ones(3), rising[:3]).rho is None


def test_contradictory_judgements_have_a_ratio_to_show_before_they_are_rejected():
    twisted = [[1, 2, 3, 3, 1 / 4], [1 / 2, 1, 2, 2, 3], [1 / 3, 1 / 2, 1, 1, 2], [1 / 3, 1 / 2, 1, 1, 2]]
    twisted.append([4, 1 / 3, 1 / 2, 1 / 2, 1])
    assert judge_pairwise(twisted).consistency_ratio == pytest.approx(0.3478, abs=5e-5)


def test_terms_of_another_run_are_kept_as_given():
    mild = replace(TERMS, lower_bounds=(0.9, 0.8, 0.7, 0.6))
    assert try_breaks(scores(VALUES), mild)[0].bounds == (0.9, 0.8, 0.7, 0.6)
