"""Whose ground a theme is: the policy as data, what a document carries, and that a supplement only tightens."""

import dataclasses
import datetime
import tomllib
from importlib import resources

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.editing.authority import (
    IN_FORCE,
    JudgedDocument,
    find_loosened,
    objection_to,
    packaged_policy,
    read_policy,
    standing_of,
)
from risk_model.editing.values import EditedZone
from risk_model.rulebook import load_rulebook
from tests.recomputed.loosened import loosened_cells

SIDE, TODAY = 6, datetime.date(2026, 5, 1)
cells = st.integers(0, SIDE - 1)
boxes = st.builds(
    lambda x, y, w, h, rank: (x, y, min(x + w, SIDE), min(y + h, SIDE), rank),
    cells, cells, st.integers(1, 4), st.integers(1, 4), st.integers(1, 4),
)  # fmt: skip
coverages = st.dictionaries(st.integers(1, 6), boxes, max_size=5)
NOTICE = JudgedDocument("declaration", "county", datetime.date(2026, 4, 1))


def zones(told):
    return {key: zone(shapely.box(*box[:4]), box[4]) for key, box in told.items()}


def zone(shape, rank=None, **more):
    graded = {} if rank is None else {"grade_scheme": "flood4", "grade_rank": rank}
    return EditedZone(shape, {**graded, **more})


@settings(max_examples=150, deadline=None)
@given(coverages, coverages)
def test_ground_is_loosened_exactly_where_its_worst_grade_becomes_milder_or_goes(before, after):
    found = find_loosened(zones(before), zones(after))
    ground = shapely.union_all([one.shape for one in found])
    expected = loosened_cells(before, after, SIDE)
    assert ground.area == pytest.approx(len(expected))
    assert all(ground.covers(shapely.Point(x + 0.5, y + 0.5)) for x, y in expected)
    assert [one.size for one in found] == sorted((one.size for one in found), reverse=True)


@settings(max_examples=60, deadline=None)
@given(coverages, boxes)
def test_new_ground_and_worse_grades_are_never_loosened(before, more):
    worse = {key: (*box[:4], max(1, box[4] - 1)) for key, box in before.items()}
    assert find_loosened(zones(before), zones(worse) | {99: zone(shapely.box(*more[:4]), more[4])}) == []


def test_what_cannot_be_compared_counts_as_milder():
    square = shapely.box(0, 0, 10, 10)
    before = {1: zone(square, 3, arrival_min=10.0)}
    for other in (
        EditedZone(square, {"grade_scheme": "geo4", "grade_rank": 1, "arrival_min": 10.0}),
        zone(square, 1, arrival_min=9.0),
        zone(square, None, arrival_min=10.0),
    ):
        assert [one.zone for one in find_loosened(before, {1: other})] == [1]
    assert find_loosened(before, {1: zone(square, 2, arrival_min=10.0, name="改名")}) == []


def test_a_line_that_is_shortened_is_loosened_by_its_length():
    line = zone(shapely.MultiLineString([[(0, 0), (10, 0)]]))
    (found,) = find_loosened({1: line}, {1: zone(shapely.MultiLineString([[(0, 0), (7, 0)]]))})
    assert found.size == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("hazard", "changes", "carries"),
    [
        ("declared_geological", {}, True),
        ("declared_geological", {"kind": "withdrawal"}, True),
        ("declared_geological", {"level": "town"}, False),
        ("declared_geological", {"kind": "approval"}, False),
        ("declared_geological", {"announced_on": None}, False),
        ("declared_geological", {"announced_on": TODAY + datetime.timedelta(days=1)}, False),
        ("declared_geological", {"edition": 3}, False),
        ("river_management", {}, True),
        ("flood", {}, False),
        ("flood", {"kind": "approval", "announced_on": None}, True),
        ("flood", {"kind": "approval", "level": "town"}, False),
    ],
)
def test_a_document_carries_a_change_of_what_its_authority_decides(hazard, changes, carries):
    document = dataclasses.replace(NOTICE, **changes)
    assert (objection_to(document, packaged_policy().over(hazard), TODAY) is None) is carries


def test_declared_ground_is_in_force_by_a_document_alone_and_census_zoning_by_one_or_by_tightening():
    over = packaged_policy().over

    def standing(hazard, **told):
        known = {"carried": False, "recorded": True, "standing": "proposal", "loosens": False, **told}
        return standing_of(over(hazard), **known)

    for told in ({}, {"standing": "supplement"}, {"recorded": False}):
        assert standing("river_management", **told) == "awaiting"
    assert standing("river_management", carried=True) == "documented"
    assert (standing("flood"), standing("flood", carried=True, loosens=True)) == ("reported", "documented")
    assert standing("flood", standing="supplement") == "tightened"
    assert standing("flood", standing="supplement", loosens=True) == "loosened"
    assert standing("flood", recorded=False) == standing("hazmat_distance") == "own"
    assert {"awaiting", "reported", "loosened"}.isdisjoint(IN_FORCE)


def test_the_policy_names_hazards_there_are_and_refuses_what_contradicts_itself():
    text = (resources.files("risk_model.editing") / "authority.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    assert {*packaged_policy().hazards} <= {*load_rulebook().hazards}
    with pytest.raises(ValueError, match="not both"):
        read_policy({**tables, "census": {**tables["census"], "hazards": ["river_management"]}})
    with pytest.raises(ValueError, match="levels"):
        read_policy({**tables, "census": {**tables["census"], "levels": ["village"]}})


def test_ground_an_authority_declares_is_told_in_the_order_of_the_file():
    assert packaged_policy().declared() == ["declared_geological", "river_management"]
    assert all(packaged_policy().over(hazard).ground == "declared" for hazard in packaged_policy().declared())
