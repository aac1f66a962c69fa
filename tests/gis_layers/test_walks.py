"""Drives that end before a closed road and go on on foot: laws on roads strewn at random, and networkx beside them."""

from dataclasses import replace
from math import inf

import networkx as nx
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
    travel_to,
    walks_to,
)
from tests.gis_layers.test_closures import closures
from tests.gis_layers.test_networkx_agrees import graph_of
from tests.gis_layers.test_roads import SPEEDS, network, strewn_roads

FAR_M = 1500.0


class Reaching:
    """Seconds to a place past closures, with walks of up to ``most_m``, as the scene of an incident puts them together."""

    def __init__(self, net: RoadNetwork, target: RoadPlace, lasting, most_m: float = FAR_M) -> None:
        self.cut = cut_out(net, lasting, find_closed(net, lasting))
        self.place = self.cut.place(target)
        self.walks = walks_to(self.cut.network, self.place, self.cut.walked, most_m)
        on_foot = {node: SPEEDS.walk_s(metres) for node, metres in self.walks.metres.items()}
        self.travel = travel_to(self.cut.network, self.place, on_foot=on_foot)
        self.driven = travel_to(self.cut.network, self.place)

    def seconds(self, origin: RoadPlace) -> float:
        place = self.cut.place(origin)
        walked = SPEEDS.walk_s(self.walks.metres_from(place))
        return min(walked, drive_seconds(self.cut.network, place, self.travel))


def walked_through(lasting):
    return [replace(one, on_foot=True) for one in lasting]


@settings(max_examples=40)
@given(strewn_roads(), st.data())
def test_one_closure_more_makes_nobody_arrive_earlier_on_foot_either(strewn, data):
    net, _, target, origins = strewn
    lasting = data.draw(closures(net))
    feet = [replace(one, on_foot=data.draw(st.booleans())) for one in lasting]
    more = Reaching(net, target, feet)
    for fewer in (feet[:-1], []):
        less = Reaching(net, target, fewer)
        assert all(less.seconds(origin) <= more.seconds(origin) + 1e-6 for origin in origins)


@settings(max_examples=40)
@given(strewn_roads(), st.data())
def test_whoever_may_walk_through_arrives_no_later(strewn, data):
    net, _, target, origins = strewn
    lasting = data.draw(closures(net))
    barred, through = Reaching(net, target, lasting), Reaching(net, target, walked_through(lasting))
    for origin in origins:
        place = barred.cut.place(origin)
        driven = drive_seconds(barred.cut.network, place, barred.driven)
        assert through.seconds(origin) <= barred.seconds(origin) + 1e-9
        assert barred.seconds(origin) <= driven + 1e-9


@settings(max_examples=40)
@given(strewn_roads(), st.data())
def test_networkx_drives_and_walks_as_far(strewn, data):
    net, _, target, origins = strewn
    lasting = [replace(one, on_foot=data.draw(st.booleans())) for one in data.draw(closures(net))]
    ours, most_m = Reaching(net, target, lasting), data.draw(st.sampled_from([120.0, FAR_M]))
    ours = Reaching(net, target, lasting, most_m)
    driven, barred = ours.cut.network, barred_stretches(net, ours.cut, lasting)
    foot = nx.MultiGraph()
    foot.add_nodes_from(range(len(driven.node)))
    for stretch in np.flatnonzero(~barred):
        foot.add_edge(int(driven.tail[stretch]), int(driven.head[stretch]), weight=float(driven.length_m[stretch]))
    drive = graph_of(driven, driven.seconds)
    put_in(foot, driven, ours.place, "place", driven.length_m, barred)
    put_in(drive, driven, ours.place, "place", driven.seconds, ~np.isfinite(driven.seconds))
    afoot = nx.single_source_dijkstra_path_length(foot, "place", cutoff=most_m + 1e-9)
    reached = nx.single_source_dijkstra_path_length(drive.reverse(), "place")
    for node in range(len(driven.node)):
        ahead = nx.single_source_dijkstra_path_length(drive, node)
        theirs = min([ahead[one] + SPEEDS.walk_s(metres) for one, metres in afoot.items() if one in ahead], default=inf)
        theirs = min(theirs, reached.get(node, inf))
        assert float(ours.travel.seconds[node]) == theirs or float(ours.travel.seconds[node]) == pytest.approx(
            theirs, abs=1e-6
        )
    for origin in origins:
        way = journey(driven, ours.cut.place(origin), ours.travel)
        if way is None or way.left_at is None:
            continue
        walk = ours.walks.walk_from_junction(way.left_at)
        assert walk.metres == pytest.approx(afoot[way.left_at], abs=1e-6)
        assert walk.line.length == pytest.approx(walk.metres, abs=1e-3)
        assert shapely.get_coordinates(walk.line)[0] == pytest.approx(shapely.get_coordinates(way.line)[-1], abs=1e-6)


def barred_stretches(net, cut, lasting):
    """By the middle of each stretch that was cut: whether it lies in a closure nobody walks through."""
    barred = np.zeros(len(cut.network.tail), dtype=bool)
    shut = [(one.closure, one) for one in find_closed(net, lasting) if not lasting[one.closure].is_walked]
    for stretch, made in cut.pieces.items():
        for begin, end, number in made:
            barred[number] = any(one.stretch == stretch and one.begin < (begin + end) / 2 < one.end for _, one in shut)
    return barred


def put_in(graph, driven, place, name, takes, shut):
    """A place on a stretch as a node of a graph, in the middle of the stretch."""
    graph.add_node(name)
    ends = ((int(driven.tail[place.stretch]), place.share), (int(driven.head[place.stretch]), 1 - place.share))
    ways = ((driven.forth, driven.back), (driven.back, driven.forth))
    for (node, part), (comes, goes) in zip(ends, ways, strict=True):
        at_hand = part * driven.length_m[place.stretch] <= 0.01
        if not at_hand and shut[place.stretch]:
            continue
        weight = 0.0 if at_hand else part * float(takes[place.stretch])
        if not graph.is_directed():
            graph.add_edge(node, name, weight=weight)
            continue
        if at_hand or comes[place.stretch]:
            graph.add_edge(node, name, weight=weight)
        if at_hand or goes[place.stretch]:
            graph.add_edge(name, node, weight=weight)


def test_an_engine_stops_at_the_edge_and_people_walk_to_what_lies_within():
    net = network({"line": [(0, 0), (1000, 0)], "kmh": 36.0})
    target, origin = RoadPlace(0, 0.9, 0.0), RoadPlace(0, 0.0, 0.0)
    mud = RoadClosure("1", shapely.box(600, -5, 950, 5), 0.0, on_foot=True)
    reaching = Reaching(net, target, [mud])
    assert reaching.seconds(origin) == pytest.approx(60 + SPEEDS.walk_s(300))
    way = journey(reaching.cut.network, reaching.cut.place(origin), reaching.travel)
    assert (way.road_m, reaching.walks.walk_from_junction(way.left_at).metres) == pytest.approx((600, 300))
    assert Reaching(net, target, [replace(mud, on_foot=False)]).seconds(origin) == inf
    assert Reaching(net, target, [mud], most_m=299).seconds(origin) == inf
    within = RoadPlace(0, 0.7, 0.0)
    assert reaching.seconds(within) == pytest.approx(SPEEDS.walk_s(200))
