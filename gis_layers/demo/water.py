"""Reservoir and canals laid onto the ground; the streams come from ``streams``."""

from __future__ import annotations

import numpy as np
import shapely

from gis_layers.demo.isolines import isolines, soften
from gis_layers.demo.noise import Noise
from gis_layers.demo.streams import Stream
from gis_layers.demo.terrain import TerrainModel
from risk_model.vocabulary import Geometries

# Basin, middle in kilometres from the south-west corner, mean radius in metres, how much longer than wide.
_BASINS = (("小海子水库上库", (12.95, 21.75), 560.0, 1.35), ("小海子水库下库", (14.15, 22.05), 620.0, 1.15))
_MAIN_CANALS = (("三清渠", 24.3, 0.28), ("柔远渠", 26.2, 0.28), ("南干渠", 18.9, 0.35))


def draw_reservoirs(ground: TerrainModel, rng: np.random.Generator) -> tuple[tuple[str, shapely.Polygon], ...]:
    """The two basins of the plain reservoir, name and shore, metric CRS."""
    noise, basins = Noise(rng), []
    for name, (east_km, north_km), radius_m, stretch in _BASINS:
        middle = ground.grid.place(east_km, north_km)[0]
        angle = np.linspace(0.0, 2.0 * np.pi, 91)[:-1]
        rim = np.column_stack([np.cos(angle), np.sin(angle)])
        swing = noise.fractal(*(middle[:, None] + 900.0 * rim.T), length_m=900.0, octaves=4)
        shore = middle + rim * np.array([stretch, 1.0 / stretch]) * (radius_m * (1.0 + 0.38 * swing))[:, None]
        basins.append((name, shapely.Polygon(shore)))
    return tuple(basins)


def draw_canals(ground: TerrainModel, boundary: shapely.Polygon, rng: np.random.Generator) -> tuple[Stream, ...]:
    """Main canals that hug the contour, falling gently westwards, and laterals that leave them down-slope."""
    canals = [
        Stream(name, "canal", line)
        for name, north_km, fall in _MAIN_CANALS
        for line in _contour_canal(ground, boundary, north_km, fall)
    ]
    laterals = [lateral for canal in canals for lateral in _laterals(canal, boundary, rng)]
    return (*canals, *laterals)


def _contour_canal(
    ground: TerrainModel, boundary: shapely.Polygon, north_km: float, fall: float
) -> list[shapely.LineString]:
    """The line through the middle of the township at ``north_km`` that loses ``fall`` metres a kilometre westwards."""
    grid = ground.grid
    tilted = ground.height - fall * grid.east_km
    middle = grid.place(15.0, north_km)
    level = float(grid.sample(tilted, middle[:, 0], middle[:, 1])[0])
    line = max(soften(isolines(grid, tilted, level), tolerance_m=70.0), key=lambda part: float(part.length))
    inside = shapely.get_parts(shapely.intersection(line, boundary))
    west_bound = shapely.reverse(inside[shapely.get_num_points(inside) > 3])
    long: Geometries = west_bound[shapely.length(west_bound) > 2500.0]
    return list(long)


def _laterals(canal: Stream, boundary: shapely.Polygon, rng: np.random.Generator) -> list[Stream]:
    laterals, along, number = [], float(rng.uniform(500.0, 1200.0)), 1
    while along < canal.line.length - 400.0:
        start = shapely.get_coordinates(canal.line.interpolate(along))[0]
        run = float(rng.uniform(900.0, 1900.0))
        drift = np.cumsum(rng.normal(0.0, 22.0, 9)) + np.linspace(0.0, float(rng.normal(-90.0, 120.0)), 9)
        path = start + np.column_stack([drift - drift[0], np.linspace(0.0, run, 9)])
        line = shapely.LineString(path)
        if boundary.contains(line):
            laterals.append(Stream(f"{canal.name}{number}支渠", "canal", line))
            number += 1
        along += float(rng.uniform(1100.0, 2100.0))
    return laterals
