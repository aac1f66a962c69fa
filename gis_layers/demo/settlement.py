"""Settlement: village groups strung along the roads, and the houses of each along its lanes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis_layers.demo.land import Land
from gis_layers.demo.noise import Field
from gis_layers.demo.plots import HALF_WIDTH_M, kept_clear
from risk_model.vocabulary import Geometries

TOWN = "南苑社区"
PEOPLE_A_HOUSEHOLD = 3.1
NUMERALS = "一二三四五六七八九十"
_PEOPLE_A_GROUP = 150
_REACH_M = 430.0
_SETTLED = ("county", "township", "village")
_HOUSEHOLDS_A_FLAT = 36
_FLATS_A_GROUP = 2
_BLOCK = -1.0


@dataclass(frozen=True, slots=True)
class Groups:
    """Village groups in parallel arrays: name, number of the village, people, households, place (n, 2) in metres."""

    name: tuple[str, ...]
    village: tuple[int, ...]
    population: tuple[int, ...]
    households: tuple[int, ...]
    place: Field


@dataclass(frozen=True, slots=True)
class SettlementHouses:
    """Houses in parallel arrays; ``group`` is the number of the group, geometry in the metric CRS."""

    group: tuple[int, ...]
    use: tuple[str, ...]
    structure: tuple[str, ...]
    floors: tuple[int, ...]
    year: tuple[int, ...]
    households: tuple[int, ...]
    outline: Geometries


@dataclass(frozen=True, slots=True)
class _Slots:
    """Slots for houses: their outline, their use, and how readily each is taken (least first)."""

    outline: Geometries
    use: Field
    order: Field


@dataclass(frozen=True, slots=True)
class _Lane:
    """Places (n, 2) every twenty metres along a lane, its direction there, and metres from its middle to the fronts."""

    middle: Field
    run: Field
    front_m: float


def found_groups(land: Land, fans: dict[str, shapely.Geometry]) -> Groups:
    """Share each village's people among groups beside its roads; a group named in ``fans`` lies at that fan."""
    rng, rows = land.rng(100), list[tuple[str, int, int, Field]]()
    for number, village in enumerate(land.villages.name):
        people = land.villages.population[number]
        count = int(np.clip(round(people / _PEOPLE_A_GROUP), 6, len(NUMERALS)))
        word = "组" if village == TOWN else "社"
        called = [f"{village}{numeral}{word}" for numeral in NUMERALS[:count]]
        places = _anchors(land, number, [fans.get(name) for name in called], rng)
        shares = _partition(people, rng.uniform(0.7, 1.3, count))
        rows += [(name, number, int(share), place) for name, share, place in zip(called, shares, places, strict=True)]
    population = tuple(row[2] for row in rows)
    households = tuple(max(1, round(people / PEOPLE_A_HOUSEHOLD)) for people in population)
    names, villages = tuple(row[0] for row in rows), tuple(row[1] for row in rows)
    return Groups(names, villages, population, households, np.array([row[3] for row in rows]))


def build_houses(land: Land, groups: Groups, taken: Geometries) -> SettlementHouses:
    """One house a household along the lanes of each group, blocks of flats in the town; nothing on ``taken`` ground."""
    rng = land.rng(101)
    clear = shapely.union_all(np.array([kept_clear(land), *shapely.buffer(taken, 6.0)], dtype=object))
    shapely.prepare(clear)
    standing, owners, uses, homes = list[shapely.Polygon](), list[int](), list[int](), list[int]()
    for group, place in enumerate(groups.place):
        in_town = land.villages.name[groups.village[group]] == TOWN
        slots = _slots(land, place, rng, flats=in_town)
        free = shapely.disjoint(clear, slots.outline) & _away_from(slots.outline, standing)
        left = groups.households[group]
        for number in _without_collisions(slots, free):
            if left <= 0:
                break
            housed = min(left, _HOUSEHOLDS_A_FLAT) if slots.use[number] else 1
            left -= housed
            standing.append(slots.outline[number])
            owners.append(group)
            uses.append(int(slots.use[number]))
            homes.append(housed)
    return _described(tuple(owners), uses, tuple(homes), np.array(standing, dtype=object), rng)


def _anchors(land: Land, village: int, fans: list[shapely.Geometry | None], rng: np.random.Generator) -> list[Field]:
    """One place beside a road for each group: those with a fan nearest to it, the others spread round the seat."""
    area, seat = land.villages.area[village], land.villages.seat[village]
    every = _road_places(land, area, (*_SETTLED, "track"))
    near = _road_places(land, area, _SETTLED)
    near = near[np.hypot(*(near - seat).T) < 2600.0]
    chosen = [_nearest(every, fan) if fan is not None else None for fan in fans]
    taken = [place for place in chosen if place is not None]
    core = len(fans) if land.villages.name[village] == TOWN else 0.55 * len(fans)
    for number, place in enumerate(chosen):
        if place is None:
            gap = np.min([np.hypot(*(near - other).T) for other in taken], axis=0) if taken else np.full(len(near), 9e3)
            # The older groups crowd round the seat, the later ones settled farther out along the roads.
            spread_m = 210.0 if number < core else 620.0
            worth = np.minimum(gap, spread_m) - 0.22 * np.hypot(*(near - seat).T) + rng.uniform(0.0, 60.0, len(near))
            chosen[number] = near[int(np.argmax(worth))]
            taken.append(near[int(np.argmax(worth))])
    return [place for place in chosen if place is not None]


def _road_places(land: Land, area: shapely.Geometry, classes: tuple[str, ...]) -> Field:
    lines = [line for line, kind in zip(land.roads.line, land.roads.road_class, strict=True) if kind in classes]
    inside = shapely.intersection(shapely.buffer(area, -120.0), shapely.multilinestrings(lines))
    return shapely.get_coordinates(shapely.segmentize(inside, 60.0))


