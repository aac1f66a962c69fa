"""The network of roads: where one may turn, which way one may drive, and the quickest way of all."""

from itertools import pairwise
from math import inf

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.demo.township import Township
from gis_layers.roads import (
    NODED_M,
    RoadLines,
    RoadNetwork,
    RoadPlace,
    build_network,
    journey,
    read_speeds,
    seconds_at,
    snap,
    travel_from,
    travel_to,
)
from risk_model.shapes import as_array

SPEEDS = read_speeds()


def network(*roads: dict) -> RoadNetwork:
    told = [
        {"road_class": "village", "oneway": "no", "bridge": False, "kmh": np.nan, "m": np.nan, **road} for road in roads
    ]
    words = {name: np.array([road[name] for road in told], dtype=object) for name in ("road_class", "oneway")}
    lines = as_array([shapely.LineString(road["line"]) for road in told])
    kmh, metres = (np.array([road[name] for road in told], dtype=float) for name in ("kmh", "m"))
    bridge = np.array([road["bridge"] for road in told], dtype=bool)
    return build_network(
        RoadLines(np.arange(len(told)), lines, **words, bridge=bridge, speed_kmh=kmh, length_m=metres), SPEEDS
    )


def drive(net: RoadNetwork, start: tuple, end: tuple, cost=None):
    places = snap(net, as_array([shapely.Point(start), shapely.Point(end)]), SPEEDS, on_motorways=False)
    return journey(net, places[0], travel_to(net, places[1], cost))


def test_response_time_on_two_roads_to_a_village_and_beyond():
    """T-34: 3.5 km of township road, then 2.5 km of village road; a gale leaves seven tenths of the speed, a flood nothing."""
    net = network(
        {"line": [(0, 0), (3500, 0)], "road_class": "township"},
        {"line": [(3500, 0), (6000, 0)], "road_class": "village"},
    )
    station, first, second = (0, 0), (3500, 0), (6000, 0)
    assert drive(net, station, first).seconds / 60 == pytest.approx(6.0)
    assert drive(net, station, second).seconds / 60 == pytest.approx(12.0)
    gale = net.seconds / SPEEDS.share_left("gale")
    assert 1 + drive(net, station, first, gale).seconds / 60 == pytest.approx(9.57, abs=0.005)
    assert 1 + drive(net, station, second, gale).seconds / 60 == pytest.approx(18.14, abs=0.005)
    assert 3 + drive(net, second, first).seconds / 60 == pytest.approx(9.0)
    flooded = np.where(net.road == 1, inf, net.seconds)
    assert drive(net, station, second, flooded) is None
    assert drive(net, station, first, flooded).seconds / 60 == pytest.approx(6.0)


def test_roads_meet_at_shared_vertices_and_nowhere_else():
    across = {"line": [(0, 0), (100, 0), (200, 0)]}
    assert len(network(across, {"line": [(50, -50), (50, 50)]}).tail) == 2, "lines that only cross"
    assert len(network(across, {"line": [(100, -50), (100, 0), (100, 50)]}).tail) == 4, "a shared vertex"
    assert len(network(across, {"line": [(100, NODED_M / 2), (100, 50)]}).tail) == 3, "an end nearer than a pen's width"
    apart = network(across, {"line": [(100, 2 * NODED_M), (100, 50)]})
    assert drive(apart, (100, 50), (0, 0)) is None, "an end that stops short of the road"


@pytest.mark.parametrize("above", [{"bridge": True}, {"road_class": "motorway"}])
def test_nobody_turns_off_a_bridge_or_a_motorway_but_at_its_ends(above):
    deck = {"line": [(0, 0), (100, 0), (200, 0)], **above}
    under = {"line": [(100, -50), (100, 0), (100, 50)]}
    approach = {"line": [(0, 0), (0, 500)]}
    net = network(deck, under, approach)
    assert len(net.tail) == 3
    assert drive(net, (100, 50), (0, 400)) is None
    assert len(set(net.tail) | set(net.head)) == 5, "the approach and the deck share their end"


def test_ramps_join_a_motorway_where_it_has_a_vertex():
    main = {"line": [(0, 0), (500, 0), (1000, 0)], "road_class": "motorway", "oneway": "forward"}
    ramp = {"line": [(300, -200), (500, 0)], "road_class": "motorway", "oneway": "forward"}
    lane = {"line": [(300, -200), (0, -200)]}
    leaving = {"line": [(1000, 0), (1000, -300)]}
    net = network(main, ramp, lane, leaving)
    assert drive(net, (0, -200), (1000, -300)) is not None
    assert drive(net, (1000, -300), (0, -200)) is None, "against the traffic"


def test_only_what_lies_on_a_motorway_is_placed_there():
    net = network({"line": [(0, 0), (1000, 0)], "road_class": "motorway"}, {"line": [(0, 200), (1000, 200)]})
    near, on_it = shapely.Point(500, 40), shapely.Point(500, 5)
    lane, motorway = snap(net, as_array([near, on_it]), SPEEDS, on_motorways=True)
    assert [str(net.road_class[one.stretch]) for one in (lane, motorway)] == ["village", "motorway"]
    assert snap(net, as_array([on_it]), SPEEDS, on_motorways=False)[0].away_m == 195


