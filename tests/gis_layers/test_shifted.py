"""Positions from maps on telephones: the known pairs, and the way there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.shifted import BD09, GCJ02, shifted, straight

TOWN, BEIJING = (99.80, 39.33), (116.404, 39.915)


def test_the_known_pairs_are_met():
    assert shifted(*TOWN, GCJ02) == pytest.approx((99.801455870, 39.330675691), abs=1e-8)
    assert shifted(*TOWN, BD09) == pytest.approx((99.807988317, 39.336538841), abs=1e-8)
    assert shifted(*BEIJING, GCJ02) == pytest.approx((116.410244499, 39.916404282), abs=1e-8)


@given(st.floats(75, 134), st.floats(5, 52), st.sampled_from([GCJ02, BD09]))
def test_there_and_back_is_where_one_was(lon, lat, system):
    assert straight(*shifted(lon, lat, system), system) == pytest.approx((lon, lat), abs=1e-8)


def test_elsewhere_nothing_is_shifted_and_a_strange_system_is_none():
    assert shifted(24.9, 60.2, GCJ02) == straight(24.9, 60.2, GCJ02) == (24.9, 60.2)
    with pytest.raises(ValueError, match="wgs84"):
        shifted(*TOWN, "wgs84")
