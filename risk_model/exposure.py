"""Exposure: who and what stands on a piece of ground, counted the same for every map, chain, figure and preview.

A polygon stands on ground it shares area with, a line where it shares length; what only touches does not. A point
stands on ground that holds it, edge and all. People live where ``risk_model.people`` houses them. Several overlapping
parts of one ground are joined first, so nothing is counted twice. What is not on record is unknown and never zero.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.overlay import measure
from risk_model.people import (
    BY_AREA,
    BY_DWELLINGS,
    LEAST_SHARED_M,
    DwellingFootprints,
    ResidentShares,
    Settlements,
    find_residents,
)
from risk_model.shapes import AREAL, VERTICES_A_PIECE, join_shapes, subdivide
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

LINEAR: Final = 1


@dataclass(frozen=True, slots=True)
class GroundPieces:
    """Several grounds (metric CRS) as disjoint polygons of few vertices: the ``number`` of the ground of each ``piece``."""

    piece: Geometries
    number: Indices
    grounds: int


@dataclass(frozen=True, slots=True)
class Things:
    """Things of one register as parallel arrays: lasting ``key``, ``name`` and ``kind`` ("" where there is none), metric CRS."""

    key: Words
    name: Words
    geometry: Geometries
    kind: Words


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything on record that may stand somewhere: villages with their people, dwellings, and things by register."""

    settlements: Settlements
    dwellings: DwellingFootprints
    things: Mapping[str, Things]

    @property
    def size(self) -> int:
        """Number of shapes on record."""
        shapes = (self.settlements.geometry, self.dwellings.geometry, *(some.geometry for some in self.things.values()))
        return sum(map(len, shapes))


@dataclass(frozen=True, slots=True)
class GroundShares:
    """Pairs of a ground and a thing, by ground and thing: ``shared`` is m² of an area, m of a line, 0 of a point.

    ``stands`` says whether the thing stands on the ground; otherwise it only touches.
    """

    ground: Indices
    thing: Indices
    shared: Floats
    stands: Flags


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """People who live on a ground: those of counted settlements, and how many settlements with people there are uncounted.

    ``reached`` says whether the ground meets any settlement on record: elsewhere nobody knows. ``methods`` tell how.
    """

    counted: float
    uncounted: int
    reached: bool
    methods: tuple[str, ...]

    @property
    def number(self) -> float | None:
        """Number of people; None where somebody who may live there is not counted."""
        return self.counted if self.reached and not self.uncounted else None

    @property
    def at_least(self) -> float | None:
        """Number of people known to live there; None where nobody is known."""
        return self.counted if self.reached and (self.counted > 0 or not self.uncounted) else None


@dataclass(frozen=True, slots=True)
class ThingCount:
    """Things of one register on a ground, in all and by kind, and m² or m they share; None where the register is empty."""

    number: int | None
    by_kind: Mapping[str, int]
    shared: float | None


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure of one ground: its people, and the things on it by register."""

    people: PeopleCount
    things: Mapping[str, ThingCount]


@dataclass(frozen=True, slots=True)
class ExposedThing:
    """One thing on a ground: ``shared`` is m² of an area, m of a line, 0 of a point; ``at`` a point of it there."""

    register: str
    key: str
    name: str
    shared: float
    at: Any


@dataclass(frozen=True, slots=True)
class ExposureList:
    """Exposure of one ground with the things on it, and its ``residents`` by settlement."""

    exposure: Exposure
    things: tuple[ExposedThing, ...]
    residents: ResidentShares


def lay_grounds(grounds: Sequence[Collection[Any]]) -> GroundPieces:
    """Each of ``grounds`` as the union of its parts (polygons, metric CRS; they may overlap)."""
    pieces = [subdivide(join_shapes(parts)) for parts in grounds]
    numbers = np.repeat(np.arange(len(grounds)), [len(some) for some in pieces])
    return GroundPieces(np.concatenate([np.empty(0, object), *pieces]), numbers, len(grounds))


def lay_disjoint(shapes: Geometries, numbers: Indices, grounds: int) -> GroundPieces:
    """Grounds of polygons that share no area with each other: the number of the ground of each shape."""
    large = np.flatnonzero(shapely.get_num_coordinates(shapes) > VERTICES_A_PIECE)
    cut = [subdivide(shape) for shape in shapes[large]]
    small = np.delete(np.arange(len(shapes)), large)
    of_cut = np.repeat(numbers[large], [len(some) for some in cut])
    return GroundPieces(np.concatenate([shapes[small], *cut]), np.concatenate([numbers[small], of_cut]), grounds)


def find_shares(ground: GroundPieces, things: Geometries) -> GroundShares:
    """What every one of ``things`` (metric CRS) shares with every ground it meets."""
    pairs = measure(things, ground.piece, 0.0)
    count = max(len(things), 1)
    cells, place = np.unique(ground.number[pairs.zone] * count + pairs.site, return_inverse=True)
    on, thing = np.divmod(cells, count)
    size = shapely.get_dimensions(things)
    shared = np.bincount(place, pairs.overlap_m2, len(cells)).astype(np.float64)
    along = np.flatnonzero(size[pairs.site] == LINEAR)
    if len(along):
        lines, pieces = things[pairs.site[along]], ground.piece[pairs.zone[along]]
        shared += _lengths(shapely.intersection(lines, pieces), place[along], len(cells))
    whole = np.where(size == AREAL, shapely.area(things), shapely.length(things))[thing]
    enough = np.minimum(np.where(size[thing] == AREAL, LEAST_SHARED_M**2, LEAST_SHARED_M), whole / 2)
    return GroundShares(on, thing, shared, (size[thing] < LINEAR) | (shared >= enough))


def exposures_under(grounds: Sequence[Collection[Any]], inventory: Inventory) -> list[Exposure]:
    """Exposure of the ground under each of ``grounds``: polygons (metric CRS) that may overlap."""
    return count_exposure(lay_grounds(grounds), inventory)


def exposure_under(shapes: Collection[Any], inventory: Inventory) -> Exposure:
    """Exposure of the ground under ``shapes`` (polygons, metric CRS), which may overlap."""
    return exposures_under([shapes], inventory)[0]


def find_residents_on(ground: GroundPieces, settlements: Settlements, dwellings: DwellingFootprints) -> ResidentShares:
    """People of every settlement on every ground (the target); whoever's home or village only touches does not live there."""
    found = find_residents(ground.piece, settlements, dwellings)
    count = max(len(settlements.geometry), 1)
    cells, place = np.unique(ground.number[found.target] * count + found.settlement, return_inverse=True)
    on, settlement = np.divmod(cells, count)
    people, shared = (
        np.bincount(place, column, len(cells)).astype(np.float64) for column in (found.people, found.shared_m2)
    )
    exact = np.zeros(len(cells), dtype=bool)
    exact[place] = found.by_dwellings
    lives = shared >= LEAST_SHARED_M**2
    people = np.minimum(people, settlements.population[settlement])
    return ResidentShares(
        on[lives], settlement[lives], people[lives], exact[lives], ground.grounds, shared_m2=shared[lives]
    )


