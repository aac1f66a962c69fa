"""Following chains from a source: every path, its ground, its lag, and where nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from risk_model.chains.fields import EventField
from risk_model.chains.reach import NOWHERE, polygons_of, spread_ground
from risk_model.chains.streams import Streams
from risk_model.exposure import find_shares, lay_grounds
from risk_model.rulebook.chains import PROBABILITIES, Chains, Link
from risk_model.vocabulary import Geometries


@dataclass(frozen=True, slots=True)
class ChainGround:
    """Ground of chains: streams, the field of every event with a hazard, by its key, and things events happen to.

    ``things`` are the geometries (metric CRS) of one kind by its word.
    """

    streams: Streams
    fields: Mapping[str, EventField]
    things: Mapping[str, Geometries]


@dataclass(frozen=True, slots=True)
class Step:
    """An event reached over ``links``: ``ground`` by published zones, ``unknown`` ground it may reach for all anybody knows.

    ``path`` begins with the source's own event; ``lag`` is minutes (least, most) since that; ``probability`` that of
    the least probable link. Polygons in the metric CRS.
    """

    path: tuple[str, ...]
    links: tuple[Link, ...]
    lag: tuple[float, float]
    probability: str
    ground: Any
    unknown: Any

    @property
    def event(self) -> str:
        """Event at the end of the path."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Traced:
    """Steps reached, shortest paths first, and paths whose last event finds no ground there (surveyed, and none)."""

    steps: tuple[Step, ...]
    unreached: tuple[tuple[str, ...], ...]


def trace_chains(source: Any, event: str, chains: Chains, terrain: ChainGround) -> Traced:
    """Everything ``event`` on ``source`` (polygons, metric CRS) sets off, down to the depth of ``chains``.

    What an uncertain event would set off stays uncertain: unknown ground is carried along, and never counted as safe.
    """
    start = Step((event,), (), (0.0, 0.0), PROBABILITIES[-1], source, NOWHERE)
    steps, unreached, waiting = list[Step](), list[tuple[str, ...]](), [start]
    while waiting:
        step = waiting.pop(0)
        if len(step.links) == chains.depth:
            continue
        for link in chains.links_from(step.event):
            following = _follow(step, link, chains, terrain)
            if shapely.is_empty(following.ground) and shapely.is_empty(following.unknown):
                unreached.append(following.path)
            else:
                steps.append(following)
                waiting.append(following)
    return Traced(tuple(steps), tuple(unreached))


def _follow(step: Step, link: Link, chains: Chains, terrain: ChainGround) -> Step:
    reached = spread_ground(step.ground, link.spread, terrain.streams, join_m=chains.join_m)
    perhaps = reached
    if not shapely.is_empty(step.unknown):
        whole = shapely.union(step.ground, step.unknown)
        perhaps = spread_ground(whole, link.spread, terrain.streams, join_m=chains.join_m)
    ground, possible, effect = reached, perhaps, chains.events[link.effect]
    if effect.at is not None:
        ground, possible = (_met(terrain.things[effect.at], shape) for shape in (reached, perhaps))
    elif effect.hazard is not None:
        field = terrain.fields[link.effect]
        ground = shapely.intersection(reached, field.prone)
        unsurveyed = shapely.difference(perhaps, field.surveyed)
        possible = shapely.union(shapely.intersection(perhaps, field.prone), unsurveyed)
    lag = (step.lag[0] + link.lag[0], step.lag[1] + link.lag[1])
    probability = min(step.probability, link.probability, key=PROBABILITIES.index)
    unknown = shapely.difference(possible, ground)
    return Step(
        (*step.path, link.effect), (*step.links, link), lag, probability, polygons_of(ground), polygons_of(unknown)
    )


def _met(things: Geometries, ground: Any) -> Any:
    found = find_shares(lay_grounds([[ground]]), things)
    return shapely.union_all(things[found.thing[found.stands]])
