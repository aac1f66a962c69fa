"""Places on the road: where somebody beside it comes onto it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import shapely

from gis_layers.roads.network import RoadNetwork, StretchIndex
from gis_layers.roads.speeds import Speeds
from risk_model.vocabulary import Geometries

AT_JUNCTION_M: Final = 0.01
"""Whoever stands so near to a junction stands in it, and may leave by every road there."""


@dataclass(frozen=True, slots=True)
class RoadPlace:
    """A place on a stretch: ``share`` of its drawn length from its tail; ``away_m`` from whoever comes onto it there."""

    stretch: int
    share: float
    away_m: float


def snap(network: RoadNetwork, points: Geometries, speeds: Speeds, *, on_motorways: bool) -> list[RoadPlace | None]:
    """The nearest place on a road for each of ``points`` (metric CRS); None where there are no roads.

    A motorway is nobody's nearest road, unless ``on_motorways`` and the point lies on it or there is no other road.
    """
    nearest = _nearest(network, network.roads, points)
    if not on_motorways:
        return nearest
    on_it = _nearest(network, network.motorways, points)
    return [_better(one, other, speeds) for one, other in zip(nearest, on_it, strict=True)]


def _better(road: RoadPlace | None, motorway: RoadPlace | None, speeds: Speeds) -> RoadPlace | None:
    if motorway is None or road is None:
        return motorway or road
    on_it = motorway.away_m <= speeds.on_motorway_m and motorway.away_m < road.away_m
    return motorway if on_it else road


def _nearest(network: RoadNetwork, index: StretchIndex, points: Geometries) -> list[RoadPlace | None]:
    if not len(index.among) or not len(points):
        return [None] * len(points)
    chosen = index.among[index.tree.nearest(points)]
    lines = network.line[chosen]
    away, share = shapely.distance(lines, points), shapely.line_locate_point(lines, points, normalized=True)
    return [
        RoadPlace(int(stretch), float(along), float(metres))
        for stretch, along, metres in zip(chosen, share, away, strict=True)
    ]
