"""Plots of land beside roads: a place a few metres off, a parcel with its front on the road."""

from __future__ import annotations

import numpy as np
import shapely

from gis_layers.demo.land import Land
from gis_layers.demo.noise import Field

HALF_WIDTH_M = {"motorway": 30.0, "national": 14.0, "county": 11.0, "township": 8.0, "village": 6.0, "track": 5.0}


def road_line(land: Land, name: str) -> shapely.LineString:
    """The road whose name begins with ``name``, from end to end where its pieces join, else its longest run."""
    lines = [line for road, line in zip(land.roads.name, land.roads.line, strict=True) if road.startswith(name)]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    longest: shapely.LineString = max(merged, key=lambda part: float(part.length))
    return longest


def beside(line: shapely.LineString, along_m: float, off_m: float) -> tuple[Field, Field]:
    """The place ``off_m`` metres left (negative: right) of ``line`` and the direction of the line there."""
    here = shapely.get_coordinates(line.interpolate(along_m))[0]
    ends = [shapely.get_coordinates(line.interpolate(along_m + step))[0] for step in (-15.0, 15.0)]
    run = ends[1] - ends[0]
    direction: Field = run / max(float(np.hypot(*run)), 1e-9)
    return here + off_m * np.array([-direction[1], direction[0]]), direction


def plot_corners(middle: Field, direction: Field, size: tuple[float, float]) -> Field:
    """The four corners (4, 2) of a rectangle round ``middle``, its first side of ``size`` metres along ``direction``."""
    along = direction * (size[0] / 2.0)
    across = np.array([-direction[1], direction[0]]) * (size[1] / 2.0)
    corners: Field = np.stack(
        [middle - along - across, middle + along - across, middle + along + across, middle - along + across]
    )
    return corners


def parcel(line: shapely.LineString, along_m: float, size: tuple[float, float], *, left: bool) -> shapely.Polygon:
    """A plot of ``size`` (front, depth) metres whose front stands 22 m off ``line``."""
    off = (22.0 + size[1] / 2.0) * (1.0 if left else -1.0)
    return shapely.Polygon(plot_corners(*beside(line, along_m, off), size))


def free_parcel(
    line: shapely.LineString, along_m: float, size: tuple[float, float], *, left: bool, taken: shapely.Geometry
) -> shapely.Polygon:
    """The parcel nearest to ``along_m`` that keeps off ``taken`` ground, on its own side of the road if it can."""
    steps = sorted(range(-24, 25), key=abs)
    places = [(along_m + 30.0 * step, side) for side in (left, not left) for step in steps]
    parcels = [
        parcel(line, along, size, left=side) for along, side in places if 60.0 < along < float(line.length) - 60.0
    ]
    return next((plot for plot in parcels if shapely.disjoint(plot, taken)), parcels[0])


def kept_clear(land: Land) -> shapely.Geometry:
    """Ground on which nothing is built: roads by their width, the railway, canals, streams and reservoirs."""
    widths = np.array([HALF_WIDTH_M[road_class] for road_class in land.roads.road_class])
    strips = [*shapely.buffer(land.roads.line, widths), land.railway.buffer(22.0)]
    strips += [course.line.buffer(60.0 if course.kind == "river" else 7.0) for course in (*land.streams, *land.canals)]
    strips += [shore.buffer(15.0) for _, shore in land.reservoirs]
    return shapely.union_all(np.array(strips, dtype=object))
