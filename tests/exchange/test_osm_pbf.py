"""Extracts of OpenStreetMap: roads joined by their nodes' numbers, what bars an engine, and files that are not what they say."""

import zlib
from pathlib import Path

import numpy as np
import osmium
import pytest
from osmium.osm.mutable import Node, Way

from gis_layers.crs import to_metric
from gis_layers.errors import GisError, UnreadableFile
from gis_layers.exchange import Delivery, ReadingOptions, read_roads
from gis_layers.exchange.formats.osm_pbf import DRIVEN
from gis_layers.exchange.formats.pbf_blocks import count_ways
from gis_layers.roads import RoadLines, RoadPlace, build_network, find_faults, journey, read_speeds, travel_to

METRIC = "EPSG:4542"
OPTIONS = ReadingOptions(metric_crs=METRIC)
HUGE = 2**40
EDGE = 0.005


def extract(
    folder: Path, nodes: dict[int, tuple], ways: list[tuple[list[int], dict]], barred: dict | None = None
) -> Path:
    """A file with nodes at steps of a lattice near 99.8° 39.3°, its ways in their order."""
    path = folder / "township.osm.pbf"
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, (east, north) in sorted(nodes.items()):
            at = (99.8 + EDGE * east, 39.3 + EDGE * north)
            writer.add_node(Node(id=number, version=1, location=at, tags=(barred or {}).get(number, {})))
        for number, (along, tags) in enumerate(ways, start=1):
            writer.add_way(Way(id=number, version=1, nodes=along, tags=tags))
    return path


def network(delivery: Delivery):
    frame = delivery.frame
    words = {name: frame[name].to_numpy(dtype=object) for name in ("road_class", "oneway")}
    figures = {name: frame[name].astype(float).to_numpy() for name in ("speed_kmh", "length_m")}
    lines = to_metric(frame.geometry.to_numpy(), METRIC)
    bridge = frame["bridge"].to_numpy(dtype=bool)
    return build_network(RoadLines(np.arange(len(frame)), lines, **words, bridge=bridge, **figures), read_speeds())


def leads(net, one: int, other: int) -> bool:
    """Whether one comes from the middle of a road to that of another."""
    first, second = (int(np.flatnonzero(net.road == number)[0]) for number in (one, other))
    return journey(net, RoadPlace(first, 0.5, 0.0), travel_to(net, RoadPlace(second, 0.5, 0.0))) is not None


def test_roads_carry_what_the_extract_tells_of_them(tmp_path: Path):
    nodes = {1: (0, 0), 2: (1, 0), HUGE: (2, 0), 4: (2, 1)}
    ways = [
        ([1, 2], {"highway": "secondary", "name": "甲路", "maxspeed": "30", "oneway": "-1"}),
        ([2, HUGE], {"highway": "residential", "maxspeed": "80", "bridge": "viaduct"}),
        ([HUGE, 4], {"highway": "motorway", "ref": "G30", "maxspeed": "CN:motorway"}),
        ([1, 4], {"highway": "footway"}),
        ([2, 4], {"highway": "unclassified", "maxspeed": "10 mph", "junction": "roundabout", "tunnel": "yes"}),
        ([4, 99], {"highway": "track"}),
    ]
    path = extract(tmp_path, nodes, ways)
    delivery = read_roads(path, OPTIONS)
    report, frame = delivery.report, delivery.frame
    assert (report.format, report.features_read, report.features_loaded, report.crs) == ("osm_pbf", 5, 4, "EPSG:4326")
    assert count_ways(path, DRIVEN) == 5
    told = frame[["name", "road_class", "oneway", "bridge", "speed_kmh"]].to_numpy().tolist()
    assert told == [
        ["甲路", "provincial", "backward", False, 30.0],
        [None, "village", "no", True, None],
        ["G30", "motorway", "forward", False, None],
        [None, "township", "forward", True, 16.1],
    ]


def test_roads_meet_at_shared_nodes_also_on_a_bridge_and_nowhere_else(tmp_path: Path):
    nodes = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (1, -1), 5: (1, 1), 6: (1.5, -1), 7: (1.5, 1)}
    road, under = {"highway": "unclassified"}, ([6, 7], {"highway": "track"})
    for tags in (road, road | {"bridge": "yes"}, road | {"tunnel": "yes"}, {"highway": "motorway", "oneway": "no"}):
        net = network(read_roads(extract(tmp_path, nodes, [([1, 2, 3], tags), ([4, 2, 5], road), under]), OPTIONS))
        last = int(net.road.max())
        assert leads(net, 0, last - 1), tags
        assert leads(net, last - 1, 0), tags
        assert not leads(net, 0, last), tags


@pytest.mark.parametrize(
    ("barrier", "passes"), [("bollard", False), ("block", False), ("gate", True), ("toll_booth", True)]
)
def test_what_bars_an_engine_parts_the_road_and_a_gate_does_not(barrier: str, passes: bool, tmp_path: Path):
    nodes = {1: (0, 0), 2: (1, 0), 3: (2, 0)}
    ways = [([1, 2, 3], {"highway": "residential"})]
    net = network(read_roads(extract(tmp_path, nodes, ways, {2: {"barrier": barrier}}), OPTIONS))
    assert leads(net, int(net.road.min()), int(net.road.max())) is passes
    islands = [fault.kind for fault in find_faults(net)]
    assert islands == ([] if passes else ["island"]), "and nothing asks whether that is a slip"


@pytest.fixture
def sound(tmp_path: Path) -> bytes:
    return extract(tmp_path, {1: (0, 0), 2: (1, 0)}, [([1, 2], {"highway": "road"})]).read_bytes()


def refused(folder: Path, content: bytes) -> GisError:
    path = folder / "handed-in.pbf"
    path.write_bytes(content)
    with pytest.raises(GisError) as trouble:
        read_roads(path, OPTIONS)
    assert type(trouble.value) is UnreadableFile, trouble.value
    return trouble.value


def test_what_is_no_extract_or_not_whole_is_refused_by_name(sound: bytes, tmp_path: Path):
    for content in (b"", b"PK\x03\x04" + sound, b"\0" * 4096, sound[:-1], sound[: len(sound) // 2], sound + b"\0"):
        assert "handed-in.pbf" in str(refused(tmp_path, content))


def bomb(size: int, told: int) -> bytes:
    """A block of zeros that says it becomes ``told`` bytes."""

    def varint(number: int) -> bytes:
        return bytes([number & 127 | 128]) + varint(number >> 7) if number > 127 else bytes([number])

    packed = zlib.compress(bytes(size))
    blob = b"\x10" + varint(told) + b"\x1a" + varint(len(packed)) + packed
    head = b"\x0a\x07OSMData\x18" + varint(len(blob))
    return len(head).to_bytes(4, "big") + head + blob


def test_blocks_that_grow_beyond_measure_are_refused_before_they_are_unpacked(sound: bytes, tmp_path: Path):
    most = 32 * 1024**2
    refused(tmp_path, sound + bomb(most, most) * 20)
    refused(tmp_path, sound + bomb(2 * most, 2 * most))
    refused(tmp_path, sound + bomb(most, 10))
