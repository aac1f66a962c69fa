"""Outlines that go wrong by themselves: thin scraps, spikes, holes that touch their shell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely

from risk_model.editing.rings import Floats, Points, RingEdges, cross, dots_of, edges_of, width_m
from risk_model.vocabulary import Geometries


def find_thin_parts(shapes: Geometries, limits: Mapping[str, float]) -> Iterator[tuple[int, Any]]:
    """Parts of zones (by number) so thin and small that nobody drew them as zones."""
    parts, zone = shapely.get_parts(shapes, return_index=True)
    thin = (width_m(parts) <= limits["most_width_m"]) & (shapely.area(parts) <= limits["most_area_m2"])
    yield from zip(zone[thin].tolist(), parts[thin], strict=True)


def find_spikes(shapes: Geometries, limits: Mapping[str, float]) -> Iterator[tuple[int, Any, float]]:
    """Vertices where an outline runs out and straight back: the zone, the tip, the length of the shorter leg in metres."""
    edges = edges_of(shapes)
    angle, leg = corners_of(edges)
    sharp = np.flatnonzero((angle <= np.radians(limits["most_angle_deg"])) & (leg >= limits["least_m"]))
    tips = dots_of(edges.start[sharp])
    yield from zip(edges.zone[sharp].tolist(), tips, leg[sharp].tolist(), strict=True)


def corners_of(edges: RingEdges) -> tuple[Floats, Floats]:
    """At the start of each edge: the angle (radians) between its two legs, 0 where they fold, and the length of the shorter."""
    back = edges.start[edges.before] - edges.start
    ahead = edges.end - edges.start
    return _between(back, ahead), np.minimum(np.abs(back), np.abs(ahead))


def _between(back: Points, ahead: Points) -> Floats:
    return np.asarray(np.arctan2(np.abs(cross(back, ahead)), (back.conj() * ahead).real))


def find_touching_holes(shapes: Geometries, limits: Mapping[str, float]) -> Iterator[tuple[int, Any, Any]]:
    """Holes within ``within_m`` of the shell around them: the zone, the place, the hole."""
    parts, zone = shapely.get_parts(shapes, return_index=True)
    holed = shapely.get_num_interior_rings(parts) > 0
    parts, zone = parts[holed], zone[holed]
    rings, part = shapely.get_rings(parts, return_index=True)
    first = np.ones(len(rings), dtype=bool)
    first[1:] = part[1:] != part[:-1]
    holes, of_part = rings[~first], part[~first]
    shells = rings[first][of_part]
    touching = np.flatnonzero(shapely.distance(holes, shells) <= limits["within_m"])
    for number in touching.tolist():
        place = shapely.get_point(shapely.shortest_line(holes[number], shells[number]), 0)
        yield int(zone[of_part[number]]), place, shapely.Polygon(holes[number])
