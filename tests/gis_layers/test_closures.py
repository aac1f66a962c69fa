"""Roads that are gone: what lies along a closed line or within a closed area is driven no more, and nothing else changes."""

from itertools import pairwise
from math import inf

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.roads import (
    RoadClosure,
    RoadNetwork,
    RoadPlace,
    cut_out,
    drive_seconds,
    find_closed,
    journey,
    snap,
    travel_to,
)
from risk_model.shapes import as_array
from tests.gis_layers.test_roads import SPEEDS, network, plain_seconds, strewn_roads

CLOSED, SLOWED, UNTOUCHED = 0.0, 0.5, 1.0
LEFT = st.sampled_from([CLOSED, SLOWED])


def closed(net: RoadNetwork, *closures: RoadClosure):
    return cut_out(net, closures, find_closed(net, closures))


def seconds(net: RoadNetwork, start: tuple, end: tuple, *closures: RoadClosure) -> float:
    cut = closed(net, *closures)
    places = snap(net, as_array([shapely.Point(start), shapely.Point(end)]), SPEEDS, on_motorways=False)
    begun, ended = (cut.place(place) for place in places)
    return drive_seconds(cut.network, begun, travel_to(cut.network, ended))


@st.composite
def closures(draw, net: RoadNetwork, left=LEFT):
    """Closures of stretches, of parts of them, and of boxes; some of them meet no road."""
    corner = st.floats(-80, 700, allow_nan=False)
    box = st.builds(lambda x, y, w, h: shapely.box(x, y, x + w, y + h), corner, corner, *[st.floats(1, 400)] * 2)
    part = st.tuples(st.integers(0, len(net.tail) - 1), st.sampled_from([(0, 1), (0.2, 0.7), (0.0, 0.4), (0.5, 1.0)]))
    along = part.map(lambda one: shapely.ops.substring(net.line[one[0]], *one[1], normalized=True))
    return [RoadClosure(str(i), draw(along | box), draw(left)) for i in range(draw(st.integers(0, 3)))]


@settings(max_examples=30)
@given(strewn_roads(), st.data())
def test_closing_a_road_makes_nobody_arrive_earlier(strewn, data):
    net, _, target, origins = strewn
    lasting = data.draw(closures(net))
    cut, whole = closed(net, *lasting), travel_to(net, target)
    after = travel_to(cut.network, cut.place(target))
    for origin in origins:
        before = drive_seconds(net, origin, whole)
        then = drive_seconds(cut.network, cut.place(origin), after)
        assert then >= before - 1e-6
        way = journey(cut.network, cut.place(origin), after)
        assert (way is None) == (then == inf)


@settings(max_examples=30)
@given(strewn_roads(), st.data())
def test_cutting_a_stretch_where_nothing_is_closed_changes_no_time(strewn, data):
    net, _, target, origins = strewn
    cut = closed(net, *data.draw(closures(net, st.just(UNTOUCHED))))
    assert cut.network.length_m.sum() == pytest.approx(net.length_m.sum())
    whole, after = travel_to(net, target), travel_to(cut.network, cut.place(target))
    for origin in origins:
        before = drive_seconds(net, origin, whole)
        then = drive_seconds(cut.network, cut.place(origin), after)
        assert then == before or then == pytest.approx(before, abs=1e-6)


@settings(max_examples=30)
@given(strewn_roads(), st.data())
def test_times_past_closures_are_those_of_a_plain_relaxation(strewn, data):
    net, _, target, origins = strewn
    cut = closed(net, *data.draw(closures(net)))
    after = travel_to(cut.network, cut.place(target))
    for origin in origins:
        expected = plain_seconds(cut.network, cut.network.seconds, cut.place(origin), cut.place(target))
        then = drive_seconds(cut.network, cut.place(origin), after)
        assert then == expected or then == pytest.approx(expected, abs=1e-6)


