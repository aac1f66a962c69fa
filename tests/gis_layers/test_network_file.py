"""Networks as files: what is read is what was made, and a file with one wrong byte is none."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given

from gis_layers.roads import SUFFIX, load_network, pack_network, save_network, snap, travel_to, unpack_network
from gis_layers.roads.network import Stretches
from gis_layers.roads.network_file import KEPT
from risk_model.shapes import as_array
from tests.gis_layers.test_roads import SPEEDS, network, strewn_roads


@given(strewn_roads())
def test_what_is_read_is_what_was_made(strewn):
    net, cost, target, _ = strewn
    again = unpack_network(pack_network(net))
    for one in fields(Stretches):
        assert np.array_equal(getattr(net, one.name), getattr(again, one.name)), one.name
    assert (again.version, again.hull) == (net.version, net.hull)
    assert np.array_equal(again.node, net.node)
    assert np.array_equal(travel_to(net, target, cost).seconds, travel_to(again, target, cost).seconds)
    somewhere = as_array([shapely.Point(55, 77)])
    assert snap(net, somewhere, SPEEDS, on_motorways=True) == snap(again, somewhere, SPEEDS, on_motorways=True)


@pytest.fixture
def packed() -> bytes:
    return pack_network(network({"line": [(0, 0), (10, 0)]}, {"line": [(10, 0), (10, 5)], "road_class": "county"}))


def test_a_file_with_one_wrong_byte_or_without_its_end_is_none(packed: bytes, tmp_path: Path):
    path = tmp_path / "networks" / f"a{SUFFIX}"
    assert load_network(path) is None
    save_network(packed, path)
    assert load_network(path) is not None
    for at in (0, 20, len(packed) // 2, len(packed) - 1):
        path.write_bytes(packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :])
        assert load_network(path) is None
        path.write_bytes(packed[:at])
        assert load_network(path) is None


def test_a_folder_keeps_the_newest_and_nothing_half_written(packed: bytes, tmp_path: Path):
    folder = tmp_path / "networks"
    for number in range(KEPT + 2):
        save_network(packed, folder / f"{number}{SUFFIX}")
    assert len(list(folder.iterdir())) == KEPT
    save_network(packed, tmp_path / "no" / "such" / f"a{SUFFIX}")
    assert not (tmp_path / "no").exists()
