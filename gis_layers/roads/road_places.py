"""Places on the road: where somebody beside it comes onto it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gis_layers.roads.junctions import Numbers, Positions
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


@dataclass(frozen=True, slots=True)
class SnappedPoints:
    """The nearest place on a road for each of many points; ``away_m`` is infinite where there are no roads."""

    stretch: Numbers
    share: Positions
    away_m: Positions


def snap(network: RoadNetwork, points: Geometries, speeds: Speeds, *, on_motorways: bool) -> list[RoadPlace | None]:
    """The nearest place on a road for each of ``points`` (metric CRS); None where there are no roads.

    A motorway is nobody's nearest road, unless ``on_motorways`` and the point lies on it or there is no other road.
    """
    found = snap_each(network, points, speeds, on_motorways=on_motorways)
    return [
        RoadPlace(int(stretch), float(share), float(away)) if np.isfinite(away) else None
        for stretch, share, away in zip(found.stretch, found.share, found.away_m, strict=True)
    ]


def snap_each(network: RoadNetwork, points: Geometries, speeds: Speeds, *, on_motorways: bool) -> SnappedPoints:
    """The same of many points, in arrays."""
    road = _nearest(network, network.roads, points)
    if not on_motorways:
        return road
    motorway = _nearest(network, network.motorways, points)
    better = (motorway.away_m <= speeds.on_motorway_m) & (motorway.away_m < road.away_m)
    better |= np.isinf(road.away_m)
    return SnappedPoints(
        np.where(better, motorway.stretch, road.stretch),
        np.where(better, motorway.share, road.share),
        np.where(better, motorway.away_m, road.away_m),
    )


def _nearest(network: RoadNetwork, index: StretchIndex, points: Geometries) -> SnappedPoints:
    if not len(index.among) or not len(points):
        none = np.zeros(len(points))
        return SnappedPoints(none.astype(np.int64), none, np.full(len(points), np.inf))
    chosen = index.among[index.tree.nearest(points)]
    lines = network.line[chosen]
    return SnappedPoints(
        chosen, shapely.line_locate_point(lines, points, normalized=True), shapely.distance(lines, points)
    )
