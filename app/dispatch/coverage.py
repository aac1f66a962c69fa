"""Coverage told in order: who may be sent, how soon each of them is everywhere, and how much is arrived at in time."""

from __future__ import annotations

import datetime

import numpy as np
import shapely

from app.dispatch.coverage_basis import coverage_basis, standard_of
from app.dispatch.coverage_schemas import (
    BandProperties,
    CountAnswer,
    CountsAnswer,
    CoverageAnswer,
    CoverageQuery,
    CoverageSummary,
    StandingAnswer,
)
from app.http.geojson_shapes import Feature, geometry_of
from app.judgement.forces import StandingForce
from app.judgement.protected import COUNTED, Protected, read_protected
from app.judgement.standby import Standby, stand_by
from app.platform.work import Work
from gis_layers.crs import to_storage
from gis_layers.roads import Travel, joined, reached_lines
from risk_model.dispatch import CoverageCount, count_covered
from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.due import Due, find_due
from risk_model.shapes import as_array


def coverage(work: Work, asked: CoverageQuery, at: datetime.datetime) -> CoverageAnswer:
    """What is arrived at within each of the minutes asked for. Raises Refused where no roads are loaded."""
    standby, protected = stand_by(work, asked, at), read_protected(work)
    table = standby.arrivals(protected)
    travel, due = standby.travel(table, protected), find_due(table.at_targets)
    return {
        "type": "FeatureCollection",
        "features": [_band(standby, travel, minutes, work.settings.metric_crs) for minutes in asked.minutes],
        "summary": [_summary(due, protected, minutes) for minutes in asked.minutes],
        "standard": standard_of(asked),
        "forces": len(standby.forces),
        "standing": [_standing(force, work.settings.metric_crs) for force in standby.forces],
        "uncounted_villages": protected.uncounted_villages,
        "condition": asked.condition,
        "avoid": list(standby.avoided.told),
        "graph_version": standby.avoided.whole.version,
        "basis": coverage_basis(work),
    }


def _band(
    standby: Standby, travel: Travel, minutes: float, metric_crs: str
) -> Feature[BandProperties]:  # fmt: skip
    lines = reached_lines(standby.avoided.network, travel, minutes * 60)
    shape = to_storage(as_array([joined(lines)]), metric_crs)[0]
    drawn = geometry_of(shapely.transform(shape, lambda corners: np.round(corners, 6))) if lines else None
    told: BandProperties = {"minutes": minutes, "road_m": round(float(shapely.length(as_array(lines)).sum()), 1)}
    return {"type": "Feature", "id": f"{minutes:g}", "properties": told, "geometry": drawn}


def _standing(force: StandingForce, metric_crs: str) -> StandingAnswer:
    at = geometry_of(to_storage(as_array([force.place]), metric_crs)[0])
    return {"id": force.record.key, "name": force.record.name, "kind": force.record.kind, "at": at}


def _summary(due: Due, protected: Protected, minutes: float) -> CoverageSummary:
    first, second = _counts(due.first, protected, minutes), _counts(due.second, protected, minutes)
    return {"minutes": minutes, **first, "second_due": second}


def _counts(seconds: Floats, protected: Protected, minutes: float) -> CountsAnswer:
    people, villages, enterprises, sites = (
        told_count(count_covered(seconds[protected.at[name]], protected.weights[name], minutes)) for name in COUNTED
    )
    return {"people": people, "villages": villages, "enterprises": enterprises, "hazard_sites": sites}


def told_count(count: CoverageCount) -> CountAnswer:
    """A count as answers hold it."""
    return {"covered": round(count.covered), "uncovered": round(count.uncovered), "share": count.share}
