"""The network of roads: junctions, the stretches between them, and how long each takes to drive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.roads.junctions import Cuts, Flags, Numbers, Positions, find_junctions
from gis_layers.roads.speeds import KM_H, Speeds
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

Words = npt.NDArray[np.object_]
Indices = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class RoadLines:
    """Roads as they are drawn, one entry each, metric CRS: km/h and metres are NaN where the road does not say.

    ``oneway`` is no, forward (as drawn) or backward; ``length_m`` is that of the whole line and overrides the drawn one.
    """

    number: Numbers
    line: Geometries
    road_class: Words
    oneway: Words
    bridge: Flags
    speed_kmh: Positions
    length_m: Positions


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arcs of a graph in compressed rows, as scipy has them: those of node n are ``first[n]`` to ``first[n + 1]``."""

    first: Indices
    node: Indices
    stretch: Numbers


@dataclass(frozen=True, slots=True)
class StretchIndex:
    """Spatial index of some stretches, ``among`` all of a network."""

    among: Numbers
    tree: shapely.STRtree

    @classmethod
    def of(cls, lines: Geometries, chosen: Flags) -> StretchIndex:
        """The index of the ``chosen`` ones among ``lines``."""
        among = np.flatnonzero(chosen)
        return cls(among, shapely.STRtree(lines[among]))


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches between junctions in parallel arrays, metric CRS.

    A stretch is driven from ``tail`` to ``head`` where it is open ``forth``, the other way where it is open ``back``, in
    ``seconds``. ``road`` is the number of the road it is part of.
    """

    tail: Numbers
    head: Numbers
    line: Geometries
    road: Numbers
    road_class: Words
    bridge: Flags
    length_m: Positions
    seconds: Positions
    forth: Flags
    back: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadNetwork(Stretches):
    """Stretches between junctions, and the arcs that lead out of and into each junction.

    ``hull`` is the ground the roads span. ``roads`` are all stretches that are no ``motorways``, by where they lie.
    """

    node: Positions
    out: Arcs
    into: Arcs
    hull: BaseGeometry
    version: str
    roads: StretchIndex
    motorways: StretchIndex

    def edge_of_data_m(self, place: BaseGeometry) -> float:
        """Metres from a place to the edge of the ground the roads span; 0 outside of it."""
        border: BaseGeometry = shapely.boundary(self.hull)
        inside = shapely.get_dimensions(self.hull) == 2 and shapely.covers(self.hull, place)
        return float(shapely.distance(border, place)) if inside else 0.0


def build_network(roads: RoadLines, speeds: Speeds) -> RoadNetwork:
    """The network of ``roads``; the same roads in the same order make the same one, told by its ``version``."""
    cuts = find_junctions(roads.line, bridge=roads.bridge, motorway=roads.road_class == "motorway")
    node, place = _numbered(cuts)
    row = cuts.line[cuts.at]
    begins = np.flatnonzero(row[1:] == row[:-1])
    lines = _pieces(cuts.vertices, cuts.at[begins], cuts.at[begins + 1])
    road, tail, head = row[begins], node[begins], node[begins + 1]
    drawn = shapely.length(lines)
    long = (drawn > 0) | (tail != head)
    road, tail, head, lines, drawn = (some[long] for some in (road, tail, head, lines, drawn))
    length = drawn * _stretched(roads)[road]
    forth, back = roads.oneway[road] != "backward", roads.oneway[road] != "forward"
    hull: BaseGeometry = shapely.convex_hull(shapely.MultiPoint(place))
    stretches = Stretches(
        tail, head, lines, roads.number[road], roads.road_class[road], roads.bridge[road], length,
        length * KM_H / _driven(roads, speeds)[road], forth, back,
    )  # fmt: skip
    return join_stretches(place, stretches, hull=hull, version=_version(roads, speeds))


def join_stretches(node: Positions, stretches: Stretches, *, hull: BaseGeometry, version: str) -> RoadNetwork:
    """The network of stretches between the junctions at ``node``."""
    tail, head, forth, back = stretches.tail, stretches.head, stretches.forth, stretches.back
    fast = stretches.road_class == "motorway"
    ways = (tail[forth], head[forth], np.flatnonzero(forth)), (head[back], tail[back], np.flatnonzero(back))
    starts, ends, numbers = (np.concatenate(some) for some in zip(*ways, strict=True))
    told = {one.name: getattr(stretches, one.name) for one in fields(stretches)}
    return RoadNetwork(
        **told, node=node, hull=hull, version=version,
        out=_arcs(len(node), starts, ends, numbers), into=_arcs(len(node), ends, starts, numbers),
        roads=StretchIndex.of(stretches.line, ~fast), motorways=StretchIndex.of(stretches.line, fast),
    )  # fmt: skip


def _numbered(cuts: Cuts) -> tuple[Numbers, Positions]:
    """The junction of each cut vertex, and where they lie; neighbours on the ground have near numbers, so that a search reads near memory."""
    place = np.zeros((int(cuts.node.max(initial=-1)) + 1, 2))
    place[cuts.node] = cuts.vertices[cuts.at]
    if not len(place):
        return cuts.node, place
    order = np.argsort(gpd.GeoSeries.from_xy(*place.T).hilbert_distance().to_numpy(), kind="stable")
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    return number[cuts.node], place[order]


def _pieces(vertices: Positions, begins: Numbers, ends: Numbers) -> Geometries:
    """The lines from one vertex to another, both included."""
    counts = ends - begins + 1
    owner = np.repeat(np.arange(len(counts)), counts)
    inside = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return as_array(list(shapely.linestrings(vertices[np.repeat(begins, counts) + inside], indices=owner)))


def _stretched(roads: RoadLines) -> Positions:
    """Metres of road a drawn metre stands for."""
    drawn = shapely.length(roads.line)
    told = np.isfinite(roads.length_m) & (drawn > 0)
    return np.where(told, roads.length_m / np.where(drawn > 0, drawn, 1.0), 1.0)


def _driven(roads: RoadLines, speeds: Speeds) -> Positions:
    """The speed on each road in km/h: its own, else that of its class; a class nobody knows is driven as a track."""
    slowest = min(speeds.by_class.values())
    usual = np.array([speeds.by_class.get(str(word), slowest) for word in roads.road_class], dtype=float)
    return np.where(np.isfinite(roads.speed_kmh), roads.speed_kmh, usual)


def _arcs(count: int, starts: Numbers, ends: Numbers, stretches: Numbers) -> Arcs:
    order = np.argsort(starts, kind="stable")
    first = np.searchsorted(starts[order], np.arange(count + 1))
    return Arcs(first.astype(np.int32), ends[order].astype(np.int32), stretches[order])


def _version(roads: RoadLines, speeds: Speeds) -> str:
    digest = hashlib.sha256(repr(sorted(speeds.by_class.items())).encode())
    for shape in shapely.to_wkb(roads.line, byte_order=1):
        digest.update(shape)
    told = zip(roads.road_class, roads.oneway, roads.bridge, roads.speed_kmh, roads.length_m, strict=True)
    digest.update(repr([tuple(map(str, row)) for row in told]).encode())
    return digest.hexdigest()[:16]
