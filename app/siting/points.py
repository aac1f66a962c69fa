"""What is at a point: the one answer to it, read of one moment from the layers a check reads; nothing is judged or kept."""

from __future__ import annotations

from typing import Final

import shapely
from typing_extensions import TypedDict

from app.http.request_geometry import locate
from app.judgement.screening import read_in_force, windows_around
from app.platform.clock import today
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.surroundings import Beside, Surroundings, read_surroundings
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.siting import PointReading, PointStatus, read_point
from risk_model.vocabulary import ZoneSet

REACH_M: Final = 5000.0
"""Lines (faults) are told of up to so far from a point."""
AT_M: Final = 1.0


class ThemeAtPoint(TypedDict):
    """One theme at a point: ``inside`` a zone, ``near`` a line, ``clear`` of both on surveyed ground, ``no_data``.

    ``surveyed`` is false where nobody surveyed the theme there, also inside and near. ``zone`` is the number of the worst
    zone or the nearest line (of land set aside: its number in the register), ``distance_m`` how far that is.
    """

    theme: str
    status: PointStatus
    surveyed: bool
    zone: str | None
    name: str | None
    grade_scheme: str | None
    grade_rank: int | None
    distance_m: float | None


class PointReadingAnswer(TypedDict):
    """What is at a point: every hazard and every kind of land set aside of the rulebook, in theme order.

    ``edition`` is the published edition it was read of, null while there is none; lines further than ``reach_m`` are
    not told of.
    """

    lon: float
    lat: float
    edition: int | None
    reach_m: float
    hazards: list[ThemeAtPoint]
    set_aside: list[ThemeAtPoint]


def describe_point(work: Work, lon: float, lat: float) -> PointReadingAnswer:
    """What is at ``lon``, ``lat`` (degrees). Raises BadGeometry where the deployment does not serve that part of the world."""
    metric_crs = work.settings.metric_crs
    placed = locate(shapely.Point(lon, lat), None, metric_crs)
    (point,) = to_metric(as_array([placed]), metric_crs)
    at, far = windows_around(point, (AT_M, REACH_M), metric_crs)

    def ask(rulebook: RuleBook) -> Surroundings:
        beside = Beside(set_aside=tuple(rulebook.constraints), set_aside_window=at)
        return read_surroundings(work.session, at, far, _lines(rulebook), metric_crs, beside=beside)

    rulebook, around = read_in_force(work, ask)
    published = (around.zones, around.ground)
    hazards, set_aside = read_point(point, published, around.constraints, (rulebook, today()), reach_m=REACH_M)
    edition = around.standing.edition
    return {
        "lon": lon,
        "lat": lat,
        "edition": edition.number if edition else None,
        "reach_m": REACH_M,
        "hazards": [_told(one, around.zones) for one in hazards],
        "set_aside": [_told(one, around.constraints.areas) for one in set_aside],
    }


def _lines(rulebook: RuleBook) -> list[str]:
    return [key for key, hazard in rulebook.hazards.items() if hazard.geometry == "line"]


def _told(reading: PointReading, zones: ZoneSet) -> ThemeAtPoint:
    row = reading.row
    return {
        "theme": reading.theme,
        "status": reading.status,
        "surveyed": reading.surveyed,
        "zone": None if row is None else str(zones.zone[row]),
        "name": None if row is None else zones.name[row] or None,
        "grade_scheme": None if row is None else zones.scheme[row] or None,
        "grade_rank": None if row is None else int(zones.rank[row]) or None,
        "distance_m": reading.distance_m,
    }
