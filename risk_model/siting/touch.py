"""Sites that only touch a zone as both were drawn.

An edge that is straight in degrees is not quite straight in the metric plane: between two vertices a kilometre apart the
two differ by millimetres, over ten kilometres by metres. A site drawn along such an edge would overlap the zone by a
sliver that nobody drew. So a thin overlap counts only if it is there in both planes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from risk_model.operators import TOLERANCE_M
from risk_model.overlay import Overlaps
from risk_model.shapes import as_array
from risk_model.siting.footprints import Footprints
from risk_model.tangles import shared_area
from risk_model.vocabulary import Site, ZoneSet

THIN_M: Final = 1.0
"""Overlaps wider than this (area by perimeter of the site) are no matter of how an edge was drawn."""


def without_drawn_touches(pairs: Overlaps, footprints: Footprints, sites: Sequence[Site], zones: ZoneSet) -> Overlaps:
    """``pairs`` with no overlap (distance 0) where site and zone only touch as drawn.

    Sites without ``drawn`` and zones without ``drawn`` are left as measured.
    """
    if zones.drawn is None:
        return pairs
    thin = (pairs.overlap_m2 > 0) & (pairs.overlap_m2 <= THIN_M * footprints.perimeter_m[pairs.site])
    rows = np.flatnonzero(thin)
    outlines = as_array([sites[site].drawn for site in pairs.site[rows]])
    rows, outlines = rows[~shapely.is_missing(outlines)], outlines[~shapely.is_missing(outlines)]
    if not len(rows):
        return pairs
    shared = shared_area(outlines, zones.drawn[pairs.zone[rows]])
    around = shapely.length(outlines)
    width_m = shared / around * footprints.perimeter_m[pairs.site[rows]] / around
    overlap = pairs.overlap_m2.copy()
    overlap[rows[width_m <= TOLERANCE_M]] = 0.0
    return replace(pairs, overlap_m2=overlap)
