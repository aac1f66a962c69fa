"""Finer ground for the picture: the elevation model smoothed to a third of its cells, with the grain slopes have."""

from __future__ import annotations

import numpy as np

from gis_layers.demo.land import Land
from gis_layers.demo.noise import Field, Noise
from gis_layers.demo.terrain import HILLS_KM
from gis_layers.terrain import ElevationModel

FINER = 3


def fine_model(land: Land, crs: str) -> ElevationModel:
    """The ground of ``land`` on cells a third as wide; what is added is a metre or two and grows with the slope."""
    grid = land.grid
    rows, columns = FINER * (grid.rows - 1) + 1, FINER * (grid.columns - 1) + 1
    height = _spline(_spline(land.height, rows).T, columns).T
    slope = _spline(_spline(land.slope, rows).T, columns).T
    cell_m = grid.cell_m / FINER
    hills = slice(0, int(HILLS_KM * 1000.0 / cell_m))
    x = np.broadcast_to(grid.west + cell_m * np.arange(columns), (rows, columns))[hills]
    y = np.broadcast_to((grid.south + cell_m * np.arange(rows))[:, None], (rows, columns))[hills]
    gullies = 1.0 - np.abs(Noise(land.rng(90)).fractal(x, y, length_m=420.0, octaves=3, gain=0.55))
    height[hills] += 34.0 * np.clip(slope[hills] - 0.03, 0.0, 0.35) * (gullies - 0.75)
    west, north = grid.west - cell_m / 2, grid.south + (rows - 0.5) * cell_m
    return ElevationModel(np.flipud(height).astype(np.float32), (cell_m, 0.0, west, 0.0, -cell_m, north), crs)


def _spline(field: Field, count: int) -> Field:
    """``count`` rows in place of those of ``field``, on a cubic B-spline through its control rows."""
    last = len(field) - 1
    place = np.linspace(0.0, last, count)
    row = np.minimum(place.astype(np.int64), last - 1)
    t = (place - row)[:, None]
    weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    rows = (np.clip(row + shift, 0, last) for shift in (-1, 0, 1, 2))
    smooth: Field = sum(weight * field[at] for weight, at in zip(weights, rows, strict=True)) / 6.0
    return smooth
