"""Land set aside (三区三线): farmland, ecological redline, urban boundary, each surveyed except for a part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.demo.isolines import region_above
from gis_layers.demo.land import Land
from gis_layers.demo.layers import by_village
from gis_layers.demo.noise import Noise, smoothstep
from gis_layers.demo.overlay import common, less, merged, polygons_of
from gis_layers.demo.plots import HALF_WIDTH_M
from risk_model.vocabulary import Geometries

UNSURVEYED_FOR_FARMLAND = ("永进村", "南岔村")
UNSURVEYED_FOR_REDLINE = ("墩仁村",)
_SOURCE = "示范数据（合成）国土空间规划成果"
_SURVEYED = date(2023, 12, 20)
_TOWN = "南苑社区"
_SPARED_M = 70.0


@dataclass(frozen=True, slots=True)
class ConstraintLayer:
    """One kind of set-aside land: ``areas`` with ``name source_id synthetic geometry``, and the ground surveyed for it.

    ``extent`` is None where the survey covers the whole township.
    """

    kind: str
    name: str
    source: str
    survey_date: date
    extent: BaseGeometry | None
    areas: gpd.GeoDataFrame


def constraint_layers(
    land: Land, built: Geometries, plants: Geometries, plots: Geometries
) -> tuple[ConstraintLayer, ...]:
    """Farmland, redline and urban boundary (metric CRS).

    ``built`` are the houses, ``plants`` the ground of enterprises, ``plots`` that of projects no set-aside land comes near.
    """
    urban = _urban(land, built, plants)
    spared = merged([*(shape for _, shape in urban), *shapely.buffer(plots, _SPARED_M, quad_segs=2)])
    redline = _redline(land, spared)
    closed = merged([spared, *(shape for _, shape in redline)])
    farmland = _farmland(land, closed, np.concatenate([built, plants]))
    return (
        _layer("farmland", "永久基本农田", farmland, _without(land, UNSURVEYED_FOR_FARMLAND)),
        _layer("ecological_redline", "生态保护红线", redline, _without(land, UNSURVEYED_FOR_REDLINE)),
        _layer("urban_boundary", "城镇开发边界", urban, None),
    )


def _layer(
    kind: str, name: str, areas: list[tuple[str, shapely.MultiPolygon]], extent: BaseGeometry | None
) -> ConstraintLayer:
    kept = [(word, area if extent is None else common(area, extent)) for word, area in areas]
    kept = [(word, polygons_of(area, 2000.0)) for word, area in kept]
    kept = [(word, area) for word, area in kept if not area.is_empty]
    columns = {
        "name": [word for word, _ in kept],
        "source_id": [f"{kind}-{number:03d}" for number in range(1, len(kept) + 1)],
        "synthetic": True,
    }
    frame = gpd.GeoDataFrame(columns, geometry=[area for _, area in kept], crs=DEFAULT_METRIC_CRS)
    return ConstraintLayer(kind, name, _SOURCE, _SURVEYED, extent, frame)


def _without(land: Land, villages: tuple[str, ...]) -> shapely.MultiPolygon:
    return less(land.boundary, merged(land.villages.area[land.villages.index(name)] for name in villages))


def _urban(land: Land, built: Geometries, plants: Geometries) -> list[tuple[str, shapely.MultiPolygon]]:
    town = land.villages.area[land.villages.index(_TOWN)]
    seat = shapely.Point(land.villages.seat[land.villages.index(_TOWN)])
    houses = built[shapely.dwithin(built, seat, 1500.0) & shapely.within(built, town)]
    park = plants[shapely.dwithin(plants, _park_middle(land), 1500.0)]
    areas = (
        ("南华镇区城镇开发边界", _closed(houses, 120.0, 60.0)),
        ("示范工业园城镇开发边界", _closed(park, 160.0, 90.0)),
    )
    return [(name, common(area, land.boundary)) for name, area in areas]


def _park_middle(land: Land) -> shapely.Point:
    return shapely.Point(land.grid.place(22.1, 17.8)[0])


def _redline(land: Land, spared: shapely.Geometry) -> list[tuple[str, shapely.MultiPolygon]]:
    grid, noise = land.grid, Noise(land.rng(130))
    into_hills_km = land.ground.front_km[None, :] - grid.north_km
    grain = noise.fractal(grid.x, grid.y, length_m=2400.0, octaves=4)
    hills = region_above(grid, into_hills_km + 0.5 * grain, 0.35, tolerance_m=25.0)
    shores = merged(shore.buffer(130.0) for _, shore in land.reservoirs)
    areas = (
        ("山前水源涵养生态保护红线", hills),
        ("黑河河岸生态保护红线", polygons_of(land.ground.river.buffer(330.0))),
        ("小海子水库水源生态保护红线", shores),
    )
    return [(name, less(common(area, land.boundary), spared)) for name, area in areas]


def _farmland(land: Land, closed: shapely.Geometry, built: Geometries) -> list[tuple[str, shapely.MultiPolygon]]:
    """Irrigated ground between roads and settlements, in the large pieces that are worth keeping for ever."""
    grid, noise = land.grid, Noise(land.rng(131))
    grain = noise.fractal(grid.x, grid.y, length_m=2900.0, octaves=4)
    watered = smoothstep(grid.north_km, 12.2, 16.0) + 1.05 * grain
    fields = region_above(grid, watered, 0.68, tolerance_m=25.0)
    wide = [
        line.buffer(1.6 * HALF_WIDTH_M[kind], quad_segs=2)
        for line, kind in zip(land.roads.line, land.roads.road_class, strict=True)
        if kind not in ("village", "track")
    ]
    taken = merged([*wide, land.railway.buffer(30.0), _closed(built, 45.0, 10.0), closed])
    open_land = shapely.buffer(shapely.buffer(less(fields, taken), -40.0), 34.0)
    plain = polygons_of(shapely.simplify(open_land, 6.0), 60_000.0)
    return [(f"{village}永久基本农田", part) for village, part in by_village(land, plain, least_m2=40_000.0)]


def _closed(shapes: Geometries, out_m: float, left_m: float) -> shapely.MultiPolygon:
    """The ground round ``shapes`` with the gaps between them filled, ``left_m`` wider than they are."""
    grown = shapely.union_all(shapely.buffer(shapes, out_m, quad_segs=3))
    return polygons_of(shapely.simplify(shapely.buffer(grown, left_m - out_m), 5.0), 1000.0)
