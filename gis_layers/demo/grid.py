"""The raster the township is modelled on: square cells in the metric plane, row 0 in the south."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS, STORAGE_CRS, transform
from gis_layers.demo.noise import Field
from risk_model.vocabulary import Geometries

DEMO_BOUNDS = (99.60, 39.15, 99.95, 39.42)
"""West, south, east, north in degrees that no synthetic feature may leave."""

CELL_M = 75.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A lattice of points ``cell_m`` apart whose south-west point is (``west``, ``south``) in metres."""

    west: float
    south: float
    cell_m: float
    rows: int
    columns: int

    @property
    def x(self) -> Field:
        """Eastings of all points, shape (rows, columns)."""
        return np.broadcast_to(self.west + self.cell_m * np.arange(self.columns), (self.rows, self.columns)).copy()

    @property
    def y(self) -> Field:
        """Northings of all points, shape (rows, columns)."""
        column = self.south + self.cell_m * np.arange(self.rows)
        return np.broadcast_to(column[:, None], (self.rows, self.columns)).copy()

    @property
    def east_km(self) -> Field:
        """Kilometres east of the west edge, shape (rows, columns)."""
        return (self.x - self.west) / 1000.0

    @property
    def north_km(self) -> Field:
        """Kilometres north of the south edge, shape (rows, columns)."""
        return (self.y - self.south) / 1000.0

    def place(self, east_km: Field | float, north_km: Field | float) -> Field:
        """Metric coordinates, shape (n, 2), of points given in kilometres from the south-west corner."""
        east, north = np.atleast_1d(east_km), np.atleast_1d(north_km)
        return np.column_stack([self.west + 1000.0 * east, self.south + 1000.0 * north])

    def sample(self, field: Field, x: Field, y: Field) -> Field:
        """Bilinear values of ``field`` at metric places; places outside take the nearest edge."""
        u = np.clip((np.asarray(x, dtype=float) - self.west) / self.cell_m, 0.0, self.columns - 1.001)
        v = np.clip((np.asarray(y, dtype=float) - self.south) / self.cell_m, 0.0, self.rows - 1.001)
        column, row = u.astype(np.int64), v.astype(np.int64)
        fu, fv = u - column, v - row
        south = field[row, column] * (1 - fu) + field[row, column + 1] * fu
        north = field[row + 1, column] * (1 - fu) + field[row + 1, column + 1] * fu
        blend: Field = south * (1 - fv) + north * fv
        return blend

    def distance_to(self, lines: Geometries, *, reach_m: float) -> Field:
        """Metres from every point to the nearest of ``lines``; ``reach_m`` where none is nearer than that."""
        segments = _segments(lines)
        west, south, east, north = shapely.total_bounds(segments)
        x, y = self.x.ravel(), self.y.ravel()
        may_reach = (x > west - reach_m) & (x < east + reach_m) & (y > south - reach_m) & (y < north + reach_m)
        points = shapely.points(x[may_reach], y[may_reach])
        tree = shapely.STRtree(segments)
        (asked, _), distance = tree.query_nearest(points, max_distance=reach_m, return_distance=True, all_matches=False)
        result = np.full(self.rows * self.columns, reach_m)
        result[np.nonzero(may_reach)[0][asked]] = distance
        return result.reshape(self.rows, self.columns)

    def covers(self, polygon: shapely.Geometry) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        """Mask of the points inside ``polygon``, shape (rows, columns)."""
        shapely.prepare(polygon)
        inside: np.ndarray[tuple[int, int], np.dtype[np.bool_]] = shapely.contains_xy(polygon, self.x, self.y)
        return inside


def demo_grid(cell_m: float = CELL_M) -> Grid:
    """The largest upright lattice in the default metric CRS that stays inside DEMO_BOUNDS."""
    west, south, east, north = DEMO_BOUNDS
    corners = shapely.points([west, east, east, west], [south, south, north, north])
    x, y = shapely.get_coordinates(transform(corners, STORAGE_CRS, DEFAULT_METRIC_CRS)).T
    low_x, low_y = np.ceil(max(x[0], x[3])) + cell_m, np.ceil(max(y[0], y[1])) + cell_m
    high_x, high_y = min(x[1], x[2]) - cell_m, min(y[2], y[3]) - cell_m
    rows, columns = int((high_y - low_y) // cell_m) + 1, int((high_x - low_x) // cell_m) + 1
    return Grid(float(low_x), float(low_y), cell_m, rows, columns)


def _segments(lines: Geometries) -> Geometries:
    parts = shapely.get_parts(lines)
    coordinates, owner = shapely.get_coordinates(parts, return_index=True)
    pairs = np.stack([coordinates[:-1], coordinates[1:]], axis=1)[owner[:-1] == owner[1:]]
    segments: Geometries = shapely.linestrings(pairs)
    return segments
