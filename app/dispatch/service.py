"""Dispatch told in order: the incident on the road, the searches to it, every force ranked, who is passed over, who is cut off."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, cast

import shapely

from app.dispatch.assembly import gathering
from app.dispatch.called_for import CalledForHere, called_for
from app.dispatch.cut_off import cut_off_villages
from app.dispatch.road_sources import road_sources
from app.dispatch.scene import Coming, Scene, Way, arrival, blocked_by, coming, open_arrival_s, set_scene, way
from app.dispatch.schemas import (
    AvoidAnswer,
    CalledFor,
    ForceAnswer,
    IncidentAnswer,
    NearestAnswer,
    NearestQuery,
    PassedOver,
    PassedOverAnswer,
    TogetherAnswer,
)
from app.judgement.forces import StandingForce, read_forces
from app.platform.clock import CHINA
from app.platform.work import Work
from gis_layers.stores.roads import road_name
from risk_model.dispatch import (
    Arrival,
    RunCard,
    lacking,
    lapse_of_force,
    meeting_together,
    ranked,
    turnout_s,
    why_passed_over,
    within_s,
)


def nearest_forces(work: Work, asked: NearestQuery, at: datetime.datetime) -> NearestAnswer:
    """The forces nearest to an incident by road. Raises Refused where no roads are loaded, BadGeometry for another country."""
    today = at.astimezone(CHINA).date()
    gather = None if asked.gather is None else gathering(work, asked.gather, at)
    called = called_for(work, asked if gather is None else _moved(asked, gather.incident_at), at)
    if gather is not None:
        asked = _moved(asked, cast("Sequence[float]", gather.answer["place"]["coordinates"]))
    scene = set_scene(work, asked, at, None if gather is None else gather.danger)
    forces = read_forces(work, scene.avoided.whole, scene.speeds)
    ready = [force for force in forces if why_passed_over(force.record, today) is None]
    all_coming = {force.record.key: coming(scene, force) for force in ready}
    arrivals = [arrival(scene, one) for one in all_coming.values()]
    card = called.card
    named = ranked(arrivals, card)[: asked.k]
    return {
        "incident": _incident(work, scene, asked, called, arrivals, today=today),
        "gather": None if gather is None else gather.answer,
        "condition": asked.condition,
        "avoid": _avoid(scene, list(all_coming.values()), card, asked.k),
        "forces": [_told(scene, all_coming[one.force.key], one, card, today) for one in named],
        "passed_over": _passed_over(forces, today),
        "cut_off_villages": cut_off_villages(
            work, scene, [force.on_road for force in ready if force.on_road], asked.case
        ),
        "graph": {
            "version": scene.avoided.whole.version,
            "data_edge_m": round(scene.avoided.whole.edge_of_data_m(scene.place), 1),
            "stretches": len(scene.avoided.whole.line),
        },
        "roads": road_sources(work, scene.avoided.whole.version),
    }


def _moved(asked: NearestQuery, place: Sequence[float]) -> NearestQuery:
    lon, lat = place
    return replace(asked, lon=float(lon), lat=float(lat))


def _avoid(scene: Scene, everybody: list[Coming], card: RunCard, k: int) -> AvoidAnswer:
    """What is avoided, and who would be named without that, where any of it lies on a road."""
    open_arrivals = [Arrival(one.force.record, open_arrival_s(scene, one)) for one in everybody]
    told = [] if scene.avoided.cut is None else ranked(open_arrivals, card)[:k]
    return {
        "by": list(scene.avoided.told),
        "without": [{"id": one.force.key, "name": one.force.name, "arrival_s": one.seconds} for one in told],
    }


def _incident(
    work: Work,
    scene: Scene,
    asked: NearestQuery,
    called: CalledForHere,
    arrivals: list[Arrival],
    *,
    today: datetime.date,
) -> IncidentAnswer:
    card = called.card
    return {
        "kind": asked.incident,
        "level": None if called.level is None else called.level.value,
        "level_told": called.level is not None and asked.level is not None,
        "place": called.tell_place(),
        "time": called.time.value,
        "card": called.tell_card(),
        "run_card": _called_for(called.whole.needs),
        "sent": _called_for(called.sent),
        "lacking": _called_for(lacking(arrivals, card)),
        "together": _together(arrivals, card, today),
        "snapped_m": scene.on_road.away_m,
        "walk_s": scene.walk_s,
        "walk": None if scene.walk is None else scene.shape(scene.walk),
        "road": road_name(work.session, int(scene.avoided.whole.road[scene.on_road.stretch])),
        "road_closed": scene.avoided.is_closed(scene.on_road),
    }


def _together(arrivals: list[Arrival], card: RunCard, today: datetime.date) -> TogetherAnswer:
    found = meeting_together(arrivals, card, within_s())
    return {
        "within_s": within_s(),
        "complete_s": found.complete_s,
        "forces": [
            {
                "id": one.force.key,
                "name": one.force.name,
                "arrival_s": one.seconds,
                "brings": list(brings),
                "lapse": lapse_of_force(one.force, today),
            }
            for one, brings in found.members
            if one.seconds is not None
        ],
        "lacking": _called_for(found.lacking),
    }


def _called_for(needs: Any) -> list[CalledFor]:
    return [{"capability": word, "count": count} for word, count in needs.items()]


def _told(scene: Scene, one: Coming, arrives: Arrival, card: RunCard, today: datetime.date) -> ForceAnswer:
    record, row, found = one.force.record, one.force.row, way(scene, one)
    met = card.met_by(record.capabilities)
    reached = found is not None
    straight = float(shapely.distance(one.force.place, scene.place)) if reached else None
    return {
        "id": record.key,
        "name": record.name,
        "kind": record.kind,
        "reachable": reached,
        "unreachable": one.unreachable,
        "turnout_s": turnout_s(record) if reached else None,
        "travel_s": None if found is None else found.drive_s + found.walk_s,
        "drive_s": None if found is None else found.drive_s,
        "walk_s": None if found is None else found.walk_s,
        "arrival_s": arrives.seconds,
        "road_m": None if found is None else found.drive.road_m,
        "on_foot_m": None if found is None or found.along is None else found.along.metres,
        "straight_m": straight,
        "detour": _road_m(found) / straight if found is not None and straight else None,
        "meets": met,
        "missing": [word for word in card.needs if word not in met],
        "capabilities": list(row.capabilities),
        "duty": row.duty,
        "village": row.village,
        "lapse": lapse_of_force(record, today),
        "last_verified": None if record.last_verified is None else record.last_verified.isoformat(),
        "at": scene.shape(one.force.place),
        "route": None if found is None else scene.shape(found.drive.line),
        "on_foot": None if found is None or found.along is None else scene.shape(found.along.line),
        "added_s": one.road_s - one.open_s if reached else None,
        "blocked_by": blocked_by(scene, one),
    }


def _road_m(found: Way) -> float:
    """Metres along the roads, driven and walked."""
    return found.drive.road_m + (0.0 if found.along is None else found.along.metres)


def _passed_over(forces: Iterable[StandingForce], today: datetime.date) -> list[PassedOverAnswer]:
    told = [(force.record, why_passed_over(force.record, today)) for force in forces]
    return [
        {"id": one.key, "name": one.name, "reason": cast("PassedOver", why)} for one, why in told if why is not None
    ]
