"""Cases of zone editing that the model and the page must answer alike: ``python -m tests.topology_cases`` writes them anew.

Each is a coverage in metres, one operation, and the zones after it. Rings may begin anywhere and run either way; a case that
is ``exact`` must be met to the last bit, any other within a millionth of a metre. A split zone's pieces stand as ``key/1`` from the
largest on, and so do neighbours that got a vertex; what is not named in ``expect`` is gone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from risk_model.editing import merge_zones, node_coverage, split_zones
from risk_model.editing.vertices import insert_vertex, move_vertex, remove_vertex
from tests.risk_model.coverages import EAST, NORTH, SIDE, grid, square, unnoded, with_island

FILE = Path(__file__).parent / "data" / "topology" / "cases.json"


def at(x: float, y: float) -> list[float]:
    """A place given in sides of a cell."""
    return [EAST + x * SIDE, NORTH + y * SIDE]


def after(zones: dict[str, Any], op: dict[str, Any]) -> dict[str, Any]:
    """The zones after an operation, as the model has them."""
    match op["op"]:
        case "node":
            return zones | node_coverage(zones, op["tolerance_m"])
        case "move":
            return zones | move_vertex(zones, tuple(op["from"]), tuple(op["to"]))
        case "insert":
            return zones | insert_vertex(zones, tuple(map(tuple, op["edge"])), tuple(op["at"]))
        case "remove":
            return zones | remove_vertex(zones, tuple(op["at"]))
        case "merge":
            merged = merge_zones([zones[key] for key in op["zones"]])
            left = {key: shape for key, shape in zones.items() if key not in op["zones"]}
            return _noded(left | {op["into"]: merged})
        case "split":
            pieces = split_zones({key: zones[key] for key in op["zones"]}, shapely.LineString(op["line"]))
            left = {key: shape for key, shape in zones.items() if key not in pieces}
            return _noded(
                left | {f"{key}/{n}": one for key, found in pieces.items() for n, one in enumerate(found, start=1)}
            )
        case other:
            raise ValueError(other)


def _noded(zones: dict[str, Any]) -> dict[str, Any]:
    return zones | node_coverage(zones)


def cases() -> list[dict[str, Any]]:
    """Every case, plain: numbers, lists and words."""
    made = [*_by_hand(), *_by_chance()]
    return [
        {"name": name, "exact": exact, "zones": plain(zones), "op": op, "expect": {"zones": plain(after(zones, op))}}
        for name, exact, zones, op in made
    ]


def plain(zones: dict[str, Any]) -> dict[str, Any]:
    """Each zone as a list of polygons, each a list of rings (the shell first), each a list of x, y, closed."""
    return {
        key: [
            [shapely.get_coordinates(ring).tolist() for ring in shapely.get_rings(part)]
            for part in shapely.get_parts(shape)
        ]
        for key, shape in zones.items()
    }


def shapes_of(zones: dict[str, Any]) -> dict[str, Any]:
    """The shapes of a plain coverage."""
    shapes = {}
    for key, parts in zones.items():
        polygons = [shapely.Polygon(shell, holes) for shell, *holes in parts]
        shapes[key] = polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)
    return shapes


Case = tuple[str, bool, dict[str, Any], dict[str, Any]]


def _by_hand() -> list[Case]:
    four = {"a": square(0, 0), "b": square(1, 0), "c": square(0, 1), "d": square(1, 1)}
    tee = {"wide": square(0, 0, 2, 1), "left": square(0, 1), "right": square(1, 1)}
    ringed = with_island({"a": square(0, 0), "b": square(1, 0)}, "a", filled=True)
    hollow = {"a": shapely.Polygon(square(0, 0, 2, 2).exterior, [square(0.5, 0.5).exterior]), "b": square(2, 0, 1, 2)}
    bowl = {"u": shapely.Polygon([at(0, 0), at(3, 0), at(3, 3), at(2, 3), at(2, 1), at(1, 1), at(1, 3), at(0, 3)])}
    parts = {"m": shapely.multipolygons([square(0, 0), square(3, 0)]), "n": square(1, 0, 2, 1)}
    return [
        (
            "a vertex of two neighbours is put into the long edge beside them",
            True,
            tee,
            {"op": "node", "tolerance_m": 0.001},
        ),
        ("a noded coverage gets no vertex", True, four, {"op": "node", "tolerance_m": 0.001}),
        (
            "a corner of four zones moves in all four",
            True,
            four,
            {"op": "move", "from": at(1, 1), "to": at(1.125, 0.875)},
        ),
        ("a corner of an island moves in the hole too", True, ringed, _move_first(ringed["island"])),
        (
            "a vertex on a shared border is in both zones",
            True,
            four,
            {"op": "insert", "edge": [at(1, 0), at(1, 1)], "at": at(1.0625, 0.5)},
        ),
        (
            "a vertex on an outer border is in one",
            True,
            four,
            {"op": "insert", "edge": [at(0, 1), at(0, 0)], "at": at(-0.125, 0.5)},
        ),
        (
            "a vertex is taken out of every zone that has it",
            True,
            tee | node_coverage(tee),
            {"op": "remove", "at": at(1, 1)},
        ),
        ("a zone is split and its neighbour gets the vertex", True, four, _split(["a"], at(-1, 0.5), at(1, 0.5))),
        ("two zones are split by one line", True, four, _split(["a", "b"], at(-1, 0.25), at(3, 0.25))),
        ("a line through corners needs no new vertex", True, four, _split(["a", "d"], at(-1, -1), at(3, 3))),
        ("a line through a hole cuts on both sides", True, hollow, _split(["a"], at(-1, 1), at(2.5, 1))),
        ("a line beside a hole leaves it whole", True, hollow, _split(["a"], at(-1, 0.25), at(2.5, 0.25))),
        ("a bowl falls into three", True, bowl, _split(["u"], at(-1, 2), at(4, 2))),
        ("a line with a bend", True, four, _split(["a"], at(-1, 0.25), at(0.5, 0.25), at(0.5, 2))),
        (
            "a closed line cuts an island out",
            True,
            four,
            _split(["a"], at(0.25, 0.25), at(0.75, 0.25), at(0.75, 0.75), at(0.25, 0.25)),
        ),
        ("a part the line passes by goes with the nearest piece", True, parts, _split(["m"], at(-1, 0.5), at(2, 0.5))),
        ("two zones lose their shared border", True, four, _merge(["a", "b"], "a")),
        ("four zones become one", True, four, _merge(["a", "b", "c", "d"], "a")),
        ("zones of a T lose their border", True, tee, _merge(["wide", "left"], "wide")),
        ("an island fills its hole", True, ringed, _merge(["a", "island"], "a")),
        ("a filled gap joins the parts of a zone", True, parts, _merge(["m", "n"], "m")),
    ]


def _by_chance() -> list[Case]:
    made: list[Case] = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        zones = grid(2 + seed % 2, 2, 1 + seed % 3, rng)
        corner = shapely.get_coordinates(zones["1-1"].exterior)[0]
        aside = [round(float(one), 3) for one in corner + rng.uniform(-5, 5, 2)]
        slope = [at(-1, 0.3 + seed / 20), at(1.4, 1.6 - seed / 20), at(4, 0.9)]
        made += [
            (f"uneven cells {seed}: moved", True, zones, {"op": "move", "from": corner.tolist(), "to": aside}),
            (f"uneven cells {seed}: split", False, zones, {"op": "split", "zones": sorted(zones), "line": slope}),
            (f"uneven cells {seed}: merged", True, zones, _merge(["0-0", "1-0", "1-1"], "0-0")),
            (f"uneven cells {seed}: noded", True, unnoded(zones, rng), {"op": "node", "tolerance_m": 0.001}),
        ]
    return made


def _move_first(shape: Any) -> dict[str, Any]:
    x, y = shapely.get_coordinates(shape)[0].tolist()
    return {"op": "move", "from": [x, y], "to": [x - 2.0, y + 3.0]}


def _split(zones: list[str], *line: list[float]) -> dict[str, Any]:
    return {"op": "split", "zones": zones, "line": list(line)}


def _merge(zones: list[str], into: str) -> dict[str, Any]:
    return {"op": "merge", "zones": zones, "into": into}


def written() -> str:
    """The text of the file: one case a line."""
    rows = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases())
    return f'{{"cases": [\n{rows}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
