"""Fifteen villages and one community that tile the township; the names are real, every line is invented."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis_layers.demo.grid import Grid
from gis_layers.demo.isolines import absorb_slivers, dissolve, faces_between
from gis_layers.demo.noise import Field, Warp
from risk_model.vocabulary import Geometries

POPULATION = 16_754
CODE_PREFIX = "SYN-620724102"

# Name, middle of the village and its seat in kilometres from the south-west corner, relative size in people.
_VILLAGES = (
    ("南苑社区", (17.2, 20.0), (17.2, 20.1), 21), ("小海子村", (13.8, 22.5), (14.9, 23.3), 9),
    ("墩仁村", (21.6, 11.6), (20.7, 13.2), 7), ("大庄村", (10.4, 19.6), (10.5, 19.7), 7),
    ("南寨子村", (13.6, 11.2), (13.9, 13.2), 8), ("义和村", (21.4, 17.4), (20.4, 18.5), 6),
    ("先锋村", (17.7, 11.0), (17.8, 12.8), 7), ("智号村", (18.3, 23.0), (18.2, 22.7), 5),
    ("礼号村", (21.9, 21.8), (21.8, 21.7), 5), ("胜利村", (14.0, 17.4), (14.2, 18.0), 7),
    ("信号村", (8.4, 22.9), (8.9, 22.8), 5), ("南岔村", (15.8, 26.3), (15.4, 25.7), 4),
    ("成号村", (12.2, 26.2), (12.0, 25.8), 5), ("明水村", (8.4, 15.6), (8.9, 16.1), 6),
    ("明永村", (9.5, 9.8), (9.9, 11.8), 6), ("永进村", (8.3, 26.3), (8.7, 25.9), 4),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Villages:
    """The villages in parallel arrays of 16: names, codes, populations, areas and seats (metric CRS)."""

    name: tuple[str, ...]
    code: tuple[str, ...]
    population: tuple[int, ...]
    area: Geometries
    seat: Field

    def index(self, name: str) -> int:
        """The place of ``name`` in the arrays."""
        return self.name.index(name)


def draw_villages(grid: Grid, boundary: shapely.Polygon, rng: np.random.Generator) -> Villages:
    """Tile ``boundary`` by bent Voronoi cells of jittered village middles; neighbours share every vertex."""
    middles = np.array([village[1] for village in _VILLAGES]) + rng.uniform(-0.25, 0.25, (len(_VILLAGES), 2))
    warp = Warp(rng, length_m=2600.0, octaves=5, strength=0.3)
    areas = bent_cells(boundary, grid.place(middles[:, 0], middles[:, 1]), warp, least_m2=150_000.0)
    seats = np.array([village[2] for village in _VILLAGES]) + rng.uniform(-0.08, 0.08, (len(_VILLAGES), 2))
    placed = grid.place(seats[:, 0], seats[:, 1])
    inward = shapely.get_coordinates(shapely.point_on_surface(areas))
    at_home = shapely.contains_xy(shapely.buffer(areas, -150.0), placed[:, 0], placed[:, 1])
    codes = tuple(f"{CODE_PREFIX}-{number:02d}" for number in range(1, len(_VILLAGES) + 1))
    names = tuple(village[0] for village in _VILLAGES)
    return Villages(names, codes, _populations(rng), areas, np.where(at_home[:, None], placed, inward))


def bent_cells(area: shapely.Geometry, middles: Field, warp: Warp, *, least_m2: float) -> Geometries:
    """Cut ``area`` into one bent Voronoi cell for each of ``middles`` (n, 2), sharing edges exactly."""
    points = shapely.MultiPoint(middles)
    reach = shapely.box(*shapely.bounds(area)).buffer(4000.0)
    edges = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=reach, only_edges=True))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=reach, ordered=True))
    faces = faces_between(area, np.array([_bent(edge, warp) for edge in edges], dtype=object))
    bent = np.array([_bent(cell, warp) for cell in cells], dtype=object)
    tree = shapely.STRtree(shapely.point_on_surface(faces))
    labels = np.full(len(faces), -1)
    for number, cell in enumerate(bent):
        labels[tree.query(cell, predicate="contains")] = number
    labels = absorb_slivers(faces, labels, least_m2=least_m2)
    merged = dissolve(faces, labels)
    return np.array([merged[number] for number in range(len(middles)) if number in merged], dtype=object)


def _bent(geometry: shapely.Geometry, warp: Warp) -> shapely.Geometry:
    return shapely.transform(shapely.segmentize(geometry, 85.0), warp.bend)


def _populations(rng: np.random.Generator) -> tuple[int, ...]:
    weight = np.array([village[3] for village in _VILLAGES]) * rng.uniform(0.9, 1.1, len(_VILLAGES))
    people = np.floor(POPULATION * weight / weight.sum()).astype(int)
    people[0] += POPULATION - people.sum()
    return tuple(int(count) for count in people)
