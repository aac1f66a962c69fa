"""Losses told in order: the bridge, the stretch of road or the force without which most people are no longer reached in time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import inf
from typing import Any, Final

import numpy as np

from app.dispatch.coverage_basis import coverage_basis
from app.dispatch.coverage_gaps import count_people, point_answer
from app.dispatch.coverage_schemas import CoverageQuery
from app.dispatch.planning_schemas import LossAnswer, LossesAnswer, LossOf
from app.judgement.protected import Protected, read_protected
from app.judgement.standby import SEARCHED, Standby, stand_by
from app.platform.errands import reckon
from app.platform.work import Work
from gis_layers.roads import Reached, RoadGraph, StretchLosses, stretch_losses
from gis_layers.stores.roads import road_name
from risk_model.dispatch.due import find_due, without

MOST: Final = 8
SEARCHES: Final = 60
"""So many stretches are tried of bridges, and as many of all others: some seconds on the largest network."""


@dataclass(frozen=True, slots=True)
class RoadLosses:
    """Bridges and other stretches whose loss uncovers most."""

    bridges: StretchLosses
    roads: StretchLosses


def find_losses(graph: RoadGraph, reached: Reached, bridge: Any, within_s: float) -> RoadLosses:
    """The bridges and the other stretches without which most is uncovered: pure numbers, for a process of its own."""
    bridges, roads = (
        stretch_losses(graph, reached, among, within_s=within_s, most=MOST, searches=SEARCHES)
        for among in (bridge, ~bridge)
    )
    return RoadLosses(bridges, roads)


def coverage_losses(work: Work, asked: CoverageQuery, minutes: float, at: datetime.datetime) -> LossesAnswer:
    """What hurts most when it is lost. Raises Refused where no roads are loaded."""
    standby, protected = stand_by(work, asked, at), read_protected(work)
    seconds = protected.homes_of(standby.arrivals(protected).at_targets)
    network, within_s = standby.avoided.network, minutes * 60
    size = SEARCHES * (len(network.tail) + len(protected.people)) // SEARCHED
    lost: RoadLosses = reckon(size, find_losses, standby.graph, _reached(standby, protected), network.bridge, within_s)
    told = [
        *_stretches(work, standby, lost.bridges, "bridge"),
        *_stretches(work, standby, lost.roads, "road"),
        *_forces(work, standby, protected, within_s),
    ]
    order = sorted(told, key=lambda one: (-one["people"], one["what"], one["id"]))
    return {
        "minutes": minutes,
        "people": count_people(protected, seconds.min(axis=0, initial=inf), minutes),
        "losses": [{**one, "rank": rank} for rank, one in enumerate(order, start=1)],
        "proven": lost.bridges.proven and lost.roads.proven,
        "graph_version": standby.avoided.whole.version,
        "basis": coverage_basis(work),
    }


def _reached(standby: Standby, protected: Protected) -> Reached:
    """Homes and whoever sets out to them."""
    homes = protected.homes
    bases, targets = standby.bases(standby.forces, homes), standby.targets(protected.points, protected.key)
    over_s = np.full(len(homes), inf)
    np.minimum.at(over_s, bases.over[1], bases.over_s)
    places = targets.places.part(0, len(homes))
    return Reached(bases.places, bases.begun, places, protected.homes_of(targets.walk_s), over_s, protected.people)


def _stretches(work: Work, standby: Standby, lost: StretchLosses, what: LossOf) -> list[LossAnswer]:
    network = standby.avoided.network
    return [
        {
            "rank": 0,
            "what": what,
            "id": f"stretch/{stretch}",
            "name": road_name(work.session, int(network.road[stretch])),
            "people": round(float(weight)),
            "at": point_answer(network.line[stretch], work.settings.metric_crs),
        }
        for stretch, weight in zip(lost.stretch.tolist(), lost.weight, strict=True)
    ]


def _forces(work: Work, standby: Standby, protected: Protected, within_s: float) -> list[LossAnswer]:
    seconds = protected.homes_of(standby.arrivals(protected).at_targets)
    due = find_due(seconds)
    told: list[LossAnswer] = []
    for place, force in enumerate(standby.forces):
        left = without(seconds, due, np.arange(len(seconds)) == place)
        people = float(protected.people[(due.first <= within_s) & (left > within_s)].sum())
        if people > 0:
            at = point_answer(force.place, work.settings.metric_crs)
            told.append({"rank": 0, "what": "force", "id": force.record.key, "name": force.record.name,
                         "people": round(people), "at": at})  # fmt: skip
    return sorted(told, key=lambda one: -one["people"])[:MOST]
