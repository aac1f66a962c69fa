"""Losses of stretches: what the bounds let through is what trying every stretch finds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.roads import Reached, RoadPlace, graph_of, seconds_at, stretch_losses, travel_from
from tests.gis_layers.test_roads import strewn_roads
from tests.gis_layers.test_tables import on_roads

EVERY = 10**6


def covered_alone(net, cost, reached, within, weight):
    """The weight that is covered, each point asked by itself of one search."""
    origins = [RoadPlace(*one, 0.0) for one in zip(reached.origins.stretch, reached.origins.share, strict=True)]
    travel = travel_from(net, origins, cost, begun=reached.begun.tolist())
    points = [RoadPlace(*one, 0.0) for one in zip(reached.points.stretch, reached.points.share, strict=True)]
    on_road = np.array([seconds_at(net, travel, point) for point in points]) + reached.walk_s
    return weight[np.minimum(on_road, reached.over_s) <= within].sum()


@settings(max_examples=40)
@given(strewn_roads(), st.data())
def test_the_stretches_that_hurt_most_are_those_of_trying_every_one(strewn, data):
    net, cost, _, origins = strewn
    stretch = st.integers(0, len(net.tail) - 1)
    lived_at = st.builds(RoadPlace, stretch, st.floats(0.01, 0.99), st.just(0.0))
    points = data.draw(st.lists(lived_at, min_size=1, max_size=12))
    weight = np.array([data.draw(st.integers(0, 9)) for _ in points], dtype=float)
    reached = Reached(
        on_roads(origins), np.array([data.draw(st.sampled_from([0.0, 7.5])) for _ in origins]), on_roads(points),
        np.array([data.draw(st.sampled_from([0.0, 5.0, np.inf])) for _ in points]),
        np.array([data.draw(st.sampled_from([np.inf, np.inf, 1.0])) for _ in points]), weight,
    )  # fmt: skip
    within, among = data.draw(st.sampled_from([60.3, 200.3])), np.ones(len(net.tail), dtype=bool)
    found = stretch_losses(graph_of(net, cost), reached, among, within_s=within, most=3, searches=EVERY)
    before = covered_alone(net, cost, reached, within, weight)
    after = [
        covered_alone(net, np.where(np.arange(len(cost)) == one, np.inf, cost), reached, within, weight)
        for one in range(len(cost))
    ]
    worst = sorted((before - np.array(after)).tolist(), reverse=True)[:3]
    assert found.proven
    assert found.weight.tolist() == pytest.approx([one for one in worst if one > 0])
    assert [before - after[one] for one in found.stretch] == pytest.approx(found.weight.tolist())
    hurried = stretch_losses(graph_of(net, cost), reached, among, within_s=within, most=1, searches=1)
    assert hurried.proven or len(hurried.stretch) <= 1
    nobody = stretch_losses(
        graph_of(net, cost), replace(reached, weight=weight * 0), among, within_s=9, most=3, searches=9
    )
    assert (len(nobody.stretch), nobody.proven) == (0, True)
