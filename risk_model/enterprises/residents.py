"""Residents within the distance of GB 18218 outside the boundary of a plant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.enterprises.major_hazards import NearbyResidents
from risk_model.vocabulary import Geometries


@dataclass(frozen=True, slots=True)
class DwellingPoints:
    """Homes of people, as parallel arrays in the metric CRS; ``people`` is NaN where unknown.

    ``method`` is ``buildings``, ``groups`` (a point for all people of a village group), or None: nobody registered any.
    """

    geometry: Geometries
    people: npt.NDArray[np.float64]
    method: str | None


def count_residents(plant: Any, dwellings: DwellingPoints, within_m: float) -> NearbyResidents:
    """People in dwellings that reach within ``within_m`` of the boundary of ``plant`` (metric CRS) and stand outside it.

    A building that reaches in counts whole. A plant that is only a point is measured from the point, which is marked.
    """
    approximate = bool(shapely.get_dimensions(plant) < 2)
    if dwellings.method is None:
        return NearbyResidents(None, None, approximate)
    reach = shapely.distance(dwellings.geometry, plant) <= within_m
    inside = np.zeros(len(reach), dtype=bool) if approximate else shapely.covered_by(dwellings.geometry, plant)
    people = dwellings.people[reach & ~inside]
    known = ~np.isnan(people)
    count = int(np.ceil(people[known].sum() - 1e-9)) if known.any() or not len(people) else None
    return NearbyResidents(count, dwellings.method, approximate, int((~known).sum()))
