"""Shaded relief: an elevation model lit from several sides, lightly tinted by height, as one picture in Web Mercator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis_layers.crs import STORAGE_CRS, Bounds, CrsLike, transform_points
from gis_layers.raster import write_png

Field = npt.NDArray[np.float64]

# Azimuth and weight of each light: the north-west leads, the others keep slopes along it from going flat.
_LIGHTS = ((315.0, 0.52), (270.0, 0.18), (0.0, 0.20), (225.0, 0.10))
_LIGHT_HEIGHT = np.radians(45.0)
# Height as a share of the range, and the red, green and blue of the ground there: oasis, fan, hill foot, crest.
_TINT = (
    (0.0, (220, 233, 214)),
    (0.12, (230, 236, 216)),
    (0.30, (241, 235, 215)),
    (0.55, (234, 221, 199)),
    (0.8, (226, 212, 194)),
    (1.0, (240, 235, 228)),
)
_GENTLE = 8.0  # how much steeper gentle slopes are shown than they are
_LATTICE = 65


@dataclass(frozen=True, slots=True)
class ElevationModel:
    """Metres above sea level, row 0 in the north; ``transform`` is (cell, 0, west edge, 0, -cell, north edge) in ``crs``."""

    elevation: npt.NDArray[np.float32]
    transform: tuple[float, float, float, float, float, float]
    crs: CrsLike


@dataclass(frozen=True, slots=True)
class ReliefPicture:
    """A PNG whose columns are even in longitude and rows in Web Mercator; ``bounds`` in degrees of the storage CRS."""

    content: bytes
    bounds: Bounds
    width: int
    height: int


def draw_relief(model: ElevationModel, *, width: int = 1400) -> ReliefPicture:
    """Shade and tint ``model`` and carry it to Web Mercator, ``width`` pixels wide, no pixel beyond the model."""
    bounds = _inner_bounds(model)
    column, row = _places(model, bounds, width)
    height_m = model.elevation.astype(np.float64)
    light = _sample(shade(height_m, model.transform[0]), column, row)
    colour = tint(_sample(height_m, column, row)) * (0.43 + 0.78 * light)[..., None]
    pixels = np.clip(np.rint(colour), 0, 255).astype(np.uint8)
    return ReliefPicture(write_png(pixels), bounds, pixels.shape[1], pixels.shape[0])


def shade(height_m: Field, cell_m: float) -> Field:
    """Brightness 0-1 of each cell (0.71 on the level) under several lights, after Mark (1992), USGS OFR 92-422.

    Gentle slopes are steepened more than steep ones, so that a fan of one per cent shows beside a cliff.
    """
    south, east = np.gradient(height_m, cell_m)
    steepness = np.hypot(south, east)
    shown = _GENTLE * steepness / (1.0 + steepness / 0.12)
    scale = np.divide(shown, steepness, out=np.full_like(shown, _GENTLE), where=steepness > 0)
    tilt_east, tilt_north, up = -east * scale, south * scale, 1.0 / np.sqrt(1.0 + shown**2)
    total = np.zeros_like(height_m)
    for azimuth, weight in _LIGHTS:
        from_east, from_north = np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))
        facing = tilt_east * from_east + tilt_north * from_north
        lit = up * (np.sin(_LIGHT_HEIGHT) + np.cos(_LIGHT_HEIGHT) * facing)
        total += weight * np.clip(lit, 0.0, None)
    brightness: Field = np.clip(total, 0.0, 1.0)
    return brightness


def tint(height_m: Field) -> Field:
    """Red, green and blue, 0-255, of ground at each height: pale green below, sand in the middle, grey above."""
    low, high = float(height_m.min()), float(height_m.max())
    share = (height_m - low) / max(high - low, 1.0)
    steps = np.array([step for step, _ in _TINT])
    colours = np.array([colour for _, colour in _TINT], dtype=float)
    return np.stack([np.interp(share, steps, colours[:, band]) for band in range(3)], axis=-1)


def _inner_bounds(model: ElevationModel) -> Bounds:
    """The largest upright box in degrees whose corners all lie among the centres of the model's cells."""
    rows, columns = model.elevation.shape
    cell, _, west, _, _, north = model.transform
    x, y = west + cell * np.array([0.5, columns - 0.5]), north - cell * np.array([0.5, rows - 0.5])
    corners = np.array([(x[0], y[0]), (x[1], y[0]), (x[0], y[1]), (x[1], y[1])])
    (nw, ne, sw, se) = transform_points(corners, model.crs, STORAGE_CRS)
    return float(max(nw[0], sw[0])), float(max(sw[1], se[1])), float(min(ne[0], se[0])), float(min(nw[1], ne[1]))


def _places(model: ElevationModel, bounds: Bounds, width: int) -> tuple[Field, Field]:
    """Column and row in the model of each pixel's middle; exact on a coarse lattice, evenly filled in between."""
    west, south, east, north = bounds
    low, high = np.arcsinh(np.tan(np.radians([south, north])))
    height = round(width * (high - low) / np.radians(east - west))
    along, down = np.linspace(0.0, 1.0, _LATTICE), np.linspace(0.0, 1.0, _LATTICE)
    lon = west + (east - west) * along
    lat = np.degrees(np.arctan(np.sinh(high + (low - high) * down)))
    mesh = np.column_stack([np.tile(lon, _LATTICE), np.repeat(lat, _LATTICE)])
    points = transform_points(mesh, STORAGE_CRS, model.crs)
    cell, _, edge_west, _, _, edge_north = model.transform
    columns = ((points[:, 0] - edge_west) / cell - 0.5).reshape(_LATTICE, _LATTICE)
    rows = ((edge_north - points[:, 1]) / cell - 0.5).reshape(_LATTICE, _LATTICE)
    across = (np.arange(width) + 0.5) / width * (_LATTICE - 1)
    downward = (np.arange(height) + 0.5) / height * (_LATTICE - 1)
    fine = np.meshgrid(across, downward)
    return _sample(columns, *fine), _sample(rows, *fine)


def _sample(field: Field, column: Field, row: Field) -> Field:
    """Bilinear values of ``field`` at fractional columns and rows; places outside take the nearest edge."""
    u = np.clip(column, 0.0, field.shape[1] - 1.001)
    v = np.clip(row, 0.0, field.shape[0] - 1.001)
    left, top = u.astype(np.int64), v.astype(np.int64)
    du, dv = u - left, v - top
    upper = field[top, left] * (1 - du) + field[top, left + 1] * du
    lower = field[top + 1, left] * (1 - du) + field[top + 1, left + 1] * du
    value: Field = upper * (1 - dv) + lower * dv
    return value
