"""People and things on each unit, how easily damaged, and how well the unit can cope. Unknown stays unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.grading.terms import EXPOSURE, VULNERABILITY, GradingTerms
from risk_model.indicators import join_risk, normalise, rank_by_bounds, relieve, weighted_sum
from risk_model.overlay import measure
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BuildingStock:
    """Footprints (metric CRS) with the word for their structure, "" where unknown."""

    geometry: Geometries
    structure: npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Figures:
    """Raw figures of each unit, NaN where unknown: people, m² under buildings, m² of these by fragility, places.

    ``fragile_m2`` is the ground under buildings weighted by their fragility (0–1); ``population_method`` says of each unit
    how its people were found out (counted, buildings, area, mixed, "" where they were not).
    """

    population: Floats
    building_m2: Floats
    fragile_m2: Floats
    shelter_places: Floats
    population_method: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Risk:
    """Per unit: risk ``score`` (0–1, NaN unknown), ``rank`` (0: none), its parts, and the indicators it lacks."""

    score: Floats
    rank: Integers
    exposure: Floats
    vulnerability: Floats
    capacity: Floats
    indicators: Mapping[str, Floats]
    gaps: tuple[tuple[str, ...], ...]


def measure_buildings(units: Geometries, buildings: BuildingStock, terms: GradingTerms) -> tuple[Floats, Floats]:
    """m² under buildings in each unit, and the same weighted by fragility; NaN for all where no building is on record.

    A unit with a building of unknown structure has no known fragility.
    """
    if not len(buildings.geometry):
        unknown = np.full(len(units), np.nan)
        return unknown, unknown.copy()
    fragility = np.array([terms.fragility.get(word, np.nan) for word in buildings.structure])
    pairs = measure(units, buildings.geometry, 0.0)
    under: Floats = np.bincount(pairs.site, pairs.overlap_m2, len(units)).astype(np.float64)
    fragile = np.bincount(pairs.site, pairs.overlap_m2 * fragility[pairs.zone], len(units)).astype(np.float64)
    return under, fragile


def risk_of(hazard: Floats, units: Geometries, figures: Figures, terms: GradingTerms) -> Risk:
    """The risk of each unit from its composite hazard (0–1, NaN unknown) and its figures.

    R = (H·E·V)^(1/3), or the product, eased by capacity. Exposure and vulnerability are weighted sums of indicators,
    scaled as the terms say; the least exposed unit keeps some exposure. An indicator known of no unit is left out for
    all of them and named as a gap; one known of some units leaves those that lack it without a risk. An unknown
    capacity eases nothing.
    """
    raw = _indicators(shapely.area(units), figures)
    scaled = {
        one.key: normalise(raw[one.key], name=one.key) if one.by_range else raw[one.key] for one in terms.indicators
    }
    exposure, vulnerability = (_part(part, scaled, terms) for part in (EXPOSURE, VULNERABILITY))
    exposure = terms.least_exposure + (1.0 - terms.least_exposure) * exposure
    capacity = np.minimum(_ratio(figures.shelter_places, figures.population * terms.places_per_person), 1.0)
    score, rank = join_parts(hazard, (exposure, vulnerability, capacity), terms)
    lacking = {key: np.isnan(raw[key]) for key in (indicator.key for indicator in terms.indicators)}
    # Where nobody lives nobody needs shelter; that is known, not missing.
    lacking["capacity"] = np.isnan(capacity) & ~(figures.population == 0)
    gaps = tuple(tuple(key for key, absent in lacking.items() if absent[unit]) for unit in range(len(units)))
    return Risk(score, rank, exposure, vulnerability, capacity, raw, gaps)


def join_parts(hazard: Floats, parts: tuple[Floats, Floats, Floats], terms: GradingTerms) -> tuple[Floats, Integers]:
    """The risk ``score`` and ``rank`` of units from their hazard and their exposure, vulnerability and capacity (0–1, NaN unknown).

    These three do not depend on zones: units whose zones change keep them.
    """
    exposure, vulnerability, capacity = parts
    joined = join_risk(hazard, exposure, vulnerability, geometric=terms.geometric)
    score = np.round(relieve(joined, capacity, relief=terms.relief), 12)
    return score, rank_by_bounds(score, terms.lower_bounds)


def _indicators(area_m2: Floats, figures: Figures) -> dict[str, Floats]:
    no_buildings = figures.building_m2 == 0
    return {
        "population_density": figures.population / (area_m2 / 1e6),
        "building_share": figures.building_m2 / area_m2,
        # Where nothing stands nothing is fragile; that is known, not missing.
        "fragile_share": np.where(no_buildings, 0.0, _ratio(figures.fragile_m2, figures.building_m2)),
    }


def _part(part: str, scaled: Mapping[str, Floats], terms: GradingTerms) -> Floats:
    used = [indicator for indicator in terms.of_part(part) if not np.isnan(scaled[indicator.key]).all()]
    if not used:
        return np.full(len(next(iter(scaled.values()))), np.nan)
    columns = np.column_stack([scaled[indicator.key] for indicator in used])
    return weighted_sum(columns, [indicator.weight for indicator in used])


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))
