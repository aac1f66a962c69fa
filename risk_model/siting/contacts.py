"""Hits: every demand that has a zone near a site, and the verdict they add up to, as drawn or with moved boundaries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risk_model.operators import distance_lt, intersects, noise_m2
from risk_model.overlay import Overlaps
from risk_model.siting.footprints import Footprints
from risk_model.siting.requirements import Demands

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows of one demand each, sorted by site and zone, as parallel arrays; lengths in metres, areas in m².

    ``overlapping`` is true beyond arithmetic noise, ``met`` where the demand holds as drawn; ``sites`` counts the sites.
    """

    sites: int
    site: Indices
    zone: Indices
    outcome: Indices
    severity: Indices
    reach_m: Floats
    overlap_m2: Floats
    distance_m: Floats
    overlapping: Truths
    met: Truths
    listed: Truths

    @property
    def by_overlap(self) -> Truths:
        """True where only an overlap counts, no distance."""
        return np.isnan(self.reach_m)

    def worst(self, met: Truths, floor: Indices) -> Indices:
        """The worst severity of each site among the rows that are ``met``, never below ``floor`` (one per site)."""
        severity = floor.copy()
        np.maximum.at(severity, self.site[met], self.severity[met])
        return severity

    def met_outward(self, shift_m: float | Floats) -> Truths:
        """Demands that would hold if every boundary lay ``shift_m`` (one, or of each row) further out."""
        by_overlap = self.overlapping | (self.distance_m < shift_m)
        return np.where(self.by_overlap, by_overlap, distance_lt(self.distance_m - shift_m, self.reach_m))


def find_hits(footprints: Footprints, demands: Demands, pairs: Overlaps) -> Hits:
    """The rows for all measured pairs of footprints and zones."""
    asked = demands.outcome[:, pairs.zone] >= 0
    row, layer = np.nonzero(asked.T)
    zone, site = pairs.zone[row], pairs.site[row]
    reach, overlap, distance = demands.reach_m[layer, zone], pairs.overlap_m2[row], pairs.distance_m[row]
    overlapping = intersects(overlap, noise_m2(footprints.perimeter_m)[site])
    met = np.where(np.isnan(reach), overlapping, distance_lt(distance, reach))
    shown = distance_lt(distance, demands.listed_m[layer, zone])
    return Hits(
        sites=len(footprints.geometry),
        site=site,
        zone=zone,
        outcome=demands.outcome[layer, zone],
        severity=demands.severity[layer, zone],
        reach_m=reach,
        overlap_m2=overlap,
        distance_m=distance,
        overlapping=overlapping,
        met=met,
        listed=overlapping | met | shown,
    )
