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

from risk_model.buffers import TRUE_TO_M, buffer_m
from risk_model.operators import TOLERANCE_M, intersects, noise_m2
from risk_model.siting.contacts import Hits
from risk_model.siting.footprints import Footprints
from risk_model.tangles import shared_area
from risk_model.vocabulary import Geometries, ZoneSet

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

_CORNERS: Final = 16
"""Corners of a site that are asked how deep they lie, evenly along its outline."""

_INWARD: Final = (0.02, 0.2)
"""How much of the way to the inside of a site a corner is asked, one after the other."""

SLIT_M: Final = 0.05
"""Half the width in metres up to which a gap between two zones is how they were drawn, not a border."""

CLEAR_M: Final = 1.0
"""So much further than borders move ground has to lie for closing slits not to join it to what is near."""


@dataclass(frozen=True, slots=True)
class JudgedGround:
    """Ground to judge on: the judged footprints and all zones with the number of their hazard, in one metric CRS.

    ``edges`` holds the boundaries of zones so far asked for: those of many sites meet the same zones.
    """

    footprints: Footprints
    zones: Geometries
    hazard: Indices
    edges: Geometries

    @classmethod
    def of(cls, footprints: Footprints, zones: ZoneSet) -> JudgedGround:
        """Ground whose zones of one hazard err together."""
        hazard = np.asarray(np.unique(zones.hazard, return_inverse=True)[1], dtype=np.int64)
        return cls(footprints, zones.geometry, hazard, np.full(len(zones), None, dtype=object))

    def edges_of(self, zones: Indices) -> Geometries:
        """The boundary of each of ``zones`` (numbers)."""
        new = np.unique(zones[shapely.is_missing(self.edges[zones])])
        self.edges[new] = shapely.boundary(self.zones[new])
        return self.edges[zones]


def shifted_severities(
    ground: JudgedGround, hits: Hits, *, floor: Indices, shifts_m: tuple[float, ...]
) -> dict[float, Indices]:
    """The worst severity per site for each shift, from the furthest inward (negative) to the furthest outward.

    ``floor`` is what unsurveyed ground makes of each site: coverage does not move with the borders. ``shifts_m`` rise;
    the further out the borders lie, the severity is the same or worse.
    """
    erosion = _Erosion(ground, hits, _Depths.of(ground, hits, floor, shifts_m[-1]))
    severity, inward = hits.worst(hits.met, floor), []
    for shift in shifts_m:
        severity = erosion.severity(floor, shift, severity)
        inward.append((-shift, severity))
    outward = [(shift, hits.worst(hits.met_outward(shift), floor)) for shift in shifts_m]
    return dict([*reversed(inward), *outward])


def severities_inward(ground: JudgedGround, hits: Hits, *, floor: Indices, error_m: Floats) -> Indices:
    """The worst severity per site if the border of each row's zone lay its ``error_m`` further in.

    Of zones that make one ground those that err the same or less are one ground whose border moves by the largest error among
    them; what any of these grounds still holds counts.
    """
    erosion = _Erosion(ground, hits, _Depths.of(ground, hits, floor, float(error_m.max(initial=0.0))))
    return erosion.severity(floor, error_m, hits.worst(hits.met, floor))


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
    def of(cls, ground: JudgedGround, hits: Hits, floor: Indices, furthest_m: float) -> _Depths:
        """Bounds from the distances of the site and of the middle of its bounding box to the zone's boundary.

        Depth changes by no more than a metre a metre, so no point of the site lies deeper than the middle does plus
        half the diagonal of the box. Where that leaves a shift up to ``furthest_m`` open, corners are looked at, unless the
        site stands on ground as bad (``floor`` at least) however far the borders move.
        """
        at_least, at_most = np.full(len(hits.site), -np.inf), np.full(len(hits.site), np.inf)
        reaching = np.flatnonzero(~hits.by_overlap)
        at_least[reaching] = hits.reach_m[reaching] - hits.distance_m[reaching] - TOLERANCE_M
        settled = hits.worst(hits.met & (at_least > furthest_m), floor)
        lying = hits.by_overlap & hits.overlapping
        for level in sorted({int(level) for level in hits.severity[lying]}, reverse=True):
            rows = np.flatnonzero(lying & (hits.severity == level) & (level > settled[hits.site]))
            at_least[rows], at_most[rows] = _depths_of_middles(ground, hits, rows)
            settled[hits.site[rows[at_least[rows] > furthest_m]]] = level
        settled = settled[hits.site]
        doubtful = (at_least <= furthest_m) & (at_most > 0) & hits.overlapping & (hits.severity > settled)
        open_ = np.flatnonzero(doubtful)
        reach_m = np.nan_to_num(hits.reach_m[open_])
        at_least[open_] = np.maximum(at_least[open_], reach_m + _depth_of_corners(ground, hits, open_))
        return cls(at_least, at_most)


def _depths_of_middles(ground: JudgedGround, hits: Hits, rows: Indices) -> tuple[Floats, Floats]:
    """Bounds of the depth (m) of the site of each row in its zone, by the middle of its box: at least, at most."""
    of_row, zone, area_m2 = hits.site[rows], hits.zone[rows], ground.footprints.area_m2
    asked, site = np.unique(of_row, return_inverse=True)
    shapes = ground.footprints.geometry[asked]
    x_min, y_min, x_max, y_max = shapely.bounds(shapes).T
    x, y = (x_min + x_max) / 2, (y_min + y_max) / 2
    within = shapely.contains_xy(shapes, x, y)[site]
    middle = _depth(ground, zone, np.column_stack((x, y))[site])
    at_least = np.where(within, middle, -np.inf)
    whole = np.flatnonzero(~within & (hits.overlap_m2[rows] >= area_m2[of_row]))
    at_least[whole] = shapely.distance(ground.edges_of(zone[whole]), shapes[site[whole]])
    return at_least, middle + (np.hypot(x_max - x_min, y_max - y_min) / 2)[site]


