"""Laws of fixes: a fix leaves neither its problem nor a new one that blocks, and moves no ground of other zones."""

from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import affinity

from risk_model.editing import WAYS, EditedZone, Thresholds, find_problems, node_coverage, propose_fix
from risk_model.editing.values import packaged_terms
from risk_model.errors import FixRefused
from tests.recomputed.zones import area_of
from tests.risk_model.coverages import EAST, NORTH, SIDE, area, coverages, grid, square, vertices

ANY = Thresholds()
NODE_M = packaged_terms().edits["node_m"]
CALM = settings(max_examples=30, deadline=None)


def layer(shapes):
    return {key: EditedZone(shape) for key, shape in shapes.items()}


def problems_of(shapes, kind=None):
    return [one for one in find_problems(layer(shapes), None, ANY) if kind in {None, one.kind}]


def mended(shapes, problem, how):
    """The shapes after a fix, held to what it said of them."""
    fix = propose_fix(problem, how, layer(shapes))
    after = {key: shape for key, shape in {**shapes, **fix.changes}.items() if shape is not None}
    assert set(fix.changes) == set(fix.area_before) == set(fix.area_after)
    for key in fix.changes:
        assert fix.area_before[key] == pytest.approx(area_of(shapes[key]), rel=1e-9)
        assert fix.area_after[key] == pytest.approx(area_of(after[key]) if key in after else 0.0, rel=1e-9)
    return after


def blocking(shapes):
    return Counter(
        (one.kind, tuple(sorted(map(str, one.zones)))) for one in problems_of(shapes) if one.level == "blocking"
    )


def check_laws(before, after, problem):
    others = before.keys() - set(problem.zones)
    for key in others:
        assert vertices([before[key]]) <= vertices([after[key]])
        # A vertex of the neighbour put into an edge lies as near to it as borders are taken for one.
        moved = shapely.area(shapely.symmetric_difference(before[key], after[key]))
        assert moved < 0.02 + NODE_M * shapely.length(before[key]) / 2
    assert blocking(after) <= blocking(before)
    assert shapely.is_valid(list(after.values())).all()
    assert not any(one.mark == problem.mark for one in problems_of(after))
    near = {key: shape for key, shape in after.items() if shape.intersects(problem.place.buffer(SIDE))}
    assert node_coverage({key: near[key] for key in near if key in problem.zones}) == {}


@CALM
@given(coverages(largest=2), st.floats(0.3, 4), st.floats(0, 6.3), st.data())
def test_every_way_to_mend_a_torn_coverage_keeps_the_laws(zones, far_m, heading, data):
    key = data.draw(st.sampled_from(sorted(zones)))
    torn = zones | {key: affinity.translate(zones[key], far_m * np.cos(heading), far_m * np.sin(heading))}
    problems = [one for one in problems_of(torn) if one.kind in WAYS]
    assume(problems)
    problem = data.draw(st.sampled_from(problems))
    how = data.draw(st.sampled_from(WAYS[problem.kind]))
    assume(len(problem.zones) > 1 or problem.kind == "tiny_hole")
    after = mended(torn, problem, how)
    check_laws(torn, after, problem)
    ground = shapely.union_all(list(torn.values())).area + (problem.size if problem.kind in {"gap", "tiny_hole"} else 0)
    assert shapely.union_all(list(after.values())).area == pytest.approx(ground, abs=0.05)


def test_an_overlap_goes_to_either_or_is_halved():
    zones = {"a": square(0, 0), "b": square(0.9, 0.2)}
    (problem,) = problems_of(zones, "overlap")
    place = dict(zip(problem.zones, ("first", "second"), strict=True))
    gains = {how: mended(zones, problem, how) for how in WAYS["overlap"]}
    assert gains[place["a"]]["a"].area == pytest.approx(SIDE**2)
    assert gains[place["a"]]["b"].area == pytest.approx(0.92 * SIDE**2)
    assert gains[place["b"]]["a"].area == pytest.approx(0.92 * SIDE**2)
    assert [shape.area for shape in gains["halved"].values()] == pytest.approx([0.96 * SIDE**2] * 2)
    for after in gains.values():
        assert problems_of(after) == []
        check_laws(zones, after, problem)


def test_only_the_overlap_asked_for_is_mended():
    zones = {"a": shapely.union_all([square(0, 0), square(2, 0), square(0, -1, 3, 1)]), "b": square(0.5, 0.5, 2, 1)}
    first, second = problems_of(zones, "overlap")
    for how in WAYS["overlap"]:
        after = mended(zones, first, how)
        (left,) = problems_of(after, "overlap")
        assert left.size == pytest.approx(second.size)
        assert left.place.distance(second.shape) < 1e-6


def test_a_zone_that_lies_in_another_gets_a_hole_around_it_or_is_gone():
    zones = {"a": square(0, 0), "b": square(0.2, 0.2, 0.5, 0.5)}
    (problem,) = problems_of(zones, "overlap")
    to_a, to_b = ("first", "second") if problem.zones[0] == "a" else ("second", "first")
    assert set(mended(zones, problem, to_a)) == {"a"}
    after = mended(zones, problem, to_b)
    assert len(after["a"].interiors) == 1
    assert problems_of(after) == []


def test_of_a_zone_drawn_twice_one_is_left():
    zones = {"a": square(0, 0), "b": square(0, 0), "c": square(1, 0)}
    (problem,) = problems_of(zones, "duplicate")
    assert set(mended(zones, problem, "first")) == {problem.zones[0], "c"}
    assert set(mended(zones, problem, "second")) == {problem.zones[1], "c"}


