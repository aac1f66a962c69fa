"""The ground of six hazards over a square grid: zones of all grades that overlap, surveyed throughout."""

from __future__ import annotations

import math
import pickle
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from risk_model.grading import GradedGround, grading_terms
from risk_model.rulebook import load_rulebook
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet
from tests.benchmarks.ground import CENTRE, COVERAGE, lay_ground

SIDE_M = 100_000.0
BOOK = load_rulebook()
ON = date(2026, 6, 1)
TERMS = grading_terms(BOOK)
WEST, SOUTH = (math.floor((middle - SIDE_M / 2) / 1000) * 1000.0 for middle in CENTRE)


@dataclass(frozen=True)
class Grid:
    """A square of ``side`` cells each way over the whole ground."""

    side: int

    @property
    def cell_m(self) -> float:
        """The side of a cell in metres."""
        return SIDE_M / self.side

    @property
    def corner(self) -> tuple[float, float]:
        """Its south-west corner, which lies on the lines of the CRS's own grid of this cell."""
        column, row = self._first
        return column * self.cell_m, row * self.cell_m

    def blocks(self, cells: int = 250_000) -> list[tuple[int, int]]:
        """Bands of whole rows of about so many cells: first row and number of rows."""
        step = max(1, cells // self.side)
        return [(row, min(step, self.side - row)) for row in range(0, self.side, step)]

    def squares(self, row: int, rows: int, *, columns: int | None = None) -> Geometries:
        """The first ``columns`` cells of some rows, by row from the south and column from the west."""
        first_column, first_row = self._first
        y, x = (one.ravel() for one in np.mgrid[row : row + rows, 0 : columns or self.side])
        west, south = (x + first_column) * self.cell_m, (y + first_row) * self.cell_m
        east, north = (x + first_column + 1) * self.cell_m, (y + first_row + 1) * self.cell_m
        return np.asarray(shapely.box(west, south, east, north))

    @property
    def _first(self) -> tuple[int, int]:
        return math.floor(WEST / self.cell_m), math.floor(SOUTH / self.cell_m)


def zones_of(count: int) -> tuple[ZoneSet, ExtentSet]:
    """``count`` zones dealt out to the hazards and, of each, to all grades; the square around them is surveyed."""
    shapes = lay_ground(count, 1, zone_area_m2=COVERAGE * SIDE_M**2 / count).zones.geometry.to_numpy()
    hazards = [hazard.key for hazard in TERMS.hazards]
    key = np.array([hazards[number % len(hazards)] for number in range(count)], dtype=object)
    scheme = np.array([BOOK.default_scheme(hazard, "hazard") for hazard in key], dtype=object)
    rank = np.array([1 + number // len(hazards) % len(BOOK.scheme(name)) for number, name in enumerate(scheme)])
    blank, unknown = np.full(count, "", dtype=object), np.full(count, np.nan)
    zones = ZoneSet(
        zone=np.array([f"z{number}" for number in range(count)], dtype=object),
        version=np.ones(count, dtype=np.int64), hazard=key, product=np.full(count, "hazard", dtype=object),
        scheme=scheme, rank=rank, grade=blank, name=blank, intensity=unknown, arrival_min=unknown,
        overburden_m=unknown, fault_age=blank, extent_id=np.zeros(count, dtype=np.int64), geometry=shapes,
    )  # fmt: skip
    some = len(hazards)
    square = shapely.box(WEST - 5000, SOUTH - 5000, WEST + SIDE_M + 5000, SOUTH + SIDE_M + 5000)
    extents = ExtentSet(
        extent_id=np.arange(some), hazard=np.array(hazards, dtype=object),
        product=np.full(some, "hazard", dtype=object), own_zones=np.zeros(some, dtype=bool),
        geometry=np.array([square] * some, dtype=object),
    )  # fmt: skip
    return zones, extents


def save(thing: object, path: Path) -> None:
    """Keep it for the processes of a benchmark."""
    path.write_bytes(pickle.dumps(thing))


def load_grounds(folder: str) -> list[GradedGround]:
    """The laid ground of every hazard."""
    grounds: list[GradedGround] = pickle.loads((Path(folder) / "grounds.pickle").read_bytes())
    return grounds
