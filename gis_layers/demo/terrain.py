"""The ground: hills in the south, fans at their foot, an oasis plain and 黑河 in the north. Invented, not surveyed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.demo.erosion import Cells, Mask, drainage_cells, erode, receivers, upstream_order
from gis_layers.demo.grid import Grid
from gis_layers.demo.noise import Field, Noise, smoothstep

HILLS_KM = 10.0
"""How far north of the south edge erosion is computed; the plain beyond is laid by formula."""

FAN_COUNT = 12
FAN_SPACING_KM = 1.75


@dataclass(frozen=True, slots=True)
class DemoElevation:
    """The elevation model handed out: metres above sea level, float32, row 0 in the north.

    ``transform`` holds the six affine terms (cell, 0, west edge, 0, -cell, north edge) of ``crs``;
    ``bounds`` is west, south, east, north of the cell edges in metres.
    """

    elevation: npt.NDArray[np.float32]
    transform: tuple[float, float, float, float, float, float]
    bounds: tuple[float, float, float, float]
    crs: str


@dataclass(frozen=True, slots=True)
class TerrainModel:
    """The ground while it is being modelled: heights in metres on ``grid`` and the features they were shaped by.

    ``front_km`` is the foot of the hills by column, ``apexes`` the canyon mouths (n, 2) from west to east with
    ``apex_weight`` 0-1 by catchment, ``receiver`` and ``drainage`` the flow routing of the southern hill rows.
    """

    grid: Grid
    height: Field
    river: shapely.LineString
    front_km: Field
    apexes: Field
    apex_weight: Field
    receiver: Cells
    drainage: Field


def shape_ground(grid: Grid, rng: np.random.Generator) -> TerrainModel:
    """Raise the ground: river plain and piedmont by formula, hills by erosion, fans at the canyon mouths."""
    river_km = _river_course(grid, rng)
    plain = _piedmont(grid, river_km)
    front_km = _hill_foot(grid, rng)
    rows = int(HILLS_KM * 1000 / grid.cell_m)
    fixed, uplift = _rising(grid, front_km, rows, rng)
    hills = erode(_first_swell(grid, plain, front_km, fixed, rng), uplift, fixed, cell_m=grid.cell_m, rounds=40)
    apexes, weight = _canyon_mouths(grid, hills, fixed, front_km)
    fans = _fan_bulge(grid, apexes, weight)
    plain = plain + fans + _unevenness(grid, river_km, rng)
    hills = erode(np.where(fixed, plain[:rows], hills + fans[:rows]), uplift, fixed, cell_m=grid.cell_m)
    height = np.concatenate([hills, plain[rows:]])
    apexes, weight = _canyon_mouths(grid, hills, fixed, front_km)
    receiver = receivers(hills, np.zeros(hills.shape, dtype=bool))
    drainage = drainage_cells(receiver, upstream_order(receiver))
    river = shapely.LineString(grid.place(grid.east_km[0], river_km))
    return TerrainModel(grid, height, river, front_km, apexes, weight, receiver, drainage)


def as_terrain(ground: TerrainModel, height: Field, crs: str) -> DemoElevation:
    """The elevation model of ``height`` as it is handed out, north up."""
    grid, half = ground.grid, ground.grid.cell_m / 2
    west, south = grid.west - half, grid.south - half
    east, north = west + grid.columns * grid.cell_m, south + grid.rows * grid.cell_m
    affine = (grid.cell_m, 0.0, west, 0.0, -grid.cell_m, north)
    return DemoElevation(np.flipud(height).astype(np.float32), affine, (west, south, east, north), crs)


def slope_of(grid: Grid, height: Field) -> Field:
    """Rise over run of the ground at every point."""
    north, east = np.gradient(height, grid.cell_m)
    slope: Field = np.hypot(north, east)
    return slope


def _river_course(grid: Grid, rng: np.random.Generator) -> Field:
    """Kilometres north of the south edge at which 黑河 crosses each column; it flows from east to west-north-west."""
    u = grid.east_km[0]
    noise = Noise(rng)
    bends = 0.75 * noise.fractal(1000 * u, 0 * u, length_m=5200.0, octaves=2)
    fine = 0.34 * noise.fractal(1000 * u, 0 * u + 5e4, length_m=1500.0, octaves=3)
    course: Field = np.clip(28.6 - 0.055 * u + bends + fine, None, 29.3)
    return course


def _piedmont(grid: Grid, river_km: Field) -> Field:
    """A concave ramp: 1 330 m at the river, 4 m/km beside it and over 20 m/km below the hills."""
    south_km = river_km[None, :] - grid.north_km
    ramp: Field = np.where(south_km > 0, 4.0 * south_km + 0.36 * south_km**2, -3.0 * south_km)
    return 1324.0 + 0.55 * grid.east_km + ramp


def _hill_foot(grid: Grid, rng: np.random.Generator) -> Field:
    u, noise = grid.east_km[0], Noise(rng)
    broad = 2.3 * noise.fractal(1000 * u, 0 * u, length_m=8200.0, octaves=2)
    fine = 0.75 * noise.fractal(1000 * u, 0 * u + 9e4, length_m=2100.0, octaves=3)
    foot: Field = 5.9 + 0.05 * (u - 15.0) + broad + fine
    return foot


def _rising(grid: Grid, front_km: Field, rows: int, rng: np.random.Generator) -> tuple[Mask, Field]:
    """Southern cells that keep their height, and how much the others rise each round, in metres."""
    inside_km = front_km[None, :] - grid.north_km[:rows]
    fixed = inside_km <= 0
    fixed[0] = True
    blocks = 1.0 + 0.75 * Noise(rng).fractal(grid.x[:rows], grid.y[:rows], length_m=3600.0, octaves=3)
    return fixed, (1.45 * smoothstep(inside_km, 0.0, 2.6) + 0.2) * np.clip(blocks, 0.15, None) * (inside_km > 0)


def _first_swell(grid: Grid, plain: Field, front_km: Field, fixed: Mask, rng: np.random.Generator) -> Field:
    """A low, lumpy swell where the hills will rise, parted near its middle: gentle enough to grow branching valleys."""
    rows = len(fixed)
    noise = Noise(rng).fractal(grid.x[:rows], grid.y[:rows], length_m=2600.0, octaves=6)
    foot = np.take_along_axis(plain[:rows], np.argmax(fixed[1:], axis=0)[None, :] + 1, axis=0)
    middle = np.sin(np.pi * np.clip(grid.north_km[:rows] / front_km[None, :], 0.0, 1.0) ** 0.8)
    return np.where(fixed, plain[:rows], foot + 8.0 + 55.0 * middle + 20.0 * noise)


def _canyon_mouths(grid: Grid, hills: Field, fixed: Mask, front_km: Field) -> tuple[Field, Field]:
    """Places where the largest catchments leave the hills, from west to east, and their weight (largest = 1)."""
    receiver = receivers(hills, fixed)
    drainage = drainage_cells(receiver, upstream_order(receiver)).reshape(hills.shape)
    north_km, east_km = grid.north_km[: len(hills)], grid.east_km[: len(hills)]
    inland = (east_km > 2.5) & (east_km < east_km.max() - 2.5)
    at_foot = fixed & inland & (north_km > 1.0) & (north_km - front_km[None, :] < 0.25)
    chosen: list[tuple[float, float, float]] = []
    foot = np.nonzero(at_foot.ravel())[0]
    for cell in foot[np.argsort(-drainage.ravel()[foot], kind="stable")]:
        u, v = float(east_km.ravel()[cell]), float(north_km.ravel()[cell])
        if len(chosen) < FAN_COUNT and all(abs(u - other) >= FAN_SPACING_KM for other, _, _ in chosen):
            chosen.append((u, v, float(drainage.ravel()[cell])))
    ordered = np.array(sorted(chosen))
    return grid.place(ordered[:, 0], ordered[:, 1]), ordered[:, 2] / ordered[:, 2].max()


def _fan_bulge(grid: Grid, apexes: Field, weight: Field) -> Field:
    """Metres the fans stand above the ramp: cones that flatten outwards, so contours bow down-slope."""
    bulge = np.zeros((grid.rows, grid.columns))
    for (x, y), share in zip(apexes, weight, strict=True):
        reach_m = 3000.0 + 3600.0 * share**0.5
        outward = np.clip(1.0 - np.hypot(grid.x - x, 0.85 * (grid.y - y)) / reach_m, 0.0, None)
        bulge = np.maximum(bulge, (24.0 + 26.0 * share**0.5) * outward**1.4)
    return bulge


def _unevenness(grid: Grid, river_km: Field, rng: np.random.Generator) -> Field:
    """Old channels and field steps of a metre or two, fading towards the river."""
    south_km = np.clip(river_km[None, :] - grid.north_km, 0.0, None)
    noise = Noise(rng)
    swell = 9.0 * noise.fractal(grid.x, 0.7 * grid.y + 3e4, length_m=6500.0, octaves=2)
    broad = 3.4 * noise.fractal(grid.x, 0.45 * grid.y, length_m=1500.0, octaves=3)
    fine = 0.9 * noise.fractal(grid.x, 0.35 * grid.y + 7e4, length_m=420.0, octaves=2)
    return (swell + broad + fine) * smoothstep(south_km, 0.0, 9.0)
