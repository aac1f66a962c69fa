"""Reach: many places at once are as far as each by itself, and the pieces drawn are those that are arrived at in time."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.roads import RoadPlace, joined, reached_lines, seconds_at, seconds_at_each, travel_from
from tests.gis_layers.test_roads import network, strewn_roads

HAIR_S = 1e-3


@settings(max_examples=40)
@given(strewn_roads(), st.data())
def test_a_place_is_drawn_as_reached_exactly_where_it_is_arrived_at_in_time(strewn, data):
    net, cost, target, origins = strewn
    begun = [data.draw(st.sampled_from([0.0, 7.5, 60.0])) for _ in origins]
    travel = travel_from(net, origins, cost, begun=begun)
    stretch = st.integers(0, len(net.tail) - 1)
    places = [
        target,
        *data.draw(st.lists(st.builds(RoadPlace, stretch, st.floats(0.01, 0.99), st.just(0.0)), max_size=6)),
    ]
    each = seconds_at_each(net, travel, places)
    assert each.tolist() == pytest.approx([seconds_at(net, travel, place) for place in places], abs=1e-6)
    within = data.draw(st.sampled_from([1.0, 30.0, 61.0, 200.0]))
    lines = reached_lines(net, travel, within)
    for place, seconds in zip(places, each, strict=True):
        if np.isfinite(cost[place.stretch]) and abs(seconds - within) > HAIR_S:
            point = net.line[place.stretch].interpolate(place.share, normalized=True)
            drawn = shapely.distance(joined(lines), point) < 1e-6 if lines else False
            shared = shapely.STRtree(net.line).query(point.buffer(1e-6), predicate="intersects")
            # Where several roads lie on top of one another the line of one may be that of another.
            assert drawn == (seconds < within) or len(shared) > 1


def test_a_place_from_which_somebody_sets_out_is_reached_when_they_do():
    net = network({"line": [(0, 0), (1000, 0)], "kmh": 36.0, "oneway": "forward"})
    travel = travel_from(net, [RoadPlace(0, 0.4, 0.0)], begun=[60.0])
    at = [RoadPlace(0, share, 0.0) for share in (0.3, 0.4, 0.6)]
    assert seconds_at_each(net, travel, at).tolist() == [np.inf, 60.0, pytest.approx(80.0)]
    assert reached_lines(net, travel, 59.0) == []
    (line,) = reached_lines(net, travel, 80.0)
    assert line.bounds == pytest.approx((400, 0, 600, 0))
