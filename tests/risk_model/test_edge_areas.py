"""Areas added up from edges: what a program in fractions reckons and what shapely cuts."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from risk_model import edge_areas
from risk_model.edge_areas import is_polygon, is_small, shared_areas
from tests.recomputed.areas import shared_area
from tests.risk_model.ground import column
from tests.risk_model.test_overlay import shapes

FAR = 571_234.0, 4_355_678.0
"""Where metric coordinates lie."""


def shared(one, other):
    return float(shared_areas(column([one]), column([other]), np.array([0]))[0])


@st.composite
def blocks(draw):
    """A union of boxes on a lattice of five metres: holes, parts, shared borders and touching corners."""
    corners = draw(st.lists(st.tuples(*[st.integers(0, 6)] * 2, *[st.integers(1, 4)] * 2), min_size=1, max_size=4))
    boxes = [shapely.box(5 * x, 5 * y, 5 * (x + w), 5 * (y + h)) for x, y, w, h in corners]
    whole = shapely.union_all(boxes)
    hole = draw(st.sampled_from([None, shapely.box(10, 10, 15, 15), shapely.Point(22, 22).buffer(6, quad_segs=1)]))
    cut = whole if hole is None else shapely.difference(whole, hole)
    return cut if cut.area > 1 and is_polygon(cut) else whole


@settings(max_examples=25, deadline=None)
@given(blocks(), blocks(), st.sampled_from([(0.0, 0.0), FAR]))
def test_blocks_that_touch_and_coincide_share_what_fractions_say(one, other, corner):
    one, other = translate(one, *corner), translate(other, *corner)
    exact = float(shared_area(one, other))
    assert shared(one, other) == pytest.approx(exact, abs=1e-12 * one.area)
    assert shared(other, one) == pytest.approx(exact, abs=1e-12 * one.area)
    assert exact or shared(one, other) == 0


@settings(max_examples=30, deadline=None)
@given(shapes(4), shapes(4))
def test_ragged_holed_and_scattered_shapes_share_what_shapely_cuts(some, zones):
    places = [(one, number) for one in some for number in range(len(zones))]
    own, other = column([one for one, _ in places]), np.array([number for _, number in places], dtype=np.int64)
    cut = shapely.area(shapely.intersection(own, zones[other])) if places else np.empty(0)
    assert np.abs(shared_areas(own, zones, other) - cut).max(initial=0) <= 1e-9 * shapely.area(own).max(initial=0)


@settings(max_examples=25, deadline=None)
@given(blocks(), st.integers(3, 40), st.floats(0, 7))
def test_a_shape_shares_exactly_all_of_itself_and_of_what_covers_it(shape, corners, turned):
    one = translate(shapely.affinity.rotate(shape, turned, use_radians=True), *FAR)
    assert shared(one, one) == one.area
    assert shared(one, shapely.convex_hull(one)) == one.area
    assert shared(one, one.buffer(10, quad_segs=corners)) == one.area


def test_neighbours_share_nothing_at_all():
    halves = [translate(half, *FAR) for half in (shapely.box(0, 0, 50, 80), shapely.box(50, -20, 90, 300))]
    assert shared(*halves) == 0
    slant = [shapely.Polygon([(0, 0), (70, 33), end]) for end in ((0, 90), (70, -5))]
    assert shared(*(translate(half, *FAR) for half in slant)) == 0


def test_many_pairs_at_once_are_each_the_same_to_the_bit(monkeypatch):
    chance = np.random.default_rng(3)
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    rings = [np.column_stack((np.cos(turn), np.sin(turn))) * chance.uniform(40, 100, (40, 1)) for _ in range(60)]
    own = column(shapely.Polygon(ring[::4] + chance.uniform(-60, 60, 2) + FAR) for ring in rings)
    zones = column(shapely.Polygon(ring + FAR) for ring in rings[:7])
    other = np.arange(60) % 7
    together = shared_areas(own, zones, other)
    assert together.tolist() == [shared(one, zones[number]) for one, number in zip(own, other, strict=True)]
    monkeypatch.setattr(edge_areas, "_AT_ONCE", 100)
    assert shared_areas(own, zones, other).tolist() == together.tolist()


def test_only_small_polygons_are_added_up_and_nothing_is_nothing():
    line, ring = shapely.LineString([(0, 0), (1, 1)]), shapely.Point(0, 0).buffer(9, quad_segs=40)
    assert is_small(column([shapely.box(0, 0, 1, 1), line, ring, None])).tolist() == [True, False, False, False]
    assert len(shared_areas(column([]), column([]), np.empty(0, dtype=np.int64))) == 0
