"""Sites for stations told in order: who is not covered, who would be from each candidate, the plan and its proof."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final, cast

import numpy as np
import shapely

from app.dispatch.coverage_basis import coverage_basis
from app.dispatch.coverage_gaps import count_people, point_answer
from app.dispatch.coverage_schemas import CoverageQuery
from app.dispatch.planning_schemas import Named, Objection, StationPlanAnswer, StationPlanQuery, StationSiteAnswer
from app.dispatch.station_candidates import object_to, read_candidates, station_force
from app.judgement.forces import StandingForce
from app.judgement.protected import Protected, read_protected
from app.judgement.standby import SEARCHED, Bases, Standby, Targets, stand_by
from app.platform.errands import reckon
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.roads import RoadGraph, table_at, travel_table
from gis_layers.stores.places import read_places
from risk_model.dispatch import turnout_s
from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.station_sites import Flags, SitePlan, exact_plan, greedy_plan, join_demand
from risk_model.shapes import as_array

PART: Final = 16
"""So many candidates are searched from at once: their tables are held together."""
PROOF_S: Final = 8.0
"""Seconds HiGHS may take; what is proven by then is told."""


@dataclass(frozen=True, slots=True)
class Plans:
    """The quick plan and the one that is told, and which homes each candidate covers."""

    greedy: SitePlan
    told: SitePlan
    covers: Flags


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What the plan is made of, as numbers: who sets out where, the homes, who is there ``first`` now; ``tried`` come first."""

    graph: RoadGraph
    bases: Bases
    targets: Targets
    first: Floats
    people: Floats
    within_s: float
    tried: int
    add: int
    prove: bool


def find_plans(asked: PlanQuestion) -> Plans:
    """The plans: pure numbers, for a process of its own. Sites that are tried stand already when others are sought."""
    covers = _covers(asked)
    covered = (asked.first <= asked.within_s) | covers[: asked.tried].any(axis=0)
    demand = join_demand(covers[asked.tried :], np.where(covered, 0.0, asked.people))
    greedy = greedy_plan(demand, asked.add)
    told = exact_plan(demand, asked.add, within_s=PROOF_S) if asked.prove else greedy
    return Plans(greedy, told, covers)


def _covers(asked: PlanQuestion) -> Flags:
    """Which homes would be reached in time from each candidate."""
    rows = []
    for begin in range(0, len(asked.bases.places), PART):
        places, begun = asked.bases.places.part(begin, begin + PART), asked.bases.begun[begin : begin + PART]
        table = travel_table(asked.graph, places, begun, within_s=asked.within_s)
        seconds = table_at(asked.graph, table, places, begun, asked.targets.places) + asked.targets.walk_s
        rows.append(seconds <= asked.within_s)
    covers = np.concatenate(rows) if rows else np.zeros((0, len(asked.people)), dtype=bool)
    base, home = asked.bases.over
    walked = asked.bases.over_s <= asked.within_s
    covers[base[walked], home[walked]] = True
    return covers


def plan_stations(work: Work, asked: StationPlanQuery, at: datetime.datetime) -> StationPlanAnswer:
    """Where so many more stations cover most people, and what those that are tried gain. Raises Refused without roads."""
    kinds = frozenset[str](asked.kinds) or None
    standby = stand_by(work, CoverageQuery((asked.minutes,), kinds, asked.condition, asked.avoid_zones), at)
    protected, found = read_protected(work), read_candidates(work, standby, at)
    tried = to_metric(as_array([shapely.Point(place) for place in asked.at]), work.settings.metric_crs)
    points = np.concatenate([tried, found.points])
    stations = [station_force(asked.kind, point, standby) for point in points]
    question = _question(standby, protected, stations, asked)
    plans: Plans = reckon(len(stations) * len(protected.people) // SEARCHED, find_plans, question)
    chosen = [*range(len(tried)), *(len(tried) + site for site in plans.told.sites)]
    sites = Sites(work, standby, protected, question, plans.covers, stations)
    return {
        "minutes": asked.minutes,
        "turnout_s": turnout_s(stations[0].record) if stations else 0,
        "people": count_people(protected, question.first, asked.minutes),
        "sites": _told(sites, chosen, object_to(work, tried, at)),
        "gain": plans.told.total,
        "greedy_gain": plans.greedy.total,
        "bound": plans.told.bound,
        "gap": plans.told.gap,
        "proven": plans.told.gap == 0,
        "candidates": len(found.points),
        "excluded": found.excluded,
        "graph_version": standby.avoided.whole.version,
        "basis": coverage_basis(work),
    }


def _question(
    standby: Standby, protected: Protected, stations: Sequence[StandingForce], asked: StationPlanQuery
) -> PlanQuestion:
    homes = protected.homes
    whole = standby.targets(protected.points, protected.key)
    targets = Targets(whole.places.part(0, len(homes)), protected.homes_of(whole.walk_s))
    first: Floats = protected.homes_of(standby.arrivals(protected).at_targets).min(axis=0, initial=inf)
    return PlanQuestion(
        standby.graph, standby.bases(stations, homes), targets, first, protected.people, asked.minutes * 60,
        len(asked.at), asked.add, asked.prove,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sites:
    """What sites are told from."""

    work: Work
    standby: Standby
    protected: Protected
    question: PlanQuestion
    covers: Flags
    stations: Sequence[StandingForce]


def _told(sites: Sites, chosen: Sequence[int], objections: Sequence[str | None]) -> list[StationSiteAnswer]:
    """The chosen sites in their order, each with what it gains after those before it."""
    first, told = sites.question.first, list[StationSiteAnswer]()
    villages = _villages(sites, chosen)
    for number, (site, village) in enumerate(zip(chosen, villages, strict=True), start=1):
        before = count_people(sites.protected, first, sites.question.within_s / 60)
        first = np.where(sites.covers[site], np.minimum(first, sites.question.within_s), first)
        people = count_people(sites.protected, first, sites.question.within_s / 60)
        is_tried = site < sites.question.tried
        off_road = "off_road" if sites.stations[site].on_road is None else None
        told.append({
            "number": number,
            "tried": is_tried,
            "at": point_answer(sites.stations[site].place, sites.work.settings.metric_crs),
            "village": village,
            "gain": people["covered"] - before["covered"],
            "people": people,
            "objection": cast("Objection", objections[site] or off_road) if is_tried else None,
        })  # fmt: skip
    return told


def _villages(sites: Sites, chosen: Sequence[int]) -> list[Named | None]:
    """The village each site lies in."""
    frame = read_places(sites.work.session, "villages")
    ground = to_metric(frame.geometry.to_numpy(), sites.work.settings.metric_crs)
    places = as_array([sites.stations[site].place for site in chosen])
    place, village = shapely.STRtree(ground).query(places, predicate="intersects")
    within = dict(zip(place.tolist(), village.tolist(), strict=True))
    names = list(zip(frame["id"].astype(str), frame["name"].astype(str), strict=True))
    return [
        None if one not in within else {"id": names[within[one]][0], "name": names[within[one]][1]}
        for one in range(len(chosen))
    ]
