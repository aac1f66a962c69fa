"""Shelters told in order: who takes refuge, which shelters may be used, who walks to which, who finds no place."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import shapely

from app.dispatch.coverage_basis import coverage_basis
from app.dispatch.coverage_gaps import point_answer
from app.dispatch.coverage_schemas import CoverageQuery
from app.dispatch.shelter_schemas import (
    AllocationAnswer,
    RefugeCount,
    ShelterAnswer,
    ShelteredVillage,
    ShelterPassedOver,
    ShelterQuery,
    WayToShelter,
)
from app.judgement.protected import Protected, read_protected
from app.judgement.standby import SEARCHED, Bases, Standby, Targets, due_table, stand_by
from app.platform.errands import reckon
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.roads import (
    PlacesOnRoads,
    RoadGraph,
    RoadNetwork,
    RoadPlace,
    Travel,
    graph_of,
    journey,
    on_foot,
    snap,
    travel_to,
)
from gis_layers.stores.town import RegisterQuery, read_register
from risk_model.codes import enumeration
from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.shelters import Allocation, ShelterTerm, allocate, shelter_rules
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

_walked: Once[str, RoadNetwork] = Once(2)


@dataclass(frozen=True, slots=True)
class Shelter:
    """A shelter (``place`` in the metric CRS) with what it holds, and where on the roads it is entered."""

    row: Any
    place: Any
    capacity: int
    on_road: RoadPlace | None
    passed_over: ShelterPassedOver | None


@dataclass(frozen=True, slots=True)
class Refuge:
    """Everything an allocation is told from: ``people`` at each home who take refuge, and the roads as they are walked."""

    standby: Standby
    protected: Protected
    foot: RoadNetwork
    people: Floats
    shelters: tuple[Shelter, ...]
    most_m: float
    metric_crs: str


def allocated(
    graph: RoadGraph, bases: Bases, targets: Targets, people: Floats, room: tuple[Floats, float]
) -> tuple[Floats, Allocation]:  # fmt: skip
    """Metres on foot from each home (a row) to each shelter, and who goes where: for a process of its own.

    ``room`` is what each shelter holds, and how far people walk.
    """
    metres = due_table(graph, bases, targets).at_targets.T
    capacity, most_m = room
    return metres, allocate(metres, people, capacity, np.full(len(capacity), most_m))


def allocate_shelters(work: Work, asked: ShelterQuery, at: datetime.datetime) -> AllocationAnswer:
    """Who takes refuge where. Raises Refused where no roads are loaded, UnknownHazard for zones of none."""
    rules = shelter_rules()
    term = rules.terms[asked.term]
    refuge = _refuge(work, asked, term, at)
    used = [one for one in refuge.shelters if one.passed_over is None]
    capacity = np.array([one.capacity for one in used], dtype=float)
    graph, bases, targets = graph_of(refuge.foot, refuge.foot.seconds), _bases(refuge, used), _targets(refuge)
    size = len(used) * (len(graph.tail) + len(refuge.people)) // SEARCHED
    metres, told = reckon(size, allocated, graph, bases, targets, refuge.people, (capacity, term.most_m))
    return {
        "term": asked.term,
        "rule": {"most_m": term.most_m, "area_m2": term.area_m2, "basis": rules.basis, "basis_en": rules.basis_en},
        "people": _counted(refuge, metres, told),
        "shelters": _shelters(refuge, used, told),
        "villages": _villages(refuge, used, metres, told),
        "graph_version": refuge.standby.avoided.whole.version,
        "basis": coverage_basis(work),
    }


def _refuge(work: Work, asked: ShelterQuery, term: ShelterTerm, at: datetime.datetime) -> Refuge:
    standby = stand_by(work, CoverageQuery((), None, None, asked.avoid_zones), at)
    protected, avoided = read_protected(work), standby.avoided
    foot = _walked.get(avoided.key, lambda: on_foot(avoided.network))
    zones = as_array([one.shape for one in avoided.closures if one.key.startswith("zone ")])
    people = protected.people
    if asked.endangered:
        inside = np.isin(np.arange(len(people)), shapely.STRtree(protected.homes).query(zones, "intersects")[1])
        people = np.where(inside, people, 0.0)
    shelters = _read_shelters(work, standby, asked, term, zones)
    return Refuge(standby, protected, foot, people, shelters, term.most_m, work.settings.metric_crs)


def _read_shelters(
    work: Work, standby: Standby, asked: ShelterQuery, term: ShelterTerm, zones: Geometries
) -> tuple[Shelter, ...]:
    frame = read_register(work.session, "facilities", RegisterQuery(kind="shelter"))
    shapes = to_metric(frame.geometry.to_numpy(), work.settings.metric_crs)
    endangered = set(shapely.STRtree(shapes).query(zones, "intersects")[1].tolist())
    places = shapely.point_on_surface(shapes)
    on_roads = snap(standby.avoided.whole, places, standby.speeds, on_motorways=False)
    rows: list[Any] = list(frame.itertuples(index=False))
    found = []
    for i, (row, place, on_road) in enumerate(zip(rows, places, on_roads, strict=True)):
        is_own = row.shelter_term == asked.term or row.effective_area_m2 is None
        capacity = term.capacity(row.capacity if is_own else None, row.effective_area_m2)
        near = on_road is not None and on_road.away_m <= standby.speeds.longest_walk_m
        passed: ShelterPassedOver | None = (
            "in_zone" if i in endangered else _passed_over(row.shelter_term, asked.term, capacity, is_near=near)
        )
        found.append(Shelter(row, place, capacity, on_road, passed))
    return tuple(found)


def _passed_over(offered: str | None, term: str, capacity: int, *, is_near: bool) -> ShelterPassedOver | None:
    terms = list(enumeration("shelter_term"))
    if offered is not None and terms.index(offered) < terms.index(term):
        return "shorter_term"
    if not capacity:
        return "no_capacity"
    return None if is_near else "off_road"


def _bases(refuge: Refuge, used: list[Shelter]) -> Bases:
    """Shelters as they are walked to: metres beside the road in place of seconds."""
    places = [refuge.standby.avoided.place(one.on_road) for one in used if one.on_road is not None]
    at, homes = as_array([one.place for one in used]), refuge.protected.homes
    base, home = shapely.STRtree(homes).query(at, predicate="dwithin", distance=refuge.standby.speeds.at_base_m)
    return Bases(
        PlacesOnRoads(
            np.array([one.stretch for one in places], dtype=np.int64), np.array([one.share for one in places])
        ),
        np.array([one.away_m for one in places]),
        (base, home),
        shapely.distance(at[base], homes[home]),
    )


def _targets(refuge: Refuge) -> Targets:
    """Homes as people walk from them: metres to the road in place of seconds."""
    whole = refuge.standby.targets(refuge.protected.points, refuge.protected.key)
    homes = len(refuge.protected.people)
    return Targets(whole.places.part(0, homes), whole.walk_s[:homes] / refuge.standby.speeds.walk_s(1.0))


def _left(refuge: Refuge, metres: Floats, told: Allocation) -> tuple[Floats, Floats]:
    """People at each home who find no place: too far from any shelter, or because those near are full."""
    near = metres.min(axis=1, initial=inf) <= refuge.most_m
    return np.where(near, 0.0, told.unserved), np.where(near, told.unserved, 0.0)


def _counted(refuge: Refuge, metres: Floats, told: Allocation) -> RefugeCount:
    too_far, full = _left(refuge, metres, told)
    whole, served = float(refuge.people.sum()), float(told.people.sum())
    return {
        "served": round(served),
        "too_far": round(float(too_far.sum())),
        "full": round(float(full.sum())),
        "share": served / whole if whole > 0 else None,
    }


def _shelters(refuge: Refuge, used: list[Shelter], told: Allocation) -> list[ShelterAnswer]:
    taken = np.bincount(told.shelter, told.people, len(used))
    people = {id(one): round(float(count)) for one, count in zip(used, taken, strict=True)}
    return [
        {
            "id": str(one.row.id),
            "name": one.row.name,
            "term": one.row.shelter_term,
            "capacity": one.capacity,
            "people": people.get(id(one), 0),
            "passed_over": one.passed_over,
            "at": point_answer(one.place, refuge.metric_crs),
        }
        for one in refuge.shelters
    ]


def _villages(refuge: Refuge, used: list[Shelter], metres: Floats, told: Allocation) -> list[ShelteredVillage]:
    too_far, full = (np.bincount(refuge.protected.village, some, len(refuge.protected.names)) for some in _left(refuge, metres, told))  # fmt: skip
    whole = np.bincount(refuge.protected.village, refuge.people, len(refuge.protected.names))
    ways = {number: travel_to(refuge.foot, _entered(refuge, one)) for number, one in enumerate(used)}
    of_pair = refuge.protected.village[told.home]
    listed: list[ShelteredVillage] = []
    for village, (key, name) in enumerate(refuge.protected.names):
        if whole[village] <= 0:
            continue
        pairs = np.flatnonzero(of_pair == village)
        groups = [pairs[told.shelter[pairs] == one] for one in np.unique(told.shelter[pairs])]
        to = [_way(refuge, used, metres, told, (group, ways)) for group in groups]
        listed.append({
            "id": key, "name": name, "people": round(float(whole[village])),
            "to": sorted(to, key=lambda one: -one["people"]),
            "too_far": round(float(too_far[village])), "full": round(float(full[village])),
        })  # fmt: skip
    return sorted(listed, key=lambda one: (-one["too_far"] - one["full"], one["name"]))


def _entered(refuge: Refuge, shelter: Shelter) -> RoadPlace:
    assert shelter.on_road is not None, "a shelter that is used is near a road"
    return refuge.standby.avoided.place(shelter.on_road)


def _way(
    refuge: Refuge, used: list[Shelter], metres: Floats, told: Allocation, of: tuple[Any, dict[int, Travel]]
) -> WayToShelter:
    """The people of a village who go to one shelter, and the way of the one who walks farthest."""
    group, ways = of
    number = int(told.shelter[group[0]])
    shelter = used[number]
    farthest = int(told.home[group[np.argmax(metres[told.home[group], number])]])
    far_m = float(metres[farthest, number])
    places = _targets(refuge).places
    place = RoadPlace(int(places.stretch[farthest]), float(places.share[farthest]), 0.0)
    walked = journey(refuge.foot, place, ways[number])
    return {
        "shelter": {"id": str(shelter.row.id), "name": shelter.row.name},
        "people": round(float(told.people[group].sum())),
        "metres": round(far_m),
        "minutes": round(refuge.standby.speeds.walk_s(far_m) / 60, 1),
        "way": None if walked is None else point_answer(walked.line, refuge.metric_crs),
    }
