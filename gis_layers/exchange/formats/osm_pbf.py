"""Extracts of OpenStreetMap (.osm.pbf): their roads as they are driven, joined where they share a node and nowhere else.

In China such data are for trials: the report of a deployment names where its roads come from.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from gis_layers.crs import WGS84_CRS, parse_crs
from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.formats.declared_counts import Declared, all_met
from gis_layers.exchange.formats.pbf_blocks import check_blocks, count_ways
from gis_layers.exchange.formats.registry import Format
from gis_layers.exchange.formats.signatures import head_of, refused
from gis_layers.exchange.text.register_words import ROAD_CLASSES
from risk_model.message import msg
from risk_model.shapes import as_array

_MAIN: Final = ("motorway", "trunk", "primary", "secondary", "tertiary")
DRIVEN: Final = frozenset(
    {*_MAIN, *(f"{word}_link" for word in _MAIN), "unclassified", "residential", "living_street", "service", "road", "track"}
)  # fmt: skip
"""What an engine drives on: no footway, no cycleway, nothing that is not built."""
BARRED: Final = frozenset(
    {"bollard", "block", "jersey_barrier", "log", "debris", "stile", "turnstile", "kissing_gate", "cycle_barrier", "wall", "fence", "ditch"}
)  # fmt: skip
"""What no engine passes; a gate is opened for it, a lift gate, a toll booth and a cattle grid as well."""
BACK_DEG: Final = 3e-5
"""A road ends some three metres before what bars it, on either side: farther apart than what is looked at as a slip."""
_HEADER: Final = b"\n\tOSMHeader"
_ONE_WAY: Final = {"yes": "forward", "true": "forward", "1": "forward", "-1": "backward", "reverse": "backward"}
_LIMIT: Final = re.compile(r"(\d{1,3}(?:\.\d)?)\s*(mph|km/h)?")
_MILE_KM: Final = 1.609344


@dataclass(slots=True)
class _WayWalk:
    """Ways as they are met: what each says, and its nodes one after another."""

    tags: list[dict[str, str]] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])
    node: array[int] = field(default_factory=lambda: array("q"))
    lon: array[float] = field(default_factory=lambda: array("d"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    barred: set[int] = field(default_factory=set)


def check_pbf(path: Path) -> None:
    """The signature of an extract: its first block is a header."""
    if head_of(path)[4 : 4 + len(_HEADER)] != _HEADER:
        raise refused(path, "OSM PBF")


def read_pbf(path: Path, options: ReadingOptions) -> RawLayer:
    """Read the roads of an extract. Raises UnreadableFile."""
    check_blocks(path, options.limits)
    walk = _walked(path)
    shapes = _shapes(walk)
    broken: dict[int, str] = {i: msg("道路的节点不在文件里") for i, shape in enumerate(shapes) if shape is None}
    return RawLayer(
        format="osm_pbf",
        layer=path.name.removesuffix(".pbf").removesuffix(".osm"),
        geometries=as_array(shapes),
        attributes=pd.DataFrame([_told(tags) for tags in walk.tags], columns=list(_told({})), dtype=object),
        encoding="UTF-8",
        met=len(shapes),
        declared=parse_crs(WGS84_CRS),
        implied=True,
        broken=broken,
    )


def count_roads(path: Path, raw: RawLayer) -> Declared:
    """Count the roads in the blocks of an extract. Raises CountsDiffer where not all were met."""
    return all_met(count_ways(path, DRIVEN), raw, path)


def _walked(path: Path) -> _WayWalk:
    # A library for this one format, loaded by the process that reads it and by no other.
    osmium, walk = import_module("osmium"), _WayWalk()
    try:
        found = osmium.FileProcessor(str(path)).with_locations("sparse_mem_array")
        for one in found.with_filter(osmium.filter.KeyFilter("highway", "barrier")):
            if one.is_node():
                if one.tags.get("barrier") in BARRED:
                    walk.barred.add(one.id)
            elif one.is_way() and one.tags.get("highway") in DRIVEN:
                _take(walk, one)
    except (RuntimeError, ValueError, OSError) as error:
        raise UnreadableFile(
            msg("{name} 无法打开（{error}）；请检查文件是否完整", name=path.name, error=str(error))
        ) from error
    return walk


def _take(walk: _WayWalk, way: Any) -> None:
    for node in way.nodes:
        if node.location.valid():
            walk.node.append(node.ref)
            walk.lon.append(node.lon)
            walk.lat.append(node.lat)
    walk.ends.append(len(walk.node))
    walk.tags.append({tag.k: tag.v for tag in way.tags})


def _shapes(walk: _WayWalk) -> list[BaseGeometry | None]:
    """The lines of all ways: those that are entered at their ends alone are parted where others share a node with them."""
    node = np.asarray(walk.node, dtype=np.int64)
    corners = np.column_stack([np.asarray(walk.lon), np.asarray(walk.lat)])
    _, number, met = np.unique(node, return_inverse=True, return_counts=True)
    shared = met[number] > 1 if len(node) else np.zeros(0, dtype=bool)
    barred = np.isin(node, np.array(sorted(walk.barred), dtype=np.int64))
    shapes = []
    for i, tags in enumerate(walk.tags):
        mine = slice(walk.ends[i], walk.ends[i + 1])
        cuts = shared[mine] if _is_apart(tags) else np.zeros(mine.stop - mine.start, dtype=bool)
        shapes.append(_shape(corners[mine], cuts, barred[mine]))
    return shapes


def _shape(corners: Any, cuts: Any, barred: Any) -> BaseGeometry | None:
    if len(corners) < 2:
        return None
    inner = [i for i in range(1, len(corners) - 1) if cuts[i] or barred[i]]
    stops = [0, *inner, len(corners) - 1]
    parts = [
        _kept(shapely.LineString(corners[begin : end + 1]), begin=bool(barred[begin]), end=bool(barred[end]))
        for begin, end in pairwise(stops)
    ]
    lines = [part for part in parts if part is not None and part.length > 0]
    if not lines:
        return shapely.LineString(corners)
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def _kept(line: shapely.LineString, *, begin: bool, end: bool) -> shapely.LineString | None:
    """What is left of a line before what bars its ends; None where that is nothing."""
    if not begin and not end:
        return line
    low, high = BACK_DEG * begin, line.length - BACK_DEG * end
    return shapely.LineString(shapely.get_coordinates(substring(line, low, high))) if high > low else None


def _is_apart(tags: Mapping[str, str]) -> bool:
    return tags.get("highway", "").startswith("motorway") or _stands_apart(tags) == "yes"


def _stands_apart(tags: Mapping[str, str]) -> str:
    """Whether a road is a bridge or a tunnel: what crosses it on the map does not meet it."""
    return "yes" if any(tags.get(word, "no") not in ("no", "") for word in ("bridge", "tunnel")) else "no"


def _told(tags: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": tags.get("name") or tags.get("ref"),
        "highway": tags.get("highway"),
        "oneway": _one_way(tags),
        "bridge": _stands_apart(tags),
        "maxspeed": _slower_kmh(tags),
    }


def _one_way(tags: Mapping[str, str]) -> str:
    usual = "yes" if tags.get("junction") == "roundabout" or tags.get("highway") == "motorway" else "no"
    return _ONE_WAY.get(tags.get("oneway", usual), "no")


def _slower_kmh(tags: Mapping[str, str]) -> float | None:
    """The limit of a road where it is below what its class is driven at: a limit is no speed of a loaded engine."""
    limit = _limit_kmh(tags.get("maxspeed", ""))
    word = ROAD_CLASSES.find(tags.get("highway", ""))
    from gis_layers.roads import read_speeds  # noqa: PLC0415 (all of routing)

    usual = None if word is None else read_speeds().by_class.get(word)
    return None if limit is None or usual is None or limit >= usual else limit


def _limit_kmh(text: str) -> float | None:
    """A limit in km/h; None for one in words."""
    found = _LIMIT.fullmatch(text.strip())
    if not found:
        return None
    return round(float(found[1]) * (_MILE_KM if found[2] == "mph" else 1.0), 1) or None


FORMAT = Format("osm_pbf", (".pbf",), read_pbf, None, signature=check_pbf, count=count_roads)
