"""Coverage told in order: who may be sent, one search from all of them, and how soon somebody is at every dwelling and enterprise."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
import shapely

from app.dispatch.avoided import Avoided, read_avoided
from app.dispatch.coverage_basis import coverage_basis, standard_of
from app.dispatch.coverage_schemas import (
    BandProperties,
    CountAnswer,
    CoverageAnswer,
    CoverageQuery,
    CoverageSummary,
    StandingAnswer,
)
from app.dispatch.ground import StandingForce, read_forces, read_network, village_places
from app.http.geojson_shapes import Feature, geometry_of
from app.judgement.population import read_settlements
from app.platform.clock import CHINA
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.roads import Speeds, Travel, joined, reached_lines, read_speeds, seconds_at_each, snap, travel_from
from gis_layers.stores.registers_state import read_registers_state
from gis_layers.stores.town import read_register
from risk_model.dispatch import CoverageCount, count_covered, turnout_s, why_passed_over
from risk_model.dispatch.coverage import Floats
from risk_model.people import find_homes
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

PEOPLE, VILLAGES, ENTERPRISES, HAZARD_SITES = "people", "villages", "enterprises", "hazard_sites"
COUNTED: Final = (PEOPLE, VILLAGES, ENTERPRISES, HAZARD_SITES)


@dataclass(frozen=True, slots=True)
class Protected:
    """What is to be protected, as points (metric CRS) with how much each counts, by what it is."""

    points: dict[str, Geometries]
    weights: dict[str, Floats]
    uncounted_villages: int


@dataclass(frozen=True, slots=True)
class Standby:
    """Forces that may be sent, and travel from all of them at once, the turnout and the yard of each in it."""

    avoided: Avoided
    speeds: Speeds
    forces: tuple[StandingForce, ...]
    travel: Travel

    def seconds_at(self, points: Geometries) -> Floats:
        """Seconds from the call until the first of them is at each point; infinite where nobody comes."""
        seconds = np.full(len(points), inf)
        places = snap(self.avoided.whole, points, self.speeds, on_motorways=True)
        near = [i for i, at in enumerate(places) if at is not None and at.away_m <= self.speeds.longest_walk_m]
        on_roads = [self.avoided.place(place) for i in near if (place := places[i]) is not None]
        walks = [self.speeds.walk_s(place.away_m) for place in on_roads]
        seconds[near] = seconds_at_each(self.avoided.network, self.travel, on_roads) + np.array(walks)
        return self._at_base(points, seconds)

    def _at_base(self, points: Geometries, seconds: Floats) -> Floats:
        """The same where somebody stands so near that they walk over."""
        bases = as_array([force.place for force in self.forces])
        one, other = shapely.STRtree(bases).query(points, predicate="dwithin", distance=self.speeds.at_base_m)
        turnouts = np.array([turnout_s(force.record) for force in self.forces], dtype=float)
        walks = self.speeds.walk_s(1.0) * shapely.distance(points[one], bases[other])
        np.minimum.at(seconds, one, turnouts[other] + walks)
        return seconds


_protected: Once[tuple[str, str, str, str], Protected] = Once(2)


def coverage(work: Work, asked: CoverageQuery, at: datetime.datetime) -> CoverageAnswer:
    """What is arrived at within each of the minutes asked for. Raises Refused where no roads are loaded."""
    standby, protected = stand_by(work, asked, at), read_protected(work)
    seconds = {name: standby.seconds_at(points) for name, points in protected.points.items()}
    return {
        "type": "FeatureCollection",
        "features": [_band(standby, minutes, work.settings.metric_crs) for minutes in asked.minutes],
        "summary": [_summary(seconds, protected, minutes) for minutes in asked.minutes],
        "standard": standard_of(asked),
        "forces": len(standby.forces),
        "standing": [_standing(force, work.settings.metric_crs) for force in standby.forces],
        "uncounted_villages": protected.uncounted_villages,
        "condition": asked.condition,
        "avoid": list(standby.avoided.told),
        "graph_version": standby.avoided.whole.version,
        "basis": coverage_basis(work),
    }


def stand_by(work: Work, asked: CoverageQuery, at: datetime.datetime) -> Standby:
    """Everybody who may be sent at a moment, of the kinds asked for."""
    network, speeds, today = read_network(work), read_speeds(), at.astimezone(CHINA).date()
    avoided = read_avoided(work, network, asked.avoid_zones, at)
    forces = tuple(
        force
        for force in read_forces(work, network, speeds)
        if why_passed_over(force.record, today) is None and (asked.kinds is None or force.record.kind in asked.kinds)
    )
    setting_out = [(force, place) for force in forces if (place := force.on_road) is not None]
    begun = [turnout_s(force.record) + speeds.yard_s(place.away_m) for force, place in setting_out]
    cost = avoided.network.seconds / speeds.share_left(asked.condition)
    places = [avoided.place(place) for _, place in setting_out]
    return Standby(avoided, speeds, forces, travel_from(avoided.network, places, cost, begun=begun))


def read_protected(work: Work) -> Protected:
    """The dwellings with their people, the seats of villages, enterprises, those with major hazards."""
    key = (work.deployment.url, work.settings.metric_crs, read_registers_state(work.session), work.rulebook.fingerprint)
    return _protected.get(key, lambda: _read(work))


def _read(work: Work) -> Protected:
    settlements, dwellings = read_settlements(work)
    _, seats = village_places(work)
    homes, people = find_homes(settlements, dwellings, seats)
    enterprises = read_register(work.session, ENTERPRISES)
    plants = shapely.point_on_surface(to_metric(enterprises.geometry.to_numpy(), work.settings.metric_crs))
    major = enterprises["major_hazard_level"].notna().to_numpy()
    points = {
        PEOPLE: homes,
        VILLAGES: seats,
        ENTERPRISES: plants,
        HAZARD_SITES: plants[major],
    }
    ones = {name: np.ones(len(points[name])) for name in (VILLAGES, ENTERPRISES, HAZARD_SITES)}
    uncounted = int(np.isnan(settlements.population).sum())
    return Protected(points, {PEOPLE: people, **ones}, uncounted)


def _band(standby: Standby, minutes: float, metric_crs: str) -> Feature[BandProperties]:
    lines = reached_lines(standby.avoided.network, standby.travel, minutes * 60)
    shape = to_storage(as_array([joined(lines)]), metric_crs)[0]
    drawn = geometry_of(shapely.transform(shape, lambda corners: np.round(corners, 6))) if lines else None
    told: BandProperties = {"minutes": minutes, "road_m": round(float(shapely.length(as_array(lines)).sum()), 1)}
    return {"type": "Feature", "id": f"{minutes:g}", "properties": told, "geometry": drawn}


def _standing(force: StandingForce, metric_crs: str) -> StandingAnswer:
    at = geometry_of(to_storage(as_array([force.place]), metric_crs)[0])
    return {"id": force.record.key, "name": force.record.name, "kind": force.record.kind, "at": at}


def _summary(seconds: dict[str, Floats], protected: Protected, minutes: float) -> CoverageSummary:
    people, villages, enterprises, sites = (
        _count(count_covered(seconds[name], protected.weights[name], minutes)) for name in COUNTED
    )
    return {
        "minutes": minutes,
        "people": people,
        "villages": villages,
        "enterprises": enterprises,
        "hazard_sites": sites,
    }


def _count(count: CoverageCount) -> CountAnswer:
    return {"covered": round(count.covered), "uncovered": round(count.uncovered), "share": count.share}