@settings(max_examples=30)
@given(strewn_roads(), LEFT)
def test_a_stretch_closed_from_end_to_end_is_one_of_another_weight(strewn, left):
    net, _, target, origins = strewn
    stretch = target.stretch
    pieces = find_closed(net, [RoadClosure("1", net.line[stretch], left)])
    assert (stretch, 0.0, 1.0) in [(one.stretch, one.begin, one.end) for one in pieces]
    cost = net.seconds.copy()
    for piece in pieces:
        assert (piece.begin, piece.end) == (0.0, 1.0) or net.line[piece.stretch].intersection(net.line[stretch]).length
        cost[piece.stretch] = inf if left == CLOSED else cost[piece.stretch] / left
    if any((one.begin, one.end) != (0.0, 1.0) for one in pieces):
        return
    cut = cut_out(net, [RoadClosure("1", net.line[stretch], left)], pieces)
    for origin in origins:
        expected = drive_seconds(net, origin, travel_to(net, target, cost))
        then = drive_seconds(cut.network, cut.place(origin), travel_to(cut.network, cut.place(target)))
        assert then == expected or then == pytest.approx(expected, abs=1e-6)


def test_a_road_that_is_gone_in_its_middle_is_driven_up_to_there():
    net = network({"line": [(0, 0), (1000, 0)], "kmh": 36.0})
    gone = RoadClosure("1", shapely.LineString([(400, 0), (600, 0)]), CLOSED)
    assert seconds(net, (0, 0), (390, 0), gone) == pytest.approx(39.0)
    assert seconds(net, (0, 0), (400, 0), gone) == pytest.approx(40.0)
    assert seconds(net, (0, 0), (610, 0), gone) == inf
    assert seconds(net, (0, 0), (500, 0), gone) == inf
    slow = RoadClosure("1", gone.shape, SLOWED)
    assert seconds(net, (0, 0), (1000, 0), slow) == pytest.approx(120.0)
    assert seconds(net, (0, 0), (1000, 0), slow, gone) == inf, "of two that meet the slowest counts"


def test_what_crosses_or_leaves_a_closed_road_stays_open():
    main = {"line": [(0, 0), (500, 0), (1000, 0)]}
    across = {"line": [(500, -300), (500, 0), (500, 300)]}
    ramp = {"line": [(500, 0), (900, 24)]}
    net = network(main, across, ramp)
    assert {int(net.road[one.stretch]) for one in find_closed(net, [RoadClosure("1", net.line[0], CLOSED)])} == {0}
    beyond = RoadClosure("1", shapely.LineString([(500, 0), (1000, 0)]), CLOSED)
    assert {int(net.road[one.stretch]) for one in find_closed(net, [beyond])} == {0}


def test_a_bridge_stays_open_where_what_closes_the_road_lies_beneath_it():
    net = network({"line": [(0, 0), (100, 0)]}, {"line": [(100, 0), (200, 0)], "bridge": True})
    water = shapely.box(50, -50, 250, 50)
    assert seconds(net, (100, 0), (200, 0), RoadClosure("1", water, CLOSED, spares_bridges=True)) < inf
    assert seconds(net, (100, 0), (200, 0), RoadClosure("1", water, CLOSED)) == inf
    assert seconds(net, (0, 0), (200, 0), RoadClosure("1", water, CLOSED, spares_bridges=True)) == inf


def test_a_closure_beside_every_road_finds_nothing():
    net = network({"line": [(0, 0), (100, 0)]})
    beside = [shapely.box(0, 1, 100, 50), shapely.LineString([(0, 20), (100, 20)])]
    assert find_closed(net, [RoadClosure(str(i), shape, CLOSED) for i, shape in enumerate(beside)]) == []


def test_a_loop_is_cut_where_the_area_is():
    corners = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    net = network({"line": corners}, {"line": [(0, 0), (-50, 0)]})
    pieces = find_closed(net, [RoadClosure("1", shapely.box(-10, -10, 40, 10), CLOSED)])
    told = sorted((round(p.begin, 3), round(p.end, 3)) for p in pieces if net.road[p.stretch] == 0)
    assert told == [(0.0, 0.1), (0.975, 1.0)]
    for one, other in pairwise(told):
        assert one[1] <= other[0]


def test_a_place_keeps_its_distance_and_where_it_lies():
    net = network({"line": [(0, 0), (1000, 0)]})
    cut = closed(net, RoadClosure("1", shapely.box(250, -5, 500, 5), CLOSED))
    for share in np.linspace(0, 1, 9):
        place = cut.place(RoadPlace(0, float(share), 7.0))
        at = cut.network.line[place.stretch].interpolate(place.share, normalized=True)
        assert (at.x, at.y, place.away_m) == (pytest.approx(1000 * share), pytest.approx(0), 7.0)
