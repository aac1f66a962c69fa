"""Guidance to safer ground: who and what stands on which grade, and where the nearest ground that may receive lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.exposure import GroundPieces, find_residents_on, find_shares, lay_disjoint
from risk_model.message import msg
from risk_model.people import DwellingFootprints, Settlements
from risk_model.rulebook import RuleBook
from risk_model.rulebook.entries import Entry, read_backing
from risk_model.shapes import AREAL, as_array, polygons_in
from risk_model.vocabulary import Geometries, ProjectClass

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHARE_NOISE = 1e-6
"""A share of an object's ground smaller than this is noise of cutting."""


@dataclass(frozen=True, slots=True)
class GuidanceTerms:
    """All of ``guidance.toml``; ranks are of the composite scheme (1 is the worst), areas in m²."""

    facility_classes: Mapping[str, str]
    station_class: str
    hazardous_sectors: tuple[str, ...]
    high_rank: int
    receiving_rank: int
    least_m2: float
    receiving_class: ProjectClass
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradedUnits:
    """Graded units as parallel arrays: ``rank`` (0 where there is no grade) and disjoint polygons in the metric CRS."""

    rank: Integers
    geometry: Geometries


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest receiving ground of each object: its number (-1: none), metres, degrees from north, the point there.

    ``bearing_deg`` is NaN where the object touches it or there is none; ``point`` is None where there is none.
    """

    number: Integers
    distance_m: Floats
    bearing_deg: Floats
    point: Geometries


@lru_cache(maxsize=8)
def guidance_terms(rulebook: RuleBook) -> GuidanceTerms:
    """The terms of ``rulebook``; InvalidRule names the entry and the mend."""
    entry = Entry("guidance.toml", "guidance", rulebook.documents.get("guidance"))
    entry.text("version")
    objects, high, receiving = (_backed(entry, key) for key in ("objects", "high", "receiving"))
    kinds = objects.inner("facility_classes")
    terms = GuidanceTerms(
        facility_classes={kind: kinds.one_of(kind, list(ProjectClass)) for kind in kinds},
        station_class=objects.one_of("station_class", list(ProjectClass)),
        hazardous_sectors=objects.words("hazardous_sectors"),
        high_rank=int(high.number("rank")),
        receiving_rank=int(receiving.number("rank")),
        least_m2=receiving.number("least_m2"),
        receiving_class=ProjectClass(receiving.one_of("project_class", list(ProjectClass))),
        excluded=receiving.words("excluded"),
    )
    if terms.receiving_rank <= terms.high_rank:
        raise receiving.wrong(msg("'rank' 应为比“高”更轻的等级"))
    for table in (kinds, objects, high, receiving, entry):
        table.close()
    return terms


def grade_objects(objects: Geometries, units: GradedUnits, *, high_rank: int) -> Integers:
    """The rank of the ground of each object (point, line or polygon, metric CRS): the worst it stands on, 0 unknown.

    Where part of its ground is not known the object is unknown, unless what is known is high already.
    """
    found = find_shares(_by_rank(units), objects)
    worst = np.full(len(objects), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(worst, found.thing[found.stands], found.ground[found.stands])
    known = np.bincount(found.thing, found.shared, len(objects)).astype(np.float64)
    whole = np.where(shapely.get_dimensions(objects) == AREAL, shapely.area(objects), shapely.length(objects))
    doubtful = known < whole * (1.0 - SHARE_NOISE)
    rank = np.where(worst == np.iinfo(np.int64).max, 0, worst)
    return np.asarray(np.where(doubtful & (rank > high_rank), 0, rank), dtype=np.int64)


def count_people(units: GradedUnits, settlements: Settlements, dwellings: DwellingFootprints, *, ranks: int) -> Floats:
    """People of each settlement on each rank, (settlements, ranks + 1) with unknown ground in column 0.

    Every row sums to the settlement's population in whole people; NaN all along where that is not counted.
    """
    found = find_residents_on(_by_rank(units), settlements, dwellings)
    table = np.zeros((len(settlements.population), ranks + 1))
    table[found.settlement, found.target] = found.people
    for row, population in zip(table, settlements.population, strict=True):
        if np.isnan(population):
            row[:] = np.nan
        else:
            row[0] = max(population - row[1:].sum(), 0.0)
            row[:] = apportion(row, round(float(population)))
    return table


def apportion(shares: Floats, whole: int) -> Floats:
    """``shares`` rounded to whole numbers that sum to ``whole``: the largest remainders are rounded up."""
    total = float(shares.sum())
    exact = shares * (whole / total) if total > 0 else np.zeros_like(shares)
    floor = np.floor(exact)
    left = round(whole - float(floor.sum())) if total > 0 else 0
    floor[np.argsort(floor - exact, kind="stable")[:left]] += 1
    return np.asarray(floor)


def mild_ground(units: GradedUnits, terms: GuidanceTerms) -> Any:
    """The ground of the units that are mild enough to receive, as one geometry in the metric CRS."""
    return shapely.union_all(units.geometry[units.rank >= terms.receiving_rank])


def receiving_ground(mild: Any, withheld: Sequence[Any], terms: GuidanceTerms) -> Geometries:
    """Patches that may receive: ``mild`` ground outside all that is ``withheld``.

    Polygons in the metric CRS, none below the least area. Hazard alone decides, not what already stands there.
    """
    ground = mild
    for shut in withheld:
        ground = shapely.difference(ground, shut)
    parts = polygons_in(as_array([ground]))
    return np.asarray(parts[shapely.area(parts) >= terms.least_m2])


def nearest_ground(objects: Geometries, patches: Geometries) -> Nearest:
    """The nearest of ``patches`` to each object in a straight line, metric CRS."""
    count = len(objects)
    number, distance = np.full(count, -1, dtype=np.int64), np.full(count, np.nan)
    bearing, point = np.full(count, np.nan), np.full(count, None, dtype=object)
    if count and len(patches):
        tree = shapely.STRtree(patches)
        (site, patch), away = tree.query_nearest(objects, return_distance=True, all_matches=False)
        number[site], distance[site] = patch, away
        lines = shapely.shortest_line(objects[site], patches[patch])
        ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
        east, north = (ends[:, 1] - ends[:, 0]).T
        bearing[site] = np.where(away > 0, np.degrees(np.arctan2(east, north)) % 360.0, np.nan)
        point[site] = shapely.points(ends[:, 1])
    return Nearest(number, distance, bearing, point)


def _by_rank(units: GradedUnits) -> GroundPieces:
    """The graded ground: of every rank one ground, under its number."""
    graded = units.rank > 0
    return lay_disjoint(units.geometry[graded], units.rank[graded], int(units.rank.max(initial=0)) + 1)


def _backed(entry: Entry, key: str) -> Entry:
    table = entry.inner(key)
    read_backing(table)
    return table
