"""Measuring sites against zones, many at once: which come near, how much they overlap, how far apart they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.edge_areas import is_polygon, is_small, shared_areas
from risk_model.tangles import shared_area
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

ZONES_PER_CHUNK: Final = 256
"""Zones one thread measures at once."""

_SEARCH_MARGIN_M: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Pairs of a site and a zone within reach, sorted by site and then zone, as parallel arrays.

    ``site`` and ``zone`` are indices into the measured arrays; ``overlap_m2`` is 0 for a touch or a line,
    ``distance_m`` is 0 wherever the two share a point.
    """

    site: Indices
    zone: Indices
    overlap_m2: Floats
    distance_m: Floats

    def __len__(self) -> int:
        return len(self.site)


def measure(
    sites: Geometries, zones: Geometries, reach_m: Floats | float, *, kind: Indices | None = None, threads: int = 2
) -> Overlaps:
    """Every pair of site and zone not further apart than ``reach_m``, with overlap area and distance.

    Geometries in one metric CRS, lengths in its metres; ``reach_m`` is one number, one per zone, or one per kind of site
    and zone, where ``kind`` says of what kind each site is. Missing and empty geometries meet nothing. Overlap equals the
    area of shapely's intersection; where one geometry lies properly inside the other it is the area of the inner one. The
    answer does not depend on ``threads``.
    """
    kinds = np.zeros(len(sites), dtype=np.int64) if kind is None else kind
    reach = np.asarray(reach_m, dtype=np.float64)
    rows = len(reach) if reach.ndim == 2 else 1
    members = [np.flatnonzero(kinds == number) for number in range(rows)]
    trees = tuple((shapely.STRtree(sites[of_kind]), of_kind) for of_kind in members)
    starts = range(0, len(zones), ZONES_PER_CHUNK)
    workload = _Workload(trees, sites, zones, np.broadcast_to(reach, (rows, len(zones))))
    if threads > 1 and len(starts) > 1:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(workload.measure_from, starts))
    else:
        parts = [workload.measure_from(start) for start in starts]
    return _in_order(parts)


def prepared_copy(geometry: Any) -> Any:
    """``geometry`` (one, or an array) for many questions of this thread alone: copied, the copy prepared.

    GEOS answers out of working memory that belongs to a prepared geometry, so two threads asking one bring the whole
    process down. Shapes kept for later requests are asked by several; they are never prepared themselves.
    """
    copy = shapely.set_srid(geometry, shapely.get_srid(geometry))
    shapely.prepare(copy)
    return copy


@dataclass(frozen=True, slots=True)
class _Workload:
    """Sites of each kind as a tree with their numbers; ``reach_m`` is (kinds, zones)."""

    trees: tuple[tuple[shapely.STRtree, Indices], ...]
    sites: Geometries
    zones: Geometries
    reach_m: Floats

    def measure_from(self, start: int) -> Overlaps:
        """The pairs of the chunk of zones that begins at ``start``; its zones are prepared once for all kinds of site."""
        zones = self.zones[start : start + ZONES_PER_CHUNK]
        if len(self.sites) > 1:
            zones = prepared_copy(zones)
        found = [
            _near(tree, zones, reach[start : start + ZONES_PER_CHUNK], numbers)
            for (tree, numbers), reach in zip(self.trees, self.reach_m, strict=True)
        ]
        site, near, reach = (np.concatenate(column) for column in zip(*found, strict=True))
        overlap, distance = _measure_pairs((self.sites[site], zones, near), reach)
        kept = distance <= reach
        return Overlaps(site[kept], near[kept] + start, overlap[kept], distance[kept])


def _near(tree: shapely.STRtree, zones: Geometries, reach: Floats, numbers: Indices) -> tuple[Indices, Indices, Floats]:
    """Numbers of the sites, zones whose boxes come near theirs and how far these reach."""
    box, more = shapely.bounds(zones), reach + _SEARCH_MARGIN_M
    around = shapely.box(box[:, 0] - more, box[:, 1] - more, box[:, 2] + more, box[:, 3] + more)
    around[np.isnan(box[:, 0])] = None
    near, site = tree.query(around)
    return numbers[site], near, reach[near]


