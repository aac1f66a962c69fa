"""Gaps of coverage told in order: who is not reached in time, under which hazard, who would be there first."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from app.dispatch.coverage import told_count
from app.dispatch.coverage_basis import coverage_basis
from app.dispatch.coverage_schemas import CountAnswer, CoverageQuery
from app.dispatch.gaps_behind import Behind
from app.dispatch.planning_schemas import GapAnswer, GapsAnswer, HazardOfGap, Named
from app.http.geojson_shapes import Geometry, geometry_of
from app.judgement.protected import Protected, read_protected
from app.judgement.standby import Standby, stand_by
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.stores.publication import read_publication_state
from gis_layers.stores.published_zones import ZoneQuery, read_zones
from risk_model.dispatch import count_covered
from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.due import Indices, find_due
from risk_model.dispatch.gaps import CoverageGap, rank_gaps
from risk_model.shapes import as_array
from risk_model.vocabulary import Grade


@dataclass(frozen=True, slots=True)
class HomeHazards:
    """The worst published hazard at each home: its score from 0 (in no zone) to 1, and its row among ``zones`` (-1: in none)."""

    score: Floats
    zone: Indices
    zones: tuple[HazardOfGap, ...]


_hazards: Once[str, HomeHazards] = Once(2)


def coverage_gaps(work: Work, asked: CoverageQuery, minutes: float, at: datetime.datetime) -> GapsAnswer:
    """The gaps within so many minutes, in their order. Raises Refused where no roads are loaded."""
    standby, protected = stand_by(work, asked, at), read_protected(work)
    due = find_due(protected.homes_of(standby.arrivals(protected).at_targets))
    hazards, homes = read_home_hazards(work, protected), protected.homes
    gaps = rank_gaps(
        due, protected.people, hazards.score, protected.village, at=shapely.get_coordinates(homes), minutes=minutes
    )
    late, behind = due.first > minutes * 60, Behind.of(work, standby)
    return {
        "minutes": minutes,
        "people": count_people(protected, due.first, minutes),
        "gaps": [
            {
                **_told(gap, number, Telling(standby, protected, hazards, late, work.settings.metric_crs)),
                "behind": behind.tell(gap, protected, minutes),
            }
            for number, gap in enumerate(gaps, start=1)
        ],
        "condition": asked.condition,
        "graph_version": standby.avoided.whole.version,
        "basis": coverage_basis(work),
    }


def count_people(protected: Protected, first_s: Floats, minutes: float) -> CountAnswer:
    """People who are reached within so many minutes, and who are not, by the seconds to each home."""
    return told_count(count_covered(first_s, protected.people, minutes))


def point_answer(place: BaseGeometry, metric_crs: str) -> Geometry:
    """A shape of the metric CRS as answers hold it."""
    drawn = to_storage(as_array([place]), metric_crs)[0]
    return geometry_of(shapely.transform(drawn, lambda corners: np.round(corners, 7)))


def read_home_hazards(work: Work, protected: Protected) -> HomeHazards:
    """The worst hazard of the published edition at every home."""
    edition = read_publication_state(work.session).edition
    key = f"{protected.key} {edition and edition.fingerprint}"
    return _hazards.get(key, lambda: _read_hazards(work, protected))


def _read_hazards(work: Work, protected: Protected) -> HomeHazards:
    zones = read_zones(work.session, ZoneQuery(product="hazard"))
    graded = zones[zones["grade_rank"].notna() & zones["grade_scheme"].notna()]
    rows: list[Any] = list(graded.itertuples(index=False))
    scores = np.array([work.rulebook.score(Grade(row.grade_scheme, int(row.grade_rank), row.grade)) for row in rows])
    tree = shapely.STRtree(to_metric(graded.geometry.to_numpy(), work.settings.metric_crs))
    home, zone = tree.query(protected.homes, predicate="intersects")
    order = np.argsort(scores[zone], kind="stable")
    worst = np.full(len(protected.homes), -1)
    worst[home[order]] = zone[order]
    told: tuple[HazardOfGap, ...] = tuple(
        {"hazard": row.hazard, "grade": row.grade, "grade_rank": int(row.grade_rank)} for row in rows
    )
    return HomeHazards(np.where(worst >= 0, np.append(scores, 0.0)[worst], 0.0), worst, told)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a gap is told from; ``late`` homes are those nobody reaches in time."""

    standby: Standby
    protected: Protected
    hazards: HomeHazards
    late: Any
    metric_crs: str


def _told(gap: CoverageGap, number: int, by: Telling) -> GapAnswer:
    key, name = by.protected.names[gap.village]
    return {
        "rank": number,
        "village": {"id": key, "name": name},
        "people": round(gap.people),
        "weight": gap.weight,
        "hazard": _worst(gap, by),
        "minutes": minutes_of(gap.first_s),
        "second_minutes": minutes_of(gap.second_s),
        "reachable": bool(np.isfinite(gap.first_s)),
        "nearest": None if gap.force < 0 else force_named(by.standby, gap.force),
        "behind": [],
        "at": point_answer(by.protected.homes[gap.home], by.metric_crs),
    }


def _worst(gap: CoverageGap, by: Telling) -> HazardOfGap | None:
    homes = np.flatnonzero(by.late & (by.protected.village == gap.village) & (by.protected.people > 0))
    worst = homes[np.argmax(by.hazards.score[homes])]
    zone = int(by.hazards.zone[worst])
    return None if zone < 0 else by.hazards.zones[zone]


def force_named(standby: Standby, force: int) -> Named:
    """A force of the standby by its place among them."""
    record = standby.forces[force].record
    return {"id": record.key, "name": record.name}


def minutes_of(seconds: float) -> float | None:
    """Minutes with one decimal; None for what never comes."""
    return None if pd.isna(seconds) or np.isinf(seconds) else round(float(seconds) / 60, 1)
