"""Footprints: the ground a project is judged on, made from the polygon, line or point that was handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.errors import UnreadableSite
from risk_model.rulebook.terms import SitingTerms
from risk_model.shapes import as_array
from risk_model.tangles import widened
from risk_model.vocabulary import SMALLEST_SITE_M2, Geometries, Site

_POINT, _LINE, _AREA, _UNUSABLE = 0, 1, 2, -1
_KINDS: Final = np.full(int(shapely.GeometryType.GEOMETRYCOLLECTION) + 2, _UNUSABLE)
"""What each geometry type is built as, by its number; the last place is for a missing geometry, whose number is -1."""
_KINDS[[shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT]] = _POINT
_KINDS[[shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING, shapely.GeometryType.MULTILINESTRING]] = _LINE
_KINDS[[shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]] = _AREA


@dataclass(frozen=True, slots=True)
class Footprints:
    """Judged polygons in the metric CRS, parallel to the sites; areas in m², perimeters and widths in metres."""

    geometry: Geometries
    area_m2: npt.NDArray[np.float64]
    perimeter_m: npt.NDArray[np.float64]
    buffered_m: npt.NDArray[np.float64]


def lay_footprints(sites: Sequence[Site], terms: SitingTerms) -> Footprints:
    """The footprint of each site: a polygon as it is, a point or line widened by its class's width.

    UnreadableSite for a site that is missing, empty, invalid, of another geometry type, without area or a polygon below
    a square metre; a caller that wants repairs makes them before and has them accepted by a person.
    """
    geometry = as_array([site.geometry for site in sites])
    kinds = _KINDS[shapely.get_type_id(geometry)]
    _refuse(sites, kinds == _UNUSABLE, "has no geometry of a usable type")
    _refuse(sites, shapely.is_empty(geometry), "has an empty geometry")
    _refuse(sites, ~shapely.is_valid(geometry), "has an invalid geometry; repair it and have the repair accepted")
    width = np.zeros(len(sites))
    points, lines = np.flatnonzero(kinds == _POINT), np.flatnonzero(kinds == _LINE)
    if points.size:
        width[points] = [terms.point_m[sites[number].project_class] for number in points.tolist()]
        geometry[points] = widened(geometry[points], width[points])
    if lines.size:
        width[lines] = [terms.line_m[sites[number].project_class] for number in lines.tolist()]
        geometry[lines] = widened(geometry[lines], width[lines], cap_style="flat")
    area = shapely.area(geometry)
    _refuse(sites, ~(np.isfinite(area) & (area > 0)), "covers no ground")
    slips = (kinds == _AREA) & (area < SMALLEST_SITE_M2)
    _refuse(sites, slips, f"covers less than {SMALLEST_SITE_M2:g} m²; draw the ground it is to stand on")
    return Footprints(geometry, area, shapely.length(geometry), width)


def _refuse(sites: Sequence[Site], wrong: npt.NDArray[np.bool_], trouble: str) -> None:
    if wrong.any():
        number = int(np.argmax(wrong))
        name = sites[number].name or f"number {number}"
        raise UnreadableSite(f"Site {name} {trouble}.")
