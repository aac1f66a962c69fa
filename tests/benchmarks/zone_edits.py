"""Edits of zones in the plane: a split, a merge, the problems of a whole layer and those around one edit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from shapely.ops import split

from risk_model.editing import EditedZone, Thresholds, find_problems, merge_zones, node_coverage, split_zone
from tests.benchmarks.ground import SEED
from tests.benchmarks.measured import Measured, Ratio, Size, at_most, median, spread

NAME = "zone-edits"
QUESTION = (
    "What an officer's gesture costs in the model: a split, a merge, the problems of a layer and those around the edit."
)
SIDES = {"full": 100, "quick": 32, "tiny": 6}
"""Zones along a side of the layer; a full one has 10,000."""
EDGES = 6
"""Edges of a border between two corners: 24 vertices a zone."""
LONG = {"full": 5_000, "quick": 5_000, "tiny": 400}
"""Vertices of the zone that is split and merged again."""
APART_M = 100.0
GOALS = {"problems of the layer": 3.0, "problems around an edit": 0.05, "split of a long zone": 0.05}
NOTE = (
    "{zones:,} zones with 24 vertices each share every border; the long zone has {long:,} vertices. The pieces have the area of the"
    " whole within 0.01 m² in every round, and merged again every vertex it had."
)


def measure(size: Size) -> Measured:
    """Rounds of every edit in turn; raises AssertionError where ground or vertices are lost."""
    layer = lay_coverage(SIDES[size.name])
    torn = {key: EditedZone(_shifted(zone.geometry)) if key % 50 == 0 else zone for key, zone in layer.items()}
    zone, line = long_zone(LONG[size.name])
    shapes = {key: one.geometry for key, one in layer.items()}
    pieces = split_zone(zone, line)
    edits: dict[str, Callable[[], Any]] = {
        "split of a long zone": lambda: split_zone(zone, line),
        "the same by shapely": lambda: split(zone, line),
        "merge of the pieces": lambda: merge_zones(pieces),
        "problems of the layer": lambda: find_problems(layer, None, Thresholds()),
        "problems, every 50th zone moved": lambda: find_problems(torn, None, Thresholds()),
        "problems around an edit": lambda: find_problems(torn, None, Thresholds(), touched=[len(layer) // 2]),
        "nodes of the layer": lambda: node_coverage(shapes),
    }
    timed: dict[str, list[float]] = {name: [] for name in edits}
    for _ in range(max(size.rounds, 3)):
        answers = {}
        for name, edit in edits.items():
            started = time.perf_counter()
            answers[name] = edit()
            timed[name].append(time.perf_counter() - started)
        check_agreement(zone, answers)
    rows = [
        (name, str(len(one)), f"{median(one) * 1000:.1f}", spread([s * 1000 for s in one], digits=1))
        for name, one in timed.items()
    ]
    ratios = [
        Ratio(
            "the same by shapely ÷ split of a long zone",
            median(timed["the same by shapely"]) / median(timed["split of a long zone"]),
        )
    ]
    if size.name == "full":
        ratios += [at_most(f"{name}, seconds", median(timed[name]), goal) for name, goal in GOALS.items()]
    return Measured(
        ("edit", "n", "median ms", "range ms"), rows, ratios, [NOTE.format(zones=len(layer), long=LONG[size.name])]
    )


def check_agreement(zone: Any, answers: dict[str, Any]) -> None:
    """Nothing is lost by a split and a merge, and a layer without faults has no problem and needs no vertex."""
    pieces, merged = answers["split of a long zone"], answers["merge of the pieces"]
    assert len(pieces) == len(answers["the same by shapely"].geoms) > 1
    assert abs(zone.area - sum(piece.area for piece in pieces)) < 0.01
    assert {*zone.exterior.coords} <= {*merged.exterior.coords}
    assert answers["problems of the layer"] == []
    assert answers["problems, every 50th zone moved"]
    assert answers["nodes of the layer"] == {}


def lay_coverage(side: int) -> dict[int, EditedZone]:
    """Uneven cells, ``side`` by ``side``, that share their borders bit for bit."""
    steps = side * EDGES + 1
    east, north = np.meshgrid(np.arange(steps), np.arange(steps), indexing="ij")
    moved = np.random.default_rng(SEED).uniform(-3, 3, (2, steps, steps))
    x, y = 500_000 + east * APART_M / EDGES + moved[0], 4_360_000 + north * APART_M / EDGES + moved[1]
    along = np.arange(EDGES)
    rim = np.concatenate([along, np.full(EDGES, EDGES), EDGES - along, np.zeros(EDGES, dtype=int), [0]])
    turn = np.concatenate([np.zeros(EDGES, dtype=int), along, np.full(EDGES, EDGES), EDGES - along, [0]])
    corner = np.arange(side) * EDGES
    column, row = (one.ravel()[:, None] for one in np.meshgrid(corner, corner, indexing="ij"))
    rings = np.stack([x[column + rim, row + turn], y[column + rim, row + turn]], axis=2)
    return {key: EditedZone(shape) for key, shape in enumerate(shapely.polygons(rings))}


def long_zone(vertices: int) -> tuple[Any, Any]:
    """A winding zone of so many vertices and a line through it."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = 1000 + 30 * np.sin(angle * 50)
    ring = np.column_stack([500_000 + reach * np.cos(angle), 4_360_000 + reach * np.sin(angle)])
    line = shapely.LineString([(498_000, 4_359_990.3), (500_100, 4_360_100.7), (502_000, 4_360_050)])
    return shapely.Polygon(ring), line


def _shifted(shape: Any) -> Any:
    return shapely.transform(shape, lambda xy: xy + np.array([0.7, 0.4]))
