"""Shelters: nearest first, none over its capacity, and nobody left out while a shelter in reach has room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.codes import enumeration
from risk_model.dispatch.shelters import allocate, read_shelter_rules, shelter_rules


def test_the_worked_example_of_the_standard():
    """T-35: X holds 500 at 0.4 km, Y 400 at 0.9 km, 700 people, short term: no farther than 1 km."""
    metres, people = np.array([[400.0, 900.0]]), np.array([700.0])
    most = np.full(2, shelter_rules().terms["short"].most_m)
    both = allocate(metres, people, np.array([500.0, 400.0]), most)
    assert (both.people.tolist(), both.unserved.tolist()) == ([500, 200], [0])
    without_y = allocate(metres[:, :1], people, np.array([500.0]), most[:1])
    assert (without_y.people.tolist(), without_y.unserved.tolist()) == ([500], [200])


def test_capacity_is_the_effective_area_by_what_each_needs():
    """T-24: 2600 m² hold 1300 for a short term, 5200 in an emergency; what the register tells goes before."""
    terms = shelter_rules().terms
    assert list(terms) == list(enumeration("shelter_term"))
    assert [terms[term].capacity(None, 2600.0) for term in ("short", "emergency")] == [1300, 5200]
    assert (terms["short"].capacity(70, 2600.0), terms["short"].capacity(None, None)) == (70, 0)
    for broken in ({}, {"short": {"most_m": 0, "area_m2": 2}}):
        with pytest.raises(ValueError, match=r"shelters\.toml"):
            read_shelter_rules({"term": broken, "basis": "", "basis_en": ""})


@given(st.integers(0, 2**32 - 1).map(np.random.default_rng), st.integers(0, 8), st.integers(0, 5))
def test_nobody_is_counted_twice_or_left_out_where_there_is_room(chance, homes, shelters):
    metres = chance.uniform(0, 2000, (homes, shelters)).round(-2)
    people, capacity = chance.uniform(0, 90, homes), chance.integers(0, 200, shelters).astype(float)
    most = chance.choice([500.0, 1000.0], shelters)
    told = allocate(metres, people, capacity, most)
    served, taken = np.bincount(told.home, told.people, homes), np.bincount(told.shelter, told.people, shelters)
    assert (served + told.unserved).tolist() == pytest.approx(people.tolist())
    assert (taken <= capacity + 1e-9).all()
    assert (told.people > 0).all()
    assert (metres[told.home, told.shelter] <= most[told.shelter]).all()
    for home, shelter in zip(*np.nonzero(metres <= most), strict=True):
        assert told.unserved[home] <= 1e-9 or taken[shelter] == pytest.approx(capacity[shelter])
        nearer = told.people[(told.home == home) & (metres[home, told.shelter] > metres[home, shelter])]
        assert not len(nearer) or taken[shelter] == pytest.approx(capacity[shelter]), "a nearer one has room"
