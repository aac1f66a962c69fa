"""Candidates for stations: seats of villages and junctions of roads, none on ground where no station may stand."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from app.dispatch.planning_schemas import ExcludedAnswer
from app.judgement.forces import StandingForce, village_places
from app.judgement.screening import check_sites
from app.judgement.standby import Standby
from app.platform.clock import CHINA
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.roads import RoadNetwork, snap
from gis_layers.stores.places import find_boundary
from gis_layers.stores.publication import read_publication_state
from gis_layers.stores.published_zones import ZoneQuery, read_zones
from gis_layers.stores.registers_state import read_registers_state
from risk_model.dispatch import ForceOnRecord, avoided_ground
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries, ProjectClass, Site, Verdict

MOST: Final = 240
"""So many candidates are weighed at once: a town's villages, and its junctions some hundred metres apart."""
CELL_M: Final = 400.0
STATION: Final = ProjectClass.K3
"""A station is an installation of emergency response in the rules of siting."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Points (metric CRS) at which a station may stand, and how many were left out for what."""

    points: Geometries
    excluded: ExcludedAnswer


_candidates: Once[str, Candidates] = Once(4)


def read_candidates(work: Work, standby: Standby, at: datetime.datetime) -> Candidates:
    """The candidates of a town, kept until its roads, registers, edition or rules change."""
    edition = read_publication_state(work.session).edition
    state = (read_registers_state(work.session), work.rulebook.fingerprint, at.astimezone(CHINA).date())
    key = f"{work.deployment.url} {standby.avoided.whole.version} {edition and edition.fingerprint} {state}"
    return _candidates.get(key, lambda: _find(work, standby.avoided.whole, at))


def _find(work: Work, network: RoadNetwork, at: datetime.datetime) -> Candidates:
    _, seats = village_places(work)
    points = np.concatenate([seats, _junctions(work, network, MOST - min(len(seats), MOST))])
    objections = object_to(work, points, at)
    kept = np.array([one is None for one in objections], dtype=bool)
    return Candidates(
        points[kept],
        {"red_ground": objections.count("red_ground"), "siting_rules": objections.count("siting_rules")},
    )


def object_to(work: Work, points: Geometries, at: datetime.datetime) -> list[str | None]:
    """Why no station may stand at each point (metric CRS): ``red_ground``, ``siting_rules``; None where it may."""
    if not len(points):
        return []
    red = np.zeros(len(points), dtype=bool)
    red[shapely.STRtree(points).query(_red_ground(work), predicate="intersects")[1]] = True
    sites = [Site(point, STATION) for point in points]
    opinions, _ = check_sites(work, sites, on=at.astimezone(CHINA).date())
    return [
        "red_ground" if is_red else "siting_rules" if opinion.verdict is Verdict.PROHIBITED else None
        for is_red, opinion in zip(red, opinions, strict=True)
    ]


def station_force(kind: str, place: Any, standby: Standby) -> StandingForce:
    """A force of a kind as it would stand at a place (metric CRS)."""
    (on_road,) = snap(standby.avoided.whole, as_array([place]), standby.speeds, on_motorways=False)
    near = on_road if on_road is not None and on_road.away_m <= standby.speeds.longest_yard_m else None
    return StandingForce(ForceOnRecord("new", "", kind, "ready", frozenset()), place, near, None)


def _red_ground(work: Work) -> Geometries:
    zones = read_zones(work.session, ZoneQuery(product="hazard"))
    ranks = pd.to_numeric(zones["grade_rank"])
    worst = [avoided_ground().closes(None if pd.isna(rank) else int(rank)) for rank in ranks]
    return to_metric(zones.geometry.to_numpy()[np.array(worst, dtype=bool)], work.settings.metric_crs)


def _junctions(work: Work, network: RoadNetwork, most: int) -> Geometries:
    """Junctions within the town, no more than one in a square whose side grows until there are few enough."""
    fast = network.road_class == "motorway"
    used = np.unique(np.concatenate([network.tail[~fast], network.head[~fast]]))
    points = shapely.points(network.node[used])
    boundary = find_boundary(work.session)
    if boundary is not None:
        (town,) = to_metric(as_array([boundary]), work.settings.metric_crs)
        points = points[shapely.intersects(town, points)]
    corners, side = shapely.get_coordinates(points), CELL_M
    while True:
        _, first = np.unique(np.floor(corners / side), axis=0, return_index=True)
        if len(first) <= most:
            return as_array(list(points[np.sort(first)]))
        side *= 1.25
