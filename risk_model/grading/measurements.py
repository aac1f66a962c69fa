"""Measures of every hazard on every unit: exact areas of its levels, and the score that follows from them.

Each unit is measured by itself, so any part of the units gives the same figures as all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.grading.cells import WholeCells, find_whole_cells
from risk_model.grading.fractions import Window, covered_fractions
from risk_model.grading.ground import GradedGround
from risk_model.overlay import measure
from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Progress = Callable[[float], None]
"""Hears the share done, 0–1, in the thread that grades; what it raises stops the grading."""

NOISE: Final = 1e-9
"""Shares of a unit smaller than this are noise of cutting, not ground."""

UNITS_A_STEP: Final = 20_000
NUMBERS_A_BAND: Final = 2**20
"""How many figures (cells by levels) a band of a grid holds while it is measured: what fits into a processor's cache."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Measures of a hazard on each unit: ``area_m2`` (units, levels), ``known`` share 0–1, ``score`` 0–1 or NaN."""

    area_m2: Floats
    known: Floats
    score: Floats


@dataclass(frozen=True, slots=True)
class Plot:
    """Shapes to be measured (metric CRS); ``cell_m`` as in ``Units``."""

    geometry: Geometries
    cell_m: float | None = None


Measure = Callable[[Plot, Sequence[GradedGround]], list[Measured]]
"""Measures a plot against the ground of every hazard, wherever that is done."""


def measure_units(
    plot: Plot,
    grounds: Sequence[GradedGround],
    *,
    least_known: float,
    threads: int = 2,
    progress: Progress | None = None,
) -> list[Measured]:
    """The exact area of every level of each hazard in every unit, and each unit's score: the mean over its area.

    A unit known on less than ``least_known`` of its area has no score; above that, what is not known counts at its
    worst. Geometries in the metric CRS; scores are kept to twelve decimals, since what lies below is noise of cutting.
    ``progress`` hears of every step. The answer does not depend on ``threads``.
    """
    work = _Work.of(plot, threads)
    measured, done, whole = [], 0, len(plot.geometry) * len(grounds)
    for ground in grounds:
        area = np.zeros((len(plot.geometry), len(ground.levels)))
        for count in work.measure(ground, area):
            done += count
            if progress is not None:
                progress(done / whole)
        measured.append(_score(ground, area, work.whole_m2, least_known))
    return measured


def in_rounds(progress: Progress, rounds: int) -> Progress:
    """Listener to ``rounds`` measurings, one after another, each 0–1, that tells ``progress`` of all together."""
    over = 0

    def tell(share: float) -> None:
        nonlocal over
        progress((over + share) / rounds)
        over += share >= 1.0

    return tell


def join_measured(parts: Sequence[Sequence[Measured]]) -> list[Measured]:
    """Measures of the parts of a plot, put together in their order."""
    return [
        Measured(*(np.concatenate([getattr(one, name) for one in of_hazard]) for name in Measured.__slots__))
        for of_hazard in zip(*parts, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Work:
    """A plot made ready: its whole cells are told from the ``rest``, which is cut; ``whole_m2`` is the area of each unit."""

    plot: Plot
    cells: WholeCells
    rest: Indices
    whole_m2: Floats
    threads: int

    @classmethod
    def of(cls, plot: Plot, threads: int) -> _Work:
        whole_m2, rest = shapely.area(plot.geometry), np.ones(len(plot.geometry), dtype=bool)
        nothing = np.empty(0, dtype=np.int64)
        cells = WholeCells(nothing, nothing, nothing)
        if plot.cell_m is not None:
            cells = find_whole_cells(plot.geometry, plot.cell_m)
            rest[cells.unit], whole_m2[cells.unit] = False, plot.cell_m**2
        return cls(plot, cells, np.flatnonzero(rest), whole_m2, threads)

    def measure(self, ground: GradedGround, area: Floats) -> Iterator[int]:
        """Fill ``area`` (units, levels); tells after every step for how many units it did."""
        if not ground.levels:
            yield len(area)
            return
        if len(self.cells.unit):
            yield from self._measure_cells(ground, area)
        if len(self.rest):
            yield from self._cut_rest(ground, area)

    def _cut_rest(self, ground: GradedGround, area: Floats) -> Iterator[int]:
        width, (pieces, level) = len(ground.levels), ground.pieces
        for start in range(0, len(self.rest), UNITS_A_STEP):
            some = self.rest[start : start + UNITS_A_STEP]
            pairs = measure(self.plot.geometry[some], pieces, 0.0, threads=self.threads)
            if len(pairs):
                place = pairs.site * width + level[pairs.zone]
                sums = np.bincount(place, weights=pairs.overlap_m2, minlength=len(some) * width)
                area[some] = sums.reshape(len(some), width)
            yield len(some)

    def _measure_cells(self, ground: GradedGround, area: Floats) -> Iterator[int]:
        """By bands of rows, some of them at once."""
        width, cells, cell_m = len(ground.levels), self.cells, self.plot.cell_m or 0.0
        edges = ground.edges(cell_m)

        def measure_band(band: tuple[Window, Indices]) -> tuple[Indices, Floats]:
            window, some = band
            fractions = covered_fractions(edges, window, width)
            row, column = cells.row[some] - window.first_row, cells.column[some] - window.first_column
            return some, fractions[:, row, column].T

        with ThreadPoolExecutor(self.threads) as pool:
            for some, fractions in pool.map(measure_band, _bands(cells, width)):
                area[cells.unit[some]] = fractions * cell_m**2
                yield len(some)


def _bands(cells: WholeCells, width: int) -> list[tuple[Window, Indices]]:
    """Windows that hold all cells, each with the cells it is asked for."""
    west, east = int(cells.column.min()), int(cells.column.max())
    columns = east - west + 1
    rows = max(1, NUMBERS_A_BAND // (columns * width))
    south = int(cells.row.min())
    band = (cells.row - south) // rows
    order = np.argsort(band, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(band[order])) + 1)
    return [(Window(south + int(band[part[0]]) * rows, rows, west, columns), part) for part in parts]


def _score(ground: GradedGround, area: Floats, whole: Floats, least_known: float) -> Measured:
    known = np.minimum(area.sum(axis=1) / whole, 1.0)
    known[known > 1.0 - NOISE] = 1.0
    mean = sum(
        (area[:, number] * level.score for number, level in enumerate(ground.levels)), start=np.zeros(len(whole))
    )
    mean = mean / whole + (1.0 - known)
    score = np.where((known > 0) & (known >= least_known), np.round(np.clip(mean, 0.0, 1.0), 12), np.nan)
    return Measured(area, known, score)
