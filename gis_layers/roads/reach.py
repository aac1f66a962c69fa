"""Reach: how soon many places are arrived at at once, and the pieces of road that are within some time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from gis_layers.roads.junctions import Flags, Numbers, Positions
from gis_layers.roads.network import RoadNetwork
from gis_layers.roads.road_places import AT_JUNCTION_M, RoadPlace
from gis_layers.roads.travel import Travel

Shares = list[tuple[float, float]]


def seconds_at_each(network: RoadNetwork, travel: Travel, places: Sequence[RoadPlace]) -> Positions:
    """Seconds to each of many places of travel that began elsewhere (``travel_from``); infinite where nobody comes."""
    stretch = np.array([place.stretch for place in places], dtype=np.int64)
    share = np.array([place.share for place in places], dtype=float)
    is_open = np.isfinite(travel.cost)
    takes = np.where(is_open, travel.cost, 0.0)[stretch]
    best = np.full(len(stretch), inf)
    for node, driven, part in ((network.tail, network.forth, share), (network.head, network.back, 1 - share)):
        at_end = part * network.length_m[stretch] <= AT_JUNCTION_M
        run = np.where(at_end, 0.0, np.where((driven & is_open)[stretch], part * takes, inf))
        best = np.minimum(best, travel.seconds[node[stretch]] + run)
    for place, begun in zip(travel.places, travel.begun, strict=True):
        ahead = share - place.share
        driven = np.where(ahead > 0, network.forth[place.stretch], network.back[place.stretch]) & is_open[place.stretch]
        here = (stretch == place.stretch) & (driven | (ahead == 0))
        best[here] = np.minimum(best[here], begun + np.abs(ahead[here]) * takes[here])
    return best


def reached_lines(network: RoadNetwork, travel: Travel, within_s: float) -> list[BaseGeometry]:
    """The pieces of road that are arrived at within so many seconds (metric CRS), nothing in between guessed."""
    from_tail = _shares(travel, network.tail, network.forth, within_s)
    from_head = _shares(travel, network.head, network.back, within_s)
    begun = _from_places(network, travel, within_s)
    whole = from_tail + from_head >= 1
    some = np.flatnonzero(~whole & ((from_tail > 0) | (from_head > 0)))
    lines = list(network.line[whole])
    for stretch in sorted({*some.tolist(), *begun} - set(np.flatnonzero(whole).tolist())):
        reached = [(0.0, float(from_tail[stretch])), (1 - float(from_head[stretch]), 1.0), *begun.get(stretch, [])]
        lines += [
            substring(network.line[stretch], low, high, normalized=True) for low, high in _merged(reached) if high > low
        ]
    return lines


def _shares(travel: Travel, node: Numbers, driven: Flags, within_s: float) -> Positions:
    """The share of every stretch that is reached from one of its ends."""
    left = within_s - travel.seconds[node]
    is_open = driven & np.isfinite(travel.cost)
    takes = np.where(is_open & (travel.cost > 0), travel.cost, 1.0)
    share = np.where(travel.cost > 0, left / takes, np.where(left >= 0, 1.0, 0.0))
    return np.where(is_open & (left >= 0), np.clip(share, 0.0, 1.0), 0.0)


def _from_places(network: RoadNetwork, travel: Travel, within_s: float) -> dict[int, Shares]:
    """The shares reached on the stretches where travel begins."""
    found: dict[int, Shares] = {}
    for place, begun in zip(travel.places, travel.begun, strict=True):
        takes = float(travel.cost[place.stretch])
        if begun > within_s or takes == inf:
            continue
        far = 1.0 if takes == 0 else (within_s - begun) / takes
        low = max(0.0, place.share - far) if network.back[place.stretch] else place.share
        high = min(1.0, place.share + far) if network.forth[place.stretch] else place.share
        found.setdefault(place.stretch, []).append((low, high))
    return found


def _merged(shares: Iterable[tuple[float, float]]) -> Shares:
    merged: Shares = []
    for low, high in sorted(shares):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged


def joined(lines: Sequence[Any]) -> BaseGeometry:
    """Pieces of road as one shape; empty where there are none."""
    return shapely.MultiLineString(list(lines))
