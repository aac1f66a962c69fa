"""The operators rules may call: their edges, and what they make of the unknown."""

import numpy as np
import pytest

from risk_model.operators import above, at_least, at_most, below, distance_lt, intersects, noise_m2, within_m

UNKNOWN = np.array([np.nan])


def one(value):
    return np.array([float(value)])


@pytest.mark.parametrize(
    ("operator", "low", "edge", "high", "unknown"),
    [
        (at_most, True, True, False, True),
        (at_least, False, True, True, True),
        (above, False, False, True, False),
        (below, True, False, False, False),
    ],
)
def test_comparisons_hold_at_their_edges_and_for_the_unknown(operator, low, edge, high, unknown):
    met = [bool(operator(one(value), 30)[0]) for value in (29.999, 30, 30.001)]
    assert met == [low, edge, high]
    assert bool(operator(UNKNOWN, 30)[0]) is unknown


@pytest.mark.parametrize(("distance", "shorter"), [(99.9, True), (100 - 1e-7, False), (100, False), (100.1, False)])
def test_shorter_is_strict_beyond_the_arithmetic_noise(distance, shorter):
    assert bool(distance_lt(one(distance), 100.0)[0]) is shorter


@pytest.mark.parametrize(("distance", "within"), [(99.9, True), (100, True), (100 + 1e-7, True), (100.1, False)])
def test_within_includes_the_distance_itself(distance, within):
    assert bool(within_m(one(distance), 100.0)[0]) is within


def test_nothing_is_shorter_than_an_unknown_distance():
    assert not distance_lt(one(0), UNKNOWN).any()


def test_an_overlap_is_more_than_the_noise_along_the_perimeter():
    noise = noise_m2(one(400))
    assert noise == pytest.approx(4e-4)
    assert intersects(one(5e-4), noise).all()
    assert not intersects(one(3.9e-4), noise).any()
