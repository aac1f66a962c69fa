"""Faults of a network: what keeps drivers from each other is found, what only looks like it is not."""

import pytest
import shapely
from hypothesis import given

from gis_layers.roads import far_from_roads, find_faults, journey, travel_to
from gis_layers.roads.network import RoadNetwork
from gis_layers.roads.road_places import RoadPlace
from risk_model.shapes import as_array
from tests.gis_layers.test_roads import SPEEDS, network, strewn_roads

LONG = {"line": [(0, 0), (100, 0), (1000, 0)]}


def told(*roads: dict) -> list[tuple[str, float, float | None]]:
    return [(fault.kind, fault.road_m, fault.gap_m) for fault in find_faults(network(*roads))]


def test_a_whole_network_has_no_fault():
    assert told(LONG, {"line": [(100, 0), (100, 500)]}) == []


def test_what_hangs_together_with_nothing_else_is_an_island_the_longest_first():
    found = told(LONG, {"line": [(0, 500), (70, 500)]}, {"line": [(0, 900), (200, 900)]})
    assert found == [("island", 200.0, None), ("island", 70.0, None)]
    assert told(LONG, {"line": [(0, 500), (7000, 500)], "road_class": "motorway"}) == [("motorway", 7000.0, None)]


def test_where_one_cannot_leave_and_where_one_cannot_come():
    out_of = {"line": [(1000, 0), (1000, 300)], "oneway": "backward"}
    into = {"line": [(0, 0), (0, 300), (0, 700)], "oneway": "forward"}
    assert told(LONG, out_of, into) == [("no_exit", 700.0, None), ("no_entry", 300.0, None)]
    ring = {"line": [(1000, 0), (1000, 300), (100, 0)], "oneway": "forward"}
    assert told(LONG, ring) == []


@pytest.mark.parametrize(("short", "found"), [(0.05, []), (0.4, [0.4]), (4.9, [4.9]), (5.2, [])])
def test_an_end_that_stops_short_is_told_with_how_far(short, found):
    lane = {"line": [(500, short), (500, 400), (100, 400), (100, 0)]}
    gaps = [
        gap for kind, _, gap in told(LONG | {"line": [(0, 0), (100, 0), (500, 0), (1000, 0)]}, lane) if kind == "gap"
    ]
    assert gaps == [pytest.approx(gap) for gap in found]


def test_nothing_is_asked_of_ends_under_a_bridge_beside_a_motorway_or_of_short_stubs():
    lane = {"line": [(100, 0), (100, 400), (500, 400), (500, 3)]}
    for above in ({"bridge": True}, {"road_class": "motorway"}):
        deck = {"line": [(300, 0), (700, 0)], **above}
        assert not [one for one in told(LONG | {"line": [(0, 0), (100, 0)]}, lane, deck) if one[0] == "gap"]
    assert told(LONG, {"line": [(100, 0), (100, 4)]}) == []


def test_who_stands_far_from_every_road_is_found():
    net = network(LONG)
    places = as_array([shapely.Point(50, 499), shapely.Point(50, 501)])
    assert far_from_roads(net, places, SPEEDS).tolist() == [False, True]


def reaches(net: RoadNetwork, one: int, other: int) -> bool:
    return journey(net, RoadPlace(one, 0.5, 0.0), travel_to(net, RoadPlace(other, 0.5, 0.0))) is not None


@given(strewn_roads())
def test_whatever_is_named_in_no_fault_is_driven_to_and_from(strewn):
    net = strewn[0]
    named = {stretch for fault in find_faults(net) if fault.kind != "gap" for stretch in fault.stretches}
    whole = [stretch for stretch in range(len(net.tail)) if stretch not in named]
    for one in whole[:6]:
        assert all(reaches(net, one, other) for other in whole[:6])
    for fault in find_faults(net):
        if fault.kind == "island" and whole:
            assert not reaches(net, fault.stretches[0], whole[0])
            assert not reaches(net, whole[0], fault.stretches[0])
