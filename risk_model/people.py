"""Number of people on a piece of ground: by the dwellings on it where dwellings are on record, else by area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.overlay import measure
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BY_DWELLINGS: Final = "dwellings"
BY_AREA: Final = "area"
LEAST_SHARED_M: Final = 1.0
"""What shares less than this length with something, or less than its square, only touches it; of what is smaller, half."""


@dataclass(frozen=True, slots=True)
class Settlements:
    """Villages in the metric CRS with their people, NaN where nobody counted them."""

    geometry: Geometries
    population: Floats


@dataclass(frozen=True, slots=True)
class DwellingFootprints:
    """Footprints of buildings people live in (polygons, metric CRS); ``room`` weighs each, say by its floors.

    A plain footprint has room 1 per m²; ``room`` multiplies that.
    """

    geometry: Geometries
    room: Floats


@dataclass(frozen=True, slots=True)
class ResidentShares:
    """Parallel arrays, one row for each pair of a target and a settlement that share ground.

    ``people`` is a share of the settlement's population (not rounded, NaN where that is unknown); ``by_dwellings`` says
    which method told it, ``shared_m2`` on how many m² of dwellings (times their room) or of the settlement. ``targets`` is how
    many targets were asked about.
    """

    target: Indices
    settlement: Indices
    people: Floats
    by_dwellings: Flags
    targets: int
    shared_m2: Floats

    def totals(self) -> Floats:
        """People of every target: 0 where no settlement lies, NaN where one of those it shares ground with is uncounted."""
        return np.bincount(self.target, self.people, self.targets).astype(np.float64)

    def methods(self) -> list[tuple[str, ...]]:
        """By which methods each target was told; empty where it meets no settlement."""
        found: list[set[str]] = [set() for _ in range(self.targets)]
        for target, exact in zip(self.target.tolist(), self.by_dwellings.tolist(), strict=True):
            found[target].add(BY_DWELLINGS if exact else BY_AREA)
        return [tuple(sorted(some)) for some in found]


def find_residents(targets: Geometries, settlements: Settlements, dwellings: DwellingFootprints) -> ResidentShares:
    """The people of every settlement who live on each of ``targets`` (polygons, one metric CRS for all).

    A settlement with dwellings on record has its people where the dwellings stand (dasymetric), in proportion to their
    footprint times room, a dwelling on the edge in part; one without has them spread evenly over its ground. Targets
    are measured one by one, so what overlaps is counted in each; ``risk_model.exposure`` counts on the union of parts.
    """
    homes = _house(settlements, dwellings)
    shares = [_by_dwellings(targets, homes), _by_area(targets, settlements, homes)]
    target, settlement, share, shared_m2 = (np.concatenate([part[column] for part in shares]) for column in range(4))
    exact = np.concatenate([np.ones(len(shares[0][0]), bool), np.zeros(len(shares[1][0]), bool)])
    order = np.lexsort((settlement, target))
    people = np.minimum(share, 1.0) * settlements.population[settlement]
    return ResidentShares(
        target[order], settlement[order], people[order], exact[order], len(targets), shared_m2=shared_m2[order]
    )


def are_housed(settlements: Settlements, dwellings: DwellingFootprints) -> Flags:
    """Whether each settlement has dwellings on record, so that they tell where its people live."""
    return _house(settlements, dwellings).known


@dataclass(frozen=True, slots=True)
class Homes:
    """Points at which people live, how many (not rounded), and the settlement each is of."""

    points: Geometries
    people: Floats
    settlement: Indices


def find_homes(settlements: Settlements, dwellings: DwellingFootprints, seats: Geometries) -> Homes:
    """Where people live: in their dwellings, else at the seat of their settlement.

    People of a settlement nobody counted are 0 here.
    """
    homes, population = _house(settlements, dwellings), np.nan_to_num(settlements.population)
    share = shapely.area(homes.piece) * homes.density / homes.room[homes.settlement]
    points = np.concatenate([shapely.centroid(homes.piece), seats[~homes.known]])
    people = np.concatenate([population[homes.settlement] * share, population[~homes.known]])
    return Homes(points, people, np.concatenate([homes.settlement, np.flatnonzero(~homes.known)]))


@dataclass(frozen=True, slots=True)
class _Homes:
    """Dwellings cut at the borders of settlements: pieces, whose they are, and their room a m²."""

    piece: Geometries
    settlement: Indices
    density: Floats
    room: Floats  # of each settlement in all

    @property
    def known(self) -> Flags:
        return np.asarray(self.room > 0)


def _house(settlements: Settlements, dwellings: DwellingFootprints) -> _Homes:
    count = len(settlements.geometry)
    pairs = measure(settlements.geometry, dwellings.geometry, 0.0)
    # A house by the border reaches over it by a hair where edges bend: it houses nobody of the village beyond.
    enough = np.minimum(LEAST_SHARED_M**2, shapely.area(dwellings.geometry) / 2)[pairs.zone]
    areal = (pairs.overlap_m2 > 0) & (pairs.overlap_m2 >= enough) & (dwellings.room[pairs.zone] > 0)
    settlement, dwelling, shared = pairs.site[areal], pairs.zone[areal], pairs.overlap_m2[areal]
    piece = dwellings.geometry[dwelling].copy()
    cut = shared < shapely.area(piece) * (1.0 - 1e-12)
    piece[cut] = shapely.intersection(piece[cut], settlements.geometry[settlement[cut]])
    density = dwellings.room[dwelling]
    room = np.bincount(settlement, shared * density, count).astype(np.float64)
    return _Homes(piece, settlement, density, room)


def _by_dwellings(targets: Geometries, homes: _Homes) -> tuple[Indices, Indices, Floats, Floats]:
    count = len(homes.room)
    pairs = measure(targets, homes.piece, 0.0)
    settlement = homes.settlement[pairs.zone]
    share = pairs.overlap_m2 * homes.density[pairs.zone] / homes.room[settlement]
    cell, place = np.unique(pairs.site * count + settlement, return_inverse=True)
    summed = np.bincount(place, share, len(cell)).astype(np.float64)
    inhabited = summed > 0
    target, settlement = cell[inhabited] // max(count, 1), cell[inhabited] % max(count, 1)
    return target, settlement, summed[inhabited], summed[inhabited] * homes.room[settlement]


def _by_area(targets: Geometries, settlements: Settlements, homes: _Homes) -> tuple[Indices, Indices, Floats, Floats]:
    spread = np.flatnonzero(~homes.known)
    pairs = measure(targets, settlements.geometry[spread], 0.0)
    areal = pairs.overlap_m2 > 0
    settlement = spread[pairs.zone[areal]]
    share = pairs.overlap_m2[areal] / shapely.area(settlements.geometry[settlement])
    return pairs.site[areal], settlement, share, pairs.overlap_m2[areal]
