"""A square grid over an area, its cells clipped to the boundary."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from risk_model.grading.areas import Units


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
    shapely.prepare(boundary)
    inside = shapely.contains_properly(boundary, squares)
    edge = ~inside & shapely.intersects(boundary, squares)
    cells = squares.copy()
    cells[edge] = shapely.intersection(squares[edge], boundary)
    kept = np.flatnonzero(inside | (edge & (shapely.area(cells) >= least_m2)))
    keys = [f"r{row[cell]}c{column[cell]}" for cell in kept]
    first_row, first_column = (int(rows[0]), int(columns[0])) if len(kept) else (0, 0)
    names = [f"{row[cell] - first_row + 1} 行 {column[cell] - first_column + 1} 列" for cell in kept]
    return Units(keys, names, cells[kept])
