"""Cuts that keep polygons only and corners on one lattice, so that pieces which ought to meet do."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.ops import substring

from risk_model.shapes import as_array, polygons_in

GRAIN_M = 0.01
"""Cuts are rounded to this lattice in the metric plane."""


def stretch(line: shapely.LineString, start_m: float, end_m: float) -> shapely.LineString:
    """The part of ``line`` between two distances along it; ``end_m`` lies beyond ``start_m``."""
    return shapely.LineString(shapely.get_coordinates(substring(line, start_m, end_m)))


def common(first: shapely.Geometry, second: shapely.Geometry) -> shapely.MultiPolygon:
    """The ground both areas cover."""
    return polygons_of(shapely.intersection(first, second, grid_size=GRAIN_M))


def less(area: shapely.Geometry, taken: shapely.Geometry) -> shapely.MultiPolygon:
    """The ground of ``area`` that ``taken`` does not cover."""
    return polygons_of(shapely.difference(area, taken, grid_size=GRAIN_M))


def merged(areas: Iterable[shapely.Geometry]) -> shapely.MultiPolygon:
    """The ground any of ``areas`` covers."""
    return polygons_of(shapely.union_all(list(areas), grid_size=GRAIN_M))


def polygons_of(geometry: shapely.Geometry, least_m2: float = 1.0) -> shapely.MultiPolygon:
    """The polygons of ``geometry`` of at least ``least_m2``; lines and points left by an overlay are dropped."""
    parts = polygons_in(as_array([geometry]))
    return shapely.MultiPolygon(list(parts[shapely.area(parts) >= least_m2]))