def _nearest(places: Field, ground: shapely.Geometry) -> Field:
    nearest: Field = places[int(np.argmin(shapely.distance(shapely.points(places), ground)))]
    return nearest


def _partition(total: int, weight: Field) -> Field:
    """Whole shares of ``total`` in proportion to ``weight`` that add up to it."""
    shares = np.floor(total * weight / weight.sum())
    shares[0] += total - shares.sum()
    whole: Field = shares
    return whole


def _slots(land: Land, place: Field, rng: np.random.Generator, *, flats: bool) -> _Slots:
    """Rows of courtyards on both sides of every lane within reach of ``place``, nearest and first rows first."""
    here, found = shapely.Point(place), list[tuple[Field, Field]]()
    for line, kind in zip(land.roads.line, land.roads.road_class, strict=True):
        if kind in ("motorway", "national") or not shapely.dwithin(line, here, _REACH_M):
            continue
        lane = _lane(line, place, HALF_WIDTH_M[kind] + 5.0)
        count = len(lane.middle)
        houses = np.column_stack([rng.uniform(13.0, 16.5, count), rng.uniform(9.5, 14.0, count)])
        blocks = np.column_stack([rng.uniform(40.0, 56.0, count), rng.uniform(12.0, 14.5, count)])
        chosen = rng.uniform(size=count) < (0.18 if flats else 0.0)
        found.append(_lined_up(lane, houses, 4, rng))
        corners, _ = _lined_up(lane, blocks, 1, rng)
        kept = np.repeat(chosen, 2)
        found.append((corners[kept], np.full(int(kept.sum()), _BLOCK)))
    corners, row = np.concatenate([piece[0] for piece in found]), np.concatenate([piece[1] for piece in found])
    away = np.hypot(*(corners.mean(axis=1) - place).T) * rng.uniform(0.85, 1.15, len(corners))
    is_block = (row == _BLOCK).astype(float)
    outlines: Geometries = np.asarray(shapely.polygons(corners), dtype=object)
    return _Slots(outlines, is_block, np.where(is_block > 0, away - 400.0, away + 45.0 * row))


def _lane(line: shapely.LineString, place: Field, front_m: float) -> _Lane:
    along = np.arange(10.0, line.length, 19.5)
    middle, back, ahead = (shapely.get_coordinates(line.interpolate(along + step)) for step in (0.0, -12.0, 12.0))
    run = (ahead - back) / np.maximum(np.hypot(*(ahead - back).T), 1e-9)[:, None]
    near = np.hypot(*(middle - place).T) <= _REACH_M
    return _Lane(middle[near], run[near], front_m)


def _lined_up(lane: _Lane, size: Field, rows: int, rng: np.random.Generator) -> tuple[Field, Field]:
    """Corners (n, 4, 2) of plots of ``size`` (one a place) in ``rows`` on both sides of a lane, and the row of each."""
    row, side = (part.ravel() for part in np.meshgrid(np.arange(rows, dtype=float), [-1.0, 1.0], indexing="ij"))
    depth = size[:, 1:]
    off = side * (lane.front_m + depth / 2.0 + row * (depth + 9.0))
    across = np.column_stack([-lane.run[:, 1], lane.run[:, 0]])
    middle = lane.middle[:, None, :] + off[..., None] * across[:, None, :] + rng.normal(0.0, 0.6, (*off.shape, 2))
    long, wide = lane.run * size[:, :1] / 2.0, across * depth / 2.0
    corners = np.stack(
        [middle + (a * long + b * wide)[:, None, :] for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))], axis=2
    )
    return corners.reshape(-1, 4, 2), np.tile(row, len(size))


def _away_from(outlines: Geometries, standing: list[shapely.Polygon]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    free = np.full(len(outlines), True)
    if standing and len(outlines):
        near = shapely.STRtree(np.array(standing, dtype=object)).query(outlines, predicate="dwithin", distance=2.5)
        free[near[0]] = False
    return free


def _without_collisions(slots: _Slots, free: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    """The free slots in order, each left out that comes within 2.5 m of one before it."""
    order = [int(number) for number in np.argsort(slots.order, kind="stable") if free[number]]
    pairs = shapely.STRtree(slots.outline).query(slots.outline, predicate="dwithin", distance=2.5)
    beside: dict[int, list[int]] = {}
    for first, second in pairs.T.tolist():
        beside.setdefault(first, []).append(second)
    kept, blocked, flats = list[int](), set[int](), 0
    for number in order:
        if number in blocked or (slots.use[number] and flats >= _FLATS_A_GROUP):
            continue
        flats += int(slots.use[number])
        kept.append(number)
        blocked.update(beside[number])
    return kept


def _described(
    owners: tuple[int, ...], uses: list[int], homes: tuple[int, ...], outlines: Geometries, rng: np.random.Generator
) -> SettlementHouses:
    years = np.clip(np.rint(rng.normal(2004.0, 11.0, len(outlines))), 1972, 2023).astype(int)
    floors = [
        int(rng.integers(5, 7)) if use else (2 if rng.uniform() < 0.12 and year > 1998 else 1)
        for use, year in zip(uses, years, strict=True)
    ]
    structure = ["框架" if use else _structure(int(year)) for use, year in zip(uses, years, strict=True)]
    words = tuple("住宅楼" if use else "农村住宅" for use in uses)
    return SettlementHouses(
        owners, words, tuple(structure), tuple(floors), tuple(int(year) for year in years), homes, outlines
    )


def _structure(year: int) -> str:
    return "土木" if year < 1986 else "砖木" if year < 2001 else "砖混"
