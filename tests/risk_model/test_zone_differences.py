"""Laws of two states compared, and of the ground whose grade changes between them."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from risk_model.editing import EditedZone, apply, compare, ground_impact, split_zone
from risk_model.editing.impact import UNGRADED
from risk_model.errors import DifferenceMisplaced
from tests.recomputed.zones import area_of, sampled_ground
from tests.risk_model.coverages import EAST, NORTH, SIDE, across, coverages, grid, square

CALM = settings(max_examples=40, deadline=None)


def graded(rank, **more):
    return {"grade_scheme": "five", "grade_rank": rank, "name": "某处", **more}


@st.composite
def states(draw):
    """A state and another made from it: zones gone, new, renumbered, moved, graded otherwise."""
    zones = draw(coverages(largest=2))
    base = {key: EditedZone(shape, graded(draw(st.integers(1, 3)))) for key, shape in zones.items()}
    other = {}
    for key, zone in base.items():
        match draw(st.sampled_from(["same", "gone", "graded", "moved", "renumbered", "redrawn", "split"])):
            case "same":
                other[key] = zone
            case "graded":
                other[key] = EditedZone(zone.geometry, graded(draw(st.integers(1, 4))))
            case "moved":
                other[key] = replace(zone, geometry=affinity.translate(zone.geometry, draw(st.floats(-9, 9)), 2.5))
            case "renumbered":
                other["n" + key] = replace(
                    zone, geometry=affinity.translate(zone.geometry, draw(st.sampled_from([0.0, 0.5])))
                )
            case "redrawn":
                other[key] = replace(zone, geometry=shapely.normalize(zone.geometry))
            case "split":
                middle = zone.geometry.centroid
                line = shapely.LineString([(middle.x - 900, middle.y), (middle.x + 900, middle.y + 1)])
                pieces = split_zone(zone.geometry, line)
                other |= {f"{key}/{number}": replace(zone, geometry=piece) for number, piece in enumerate(pieces)}
            case _:
                pass
    return base, other


@CALM
@given(states())
def test_differences_laid_on_the_first_state_give_the_second_bit_for_bit(two):
    base, other = two
    differences = compare(base, other)
    after = apply(differences, base)
    assert after == other
    assert {key: shapely.to_wkb(zone.geometry) for key, zone in after.items()} == {
        key: shapely.to_wkb(zone.geometry) for key, zone in other.items()
    }
    assert sum(one.delta_m2 for one in differences) == pytest.approx(
        sum(area_of(zone.geometry) for zone in other.values()) - sum(area_of(zone.geometry) for zone in base.values()),
        abs=1e-4,
    )
    assert sorted(str(one.key_before) for one in differences if one.key_before) == sorted(base)
    assert sorted(str(one.key_after) for one in differences if one.key_after) == sorted(other)


@CALM
@given(states())
def test_the_order_of_zones_does_not_matter_to_their_differences(two):
    base, other = two
    assert compare(base, other) == compare(dict(reversed(base.items())), dict(reversed(other.items())))
    assert {one.state for one in compare(base, base)} <= {"unchanged"}


def test_a_zone_is_matched_by_its_number_then_by_its_shape():
    base = {
        key: EditedZone(square(number, 0), graded(1))
        for number, key in enumerate(("kept", "renumbered", "nearly", "gone"))
    }
    other = {
        "kept": EditedZone(square(9, 9), graded(2)),
        "9": base["renumbered"],
        "8": EditedZone(square(2.05, 0), graded(1)),
        "new": EditedZone(square(3.5, 0), graded(1)),
    }
    told = {(one.key_before, one.key_after): one for one in compare(base, other)}
    assert {pair: (one.state, one.matched_by) for pair, one in told.items()} == {
        ("kept", "kept"): ("changed", "id"),
        ("renumbered", "9"): ("unchanged", "shape"),
        ("nearly", "8"): ("changed", "shape"),
        ("gone", None): ("gone", None),
        (None, "new"): ("new", None),
    }
    assert told["kept", "kept"].attributes_changed == ("grade_rank",)
    assert (told["kept", "kept"].regraded, told["kept", "kept"].reshaped) == (True, True)
    assert (told["renumbered", "9"].regraded, told["renumbered", "9"].reshaped) == (False, False)
    assert told[None, "new"].delta_m2 == pytest.approx(SIDE**2)
    assert told[None, "new"].attributes_changed == ("grade_rank", "grade_scheme", "name")


def test_lines_are_matched_where_they_are_the_same_line():
    fault = across((0, 0), (1, 1))
    base = {"a": EditedZone(fault), "b": EditedZone(across((0, 0), (1, 0)))}
    other = {"c": EditedZone(shapely.reverse(fault)), "d": EditedZone(across((0, 0), (1, 0.01)))}
    told = {(one.key_before, one.key_after): one.state for one in compare(base, other)}
    assert told == {("a", "c"): "changed", ("b", None): "gone", (None, "d"): "new"}


def test_differences_do_not_fit_another_state():
    base, other = {"a": EditedZone(square(0, 0))}, {"b": EditedZone(square(5, 5))}
    differences = compare(base, other)
    for wrong in ({}, {"a": EditedZone(square(1, 0))}, base | other):
        with pytest.raises(DifferenceMisplaced):
            apply(differences, wrong)


def frames():
    rng = np.random.default_rng(5)
    zones = grid(3, 3, 2, rng)
    base = {key: EditedZone(shape, graded(1 + number % 3)) for number, (key, shape) in enumerate(zones.items())}
    draft = dict(base)
    draft["0-0"] = EditedZone(zones["0-0"], graded(3))
    draft["1-1"] = EditedZone(affinity.translate(zones["1-1"], 20, 10), graded(2))
    draft["over"] = EditedZone(square(1.5, 1.5, 2, 0.5), graded(1))
    draft["bare"] = EditedZone(square(-0.5, 1.2, 1, 0.3), {})
    del draft["2-0"]
    return base, draft


def test_the_ground_that_changes_its_grade_is_that_of_a_second_count():
    base, draft = frames()
    counted = sampled_ground(
        (base, draft),
        lambda zone: zone.grade or ("~", 9),
        0.5,
        [zone.geometry for zone in (*base.values(), *draft.values())],
    )
    impact = ground_impact(base, draft, worse_first=lambda mark: mark[1])
    told = {(one.before, one.after): one.area_m2 for one in impact.changes}
    bare = {UNGRADED: ("~", 9)}
    assert {tuple(bare.get(mark, mark) for mark in pair) for pair in told} == set(counted)
    for pair, area in told.items():
        assert counted[tuple(bare.get(mark, mark) for mark in pair)] == pytest.approx(area, abs=60, rel=0.01)


@CALM
@given(states())
def test_what_grades_gain_and_lose_is_what_ground_there_is_more_and_less(two):
    impact = ground_impact(*two)
    gained, lost = sum(impact.gained_m2.values()), sum(impact.lost_m2.values())
    whole = [shapely.union_all([zone.geometry for zone in state.values()]).area for state in two]
    assert gained - lost == pytest.approx(whole[1] - whole[0], abs=0.5)
    assert impact.shape.area == pytest.approx(sum(one.area_m2 for one in impact.changes), abs=0.5)
    back = ground_impact(two[1], two[0])
    assert back.gained_m2 == pytest.approx(impact.lost_m2, abs=0.1)


def test_nothing_changed_is_no_impact_and_lines_have_no_ground():
    base, _ = frames()
    assert ground_impact(base, dict(base)).changes == ()
    fault = EditedZone(shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)]), graded(1))
    assert ground_impact({"f": fault}, {}).changes == ()
    assert ground_impact({}, {"f": fault, "z": EditedZone(square(0, 0), graded(2))}).gained_m2 == {
        ("five", 2): pytest.approx(SIDE**2)
    }
