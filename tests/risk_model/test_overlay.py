"""Measuring against plain shapely, which is slower and does one pair at a time."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model import overlay
from risk_model.overlay import may_be_within, measure
from tests.risk_model.ground import column

ROOT = Path(__file__).parents[2]


def blob(x, y, radius, corners, seed):
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = radius * rng.uniform(0.5, 1.0, corners)
    return shapely.Polygon(np.column_stack([x + reach * np.cos(angle), y + reach * np.sin(angle)]))


def holed(shape):
    centre = shapely.point_on_surface(shape)
    inner = centre.buffer(0.5 * shapely.distance(shape.exterior, centre))
    return shapely.difference(shape, inner)


@st.composite
def shapes(draw, most=12):
    made = []
    for _ in range(draw(st.integers(0, most))):
        x, y = (draw(st.floats(-300, 300)) for _ in range(2))
        one = blob(x, y, draw(st.floats(5, 250)), draw(st.integers(3, 40)), draw(st.integers(0, 99)))
        kind = draw(st.sampled_from(["plain", "holed", "multi"]))
        if kind == "holed":
            one = holed(one)
        elif kind == "multi":
            one = shapely.union_all([one, shapely.transform(one, lambda xy: xy + 400)])
        made.append(one)
    return column(made)


@settings(max_examples=60, deadline=None)
@given(shapes(), shapes(), st.sampled_from([0.0, 30.0, 5000.0]))
def test_measuring_agrees_with_shapely_pair_by_pair(sites, zones, reach):
    pairs = measure(sites, zones, reach)
    measured = {
        (s, z): (a, d) for s, z, a, d in zip(pairs.site, pairs.zone, pairs.overlap_m2, pairs.distance_m, strict=True)
    }
    for s, one in enumerate(sites):
        for z, other in enumerate(zones):
            distance = shapely.distance(one, other)
            assert ((s, z) in measured) == (distance <= reach)
            if (s, z) in measured:
                area = shapely.intersection(one, other).area
                assert measured[s, z][0] == pytest.approx(area, abs=1e-9 * one.area)
                assert measured[s, z][1] == distance


ASKED_BY_MANY = """
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from risk_model.overlay import measure
from tests.risk_model.ground import column
from tests.risk_model.test_overlay import blob

places = np.random.default_rng(7).uniform(0, 1000, (48, 2))
zones = column([blob(x, y, 300, 1500, 1) for x, y in places[:8]])
sites = column([blob(x, y, 100, 40, 2) for x, y in places[8:]])
with ThreadPoolExecutor(8) as requests:
    print(*{len(found) for found in requests.map(lambda _: measure(sites, zones, 0.0), range(8))})
"""


def test_shapes_kept_for_many_requests_may_be_measured_by_all_of_them_at_once():
    ran = subprocess.run(
        [sys.executable, "-c", ASKED_BY_MANY], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(ran.stdout.split()) == 1


def test_measuring_leaves_the_shapes_it_was_given_as_they_were():
    sites, zones = column([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]), column([shapely.box(0, 0, 9, 9)])
    before = shapely.to_wkb(zones)
    measure(sites, zones, 5.0)
    assert not shapely.is_prepared(zones).any()
    assert shapely.to_wkb(zones) == before


def test_every_zone_may_have_a_reach_of_its_own():
    sites = column([shapely.box(0, 0, 10, 10)])
    zones = column([shapely.box(20, 0, 30, 10), shapely.box(0, 20, 10, 30)])
    assert measure(sites, zones, np.array([5.0, 15.0])).zone.tolist() == [1]


def test_touching_lines_and_points_share_no_area_and_no_distance():
    sites = column([shapely.box(0, 0, 10, 10)])
    zones = column([shapely.box(10, 0, 20, 10), shapely.LineString([(-5, 5), (15, 5)]), shapely.Point(5, 5)])
    pairs = measure(sites, zones, 0.0)
    assert pairs.zone.tolist() == [0, 1, 2]
    assert (pairs.overlap_m2 == 0).all()
    assert (pairs.distance_m == 0).all()


def test_missing_and_empty_geometries_meet_nothing():
    assert len(measure(column([shapely.box(0, 0, 1, 1)]), column([None, shapely.Polygon()]), 100.0)) == 0
    assert len(measure(column([]), column([shapely.box(0, 0, 1, 1)]), 100.0)) == 0
    assert len(measure(column([shapely.box(0, 0, 1, 1)]), column([]), 100.0)) == 0


def test_the_number_of_threads_changes_nothing(monkeypatch):
    monkeypatch.setattr(overlay, "ZONES_PER_CHUNK", 7)
    rng = np.random.default_rng(5)
    sites = column(blob(*rng.uniform(-500, 500, 2), 60, 8, n) for n in range(200))
    zones = column(blob(*rng.uniform(-500, 500, 2), 150, 60, n) for n in range(100))
    alone, together = (measure(sites, zones, 20.0, threads=threads) for threads in (1, 3))
    assert len(alone) > 500
    for name in ("site", "zone", "overlap_m2", "distance_m"):
        assert np.array_equal(getattr(alone, name), getattr(together, name))
    assert np.all(np.diff(alone.site * len(zones) + alone.zone) > 0)


def test_a_site_inside_a_zone_overlaps_by_exactly_its_own_area():
    one = blob(0, 0, 50, 9, 1)
    assert measure(column([one]), column([one.buffer(10)]), 0.0).overlap_m2[0] == one.area
    assert measure(column([one.buffer(10)]), column([one]), 0.0).overlap_m2[0] == one.area


@given(
    st.lists(st.tuples(*[st.floats(-1000, 1000)] * 2, *[st.floats(1, 300)] * 2), min_size=1, max_size=8),
    st.tuples(*[st.floats(-1000, 1000)] * 2),
    st.floats(0, 500),
)
def test_what_lies_within_reach_is_never_passed_over_by_its_middle(boxes, centre, reach_m):
    shapes = np.array([shapely.box(x, y, x + wide, y + high) for x, y, wide, high in boxes])
    zone = shapely.Point(centre).buffer(120)
    away = shapely.distance(zone, shapes)
    asked = may_be_within(np.full(len(shapes), zone), shapes, reach_m)
    half = np.array([np.hypot(wide, high) / 2 for *_, wide, high in boxes])
    assert asked[away <= reach_m].all()
    assert not asked[away > reach_m + 2 * half + 1].any()