def _measure_pairs(pairs: tuple[Geometries, Geometries, Indices], reach: Floats) -> tuple[Floats, Floats]:
    """Overlap and distance of each site and the zone a number names; infinite, unmeasured, where that is further than ``reach``."""
    sites, zones, zone = pairs
    overlap, distance = np.zeros(len(sites)), np.full(len(sites), np.inf)
    inside = _box_within(shapely.bounds(sites), shapely.bounds(zones)[zone])
    inside[inside] = shapely.contains_properly(zones[zone[inside]], sites[inside])
    meeting = inside.copy()
    meeting[~inside] = shapely.intersects(zones[zone[~inside]], sites[~inside])
    distance[meeting] = 0.0
    apart = np.flatnonzero(~meeting & (reach > 0))
    apart = apart[may_be_within(zones[zone[apart]], sites[apart], reach[apart])]
    distance[apart] = shapely.distance(zones[zone[apart]], sites[apart])
    overlap[inside] = shapely.area(sites[inside])
    areal = np.flatnonzero(meeting & ~inside & (shapely.get_dimensions(zones) == 2)[zone])
    if areal.size:
        overlap[areal] = _shared_area(sites[areal], zones, zone[areal])
    return overlap, distance


def may_be_within(zones: Geometries, shapes: Geometries, metres: Floats | float) -> npt.NDArray[np.bool_]:
    """False where a shape lies further than ``metres`` from its zone for certain, by the middle of its box; a point is soon asked.

    No point of a shape lies further from that middle than half the diagonal.
    """
    x_min, y_min, x_max, y_max = shapely.bounds(shapes).T
    around: Any = metres + np.hypot(x_max - x_min, y_max - y_min) / 2 + _SEARCH_MARGIN_M
    middles = shapely.points((x_min + x_max) / 2, (y_min + y_max) / 2)
    return np.asarray(shapely.dwithin(zones, middles, around))


def _shared_area(sites: Geometries, zones: Geometries, zone: Indices) -> Floats:
    """Area each site shares with its zone, in which it does not lie whole."""
    site_box, zone_box = shapely.bounds(sites), shapely.bounds(zones)[zone]
    area = np.empty(len(sites))
    zone_inside = _box_within(zone_box, site_box)
    zone_inside[zone_inside] = shapely.contains_properly(sites[zone_inside], zones[zone[zone_inside]])
    area[zone_inside] = shapely.area(zones[zone[zone_inside]])
    crossing = ~zone_inside
    by_edges = crossing & is_small(sites) & is_polygon(zones)[zone]
    if by_edges.any():
        area[by_edges] = _by_edges(sites[by_edges], zones, zone[by_edges])
    cut = crossing & ~by_edges
    if cut.any():
        area[cut] = shared_area(sites[cut], zones[zone[cut]])
    return area


def _by_edges(sites: Geometries, zones: Geometries, zone: Indices) -> Floats:
    asked, other = np.unique(zone, return_inverse=True)
    return shared_areas(sites, zones[asked], other)


def _box_within(inner: Floats, outer: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray((inner[:, :2] > outer[:, :2]).all(axis=1) & (inner[:, 2:] < outer[:, 2:]).all(axis=1))


def _in_order(parts: list[Overlaps]) -> Overlaps:
    if not parts:
        nothing = np.empty(0, dtype=np.int64)
        return Overlaps(nothing, nothing, np.empty(0), np.empty(0))
    joined = [np.concatenate([getattr(part, name) for part in parts]) for name in Overlaps.__slots__]
    order = np.lexsort((joined[1], joined[0]))
    return Overlaps(*(column[order] for column in joined))
