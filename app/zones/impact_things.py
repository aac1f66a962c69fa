"""Things that stand on changed ground, by name: enterprises, facilities, stations, and the roads, those of one name together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, Literal

import shapely

from app.judgement.inventory import COUNTED, ExposureFacts, describe_exposure, listed_under_each, read_inventory
from app.platform.work import Work
from app.zones.impact_schemas import ImpactThing
from gis_layers.crs import to_storage
from risk_model.exposure import ExposedThing
from risk_model.shapes import as_array

Side = Literal["entering", "leaving"]
SIDES: Final[tuple[Side, ...]] = ("entering", "leaving")
REGISTERS: Final = (*COUNTED, "stations")
NAMED: Final = ("enterprises", "facilities", "stations", "roads")
"""The registers whose things are told one by one; of the others their number."""
ROADS: Final = "roads"
MOST: Final = 500
"""Things told of each register."""


def stand_on_each(
    work: Work, turned: Mapping[Side, Sequence[Any]]
) -> tuple[tuple[ExposureFacts, ExposureFacts], list[ImpactThing]]:
    """Who and what stands on the ground of each of ``SIDES`` (polygons, metric CRS), and the things of it by name."""
    inventory = read_inventory(work, REGISTERS)
    grounds = [as_array(turned[side]) for side in SIDES]
    found = listed_under_each(grounds, inventory)
    entering, leaving = (describe_exposure(one.exposure) for one in found)
    told = [
        thing
        for side, one in zip(SIDES, found, strict=True)
        for thing in _told(one.things, side, work.settings.metric_crs)
    ]
    return (entering, leaving), sorted(told, key=lambda one: NAMED.index(one["register"]))


def first_things(things: Iterable[ImpactThing]) -> list[ImpactThing]:
    """The first ``MOST`` of every register."""
    groups = groupby(things, lambda one: one["register"])
    return [thing for _, group in groups for thing in list(group)[:MOST]]


def _told(things: Iterable[ExposedThing], side: Side, metric_crs: str) -> Iterator[ImpactThing]:
    kept = [*_by_name(one for one in things if one.register in NAMED)]
    places = shapely.get_coordinates(to_storage(as_array([one.at for one in kept]), metric_crs)).tolist()
    for one, place in zip(kept, places, strict=True):
        is_road = one.register == ROADS
        yield {
            "register": one.register,
            "key": None if is_road else one.key,
            "name": one.name,
            "turns": side,
            "shared": one.shared or None,
            "unit": None if not one.shared else "m" if is_road else "m2",
            "place": place,
        }


def _by_name(things: Iterable[ExposedThing]) -> Iterator[ExposedThing]:
    """The things; roads of one name as one, as long as all of them together, where the longest of them is."""
    roads: dict[str, list[ExposedThing]] = {}
    for one in things:
        if one.register == ROADS:
            roads.setdefault(one.name, []).append(one)
        else:
            yield one
    joined = [(sum(one.shared for one in ones), ones[0]) for ones in roads.values()]
    for length, first in sorted(joined, key=lambda one: -one[0]):
        yield ExposedThing(first.register, first.key, first.name, length, first.at)