def test_a_gap_is_filled_from_either_side():
    zones = grid(2, 2, 3, np.random.default_rng(1), jitter_m=0)
    gap = square(0.98, 0.2, 0.04, 0.5)
    torn = {key: shapely.difference(shape, gap) for key, shape in zones.items()}
    (problem,) = problems_of(torn, "gap")
    for how, winner in (("nearest", 0), ("first", 0), ("second", 1)):
        after = mended(torn, problem, how)
        key = problem.zones[winner]
        assert after[key].area == pytest.approx(torn[key].area + gap.area, abs=1e-3)
        assert problems_of(after) == []
        check_laws(torn, after, problem)


def test_a_tiny_hole_is_filled():
    zones = {"a": shapely.Polygon(square(0, 0).exterior, [square(0.5, 0.5, 0.04, 0.04).exterior])}
    (problem,) = problems_of(zones)
    assert shapely.normalize(mended(zones, problem, "removed")["a"]) == shapely.normalize(square(0, 0))


def spiked(*, depth_m: float, several: bool = False):
    tip = [(EAST + 50.01, NORTH - depth_m)]
    foot = [(EAST + 50, NORTH), *([(EAST + 50, NORTH - depth_m / 2)] if several else [])]
    ring = [(EAST, NORTH), *foot, *tip, (EAST + 50.02, NORTH), (EAST + 100, NORTH), (EAST + 50, NORTH + 80)]
    return shapely.Polygon(ring)


@pytest.mark.parametrize("depth_m", [5, -5])
@pytest.mark.parametrize("several", [False, True])
def test_a_spike_is_taken_off_whole_and_in_the_neighbour_along_it_too(depth_m, several):
    zone = spiked(depth_m=depth_m, several=several)
    beside = shapely.difference(square(-1, -1, 3, 3), zone)
    for zones in ({"a": zone}, {"a": zone, "around": beside}):
        problem = next(one for one in problems_of(zones, "spike") if one.zones == ("a",))
        after = mended(zones, problem, "removed")
        assert problems_of(after, "spike") == []
        assert after["a"].area == pytest.approx(4000, abs=0.2)
        assert node_coverage(after) == {}
        assert area(after.values()) == pytest.approx(area(zones.values()), abs=1e-6 if "around" in zones else 0.2)


def test_a_tip_where_neighbours_meet_is_left_to_people():
    tip, left, right = (EAST + 50, NORTH - 40), (EAST + 49.9, NORTH), (EAST + 50.1, NORTH)
    zones = {
        "a": shapely.Polygon([(EAST, NORTH), left, tip, right, (EAST + 100, NORTH), (EAST + 50, NORTH + 80)]),
        "west": shapely.Polygon([(EAST, NORTH), (EAST, NORTH - 90), (EAST + 50, NORTH - 90), tip, left]),
        "east": shapely.Polygon([tip, (EAST + 50, NORTH - 90), (EAST + 100, NORTH - 90), (EAST + 100, NORTH), right]),
    }
    problem = next(one for one in problems_of(zones, "spike") if one.zones == ("a",))
    with pytest.raises(FixRefused) as refused:
        propose_fix(problem, "removed", layer(zones))
    assert refused.value.place == problem.place


def test_what_cannot_be_mended_so_or_is_no_longer_so_is_refused():
    zones = {"a": square(0, 0), "b": square(0.9, 0.2)}
    (problem,) = problems_of(zones, "overlap")
    with pytest.raises(FixRefused):
        propose_fix(problem, "removed", layer(zones))
    with pytest.raises(FixRefused):
        propose_fix(problem, "first", layer({"a": zones["a"]}))
    with pytest.raises(FixRefused):
        propose_fix(problem, "first", layer(zones | {"b": square(1.5, 0)}))
    holed = {"a": shapely.Polygon(square(0, 0).exterior, [square(0.5, 0.5, 0.04, 0.04).exterior])}
    (hole,) = problems_of(holed)
    with pytest.raises(FixRefused):
        propose_fix(hole, "removed", layer({"a": square(0, 0)}))
    (spike,) = problems_of({"a": spiked(depth_m=5)}, "spike")
    with pytest.raises(FixRefused):
        propose_fix(spike, "removed", layer({"a": square(0, 0)}))


def test_a_sliver_goes_to_the_zone_along_most_of_its_border_and_no_ground_is_lost():
    zones = {
        "a": shapely.box(0, 0, 100, 100),
        "b": shapely.box(101, 0, 200, 60),
        "s": shapely.multipolygons([shapely.box(100, 0, 101, 100), shapely.box(300, 300, 400, 400)]),
    }
    zones |= node_coverage(zones)
    (problem,) = problems_of(zones, "sliver")
    after = mended(zones, problem, "nearest")
    assert (area_of(after["a"]), area_of(after["s"])) == (pytest.approx(10_100), pytest.approx(10_000))
    assert problems_of(after, "sliver") == []
    whole = mended({**zones, "s": problem.shape}, problem, "nearest")
    assert "s" not in whole
    with pytest.raises(FixRefused):
        propose_fix(problem, "nearest", layer({"s": zones["s"]}))
    with pytest.raises(FixRefused):
        propose_fix(problem, "nearest", layer({**zones, "s": shapely.box(100, 0, 101, 90)}))
