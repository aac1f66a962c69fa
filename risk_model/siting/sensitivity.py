"""Sensitivity: whether the verdict stands if every border of worse ground lies some metres further out or further in.

A border is where ground of the same or a worse verdict ends, within one hazard: surveys of different hazards err
independently, but a line between two zones that both prohibit is no border of prohibited ground, whatever their rules
say. Under a distance rule the ground is what lies within the rule's reach of a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.buffers import buffer_m
from risk_model.operators import TOLERANCE_M, intersects, noise_m2
from risk_model.siting.contacts import Hits
from risk_model.siting.footprints import Footprints
from risk_model.tangles import shared_area
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

SLIT_M: Final = 0.05
"""Half the width in metres up to which a gap between two zones is how they were drawn, not a border."""


@dataclass(frozen=True, slots=True)
class JudgedGround:
    """Ground to judge on: the judged footprints and all zones with the number of their hazard, in one metric CRS."""

    footprints: Footprints
    zones: Geometries
    hazard: Indices


def shifted_severities(
    ground: JudgedGround, hits: Hits, *, floor: Indices, shifts_m: tuple[float, ...]
) -> dict[float, Indices]:
    """The worst severity per site for each shift, from the furthest inward (negative) to the furthest outward.

    ``floor`` is what unsurveyed ground makes of each site: coverage does not move with the borders. ``shifts_m`` rise;
    the further out the borders lie, the severity is the same or worse.
    """
    erosion = _Erosion(ground, hits, _Depths.of(ground, hits))
    severity, inward = hits.worst(hits.met, floor), []
    for shift in shifts_m:
        severity = np.minimum(severity, erosion.severity(floor, shift))
        inward.append((-shift, severity))
    outward = [(shift, hits.worst(hits.met_outward(shift), floor)) for shift in shifts_m]
    return dict([*reversed(inward), *outward])


def severities_without_slivers(
    ground: JudgedGround, hits: Hits, *, floor: Indices, slivers: Truths, is_sliver: Callable[[float, float], bool]
) -> Indices:
    """The worst severity per site if ground it meets by no more than a sliver did not count.

    ``slivers`` marks the hits that are slivers by themselves; ``is_sliver`` tells of an overlap and the site's area (m²).
    Slivers of several zones that make one ground are put together first, so that splitting a zone changes nothing.
    """
    severity = hits.worst(hits.met & ~slivers, floor)
    for site, level, rows in _grounds(ground, hits, np.flatnonzero(hits.met & slivers)):
        if level > severity[site]:
            overlapping = rows[hits.overlapping[rows]]
            shape = ground.footprints.geometry[site]
            shared = shapely.intersection(ground.zones[hits.zone[overlapping]], shape)
            if not is_sliver(float(shapely.area(shapely.union_all(shared))), float(shapely.area(shape))):
                severity[site] = level
    return severity


def _grounds(ground: JudgedGround, hits: Hits, doubtful: Indices) -> Iterator[tuple[int, int, Indices]]:
    """Of each doubtful hit the site and every severity up to its own, the worst first, with the rows of that ground.

    These are the site's hits of the same hazard and of the same or a worse severity, met or only near. Milder ground is
    asked about too: a site wholly on the worst ground stands on what lies around it once that shrinks.
    """
    site, hazard, severity = hits.site, ground.hazard[hits.zone], hits.severity
    several: dict[tuple[int, int], int] = {}
    for row in doubtful.tolist():
        key = int(site[row]), int(hazard[row])
        several[key] = max(several.get(key, 0), int(severity[row]))
    asked = []
    for (one, kind), worst in several.items():
        first, last = np.searchsorted(site, [one, one + 1])
        mine = first + np.flatnonzero(hazard[first:last] == kind)
        levels = {int(level) for level in severity[mine] if 0 < level <= worst}
        asked += [(-level, one, kind, mine[severity[mine] >= level]) for level in levels]
    for level, one, _, rows in sorted(asked, key=lambda each: each[:3]):
        yield one, -level, rows


@dataclass(frozen=True, slots=True)
class _Depths:
    """Depth (m) of the deepest point of a site in the ground of a hit: at least and at most; -inf outside.

    For an overlap rule the ground is the zone, for a distance rule what lies within its reach.
    """

    at_least_m: Floats
    at_most_m: Floats

    @classmethod
    def of(cls, ground: JudgedGround, hits: Hits) -> _Depths:
        """Bounds from the distances of the site and of the middle of its bounding box to the zone's boundary.

        Depth changes by no more than a metre a metre, so no point of the site lies deeper than the middle does plus
        half the diagonal of the box.
        """
        at_least, at_most = np.full(len(hits.site), -np.inf), np.full(len(hits.site), np.inf)
        inside = np.flatnonzero(hits.by_overlap & hits.overlapping & (hits.severity > 0))
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
        reaching = np.flatnonzero(~hits.by_overlap)
        at_least[reaching] = hits.reach_m[reaching] - hits.distance_m[reaching] - TOLERANCE_M
        return cls(at_least, at_most)


@dataclass(frozen=True, slots=True)
class _Erosion:
    ground: JudgedGround
    hits: Hits
    depths: _Depths

    def severity(self, floor: Indices, shift_m: float) -> Indices:
        """The worst severity per site if every border lay ``shift_m`` further in; ground is cut only where in doubt."""
        hits = self.hits
        sure = hits.met & (self.depths.at_least_m > shift_m)
        severity = hits.worst(sure, floor)
        doubtful = np.flatnonzero(hits.met & ~sure & (hits.severity > severity[hits.site]))
        for site, level, rows in _grounds(self.ground, hits, doubtful):
            if level > severity[site] and self._still_overlaps(site, rows, shift_m):
                severity[site] = level
        return severity

    def _still_overlaps(self, site: int, rows: Indices, shift_m: float) -> bool:
        """Whether the ground of ``rows`` together still overlaps the site when its border moves inward."""
        if len(rows) == 1 and self.depths.at_most_m[rows[0]] <= shift_m:
            return False
        footprint = self.ground.footprints.geometry[site]
        x_min, y_min, x_max, y_max = shapely.bounds(footprint)
        room = 2 * shift_m
        window = shapely.box(x_min - room, y_min - room, x_max + room, y_max + room)
        near = shapely.union_all([self._ground_of(row, window) for row in rows])
        inner = np.array([buffer_m(without_slits(near), -shift_m)], dtype=object)
        left = shared_area(inner, self.ground.footprints.geometry[site : site + 1])[0]
        return bool(intersects(left, noise_m2(self.ground.footprints.perimeter_m[site])))

    def _ground_of(self, row: int, window: Any) -> Any:
        """The ground inside ``window`` on which the demand of ``row`` is met."""
        zone, reach_m = self.ground.zones[self.hits.zone[row]], float(self.hits.reach_m[row])
        if np.isnan(reach_m):
            return shapely.intersection(zone, window)
        return shapely.intersection(buffer_m(_around(zone, window, reach_m), reach_m), window)


def without_slits(ground: Any) -> Any:
    """``ground`` with gaps closed that are narrower than what two drawings of one line may differ by."""
    wider = shapely.buffer(ground, SLIT_M, join_style="mitre")
    return shapely.buffer(wider, -SLIT_M, join_style="mitre")


def _around(zone: Any, window: Any, reach_m: float) -> Any:
    """The part of ``zone`` from which ``window`` may be reached."""
    x_min, y_min, x_max, y_max = shapely.bounds(window)
    return shapely.intersection(zone, shapely.box(x_min - reach_m, y_min - reach_m, x_max + reach_m, y_max + reach_m))
