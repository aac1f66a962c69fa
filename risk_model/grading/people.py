"""People of units that are no villages: as many as live on their ground, unknown where nobody counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.overlay import measure
from risk_model.people import BY_AREA, BY_DWELLINGS, DwellingFootprints, Settlements, are_housed, find_residents
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]

MIXED: Final = "mixed"
LEAST_SHARE: Final = 1e-9
"""A share of a village smaller than this is noise of cutting."""


@dataclass(frozen=True, slots=True)
class UnitPopulation:
    """Per unit: ``people`` (NaN where too much of it lies in no counted village) and by which ``method`` ("": none)."""

    people: Floats
    method: tuple[str, ...]


def spread_people(
    units: Geometries, settlements: Settlements, dwellings: DwellingFootprints, *, least_known: float
) -> UnitPopulation:
    """Number of people in each unit (metric CRS): the share ``find_residents`` finds of every counted village.

    A unit of which less than ``least_known`` lies in counted villages has no number: outside, people are unknown, not
    absent.
    """
    counted = ~np.isnan(settlements.population)
    villages = Settlements(settlements.geometry[counted], settlements.population[counted])
    found, housed = find_residents(units, villages, dwellings), are_housed(villages, dwellings)
    pairs = measure(units, villages.geometry, 0.0)
    covered = np.bincount(pairs.site, pairs.overlap_m2, len(units)) / shapely.area(units)
    known = covered >= least_known
    met = pairs.overlap_m2 / shapely.area(villages.geometry)[pairs.zone] > LEAST_SHARE
    by_dwellings, by_area = (
        np.bincount(pairs.site[met & some], minlength=len(units)) > 0
        for some in (housed[pairs.zone], ~housed[pairs.zone])
    )
    methods = [_method(*told) for told in zip(known, by_dwellings, by_area, strict=True)]
    return UnitPopulation(np.where(known, found.totals(), np.nan), tuple(methods))


def _method(known: bool, by_dwellings: bool, by_area: bool) -> str:
    if not known:
        return ""
    if by_dwellings and by_area:
        return MIXED
    return BY_DWELLINGS if by_dwellings else BY_AREA if by_area else ""
