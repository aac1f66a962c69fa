"""Sensitivity: whether the verdict stands if every zone boundary lies some metres further out or further in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.operators import intersects, noise_m2
from risk_model.siting.footprints import Footprints
from risk_model.siting.hits import Hits
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies where: the judged footprints and all zone geometries, in one metric CRS."""

    footprints: Footprints
    zones: Geometries


def shifted_severities(
    ground: Ground, hits: Hits, *, floor: Indices, shifts_m: tuple[float, ...]
) -> dict[float, Indices]:
    """The worst severity per site for each shift, from the furthest inward (negative) to the furthest outward.

    ``floor`` is what unsurveyed ground makes of each site: coverage does not move with the boundaries.
    """
    erosion = _Erosion(ground, hits, _Depths.of(ground, hits))
    inward = {-shift: erosion.severity(floor, shift) for shift in reversed(shifts_m)}
    outward = {shift: hits.worst(hits.met_outward(shift), floor) for shift in shifts_m}
    return inward | outward


@dataclass(frozen=True, slots=True)
class _Depths:
    """How deep (m) the deepest point of a site lies inside a zone: at least and at most; -inf outside or for lines."""

    at_least_m: Floats
    at_most_m: Floats

    @classmethod
    def of(cls, ground: Ground, hits: Hits) -> _Depths:
        """Bounds from the distances of the site and of the middle of its bounding box to the zone's boundary.

        Depth changes by no more than a metre a metre, so no point of the site lies deeper than the middle does plus
        half the diagonal of the box.
        """
        at_least, at_most = np.full(len(hits.site), -np.inf), np.full(len(hits.site), -np.inf)
        inside = np.flatnonzero(hits.overlapping & (hits.severity > 0))
        site, zones = hits.site[inside], ground.zones[hits.zone[inside]]
        sites, edges = ground.footprints.geometry[site], shapely.boundary(zones)
        x_min, y_min, x_max, y_max = shapely.bounds(sites).T
        x, y = (x_min + x_max) / 2, (y_min + y_max) / 2
        away = shapely.distance(edges, shapely.points(x, y))
        middle = np.where(shapely.contains_xy(zones, x, y), away, -away)
        whole = hits.overlap_m2[inside] >= ground.footprints.area_m2[site]
        from_edge = np.where(whole, shapely.distance(edges, sites), -np.inf)
        at_least[inside] = np.maximum(from_edge, np.where(shapely.contains_xy(sites, x, y), middle, -np.inf))
        at_most[inside] = middle + np.hypot(x_max - x_min, y_max - y_min) / 2
        return cls(at_least, at_most)


@dataclass(frozen=True, slots=True)
class _Erosion:
    ground: Ground
    hits: Hits
    depths: _Depths

    def severity(self, floor: Indices, shift_m: float) -> Indices:
        """The worst severity per site if every boundary lay ``shift_m`` further in; zones are cut only where in doubt."""
        hits = self.hits
        sure = (self.depths.at_least_m > shift_m) | hits.met_inward_by_distance(shift_m)
        severity = hits.worst(sure, floor)
        doubtful = np.flatnonzero(hits.overlapping & ~sure & (hits.severity > severity[hits.site]))
        for row in doubtful[np.argsort(-hits.severity[doubtful], kind="stable")]:
            site = hits.site[row]
            if hits.severity[row] > severity[site] and self._still_overlaps(row, shift_m):
                severity[site] = hits.severity[row]
        return severity

    def _still_overlaps(self, row: int, shift_m: float) -> bool:
        """Whether the zone of ``row``, with its neighbours of the same outcome, overlaps the site when moved inward.

        Neighbours that say the same are eroded as one, so that a line drawn between two of them is no boundary.
        """
        hits, footprints = self.hits, self.ground.footprints
        site = hits.site[row]
        first, last = np.searchsorted(hits.site, [site, site + 1])
        same = first + np.flatnonzero(hits.outcome[first:last] == hits.outcome[row])
        if len(same) == 1 and self.depths.at_most_m[row] <= shift_m:
            return False
        footprint = footprints.geometry[site]
        x_min, y_min, x_max, y_max = shapely.bounds(footprint)
        room = 2 * shift_m
        window = shapely.box(x_min - room, y_min - room, x_max + room, y_max + room)
        near = shapely.intersection(self.ground.zones[hits.zone[same]], window)
        eroded = shapely.buffer(shapely.union_all(near), -shift_m, quad_segs=16)
        left = shapely.area(shapely.intersection(eroded, footprint))
        return bool(intersects(left, noise_m2(footprints.perimeter_m[site])))
