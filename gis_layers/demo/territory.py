"""Township boundary: 黑河 in the north, the crest of the hills in the south, dry washes and field edges between."""

from __future__ import annotations

import numpy as np
import shapely

from gis_layers.demo.noise import Field, Warp
from gis_layers.demo.overlay import GRAIN_M, polygons_of
from gis_layers.demo.terrain import TerrainModel

_RIVER_SPAN_KM = (7.4, 16.6)
_CREST_SPAN_KM = (8.6, 21.6)
_CREST_BAND_KM = (0.7, 5.0)
_EAST_KM = (
    (17.0, 26.6), (17.3, 25.2), (19.3, 24.5), (21.0, 24.9), (22.4, 23.4), (24.2, 23.1), (24.9, 20.6), (24.1, 18.9), (24.9, 16.8),
    (23.2, 14.4), (23.8, 11.0), (22.7, 8.6), (23.1, 6.4), (22.2, 4.4),
)  # fmt: skip
_WEST_KM = (
    (8.1, 4.6), (7.2, 7.0), (7.7, 9.4), (6.2, 11.8), (6.6, 14.6), (5.4, 17.0), (6.3, 19.4), (5.2, 22.0), (6.6, 23.8), (6.3, 25.8),
    (7.2, 27.4),
)  # fmt: skip


def draw_boundary(ground: TerrainModel, rng: np.random.Generator) -> shapely.Polygon:
    """The township boundary in the metric CRS, one ring without holes."""
    warp = Warp(rng, length_m=2600.0, octaves=5, strength=0.24)
    river, crest = _along_river(ground), _along_crest(ground)
    east, west = (_side(ground, warp, side) for side in (_EAST_KM, _WEST_KM))
    gaps = [_joined(warp, *pair) for pair in ((river, east), (east, crest), (crest, west), (west, river))]
    ring = np.concatenate([river, gaps[0], east, gaps[1], crest, gaps[2], west, gaps[3]])
    whole = shapely.make_valid(shapely.set_precision(shapely.Polygon(ring), GRAIN_M))
    return max(polygons_of(whole).geoms, key=lambda part: float(part.area))


def _joined(warp: Warp, before: Field, after: Field) -> Field:
    """A bent path from the last point of one side to the first of the next, both left out."""
    share = np.linspace(0.0, 1.0, max(int(np.hypot(*(after[0] - before[-1])) / 60.0), 2) + 1)[1:-1, None]
    straight = before[-1] + (after[0] - before[-1]) * share
    bent: Field = straight + (warp.bend(straight) - straight) * np.sin(np.pi * share) * 0.6
    return bent


def _along_river(ground: TerrainModel) -> Field:
    """The middle of 黑河 from west to east."""
    points = shapely.get_coordinates(ground.river)
    east_km = (points[:, 0] - ground.grid.west) / 1000.0
    span: Field = points[(east_km >= _RIVER_SPAN_KM[0]) & (east_km <= _RIVER_SPAN_KM[1])]
    return span


def _along_crest(ground: TerrainModel) -> Field:
    """The highest unbroken way along the hills, from east to west, by dynamic programming over columns."""
    grid = ground.grid
    low, high = (int(km * 1000 / grid.cell_m) for km in _CREST_BAND_KM)
    first, last = (int(km * 1000 / grid.cell_m) for km in _CREST_SPAN_KM)
    height = ground.height[low:high, first:last]
    best, came = height[:, 0], np.zeros(height.shape, dtype=np.int64)
    for column in range(1, height.shape[1]):
        padded = np.pad(best, 1, constant_values=-np.inf)
        options = np.stack([padded[:-2], padded[1:-1], padded[2:]])
        came[:, column] = np.argmax(options, axis=0) - 1
        best = options.max(axis=0) + height[:, column]
    rows = [int(np.argmax(best))]
    for column in range(height.shape[1] - 1, 0, -1):
        rows.append(rows[-1] + int(came[rows[-1], column]))
    columns = np.arange(last - 1, first - 1, -1)
    line = shapely.LineString(np.column_stack([grid.x[0, columns], grid.y[low + np.array(rows), 0]]))
    return shapely.get_coordinates(shapely.simplify(line, 30.0))


def _side(ground: TerrainModel, warp: Warp, corners_km: tuple[tuple[float, float], ...]) -> Field:
    corners = np.array(corners_km)
    line = shapely.segmentize(shapely.LineString(ground.grid.place(corners[:, 0], corners[:, 1])), 60.0)
    return shapely.get_coordinates(shapely.simplify(shapely.LineString(warp.bend(shapely.get_coordinates(line))), 8.0))
