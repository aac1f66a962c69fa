"""Laws of a new delivery held against what is in force: nothing is told that did not change, nothing that did is passed over."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.editing import EditedZone, apply
from risk_model.editing.renewal import (
    changed_attributes,
    changed_parts,
    compare_delivery,
    is_absorbed,
    put_on,
    same_ground,
)
from tests.recomputed.zones import area_of
from tests.risk_model.coverages import coverages, square

CALM = settings(max_examples=30, deadline=None)
HALF_MM = 0.0005


def graded(rank, **more):
    return {"grade_scheme": "five", "grade_rank": rank, "grade": str(rank), "name": "某处", "source": "一测", **more}


def shaken(shape, seed, by=HALF_MM * 0.9):
    noise = np.random.default_rng(seed)
    moves = {}

    def move(points):
        return np.array(
            [moves.setdefault(tuple(p), np.array(p) + noise.uniform(-by, by, 2) / 2) for p in points.tolist()]
        )

    return shapely.transform(shape, move)


@st.composite
def deliveries(draw):
    """What is in force, and a delivery of it under other numbers, with each zone shaken by less than counts, graded otherwise or left out."""
    zones = draw(coverages(largest=2))
    base = {number: EditedZone(shape, graded(draw(st.integers(1, 4)), source_id=f"S{number}"))
            for number, shape in enumerate(zones.values(), 1)}  # fmt: skip
    seed, told, other = draw(st.integers(0, 99)), {}, {}
    for number, zone in base.items():
        told[number] = draw(st.sampled_from(["as it was", "graded", "left out", "named"]))
        shape = shapely.normalize(shaken(zone.geometry, seed))
        new = {"source": "二测", "scale": 10_000, "source_id": draw(st.sampled_from([f"S{number}", None]))}
        match told[number]:
            case "as it was":
                other[100 + number] = EditedZone(shape, {**zone.attributes, **new})
            case "graded":
                rank = zone.attributes["grade_rank"] + 1
                other[100 + number] = EditedZone(shape, {**zone.attributes, **new, "grade_rank": rank})
            case "named":
                other[100 + number] = EditedZone(shape, {**zone.attributes, **new, "name": "别名"})
            case _:
                pass
    return base, other, told


@CALM
@given(deliveries())
def test_each_zone_is_told_as_it_came(two):
    base, other, told = two
    found = {one.key_before: one for one in compare_delivery(base, other)}
    assert None not in found
    for number, how in told.items():
        one = found[number]
        expected = {"as it was": (), "graded": ("grade",), "named": ("attributes",), "left out": None}[how]
        if expected is None:
            assert one.state == "gone"
            continue
        assert (one.key_after, changed_parts(one)) == (100 + number, expected)
        assert changed_attributes(one) == (("name",) if how == "named" else ())
        assert one.after.geometry == base[number].geometry
        assert one.delta_m2 == 0.0


@CALM
@given(deliveries())
def test_the_differences_laid_on_what_is_in_force_give_the_delivery_up_to_a_millimetre(two):
    base, other, _ = two
    after = apply(compare_delivery(base, other), base)
    assert set(after) == set(other)
    for key, zone in other.items():
        assert after[key].attributes == zone.attributes
        assert area_of(after[key].geometry) == pytest.approx(area_of(zone.geometry), abs=zone.geometry.length * 0.001)


@CALM
@given(coverages(largest=2), st.integers(0, 99))
def test_what_is_in_force_delivered_anew_changes_nothing(zones, seed):
    base = {number: EditedZone(shape, graded(2)) for number, shape in enumerate(zones.values())}
    again = {1000 + key: replace(zone, geometry=shaken(zone.geometry, seed)) for key, zone in base.items()}
    found = compare_delivery(base, again)
    assert {one.state for one in found} == {"unchanged"}
    assert len(found) == len(base)


def test_a_vertex_beyond_the_limit_stays_where_it_was_delivered():
    shape = square(0, 0)
    moved = shapely.transform(shape, lambda points: points + np.array([0.002, 0.0]))
    (put,) = put_on(np.array([moved], dtype=object), np.array([shape], dtype=object))
    assert put == moved
    (put,) = put_on(np.array([moved], dtype=object), np.array([shape], dtype=object), 0.003)
    assert put == shape


def test_a_zone_edited_here_is_absorbed_by_the_same_or_a_worse_grade_over_all_of_its_ground():
    local = EditedZone(square(0, 0), graded(2))
    whole, part = (
        shapely.buffer(local.geometry, 5),
        shapely.intersection(local.geometry, shapely.buffer(local.geometry, -1)),
    )
    assert is_absorbed(local, [EditedZone(whole, graded(1))])
    assert is_absorbed(local, [EditedZone(whole, graded(2))])
    assert not is_absorbed(local, [EditedZone(whole, graded(3))])
    assert not is_absorbed(local, [EditedZone(part, graded(1))])
    assert not is_absorbed(local, [EditedZone(whole, graded(1, grade_scheme="four"))])
    assert not is_absorbed(local, [EditedZone(whole, {"grade_scheme": None, "grade_rank": None})])
    assert not is_absorbed(local, [])
    ring = shapely.difference(whole, part)
    assert is_absorbed(local, [EditedZone(part, graded(1)), EditedZone(ring, graded(2))])


def test_lines_are_absorbed_only_by_the_same_line():
    line = EditedZone(shapely.LineString([(0, 0), (10, 0)]), graded(2))
    turned = EditedZone(shapely.LineString([(10, 0), (0, 0)]), graded(2))
    assert is_absorbed(line, [turned])
    assert same_ground(line, turned)
    assert not is_absorbed(line, [EditedZone(shapely.LineString([(0, 0), (11, 0)]), graded(2))])
    assert not same_ground(line, EditedZone(shapely.LineString([(0, 0), (11, 0)]), graded(2)))