def test_one_way_speed_and_length_are_those_the_road_tells():
    net = network({"line": [(0, 0), (1000, 0)], "oneway": "backward", "kmh": 36.0, "m": 2000.0})
    assert drive(net, (0, 0), (1000, 0)) is None
    back = drive(net, (750, 0), (250, 0))
    assert (back.seconds, back.road_m) == (pytest.approx(100.0), pytest.approx(1000.0))
    assert list(back.line.coords) == [(750, 0), (250, 0)]


def test_the_township_is_one_network_whose_every_seat_reaches_every_other(township: Township):
    roads = township.roads.to_crs(4542)
    nothing = np.full(len(roads), np.nan)
    words = {name: roads[name].to_numpy(dtype=object) for name in ("road_class", "oneway")}
    lines = RoadLines(
        np.arange(len(roads)),
        roads.geometry.to_numpy(),
        **words,
        bridge=roads["bridge"].to_numpy(dtype=bool),
        speed_kmh=nothing,
        length_m=nothing,
    )
    net = build_network(lines, SPEEDS)
    seats = np.asarray(shapely.points(township.villages["seat_lon"], township.villages["seat_lat"]))
    from gis_layers.crs import to_metric

    places = snap(net, to_metric(seats, "EPSG:4542"), SPEEDS, on_motorways=False)
    assert max(place.away_m for place in places) < 1.0
    ways = [[journey(net, start, travel_to(net, end)) for start in places] for end in places]
    assert all(way is not None for row in ways for way in row)
    assert build_network(lines, SPEEDS).version == net.version
    lost = _worst_bridge(net, places)
    assert lost > 0, "no village hangs on a bridge"


def _worst_bridge(net: RoadNetwork, places: list[RoadPlace]) -> float:
    """The most minutes the loss of one bridge adds to the way of a village to the first of them."""
    whole = travel_to(net, places[0])
    before = np.array([journey(net, place, whole).seconds for place in places])
    worst = 0.0
    for road in np.unique(net.road[net.bridge]):
        cost = np.where(net.road == road, inf, net.seconds)
        cut = travel_to(net, places[0], cost)
        ways = [journey(net, place, cut) for place in places]
        added = [(inf if way is None else way.seconds) - begun for way, begun in zip(ways, before, strict=True)]
        worst = max(worst, *added)
    return worst / 60


@st.composite
def strewn_roads(draw):
    """Roads between points of a small grid, of any class and way, and two places on them; times of no round number."""
    corners = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda c: (c[0] * 211.0, c[1] * 173.0))
    road = st.fixed_dictionaries(
        {
            "line": st.lists(corners, min_size=2, max_size=4).filter(
                lambda line: all(a != b for a, b in pairwise(line))
            ),
            "road_class": st.sampled_from(["county", "village", "track"]),
            "oneway": st.sampled_from(["no", "no", "forward", "backward"]),
            "bridge": st.booleans(),
        }
    )
    roads = draw(st.lists(road, min_size=1, max_size=9))
    net = network(*roads)
    shares = st.sampled_from([0.0, 1.0, 0.25, 0.6])
    place = st.builds(RoadPlace, st.integers(0, len(net.tail) - 1), shares, st.just(0.0))
    closed = draw(st.lists(st.integers(0, len(net.tail) - 1), max_size=2))
    cost = net.seconds.copy()
    cost[closed] = inf
    return net, cost, draw(place), draw(st.lists(place, min_size=1, max_size=4))


def plain_seconds(net: RoadNetwork, cost, origin: RoadPlace, target: RoadPlace) -> float:
    """The quickest drive found by relaxing every arc until nothing changes, with both places put in as junctions."""
    arcs = []
    for number, takes in enumerate(cost):
        stops = [(0.0, int(net.tail[number])), (1.0, int(net.head[number]))]
        stops += [(place.share, name) for place, name in ((origin, "from"), (target, "to")) if place.stretch == number]
        stops.sort(key=lambda stop: stop[0])
        for (a, one), (b, other) in pairwise(stops):
            arcs += [(one, other, (b - a) * takes if b > a else 0.0)] * bool(net.forth[number] or a == b)
            arcs += [(other, one, (b - a) * takes if b > a else 0.0)] * bool(net.back[number] or a == b)
    best = {"from": 0.0}
    for _ in range(len(arcs) + 1):
        for one, other, takes in arcs:
            if best.get(one, inf) + takes < best.get(other, inf):
                best[other] = best[one] + takes
    return best.get("to", inf)


@given(strewn_roads())
def test_the_quickest_way_is_that_of_a_plain_relaxation(strewn):
    net, cost, target, origins = strewn
    arriving = travel_to(net, target, cost)
    for origin in origins:
        expected = plain_seconds(net, cost, origin, target)
        found = journey(net, origin, arriving)
        assert (found is None) == (expected == inf)
        leaving = seconds_at(net, travel_from(net, [origin], cost), target)
        assert leaving == expected or leaving == pytest.approx(expected, abs=1e-6)
        if found is None:
            continue
        assert found.seconds == pytest.approx(expected, abs=1e-6)
        assert found.line.length == pytest.approx(found.road_m, abs=1e-6)
    together = seconds_at(net, travel_from(net, origins, cost), target)
    each = min(seconds_at(net, travel_from(net, [origin], cost), target) for origin in origins)
    assert together == each or together == pytest.approx(each, abs=1e-6)
