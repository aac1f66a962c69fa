"""Tables of travel: each of many origins by itself is what one search from it tells, also where pieces are cut out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.roads import PlacesOnRoads, RoadPlace, graph_of, seconds_at, table_at, travel_from, travel_table
from tests.gis_layers.test_roads import strewn_roads


def on_roads(places: list[RoadPlace]) -> PlacesOnRoads:
    return PlacesOnRoads(
        np.array([one.stretch for one in places], dtype=np.int64), np.array([one.share for one in places], dtype=float)
    )


@settings(max_examples=40)
@given(strewn_roads(), st.data())
def test_a_row_of_the_table_is_one_search_and_nobody_is_sooner_than_the_soonest(strewn, data):
    net, cost, target, origins = strewn
    begun = np.array([data.draw(st.sampled_from([0.0, 7.5, 60.0, np.inf])) for _ in origins])
    stretch = st.integers(0, len(net.tail) - 1)
    share = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.01, 0.99))
    places = [target, *origins, *data.draw(st.lists(st.builds(RoadPlace, stretch, share, st.just(0.0)), max_size=6))]
    graph, points = graph_of(net, cost), on_roads(places)
    table = travel_table(graph, on_roads(origins), begun)
    at = table_at(graph, table, on_roads(origins), begun, points)
    for row, (origin, passed) in enumerate(zip(origins, begun, strict=True)):
        alone = travel_from(net, [origin], cost, begun=[float(passed)])
        told = [seconds_at(net, alone, place) for place in places]
        assert at[row].tolist() == pytest.approx(told, abs=1e-6)
    within = data.draw(st.sampled_from([30.0, 200.0]))
    near = travel_table(graph, on_roads(origins), begun, within_s=within)
    assert np.array_equal(near, np.where(table <= within, table, np.inf))
