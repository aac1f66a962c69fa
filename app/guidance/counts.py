"""Counting what stands on which grade: people, facilities of classes K1 to K3, enterprises, village by village."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from app.judgement.population import read_settlements
from app.platform.errands import reckon
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.baselines import Tally, VillageCounts
from gis_layers.stores.places import read_places
from gis_layers.stores.town import read_register
from risk_model.grading import grading_terms
from risk_model.guidance import GradedUnits, GuidanceTerms, count_people, grade_objects, guidance_terms
from risk_model.people import DwellingFootprints, Settlements, are_housed
from risk_model.vocabulary import Geometries

Subject: TypeAlias = Literal["people", "facilities", "enterprises"]
PEOPLE: Final = "people"
FACILITIES: Final = "facilities"
ENTERPRISES: Final = "enterprises"
SUBJECTS: Final[tuple[Subject, ...]] = (PEOPLE, FACILITIES, ENTERPRISES)
OUTSIDE: Final = "—"
"""The key of what lies in no village."""


@dataclass(frozen=True, slots=True)
class Objects:
    """Facilities of K1 to K3 and enterprises as parallel arrays; ``village`` is a number of the villages, -1 in none.

    ``facility`` and ``enterprise`` say as what each is counted; a hazardous enterprise is both. Metric CRS.
    """

    kind: Sequence[str]
    key: Sequence[str]
    name: Sequence[str]
    project_class: Sequence[str]
    village: npt.NDArray[np.int64]
    facility: npt.NDArray[np.bool_]
    enterprise: npt.NDArray[np.bool_]
    geometry: Geometries
    rank: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures: by village and rank (column 0 is ground without a grade), and the objects they were counted from.

    ``people`` is NaN in villages nobody counted; ``exact`` says where dwellings told, else area did.
    """

    keys: Sequence[str]
    names: Sequence[str]
    people: npt.NDArray[np.float64]
    exact: npt.NDArray[np.bool_]
    objects: Objects
    settlements: Settlements
    dwellings: DwellingFootprints


def count_town(work: Work, units: GradedUnits) -> Counted:
    """Count everything on ``units``; a village without a code is keyed by its number."""
    metric_crs, rulebook = work.settings.metric_crs, work.rulebook
    terms, ranks = guidance_terms(rulebook), len(rulebook.scheme(grading_terms(rulebook).scheme))
    villages = read_places(work.session, "villages")
    settlements, dwellings = read_settlements(work)
    codes = zip(villages["code"], villages["id"], strict=True)
    return Counted(
        keys=[f"village-{number}" if pd.isna(code) else str(code) for code, number in codes],
        names=list(villages["name"]),
        people=reckon(len(units.rank), partial(count_people, ranks=ranks), units, settlements, dwellings),
        exact=are_housed(settlements, dwellings),
        objects=_read_objects(work.session, units, settlements, terms, metric_crs),
        settlements=settlements,
        dwellings=dwellings,
    )


def village_rows(counted: Counted, ranks: int) -> list[VillageCounts]:
    """One row a village with the counts of each subject by rank ("0" is ground without a grade), plain values.

    People of an uncounted village are None. What lies in no village has a row of its own where there is any.
    """
    rows = [
        _of_village(counted, number, ranks, (key, name, "dwellings" if exact else "area"))
        for number, (key, name, exact) in enumerate(zip(counted.keys, counted.names, counted.exact, strict=True))
    ]
    if (counted.objects.village < 0).any():
        rows.append(_of_village(counted, -1, ranks, (OUTSIDE, "不在任何村内", None)))
    return rows


def _of_village(counted: Counted, number: int, ranks: int, named: tuple[str, str, str | None]) -> VillageCounts:
    (key, name, people_by), objects = named, counted.objects
    mine = objects.village == number
    people = np.zeros(ranks + 1) if number < 0 else counted.people[number]
    return {
        "key": key,
        "name": name,
        "people_by": people_by,
        PEOPLE: None if np.isnan(people).any() else {str(rank): int(people[rank]) for rank in range(ranks + 1)},
        FACILITIES: _tally(objects.rank[mine & objects.facility], ranks),
        ENTERPRISES: _tally(objects.rank[mine & objects.enterprise], ranks),
    }


def _tally(found: npt.NDArray[np.int64], ranks: int) -> Tally:
    return {str(rank): int((found == rank).sum()) for rank in range(ranks + 1)}


def _read_objects(
    session: Session, units: GradedUnits, settlements: Settlements, terms: GuidanceTerms, metric_crs: str
) -> Objects:
    facilities, stations = (read_register(session, name) for name in ("facilities", "stations"))
    enterprises = read_register(session, "enterprises")
    facilities = facilities[facilities["kind"].isin(list(terms.facility_classes))]
    hazardous = enterprises["major_hazard_level"].notna() | enterprises["sector"].isin(terms.hazardous_sectors)
    classes = [
        *(terms.facility_classes[kind] for kind in facilities["kind"]),
        *[terms.station_class] * len(stations),
        *np.where(hazardous, "K1", "K5").tolist(),
    ]
    frames = {"facilities": facilities, "stations": stations, "enterprises": enterprises}
    shapes = np.concatenate([to_metric(frame.geometry.to_numpy(), metric_crs) for frame in frames.values()])
    plain = len(facilities) + len(stations)
    return Objects(
        kind=[kind for kind, frame in frames.items() for _ in range(len(frame))],
        key=[str(number) for frame in frames.values() for number in frame["id"]],
        name=[name or "" for frame in frames.values() for name in _names(frame)],
        project_class=classes,
        village=reckon(len(shapes), homes_of, shapes, settlements.geometry),
        facility=np.array([True] * plain + hazardous.tolist(), dtype=bool),
        enterprise=np.array([False] * plain + [True] * len(enterprises), dtype=bool),
        geometry=shapes,
        rank=reckon(len(shapes) + len(units.rank), partial(grade_objects, high_rank=terms.high_rank), shapes, units),
    )


def _names(frame: gpd.GeoDataFrame) -> list[str | None]:
    return [None if pd.isna(name) else str(name) for name in frame["name"]]


def homes_of(shapes: Geometries, villages: Geometries) -> npt.NDArray[np.int64]:
    """The village each object has its middle in; the first where villages overlap."""
    home = np.full(len(shapes), -1, dtype=np.int64)
    shape, village = shapely.STRtree(villages).query(shapely.point_on_surface(shapes), predicate="intersects")
    home[shape[::-1]] = village[::-1]
    return home
