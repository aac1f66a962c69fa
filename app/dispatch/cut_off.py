"""Villages that are cut off: which no ready force reaches by road, how many people live there, what lies on the way."""

from __future__ import annotations

from math import inf

from app.dispatch.ground import village_places
from app.dispatch.scene import Scene
from app.dispatch.schemas import CutOffVillage
from app.dispatch.village_calls import read_calls, tell_call
from app.platform.work import Work
from gis_layers.roads import RoadPlace, drive_seconds, journey, seconds_at, snap, travel_from, travel_to
from gis_layers.stores.frames import plain_value


def cut_off_villages(
    work: Work, scene: Scene, origins: list[RoadPlace], case: int | None = None
) -> list[CutOffVillage]:  # fmt: skip
    """Villages to whose seat no road leads from any ready force; those without a road nearby are cut off as well.

    Of the incident ``case``, where one is named, each has where the calls to it stand.
    """
    calls = None if case is None else read_calls(work, case)
    villages, points = village_places(work)
    avoided = scene.avoided
    travel = travel_from(avoided.network, [avoided.place(one) for one in origins], scene.travel.cost)
    told: list[CutOffVillage] = []
    places = snap(avoided.whole, points, scene.speeds, on_motorways=False)
    for row, place in zip(villages[["id", "code", "name", "population"]].to_dict("records"), places, strict=True):
        near = place if place is not None and place.away_m <= scene.speeds.longest_walk_m else None
        if near is None or seconds_at(avoided.network, travel, avoided.place(near)) == inf:
            people = plain_value(row["population"], whole=True)
            blocked = [] if near is None else _blocked_by(scene, origins, near)
            name = str(row["name"])
            call = None if calls is None else tell_call(calls, name, row["code"])
            told.append({"id": str(row["id"]), "name": name, "population": people, "blocked_by": blocked, "call": call})
    return told


def _blocked_by(scene: Scene, origins: list[RoadPlace], seat: RoadPlace) -> list[str]:
    """What lies on the way of whoever would be there first on open roads; nothing where nobody would."""
    whole = scene.avoided.whole
    if scene.avoided.cut is None or not origins:
        return []
    travel = travel_to(whole, seat, scene.open_travel.cost)
    way = journey(whole, min(origins, key=lambda origin: drive_seconds(whole, origin, travel)), travel)
    return [] if way is None else scene.avoided.shut_on(way.parts)
