"""Laws of noding, splitting and merging: ground is kept, and every vertex that was there stays bit for bit."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from risk_model.editing import merge_zones, node_coverage, packaged_terms, split_zone, split_zones
from risk_model.errors import ZoneNotCut, ZonesApart, ZonesUnsound
from tests.risk_model.coverages import (
    EAST,
    NORTH,
    SIDE,
    across,
    area,
    clinging_lines,
    coverages,
    grid,
    lines,
    square,
    unnoded,
    vertices,
    with_island,
)

CALM = settings(max_examples=40, deadline=None)
NODE_M = packaged_terms().edits["node_m"]
SEEDS = st.integers(0, 2**32 - 1)


def is_noded(zones) -> bool:
    return node_coverage(zones) == {}


def outline(shape):
    return shapely.normalize(shape)


@CALM
@given(coverages(), SEEDS)
def test_a_noded_coverage_has_every_vertex_on_both_sides(zones, seed):
    drawn = unnoded(zones, np.random.default_rng(seed))
    noded = drawn | node_coverage(drawn)
    assert is_noded(noded)
    assert vertices(noded) == vertices(drawn)
    for key, shape in noded.items():
        assert vertices([drawn[key]]) <= vertices([shape])
        assert shape.area == pytest.approx(drawn[key].area, abs=NODE_M * shape.length)
    everything = shapely.union_all([shape.boundary for shape in noded.values()])
    assert vertices([everything]) == vertices(noded)


@CALM
@given(coverages(), SEEDS)
def test_the_order_of_zones_does_not_matter_to_their_nodes(zones, seed):
    drawn = unnoded(zones, np.random.default_rng(seed))
    backward = dict(reversed(drawn.items()))
    assert {key: outline(shape) for key, shape in node_coverage(backward).items()} == {
        key: outline(shape) for key, shape in node_coverage(drawn).items()
    }


def test_only_zones_that_need_a_vertex_are_changed():
    zones = {"wide": square(0, 0, 2, 1), "left": square(0, 1), "right": square(1, 1), "far": square(5, 5)}
    ((key, shape),) = node_coverage(zones).items()
    assert key == "wide"
    assert vertices([shape]) - vertices([zones["wide"]]) == {complex(EAST + SIDE, NORTH + SIDE)}
    assert node_coverage({"line": across((0, 0), (1, 0)), "point": shapely.Point(EAST, NORTH)}) == {}


@pytest.mark.parametrize(("off_m", "noded"), [(0.0, True), (NODE_M * 0.9, True), (NODE_M * 1.5, False)])
def test_a_vertex_beside_an_edge_is_on_it_within_the_tolerance_alone(off_m, noded):
    above = shapely.Polygon([(EAST, NORTH + SIDE), (EAST + 50, NORTH + off_m), (EAST + SIDE, NORTH + SIDE)])
    assert bool(node_coverage({"below": square(0, -1), "above": above})) is noded


def test_a_zone_that_would_cross_itself_with_a_new_vertex_is_left_as_it_is():
    near = NORTH + NODE_M / 2
    hole = [(EAST + 20, near), (EAST + 80, near), (EAST + 50, NORTH + 50)]
    zone = shapely.Polygon(square(0, 0).exterior, [hole])
    assert zone.is_valid
    assert node_coverage({"zone": zone}) == {}


@CALM
@given(coverages(), st.data())
def test_a_split_zone_keeps_its_ground_and_its_vertices(zones, data):
    pieces = split_zones(zones, data.draw(lines(zones)))
    for key, found in pieces.items():
        assert len(found) > 1
        assert area(found) == pytest.approx(zones[key].area, abs=1e-6)
        assert shapely.is_valid(found).all()
        assert vertices([zones[key]]) <= vertices(found)
        assert area([shapely.union_all(found)]) == pytest.approx(zones[key].area, abs=1e-6)


@CALM
@given(coverages(), st.data())
def test_a_split_coverage_once_noded_is_a_coverage_with_no_other_vertices(zones, data):
    pieces = split_zones(zones, data.draw(lines(zones)))
    after = {key: shape for key, shape in zones.items() if key not in pieces}
    after |= {(key, number): piece for key, found in pieces.items() for number, piece in enumerate(found)}
    noded = after | node_coverage(after)
    assert is_noded(noded)
    assert vertices(noded) == vertices(after)
    assert shapely.coverage_is_valid(list(noded.values()))


@CALM
@given(coverages(), st.data())
def test_a_line_along_the_borders_cuts_as_cleanly_as_any(zones, data):
    try:
        pieces = split_zones(zones, data.draw(clinging_lines(zones)))
    except ZoneNotCut:
        return
    after = {key: shape for key, shape in zones.items() if key not in pieces}
    after |= {(key, number): piece for key, found in pieces.items() for number, piece in enumerate(found)}
    noded = after | node_coverage(after)
    assert vertices(zones) <= vertices(noded) == vertices(after)
    assert shapely.coverage_is_valid(list(noded.values()))
    assert area(noded.values()) == pytest.approx(area(zones.values()), abs=1e-5)


@CALM
@given(coverages(), st.data())
def test_split_then_merged_is_the_same_ground(zones, data):
    pieces = split_zones(zones, data.draw(lines(zones)))
    for key, found in pieces.items():
        merged = merge_zones(found)
        assert vertices([zones[key]]) <= vertices([merged]) <= vertices(found)
        assert merged.area == pytest.approx(zones[key].area, abs=1e-6)
        assert shapely.area(shapely.symmetric_difference(merged, zones[key])) < 1e-3
        assert outline(merged) == outline(merge_zones(found[::-1]))


@CALM
@given(coverages())
def test_a_merged_coverage_is_its_ground_and_stays_noded(zones):
    assume(len(zones) > 1)
    merged = merge_zones(list(zones.values()), multipart=True)
    assert merged.area == pytest.approx(area(zones.values()), abs=1e-6)
    assert shapely.is_valid(merged)
    assert vertices([merged]) <= vertices(zones)
    keys = list(zones)
    first = merge_zones([zones[key] for key in keys[:2]], multipart=True)
    assert is_noded({key: zones[key] for key in keys[2:]} | {"new": first})


def test_a_neighbour_the_line_does_not_enter_gets_the_vertex_of_the_border():
    zones = {"left": square(0, 0), "right": square(1, 0)}
    pieces = split_zone(zones["left"], across((-1, 0.3), (1, 0.7)))
    after = {"right": zones["right"], **dict(enumerate(pieces))}
    ((key, shape),) = node_coverage(after).items()
    assert key == "right"
    assert len(vertices([shape])) == 5
    assert vertices([shape]) <= vertices(pieces) | vertices([zones["right"]])


def test_a_line_through_a_hole_cuts_on_both_sides_of_it():
    ring = with_island({"zone": square(0, 0)}, "zone", filled=False)["zone"]
    pieces = split_zone(ring, across((-1, 0.5), (2, 0.51)))
    assert [len(piece.interiors) for piece in pieces] == [0, 0]
    assert area(pieces) == pytest.approx(ring.area, abs=1e-6)
    assert split_zone(ring, across((-1, 0.1), (2, 0.1)))[0].interiors


def test_a_closed_line_cuts_an_island_out_even_where_it_crosses_its_own_beginning():
    drawn = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]
    for ring in ([*drawn, (0.2, 0.2)], [*drawn, (0.2, 0.1)]):
        outer, inner = split_zone(square(0, 0), across(*ring))
        assert len(outer.interiors) == 1
        assert inner.area == pytest.approx((0.6 * SIDE) ** 2)
        assert area([outer, inner]) == pytest.approx(SIDE**2, abs=1e-6)


def test_the_parts_a_line_passes_by_go_with_the_nearest_piece():
    zone = shapely.multipolygons([square(0, 0), square(0, 3), square(0, -4, 1, 2)])
    lower, upper = split_zone(zone, across((-1, 0.4), (2, 0.4)))
    assert [piece.area for piece in (lower, upper)] == pytest.approx([2.4 * SIDE**2, 1.6 * SIDE**2])
    assert lower.bounds[3] == upper.bounds[1] == NORTH + 0.4 * SIDE


def test_a_bowl_is_cut_into_every_piece_the_line_leaves():
    bowl = shapely.Polygon(
        [(EAST + x, NORTH + y) for x, y in ((0, 0), (90, 0), (90, 90), (60, 90), (60, 30), (30, 30), (30, 90), (0, 90))]
    )
    assert len(split_zone(bowl, across((-1, 0.6), (2, 0.6)))) == 3


def test_an_end_within_reach_of_the_border_lies_on_it():
    reach = packaged_terms().edits["reach_m"] / SIDE
    pieces = split_zone(square(0, 0), across((reach * 0.9, 0.5), (1 - reach * 0.9, 0.5)))
    assert [piece.area for piece in pieces] == pytest.approx([SIDE**2 / 2] * 2)
    corner = split_zone(square(0, 0), across((reach * 0.6, reach * 0.6), (1 - reach * 0.6, 1)))
    assert vertices(corner) == vertices([square(0, 0)])


@pytest.mark.parametrize(
    ("points", "place"),
    [
        (((-1, 0.5), (0.5, 0.5)), (0.5, 0.5)),
        (((0.4, 0.5), (2, 0.5)), (0.4, 0.5)),
        (((-1, 2), (2, 2)), (0.5, 2)),
        (((-1, 0), (2, 0)), (0.5, 0)),
    ],
)
def test_a_line_that_cuts_nothing_is_refused_with_the_place(points, place):
    with pytest.raises(ZoneNotCut) as refused:
        split_zone(square(0, 0), across(*points))
    assert refused.value.place.coords[0] == pytest.approx((EAST + place[0] * SIDE, NORTH + place[1] * SIDE))


def test_what_dangles_inside_leaves_no_vertex_behind():
    cut = across((-1, 0.5), (2, 0.5), (2, 0.8), (0.6, 0.8))
    pieces = split_zone(square(0, 0), cut)
    assert len(pieces) == 2
    assert vertices(pieces) - vertices([square(0, 0)]) == {complex(EAST, NORTH + 50), complex(EAST + 100, NORTH + 50)}


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        (square(0, 0), shapely.Point(EAST, NORTH)),
        (square(0, 0), shapely.LineString()),
        (square(0, 0), shapely.LineString([(EAST, NORTH), (EAST, NORTH)])),
        (square(0, 0), shapely.LineString([(EAST, float("inf")), (EAST, NORTH)])),
        (across((0, 0), (1, 1)), across((0, 1), (1, 0))),
        (shapely.Polygon(), across((0, 1), (1, 0))),
    ],
)
def test_what_is_no_line_or_no_ground_is_not_cut(zone, line):
    with pytest.raises(ZoneNotCut):
        split_zone(zone, line)


def test_zones_that_meet_in_a_point_or_lie_apart_are_merged_only_as_parts():
    for other in (square(1, 1), square(4, 4)):
        with pytest.raises(ZonesApart) as refused:
            merge_zones([square(0, 0), other])
        assert other.contains(refused.value.place)
        assert merge_zones([square(0, 0), other], multipart=True).area == pytest.approx(2 * SIDE**2)
    with pytest.raises(ZonesApart):
        merge_zones([square(0, 0)])


def test_zones_that_overlap_are_not_merged_and_the_place_is_told():
    for other in (square(0.9, 0.2), square(0.9, 0), square(0, 0), square(0.2, 0.2, 0.5, 0.5)):
        with pytest.raises(ZonesUnsound) as refused:
            merge_zones([square(0, 0), other], multipart=True)
        assert shapely.intersection(square(0, 0), other).distance(refused.value.place) < 1


def test_an_outline_that_crosses_itself_is_neither_cut_nor_merged():
    bow = shapely.Polygon([(EAST, NORTH), (EAST + 10, NORTH + 10), (EAST + 10, NORTH), (EAST, NORTH + 10)])
    with pytest.raises(ZonesUnsound):
        split_zone(bow, across((-1, 0.02), (1, 0.02)))
    with pytest.raises(ZonesUnsound):
        merge_zones([bow, square(1, 0)])


def test_a_ring_of_zones_leaves_the_hole_they_stand_around():
    zones = grid(3, 3, 2, np.random.default_rng(3))
    middle = zones.pop("1-1")
    merged = merge_zones(list(zones.values()))
    (hole,) = merged.interiors
    assert outline(shapely.Polygon(hole)) == outline(middle)
