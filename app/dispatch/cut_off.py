"""Villages that are cut off: which no ready force reaches by road, how many people live there, what lies on the way."""

from __future__ import annotations

from collections.abc import Hashable
from math import inf
from typing import Final

from app.dispatch.scene import Scene
from app.dispatch.schemas import CutOffVillage
from app.dispatch.village_calls import read_calls, tell_call
from app.judgement.forces import VillageSeat, seats_on_roads
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.roads import RoadPlace, drive_seconds, journey, seconds_at, travel_from, travel_to

_found: Final[Once[Hashable, tuple[tuple[VillageSeat, tuple[str, ...]], ...]]] = Once(16)


def cut_off_villages(
    work: Work, scene: Scene, origins: list[RoadPlace], case: int | None = None
) -> list[CutOffVillage]:  # fmt: skip
    """Villages to whose seat no road leads from any ready force; those without a road nearby are cut off as well.

    Of the incident ``case``, where one is named, each has where the calls to it stand.
    """
    calls = None if case is None else read_calls(work, case)
    seats = seats_on_roads(work, scene.avoided.whole, scene.speeds)
    # Neither the incident nor how slowly everybody drives has a part in who is cut off.
    key = (scene.avoided.key, seats, tuple(origins))
    return [
        {
            "id": seat.key,
            "name": seat.name,
            "population": seat.population,
            "blocked_by": list(blocked),
            "call": None if calls is None else tell_call(calls, seat.name, seat.code),
        }
        for seat, blocked in _found.get(key, lambda: _find(scene, seats, origins))
    ]


def _find(
    scene: Scene, seats: tuple[VillageSeat, ...], origins: list[RoadPlace]
) -> tuple[tuple[VillageSeat, tuple[str, ...]], ...]:
    avoided = scene.avoided
    travel = travel_from(avoided.network, [avoided.place(one) for one in origins], scene.travel.cost)
    cut_off = [
        seat
        for seat in seats
        if seat.on_road is None or seconds_at(avoided.network, travel, avoided.place(seat.on_road)) == inf
    ]
    return tuple(
        (seat, () if seat.on_road is None else tuple(_blocked_by(scene, origins, seat.on_road))) for seat in cut_off
    )


def _blocked_by(scene: Scene, origins: list[RoadPlace], seat: RoadPlace) -> list[str]:
    """What lies on the way of whoever would be there first on open roads; nothing where nobody would."""
    whole = scene.avoided.whole
    if scene.avoided.cut is None or not origins:
        return []
    travel = travel_to(whole, seat, scene.open_travel.cost)
    way = journey(whole, min(origins, key=lambda origin: drive_seconds(whole, origin, travel)), travel)
    return [] if way is None else scene.avoided.shut_on(way.parts)
