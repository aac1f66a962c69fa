"""A square grid over an area, its cells clipped to the boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.grading.units import Units
from risk_model.overlay import prepared_copy
from risk_model.vocabulary import Geometries

Indices = npt.NDArray[np.int64]

SLACK_M: Final = 2e-8
"""How far the corners of a cell may lie from where the grid has them: storing it in degrees moves them by nanometres."""

CORNERS: Final = 5


@dataclass(frozen=True, slots=True)
class WholeCells:
    """The units that are whole squares of the grid: which ``unit`` each is, its ``row`` and its ``column``."""

    unit: Indices
    row: Indices
    column: Indices


def lay_cells(boundary: Any, cell_m: float, *, least_m2: float = 1.0) -> Units:
    """The cells of ``cell_m`` metres that ``boundary`` (metric CRS) covers, by row from the south and column from the west.

    Rows and columns count from the origin of the CRS, so a cell keeps its key ``r<row>c<column>`` when the boundary
    moves. Cells at the edge are cut to the boundary; cuttings below ``least_m2`` are left out.
    """
    west, south, east, north = shapely.bounds(boundary)
    columns = np.arange(np.floor(west / cell_m), np.ceil(east / cell_m), dtype=np.int64)
    rows = np.arange(np.floor(south / cell_m), np.ceil(north / cell_m), dtype=np.int64)
    column, row = (side.ravel() for side in np.meshgrid(columns, rows))
    squares = shapely.box(column * cell_m, row * cell_m, (column + 1) * cell_m, (row + 1) * cell_m)
    boundary = prepared_copy(boundary)
    inside = shapely.contains_properly(boundary, squares)
    edge = ~inside & shapely.intersects(boundary, squares)
    cells = squares.copy()
    cells[edge] = shapely.intersection(squares[edge], boundary)
    kept = np.flatnonzero(inside | (edge & (shapely.area(cells) >= least_m2)))
    keys = [f"r{row[cell]}c{column[cell]}" for cell in kept]
    first_row, first_column = (int(rows[0]), int(columns[0])) if len(kept) else (0, 0)
    names = [f"{row[cell] - first_row + 1} 行 {column[cell] - first_column + 1} 列" for cell in kept]
    return Units(keys, names, cells[kept], cell_m)


def find_whole_cells(geometry: Geometries, cell_m: float) -> WholeCells:
    """Squares among ``geometry`` of the grid of ``cell_m`` as ``lay_cells`` lays it, to within ``SLACK_M``."""
    bounds = shapely.bounds(geometry)
    place = np.rint(bounds[:, :2] / cell_m)
    sides = np.hstack([place, place + 1]) * cell_m
    placed = (np.abs(bounds - sides) <= SLACK_M).all(axis=1) & (shapely.get_num_coordinates(geometry) == CORNERS)
    square = placed & (np.abs(shapely.area(geometry) - cell_m**2) <= 4 * SLACK_M * cell_m)
    unit = np.flatnonzero(square)
    column, row = place[unit].astype(np.int64).T
    return WholeCells(unit, row, column)
