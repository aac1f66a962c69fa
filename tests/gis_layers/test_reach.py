"""Reach: many places at once are as far as each by itself, and the pieces drawn are those that are arrived at in time."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.roads import (
    RoadPlace,
    joined,
    journey,
    reached_lines,
    seconds_at,
    seconds_at_each,
    travel_from,
    travel_to,
)
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
            # Where several roads lie on top of one another, or one on itself, the line of one may be that of another.
            # Whoever sets out at the end of a one-way road reaches that end alone, and a point is no piece of road.
            at_end = place.share in (0.0, 1.0) and place in origins
            assert drawn == (seconds < within) or len(shared) > 1 or not net.line[place.stretch].is_simple or at_end


def test_a_place_from_which_somebody_sets_out_is_reached_when_they_do():
    net = network({"line": [(0, 0), (1000, 0)], "kmh": 36.0, "oneway": "forward"})
    travel = travel_from(net, [RoadPlace(0, 0.4, 0.0)], begun=[60.0])
    at = [RoadPlace(0, share, 0.0) for share in (0.3, 0.4, 0.6)]
    assert seconds_at_each(net, travel, at).tolist() == [np.inf, 60.0, pytest.approx(80.0)]
    assert reached_lines(net, travel, 59.0) == []
    (line,) = reached_lines(net, travel, 80.0)
    assert line.bounds == pytest.approx((400, 0, 600, 0))


def test_a_thousand_places_are_in_the_band_exactly_when_the_drive_to_them_is_as_quick():
    chance = np.random.default_rng(17)
    across = [[(x * 300.0, y * 300.0), ((x + 1) * 300.0, y * 300.0)] for x in range(9) for y in range(9)]
    along = [[(y * 300.0, x * 300.0), (y * 300.0, (x + 1) * 300.0)] for x in range(9) for y in range(9)]
    lines = [line for line in (*across, *along) if chance.random() < 0.75]
    ways, speeds = chance.choice(["no", "no", "forward", "backward"], len(lines)), chance.uniform(10, 60, len(lines))
    net = network(
        *({"line": line, "kmh": kmh, "oneway": way} for line, kmh, way in zip(lines, speeds, ways, strict=True))
    )
    origins = [RoadPlace(int(chance.integers(len(net.tail))), float(chance.random()), 0.0) for _ in range(3)]
    travel = travel_from(net, origins, begun=[60.0, 60.0, 180.0])
    within = 400.0
    drawn = joined(reached_lines(net, travel, within))
    inside = 0
    for _ in range(1000):
        place = RoadPlace(int(chance.integers(len(net.tail))), float(chance.random()), 0.0)
        led = travel_to(net, place)
        drives = [journey(net, origin, led) for origin in origins]
        sooner = [begun + one.seconds for begun, one in zip(travel.begun, drives, strict=True) if one is not None]
        point = net.line[place.stretch].interpolate(place.share, normalized=True)
        is_drawn = shapely.dwithin(drawn, point, 1e-6)
        assert is_drawn == (min(sooner, default=np.inf) <= within)
        inside += int(is_drawn)
    assert 200 < inside < 900, inside