def _depth(ground: JudgedGround, zone: Indices, places: Floats) -> Floats:
    """Depth (m) of each place (x, y) in its zone; below 0 outside."""
    away = shapely.distance(ground.edges_of(zone), shapely.points(places))
    return np.asarray(np.where(shapely.contains_xy(ground.zones[zone], *places.T), away, -away))


def _depth_of_corners(ground: JudgedGround, hits: Hits, rows: Indices) -> Floats:
    """Least depth (m) of the site of each row in its zone, by its deepest corner; -inf where that proves nothing.

    It is asked a little inside the corner, where so much of the site lies around that no noise could be it.
    """
    found = np.full(len(rows), -np.inf)
    if not len(rows):
        return found
    site, zone, footprints = hits.site[rows], hits.zone[rows], ground.footprints
    lines, counts = _corners(footprints, site)
    of_row = np.repeat(np.arange(len(rows)), counts)
    depth = _depth(ground, zone[of_row], lines)
    deepest = np.lexsort((depth, of_row))[np.cumsum(counts) - 1]
    inward = shapely.get_coordinates(shapely.point_on_surface(footprints.geometry[site]))
    noise_around = np.sqrt(noise_m2(footprints.perimeter_m[site]) / np.pi)
    for share in _INWARD:
        places = lines[deepest] + share * (inward - lines[deepest])
        room = _depth_in(footprints.geometry[site], places)
        proven = np.flatnonzero(room > noise_around)
        depths = _depth(ground, zone[proven], places[proven]) - noise_around[proven] - 2 * TRUE_TO_M
        found[proven] = np.maximum(found[proven], depths)
    return found


def _corners(footprints: Footprints, site: Indices) -> tuple[Floats, Indices]:
    """Up to ``_CORNERS`` corners of each site one after the other, and how many each has."""
    asked, of_asked = np.unique(site, return_inverse=True)
    corners, of = shapely.get_coordinates(footprints.geometry[asked], return_index=True)
    every = -(-np.bincount(of, minlength=len(asked)) // _CORNERS)
    place = np.arange(len(of)) - np.searchsorted(of, of)
    kept = place % every[of] == 0
    corners, of = corners[kept], of[kept]
    count, first = np.bincount(of, minlength=len(asked)), np.searchsorted(of, np.arange(len(asked)))
    counts = count[of_asked]
    turn = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return corners[np.repeat(first[of_asked], counts) + turn], counts


def _depth_in(shapes: Geometries, places: Floats) -> Floats:
    away = shapely.distance(shapely.boundary(shapes), shapely.points(places))
    return np.asarray(np.where(shapely.contains_xy(shapes, *places.T), away, -away))


@dataclass(frozen=True, slots=True)
class _Erosion:
    ground: JudgedGround
    hits: Hits
    depths: _Depths

    def severity(self, floor: Indices, shift_m: float | Floats, most: Indices) -> Indices:
        """The worst severity per site, no worse than ``most``, if every border lay ``shift_m`` (one, or of each row) further in.

        Ground is cut only where in doubt.
        """
        hits = self.hits
        sure = hits.met & (self.depths.at_least_m > shift_m)
        severity = hits.worst(sure, floor)
        doubtful = np.flatnonzero(hits.met & ~sure & (hits.severity > severity[hits.site]))
        for site, level, rows in _grounds(self.ground, hits, doubtful):
            if severity[site] < level <= most[site] and self._overlaps_still(site, rows, shift_m):
                severity[site] = level
        return np.minimum(severity, most)

    def _overlaps_still(self, site: int, rows: Indices, shift_m: float | Floats) -> bool:
        if isinstance(shift_m, float):
            return self._still_overlaps(site, rows, shift_m)
        errors = np.unique(shift_m[rows]).tolist()
        return any(self._still_overlaps(site, rows[shift_m[rows] <= error_m], error_m) for error_m in errors)

    def _still_overlaps(self, site: int, rows: Indices, shift_m: float) -> bool:
        """Whether the ground of ``rows`` together still overlaps the site when its border moves inward."""
        rows = self._within(shift_m, rows)
        if len(rows) == 1 and self.depths.at_most_m[rows[0]] <= shift_m:
            return False
        footprint = self.ground.footprints.geometry[site]
        x_min, y_min, x_max, y_max = shapely.bounds(footprint)
        room = 2 * shift_m
        window = shapely.box(x_min - room, y_min - room, x_max + room, y_max + room)
        grounds = [self._ground_of(row, window) for row in rows]
        near = grounds[0] if len(grounds) == 1 else shapely.union_all(grounds)
        inner = np.array([buffer_m(without_slits(near), -shift_m)], dtype=object)
        if not shapely.intersects(inner[0], footprint):
            return False
        left = shared_area(inner, self.ground.footprints.geometry[site : site + 1])[0]
        return bool(intersects(left, noise_m2(self.ground.footprints.perimeter_m[site])))

    def _within(self, shift_m: float, rows: Indices) -> Indices:
        """Those of ``rows`` whose ground comes so near the site that it can hold a border within ``shift_m`` of it off."""
        away = self.hits.distance_m[rows] - np.nan_to_num(self.hits.reach_m[rows])
        return rows[away <= shift_m + CLEAR_M]

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
