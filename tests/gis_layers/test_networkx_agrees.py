"""A second program of other people: networkx finds the same seconds over roads with closures, one-ways and bridges."""

from math import inf

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.roads import RoadClosure, RoadNetwork, RoadPlace, cut_out, drive_seconds, find_closed, travel_to
from tests.gis_layers.test_roads import strewn_roads


def graph_of(net: RoadNetwork, cost: np.ndarray) -> nx.MultiDiGraph:
    """The network as networkx has it, every stretch that is driven an edge."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(net.node)))
    for tail, head, seconds, forth, back in zip(net.tail, net.head, cost, net.forth, net.back, strict=True):
        if forth and seconds < inf:
            graph.add_edge(int(tail), int(head), weight=float(seconds))
        if back and seconds < inf:
            graph.add_edge(int(head), int(tail), weight=float(seconds))
    return graph


@given(strewn_roads(), st.tuples(st.integers(0, 3), st.integers(0, 3)), st.sampled_from([0.0, 0.5]))
def test_every_junction_is_as_far_by_networkx_also_round_a_closure(strewn, corner, share_left):
    net, _, _, _ = strewn
    ground = shapely.Point(corner[0] * 211.0, corner[1] * 173.0).buffer(60)
    closures = [RoadClosure("a", ground, share_left)]
    cut = cut_out(net, closures, find_closed(net, closures)).network
    for driven in (net, cut):
        graph = graph_of(driven, driven.seconds)
        for node in {int(driven.tail[0]), int(driven.head[-1])}:
            at_tail = np.flatnonzero(driven.tail == node)
            stretch, share = (
                (int(at_tail[0]), 0.0) if len(at_tail) else (int(np.flatnonzero(driven.head == node)[0]), 1.0)
            )
            travel = travel_to(driven, RoadPlace(stretch, share, 0.0))
            theirs = nx.single_source_dijkstra_path_length(graph.reverse(), node)
            for other, ours in enumerate(travel.seconds):
                expected = theirs.get(other, inf)
                assert ours == expected or ours == pytest.approx(expected, abs=1e-6)


@given(strewn_roads())
def test_a_drive_between_two_places_is_as_long_by_networkx(strewn):
    net, cost, target, origins = strewn
    travel = travel_to(net, target, cost)
    for origin in origins:
        graph = graph_of(net, cost)
        for name, place in (("from", origin), ("to", target)):
            tail, head, takes = int(net.tail[place.stretch]), int(net.head[place.stretch]), float(cost[place.stretch])
            ways = ((tail, place.share, net.forth, net.back), (head, 1 - place.share, net.back, net.forth))
            graph.add_node(name)
            for node, part, comes, goes in ways:
                if part == 0 or (comes[place.stretch] and takes < inf):
                    graph.add_edge(node, name, weight=part * takes if part else 0.0)
                if part == 0 or (goes[place.stretch] and takes < inf):
                    graph.add_edge(name, node, weight=part * takes if part else 0.0)
        if origin.stretch == target.stretch:
            ahead, takes = target.share - origin.share, float(cost[origin.stretch])
            driven = net.forth[origin.stretch] if ahead > 0 else net.back[origin.stretch]
            if ahead == 0 or (driven and takes < inf):
                graph.add_edge("from", "to", weight=abs(ahead) * takes if ahead else 0.0)
        theirs = nx.single_source_dijkstra_path_length(graph, "from").get("to", inf)
        ours = drive_seconds(net, origin, travel)
        assert ours == theirs or ours == pytest.approx(theirs, abs=1e-6)
