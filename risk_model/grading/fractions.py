"""Share of every cell of a square grid under polygons, exactly: areas summed along the edges, nothing is cut.

Right of an edge that goes down lies ground, right of one that goes up it ends. So each piece of an edge within one cell adds
the trapezoid to its right in that cell, and its height to all cells of the row further right (as rasterisers of fonts do).
Heights are kept in steps of 2^-42 of a cell, in which sums of floating-point numbers are exact: a cell no edge crosses is
covered by exactly 0 or 1, and no answer depends on which part of a grid is asked for at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.vocabulary import Geometries

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

STEPS: Final = 2.0**42
"""Heights are whole multiples of one cell's side by this."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges of polygons that are not level, from their lower to their upper end, in sides of a cell from the CRS's origin.

    ``ground`` is +1 where the polygon lies to the right of the edge and -1 where it lies to the left; ``group`` says which
    polygons belong together.
    """

    low_x: Floats
    low_y: Floats
    high_x: Floats
    high_y: Floats
    ground: Floats
    group: Indices


@dataclass(frozen=True, slots=True)
class Window:
    """Cells of a grid, by row from the south and column from the west, counted from the CRS's origin."""

    first_row: int
    rows: int
    first_column: int
    columns: int


def edges_of(polygons: Geometries, group: Indices, cell_m: float) -> Edges:
    """The edges of ``polygons``, which must not overlap within a ``group``; holes need no care of their own."""
    turned = shapely.orient_polygons(polygons)
    rings, polygon = shapely.get_rings(turned, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    here = np.flatnonzero((ring[:-1] == ring[1:]) & (corners[:-1, 1] != corners[1:, 1]))
    x, y = corners[:, 0] / cell_m, corners[:, 1] / cell_m
    rising = y[here + 1] > y[here]
    low, high = np.where(rising, here, here + 1), np.where(rising, here + 1, here)
    groups = np.asarray(group[polygon[ring[here]]], dtype=np.int64)
    return Edges(x[low], y[low], x[high], y[high], np.where(rising, -1.0, 1.0), groups)


def covered_fractions(edges: Edges, window: Window, groups: int) -> Floats:
    """The share 0–1 of every cell of ``window`` under each group of polygons: (groups, rows, columns)."""
    parts = _within_rows(edges, window)
    shape = (groups, window.rows, window.columns)
    row_of, begins = parts.group * window.rows + (parts.row - window.first_row), window.first_column
    left = np.minimum(parts.upto(begins), parts.height) * parts.ground
    carried = _sums(row_of, left, (groups, window.rows, 1))
    edge, column = _spread(
        np.maximum(np.floor(parts.west_x).astype(np.int64), begins),
        np.minimum(parts.last_column(), begins + window.columns - 1),
    )
    entered, left_again = parts.upto(column, edge), parts.upto(column + 1, edge)
    height = (left_again - entered) * parts.ground[edge]
    west, east = np.maximum(parts.west_x[edge], column), np.minimum(parts.east_x[edge], column + 1)
    cell = row_of[edge] * window.columns + (column - begins)
    inside = _sums(cell, height * (1.0 - ((west - column) + (east - column)) / 2), shape)
    passed = _sums(cell, height, shape)
    before = np.cumsum(passed, axis=2)
    before -= passed
    before += carried
    before += inside
    return np.asarray(np.clip(before, 0.0, 1.0, out=before))


@dataclass(frozen=True, slots=True)
class _Parts:
    """Edges cut at the lines between rows; ``height`` is how much of its row each part climbs, from west to east."""

    row: Indices
    west_x: Floats
    east_x: Floats
    height: Floats
    ground: Floats
    group: Indices

    def last_column(self) -> Indices:
        """The column of the east end; one that lies upon a line between columns belongs to the part's own side."""
        return np.maximum(np.ceil(self.east_x).astype(np.int64) - 1, np.floor(self.west_x).astype(np.int64))

    def upto(self, x: Indices | int, part: Indices | slice = slice(None)) -> Floats:
        """Height that lies west of ``x``; a part that stands upright upon a line lies wholly east of it."""
        west, east, height = self.west_x[part], self.east_x[part], self.height[part]
        width = east - west
        upright = width == 0
        share = (x - west) / np.where(upright, 1.0, width)
        share = np.where(upright, np.where(west < x, 1.0, 0.0), share)
        return _whole_steps(np.clip(share, 0.0, 1.0) * height)


def _within_rows(edges: Edges, window: Window) -> _Parts:
    first = np.maximum(np.floor(edges.low_y).astype(np.int64), window.first_row)
    last = np.minimum(np.ceil(edges.high_y).astype(np.int64), window.first_row + window.rows) - 1
    edge, row = _spread(first, last)
    low_x, low_y = edges.low_x[edge], edges.low_y[edge]
    slope = (edges.high_x[edge] - low_x) / (edges.high_y[edge] - low_y)
    starts, ends = low_y >= row, edges.high_y[edge] <= row + 1
    x = np.where(starts, low_x, low_x + (row - low_y) * slope)
    end_x = np.where(ends, edges.high_x[edge], low_x + (row + 1 - low_y) * slope)
    bottom = np.where(starts, _whole_steps(low_y - row), 0.0)
    top = np.where(ends, _whole_steps(edges.high_y[edge] - row), 1.0)
    return _Parts(row, np.minimum(x, end_x), np.maximum(x, end_x), top - bottom, edges.ground[edge], edges.group[edge])


def _spread(first: Indices, last: Indices) -> tuple[Indices, Indices]:
    """Every whole number from ``first`` to ``last`` of each entry: (which entry, the number)."""
    count = np.maximum(last - first + 1, 0)
    entry = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
    return entry, first[entry] + place


def _sums(place: Indices, values: Floats, shape: tuple[int, int, int]) -> Floats:
    sums = np.bincount(place, values, int(np.prod(shape))).reshape(shape)
    return np.asarray(sums, dtype=np.float64)  # numpy sums nothing to whole numbers


def _whole_steps(values: Floats) -> Floats:
    return np.asarray(np.rint(values * STEPS) / STEPS)
