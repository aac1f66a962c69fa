"""People spread over the ground of their village: by the buildings they live in, by area where none are on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.overlay import measure
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BY_BUILDINGS, BY_AREA, MIXED = "buildings", "area", "mixed"
LEAST_SHARE: Final = 1e-9
"""A share of a village smaller than this is noise of cutting."""


@dataclass(frozen=True, slots=True)
class Homes:
    """Villages (metric CRS) with their people, NaN where nobody counted; buildings with their floor area per m² of ground.

    ``floors`` weighs a building's ground: 0 where nobody lives in it.
    """

    villages: Geometries
    population: Floats
    buildings: Geometries
    floors: Floats


@dataclass(frozen=True, slots=True)
class Spread:
    """Per unit: ``people`` (NaN where too much of it lies in no counted village) and by which ``method`` ("": none)."""

    people: Floats
    method: tuple[str, ...]


def spread_people(units: Geometries, homes: Homes, *, least_known: float) -> Spread:
    """How many people live in each unit (metric CRS).

    A village's people are spread evenly over the floor area of its dwellings (dasymetric), or over its ground where no
    dwelling is on record. A unit of which less than ``least_known`` lies in counted villages has no number: outside,
    people are unknown, not absent.
    """
    counted = np.flatnonzero(~np.isnan(homes.population))
    villages, population = homes.villages[counted], homes.population[counted]
    ground = measure(units, villages, 0.0)
    people = np.zeros(len(units))
    dwellings, at_home, of_village = _dwellings(villages, homes)
    housed = np.bincount(of_village, at_home, len(villages)) > 0
    by_area = ~housed[ground.zone]
    shares = ground.overlap_m2 / shapely.area(villages)[ground.zone]
    people += _sum(ground.site[by_area], (population[ground.zone] * shares)[by_area], len(units))
    if len(dwellings):
        lived = measure(units, dwellings, 0.0)
        whole = np.bincount(of_village, at_home, len(villages))
        part = lived.overlap_m2 / shapely.area(dwellings)[lived.zone] * at_home[lived.zone]
        village = of_village[lived.zone]
        people += _sum(lived.site, population[village] * part / whole[village], len(units))
    covered = _sum(ground.site, ground.overlap_m2, len(units)) / shapely.area(units)
    known = covered >= least_known
    met = shares > LEAST_SHARE
    houses, fields = (_met(ground.site[met & some], len(units)) for some in (~by_area, by_area))
    methods = [_method(*told) for told in zip(known, houses, fields, strict=True)]
    return Spread(np.where(known, people, np.nan), tuple(methods))


def people_within(parts: Sequence[Any], homes: Homes) -> tuple[float, str]:
    """How many of the counted people live within ``parts`` together, and by which method; ground under several counts once."""
    spread = spread_people(np.array([shapely.union_all(list(parts))], dtype=object), homes, least_known=0.0)
    return float(spread.people[0]), spread.method[0]


def _dwellings(villages: Geometries, homes: Homes) -> tuple[Geometries, Floats, npt.NDArray[np.int64]]:
    """Dwellings cut to the village they stand in, each with its floor area and its village."""
    lived_in = homes.buildings[homes.floors > 0]
    floors = homes.floors[homes.floors > 0]
    building, village = shapely.STRtree(villages).query(lived_in, predicate="intersects")
    cut = lived_in[building].copy()
    astride = np.flatnonzero(np.bincount(building, minlength=len(lived_in))[building] > 1)
    cut[astride] = shapely.intersection(cut[astride], villages[village[astride]])
    area = shapely.area(cut)
    kept = area > 0
    return cut[kept], (area * floors[building])[kept], village[kept]


def _sum(unit: npt.NDArray[np.int64], values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(unit, values, count), dtype=np.float64)


def _met(unit: npt.NDArray[np.int64], count: int) -> Flags:
    return np.asarray(np.bincount(unit, minlength=count) > 0)


def _method(known: bool, houses: bool, fields: bool) -> str:
    if not known:
        return ""
    if houses and fields:
        return MIXED
    return BY_BUILDINGS if houses else BY_AREA if fields else ""
