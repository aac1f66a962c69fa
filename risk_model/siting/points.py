"""A point read off the published layers: which zones it lies in, how far the next line is, what was surveyed there.

It is no judgement: nothing is said of what may stand there. Ground nobody surveyed is unknown, whatever lies around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import shapely

from risk_model.rulebook import Hazard, RuleBook
from risk_model.shapes import AREAL
from risk_model.surveys import SurveyCoverage, surveyed_ground
from risk_model.vocabulary import ConstraintSet, ExtentSet, ZoneSet


class PointStatus(StrEnum):
    """Status of one theme at a point: in one of its zones, near one of its lines, on surveyed ground clear of both, unknown."""

    INSIDE = "inside"
    NEAR = "near"
    CLEAR = "clear"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class PointReading:
    """Reading of one theme at a point. ``row`` is the zone told of: the worst the point lies in, else the nearest line.

    ``surveyed`` is false where nobody surveyed the theme at the point, also where a zone or a line is told of.
    """

    theme: str
    status: PointStatus
    surveyed: bool
    row: int | None = None
    distance_m: float | None = None


def read_point(
    point: Any,
    published: tuple[ZoneSet, ExtentSet],
    constraints: ConstraintSet,
    setting: tuple[RuleBook, date],
    *,
    reach_m: float,
) -> tuple[tuple[PointReading, ...], tuple[PointReading, ...]]:
    """Readings of ``point`` (metric CRS) by rulebook and day: hazards of ``published`` zones, then land set aside, each in theme order.

    Lines further away than ``reach_m`` are not told of.
    """
    (zones, extents), (rulebook, on) = published, setting
    of_hazards = _read(point, zones, (surveyed_ground(zones, extents, rulebook, on), rulebook.hazards), reach_m)
    areas, surveys = constraints.areas, constraints.surveys
    set_aside = _read(point, areas, (surveyed_ground(areas, surveys, rulebook, on), rulebook.constraints), reach_m)
    return of_hazards, set_aside


def _read(
    point: Any, zones: ZoneSet, known: tuple[SurveyCoverage, Mapping[str, Hazard]], reach_m: float
) -> tuple[PointReading, ...]:
    coverage, themes = known
    surveyed = set(coverage.hazard[shapely.intersects(coverage.geometry, point)].tolist())
    distance_m = shapely.distance(zones.geometry, point)
    found = []
    for key in (*themes, *sorted(set(zones.hazard.tolist()) - set(themes))):
        # Zones of a hazard without a file are told of all the same; nothing counts as its survey.
        counting = [key not in themes or themes[key].surveyed_by(product) for product in zones.product.tolist()]
        rows = np.flatnonzero((zones.hazard == key) & np.array(counting, dtype=bool))
        is_known = all(one in surveyed for one in coverage.asked_with(key))
        found.append(_reading(key, zones, rows.tolist(), distance_m, surveyed=is_known, reach_m=reach_m))
    return tuple(found)


def _reading(
    theme: str, zones: ZoneSet, rows: Sequence[int], distance_m: Any, *, surveyed: bool, reach_m: float
) -> PointReading:
    areal = shapely.get_dimensions(zones.geometry) == AREAL
    inside = [row for row in rows if areal[row] and distance_m[row] == 0]
    if inside:
        return PointReading(
            theme, PointStatus.INSIDE, surveyed, min(inside, key=lambda row: (zones.rank[row], row)), 0.0
        )
    near = [row for row in rows if not areal[row] and distance_m[row] <= reach_m]
    if near:
        nearest = min(near, key=lambda row: (distance_m[row], row))
        return PointReading(theme, PointStatus.NEAR, surveyed, nearest, float(distance_m[nearest]))
    return PointReading(theme, PointStatus.CLEAR if surveyed else PointStatus.NO_DATA, surveyed)
