"""Weights against worked examples, and what makes judgements unusable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.errors import UnsoundWeights
from risk_model.weights import entropy_of, weigh_by_entropy, weigh_pairwise
from tests.saying import refusing

JUDGED = [
    [1, 2, 3, 3, 4],
    [1 / 2, 1, 2, 2, 3],
    [1 / 3, 1 / 2, 1, 1, 2],
    [1 / 3, 1 / 2, 1, 1, 2],
    [1 / 4, 1 / 3, 1 / 2, 1 / 2, 1],
]
FIGURES = [[0.2, 0.5, 0.9], [0.4, 0.5, 0.1], [0.6, 0.5, 0.3], [0.8, 0.5, 0.2]]


def test_five_hazards_judged_in_pairs_have_the_weights_of_the_principal_eigenvector():
    found = weigh_pairwise(JUDGED)
    assert [round(weight, 4) for weight in found.weights] == [0.4030, 0.2444, 0.1367, 0.1367, 0.0791]
    assert found.largest_eigenvalue == pytest.approx(5.0331, abs=5e-5)
    assert found.consistency_index == pytest.approx(0.00828, abs=5e-6)
    assert found.consistency_ratio == pytest.approx(0.0074, abs=5e-5)


def test_the_weights_are_not_those_of_the_row_means():
    rows = np.prod(JUDGED, axis=1) ** (1 / 5)
    assert [round(weight, 4) for weight in rows / rows.sum()] == [0.4021, 0.2446, 0.1372, 0.1372, 0.0788]
    assert weigh_pairwise(JUDGED).weights != pytest.approx(rows / rows.sum(), abs=5e-4)


def test_judgements_that_contradict_each_other_are_rejected_with_their_ratio():
    crossed = [row[:] for row in JUDGED]
    crossed[0][4], crossed[4][0] = 1 / 4, 4
    with refusing(UnsoundWeights, match=r"0\.3478"):
        weigh_pairwise(crossed)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[1, 2], [1, 1]], "one must be 1 divided by the other"),
        ([[2, 1], [1, 1]], "one must be 1 divided by the other"),
        ([[1, -2], [-0.5, 1]], "above 0"),
        ([[1, float("nan")], [1, 1]], "above 0"),
        ([[1, 2, 3]], "square table"),
        (np.ones((11, 11)), "square table"),
    ],
)
def test_a_table_that_holds_no_pairwise_judgements_is_rejected(matrix, words):
    with refusing(UnsoundWeights, match=words):
        weigh_pairwise(matrix)


def test_a_judgement_may_miss_its_reciprocal_by_rounding_alone():
    assert weigh_pairwise([[1, 3], [1 / 3 + 1e-8, 1]]).weights == pytest.approx((0.75, 0.25), abs=1e-6)
    with pytest.raises(UnsoundWeights):
        weigh_pairwise([[1, 3], [1 / 3 + 1e-5, 1]])


@pytest.mark.parametrize("size", [1, 2])
def test_one_or_two_criteria_cannot_contradict_each_other(size):
    found = weigh_pairwise(np.ones((size, size)))
    assert found.weights == pytest.approx([1 / size] * size)
    assert found.consistency_ratio == 0


@given(st.lists(st.floats(0.05, 1.0), min_size=2, max_size=10))
def test_judgements_made_from_weights_give_those_weights_back(weights):
    vector = np.array(weights)
    found = weigh_pairwise(vector[:, np.newaxis] / vector)
    assert found.weights == pytest.approx(vector / vector.sum(), rel=1e-6)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-6)


def test_entropy_weighs_what_tells_units_apart_and_gives_a_constant_column_nothing():
    assert entropy_of(np.array(FIGURES)) == pytest.approx([0.9232, 1.0, 0.7773], abs=5e-5)
    assert weigh_by_entropy(FIGURES) == pytest.approx([0.2564, 0.0, 0.7436], abs=5e-5)
    assert weigh_by_entropy(FIGURES)[1] == 0


def test_a_column_of_zeros_tells_nothing():
    assert weigh_by_entropy([[0.0, 1.0], [0.0, 3.0]]) == pytest.approx([0.0, 1.0])


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ([[0.1, float("nan")], [0.2, 0.3]], "known figures"),
        ([[0.1, -0.2], [0.2, 0.3]], "known figures"),
        ([[0.1, 0.2]], "two units"),
        ([[0.5, 0.2], [0.5, 0.2]], "tells the units apart"),
    ],
)
def test_entropy_refuses_what_it_cannot_weigh(figures, words):
    with refusing(UnsoundWeights, match=words):
        weigh_by_entropy(figures)
