"""The lie of the land: everything the hazard layers are derived from, in the metric CRS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis_layers.demo.grid import Grid, demo_grid
from gis_layers.demo.noise import Field
from gis_layers.demo.overlay import polygons_of
from gis_layers.demo.roads import Roads, draw_roads, expressway
from gis_layers.demo.streams import Stream, carve, smooth, trace_streams
from gis_layers.demo.terrain import TerrainModel, shape_ground, slope_of
from gis_layers.demo.territory import draw_boundary
from gis_layers.demo.villages import Villages, draw_villages
from gis_layers.demo.water import draw_canals, draw_reservoirs
from risk_model.vocabulary import Geometries

_RAILWAY_KM = ((0.6, 17.4), (5.5, 18.2), (10.0, 18.0), (15.0, 17.2), (19.6, 18.0), (24.0, 18.9), (29.3, 19.2))


@dataclass(frozen=True, slots=True)
class Land:
    """Ground, water, villages and roads of one seed; heights in metres on ``grid``, geometry in the metric CRS."""

    seed: int
    grid: Grid
    ground: TerrainModel
    height: Field
    slope: Field
    streams: tuple[Stream, ...]
    canals: tuple[Stream, ...]
    reservoirs: tuple[tuple[str, shapely.Polygon], ...]
    boundary: shapely.Polygon
    villages: Villages
    roads: Roads
    motorway: shapely.LineString
    railway: shapely.LineString

    def rng(self, subject: int) -> np.random.Generator:
        """A generator of its own for each subject, so that one subject's draws never shift another's."""
        return np.random.default_rng([self.seed, subject])

    def washes(self) -> list[Stream]:
        """The named streams that leave the hills, longest first."""
        named = [stream for stream in self.streams if stream.name and stream.kind == "stream"]
        return sorted(named, key=lambda stream: -float(stream.line.length))

    def village_at(self, geometry: shapely.Geometry) -> str:
        """The village that holds the larger part of ``geometry``."""
        shares = shapely.area(shapely.intersection(self.villages.area, geometry))
        if shares.max() == 0:
            shares = -shapely.distance(self.villages.area, geometry)
        return self.villages.name[int(np.argmax(shares))]


def lay_land(seed: int) -> Land:
    """Model the ground of ``seed`` and lay water, villages and roads on it."""

    def rng(subject: int) -> np.random.Generator:
        return np.random.default_rng([seed, subject])

    grid = demo_grid()
    ground = shape_ground(grid, rng(1))
    streams = trace_streams(ground, rng(2))
    height = carve(ground, streams)
    villages = draw_villages(grid, draw_boundary(ground, rng(3)), rng(4))
    boundary = polygons_of(shapely.coverage_union_all(villages.area)).geoms[0]
    reservoirs, canals = draw_reservoirs(ground, rng(5)), draw_canals(ground, boundary, rng(6))
    roads = draw_roads(grid, villages, _crossed_water(streams, canals), rng(7))
    slope = slope_of(grid, height)
    return Land(
        seed, grid, ground, height, slope, streams, canals, reservoirs, boundary, villages, roads,
        expressway(grid), _railway(grid),
    )  # fmt: skip


def _crossed_water(streams: tuple[Stream, ...], canals: tuple[Stream, ...]) -> Geometries:
    """The watercourses wide enough to need a bridge; field laterals pass under roads in pipes."""
    wide = [stream.line for stream in streams if stream.name]
    return np.array(wide + [canal.line for canal in canals if "支渠" not in canal.name], dtype=object)


def _railway(grid: Grid) -> shapely.LineString:
    corners = np.array(_RAILWAY_KM)
    line = shapely.segmentize(shapely.LineString(grid.place(corners[:, 0], corners[:, 1])), 150.0)
    return shapely.LineString(smooth(shapely.get_coordinates(line), window=21))
