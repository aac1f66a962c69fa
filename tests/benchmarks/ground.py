"""Synthetic ground of a fixed seed: zones with ragged outlines and small sites between them, in the metric CRS."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS

SEED: Final = 7
COVERAGE: Final = 3.7
"""How many zones lie over a point, on average."""
CENTRE: Final = (570_000.0, 4_355_000.0)
MEAN_VERTICES: Final = 120
FEWEST, MOST = 50, 500
HAZARDS: Final = {
    "geological": ("geo4", ("极高", "高", "中", "低")),
    "flood": ("flood4", ("极高", "高", "中", "低")),
    "flash_flood": ("flash3", ("极高危险", "高危险", "危险")),
    "wildfire": ("fire5", ("高", "中高", "中", "中低", "低")),
}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ground:
    """``zones`` (the zone frame's columns) and ``sites`` (``name project_class``), both in the metric CRS."""

    zones: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    side_m: float


def lay_ground(zones: int, sites: int, *, zone_area_m2: float, site_radius_m: float = 50.0) -> Ground:
    """A square just so large that ``zones`` of the given mean area cover every point COVERAGE times."""
    chance = np.random.default_rng(SEED)
    side_m = math.sqrt(zones * zone_area_m2 / COVERAGE)
    shapes = ragged(
        _centres(zones, side_m, chance), _vertices(zones, chance), math.sqrt(zone_area_m2 / math.pi), chance
    )
    return Ground(_zone_frame(shapes, chance), lay_sites(sites, side_m, site_radius_m, chance), side_m)


def lay_sites(count: int, side_m: float, radius_m: float, chance: np.random.Generator) -> gpd.GeoDataFrame:
    """Sites of 4 to 12 vertices strewn over the square."""
    shapes = ragged(_centres(count, side_m, chance), chance.integers(4, 13, count), radius_m, chance)
    columns = {
        "name": [f"项目 {number}" for number in range(count)],
        "project_class": [f"K{kind}" for kind in chance.integers(1, 8, count)],
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=DEFAULT_METRIC_CRS)


def ragged(centres: Floats, vertices: npt.NDArray[Any], radius_m: float, chance: np.random.Generator) -> Any:
    """Star-shaped polygons of about ``radius_m`` whose outline wavers in waves and in every vertex."""
    count = len(vertices)
    ring = np.repeat(np.arange(count), vertices)
    place = np.arange(len(ring)) - np.repeat(np.cumsum(vertices) - vertices, vertices)
    angle = 2 * np.pi * place / vertices[ring]
    outline = chance.lognormal(-0.0825, 0.28, count)[ring]
    for wave in (2, 3, 5):
        outline *= 1 + (chance.uniform(0, 0.35, count) / wave)[ring] * np.cos(
            wave * angle + chance.uniform(0, 7, count)[ring]
        )
    outline *= chance.uniform(0.97, 1.03, len(ring))
    x, y = (centres[ring, axis] + radius_m * outline * turn for axis, turn in enumerate((np.cos(angle), np.sin(angle))))
    return shapely.polygons(shapely.linearrings(x, y, indices=ring))


def _centres(count: int, side_m: float, chance: np.random.Generator) -> Floats:
    return chance.uniform(-side_m / 2, side_m / 2, (count, 2)) + CENTRE


def _vertices(count: int, chance: np.random.Generator) -> npt.NDArray[np.int64]:
    drawn = FEWEST + chance.exponential(MEAN_VERTICES - FEWEST, count)
    return np.minimum(drawn, MOST).astype(np.int64)


def _zone_frame(shapes: Any, chance: np.random.Generator) -> gpd.GeoDataFrame:
    hazards = chance.choice(list(HAZARDS), len(shapes))
    ranks = [int(chance.integers(len(HAZARDS[hazard][1]))) for hazard in hazards]
    columns = {
        "hazard": hazards,
        "product": "hazard",
        "grade": [HAZARDS[hazard][1][rank] for hazard, rank in zip(hazards, ranks, strict=True)],
        "grade_rank": [rank + 1 for rank in ranks],
        "grade_scheme": [HAZARDS[hazard][0] for hazard in hazards],
        "name": [f"区划 {number}" for number in range(len(shapes))],
    }
    return gpd.GeoDataFrame(
        columns, geometry=shapely.multipolygons([[shape] for shape in shapes]), crs=DEFAULT_METRIC_CRS
    )


def extent_of(ground: Ground) -> Any:
    """What a survey of the whole square would hand in as its extent: an outline of a thousand vertices around it."""
    chance = np.random.default_rng(SEED)
    radius_m = 2.0 * ground.side_m + 5_000.0
    turn = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    reach = radius_m * chance.uniform(0.97, 1.03, len(turn)) / 1.5
    return shapely.polygons(np.column_stack((CENTRE[0] + reach * np.cos(turn), CENTRE[1] + reach * np.sin(turn))))