def count_exposure(ground: GroundPieces, inventory: Inventory) -> list[Exposure]:
    """Exposure of each ground."""
    people = _count_people(ground, inventory, find_residents_on(ground, inventory.settlements, inventory.dwellings))
    things = {
        register: _count_things(ground, some, find_shares(ground, some.geometry))
        for register, some in inventory.things.items()
    }
    return [
        Exposure(people[number], {register: counts[number] for register, counts in things.items()})
        for number in range(ground.grounds)
    ]


def list_exposed(ground: Any, inventory: Inventory, registers: Collection[str]) -> ExposureList:
    """Exposure of one ground (polygons, metric CRS) with the things of ``registers`` on it, each the most shared first."""
    pieces = lay_grounds([[ground]])
    residents = find_residents_on(pieces, inventory.settlements, inventory.dwellings)
    things, counts = list[ExposedThing](), dict[str, ThingCount]()
    for register in registers:
        some = inventory.things[register]
        found = find_shares(pieces, some.geometry)
        counts[register] = _count_things(pieces, some, found)[0]
        things += _list_things(register, some, found, ground)
    return ExposureList(Exposure(_count_people(pieces, inventory, residents)[0], counts), tuple(things), residents)


def lists_under(
    grounds: Sequence[Collection[Any]], inventory: Inventory, registers: Collection[str]
) -> list[ExposureList]:
    """The same of several grounds, each the union of polygons (metric CRS) that may overlap."""
    return [list_exposed(join_shapes(parts), inventory, registers) for parts in grounds]


def _list_things(register: str, things: Things, found: GroundShares, ground: Any) -> list[ExposedThing]:
    standing, shared = found.thing[found.stands], found.shared[found.stands]
    places = shapely.point_on_surface(shapely.intersection(things.geometry[standing], ground))
    listed = [
        ExposedThing(register, str(things.key[one]), str(things.name[one]), float(much), place)
        for one, much, place in zip(standing, shared, places, strict=True)
    ]
    return sorted(listed, key=lambda one: -one.shared)


def _count_people(ground: GroundPieces, inventory: Inventory, found: ResidentShares) -> list[PeopleCount]:
    settlements, grounds = inventory.settlements, ground.grounds
    known = ~np.isnan(found.people)
    counted = np.bincount(found.target[known], found.people[known], grounds)
    uncounted = np.bincount(found.target[~known], minlength=grounds)
    met = find_shares(ground, settlements.geometry)
    empty = np.bincount(ground.number, minlength=grounds) == 0
    # On no ground lives nobody, where anybody was counted at all.
    nobody = empty & bool((~np.isnan(settlements.population)).any())
    reached = (np.bincount(met.ground[met.stands], minlength=grounds) > 0) | nobody
    ways = ((BY_AREA, known & ~found.by_dwellings), (BY_DWELLINGS, known & found.by_dwellings))
    told = [(way, np.bincount(found.target[some], minlength=grounds) > 0) for way, some in ways]
    methods = [tuple(way for way, some in told if some[number]) for number in range(grounds)]
    return [
        PeopleCount(float(counted[number]), int(uncounted[number]), bool(reached[number]), methods[number])
        for number in range(grounds)
    ]


def _count_things(ground: GroundPieces, things: Things, found: GroundShares) -> list[ThingCount]:
    if not len(things.geometry):
        return [ThingCount(None, {}, None)] * ground.grounds
    counts = []
    for number in range(ground.grounds):
        mine = (found.ground == number) & found.stands
        kinds, numbers = np.unique(things.kind[found.thing[mine]].astype(str), return_counts=True)
        by_kind = dict(zip(kinds.tolist(), numbers.tolist(), strict=True))
        counts.append(ThingCount(int(mine.sum()), by_kind, float(found.shared[mine].sum())))
    return counts


def _lengths(segments: Geometries, place: Indices, count: int) -> Floats:
    """Length of the segments at each place, joined: what lies along the cut of two pieces belongs to both, and counts once."""
    lengths, order = np.zeros(count), np.argsort(place, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(place[order])) + 1):
        lengths[place[group[0]]] = shapely.length(shapely.union_all(segments[group]))
    return lengths
