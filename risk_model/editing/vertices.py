"""Vertices of a coverage: moved, put in and taken out in every zone that has them, so that borders stay shared.

Vertices are told apart by their exact coordinates (x, y in the metric CRS); each answer holds the changed zones alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import shapely

from risk_model.editing.rings import Points, assembled, points_of, xy_of
from risk_model.editing.values import K
from risk_model.errors import ZonesUnsound
from risk_model.message import msg
from risk_model.shapes import AREAL, as_array

Place: TypeAlias = tuple[float, float]


def move_vertex(zones: Mapping[K, Any], at: Place, to: Place) -> dict[K, Any]:
    """The zones that have the vertex ``at``, with it moved ``to`` where it is said. Raises ZonesUnsound where one crosses itself then."""

    def moved(ring: Points) -> Points:
        return np.where(ring == complex(*at), complex(*to), ring)

    return _sound(zones, _reringed(zones, moved))


def insert_vertex(zones: Mapping[K, Any], edge: tuple[Place, Place], at: Place) -> dict[K, Any]:
    """The zones that have the ``edge``, whichever way it runs, with a vertex ``at`` on it. Raises ZonesUnsound as ``move_vertex``."""
    one, other = complex(*edge[0]), complex(*edge[1])

    def wider(ring: Points) -> Points:
        following = np.roll(ring, -1)
        on = ((ring == one) & (following == other)) | ((ring == other) & (following == one))
        return np.insert(ring, np.flatnonzero(on) + 1, complex(*at))

    return _sound(zones, _reringed(zones, wider))


def remove_vertex(zones: Mapping[K, Any], at: Place) -> dict[K, Any]:
    """The zones that have the vertex ``at``, without it. Raises ZonesUnsound where fewer than three would be left, or one crosses itself then."""

    def without(ring: Points) -> Points:
        left = ring[ring != complex(*at)]
        return left if len(left) == len(ring) else np.asarray(left[left != np.roll(left, 1)])

    return _sound(zones, _reringed(zones, without))


def _reringed(zones: Mapping[K, Any], change: Callable[[Points], Points]) -> dict[K, Any]:
    changed = {}
    for key, zone in zones.items():
        if shapely.get_dimensions(zone) != AREAL:
            continue
        rings, part_of_ring = shapely.get_rings(shapely.get_parts(zone), return_index=True)
        before = [points_of(shapely.get_coordinates(ring)[:-1]) for ring in rings]
        after = [change(ring) for ring in before]
        if any(not np.array_equal(one, other) for one, other in zip(before, after, strict=True)):
            if min(map(len, after)) < 3:
                raise ZonesUnsound(msg("一圈边界至少要有三个顶点"), shapely.Point(xy_of(before[0][:1])[0]))
            closed = as_array([shapely.LinearRing(xy_of(ring)) for ring in after])
            changed[key] = assembled(closed, part_of_ring, shapely.get_type_id(zone))
    return changed


def _sound(zones: Mapping[K, Any], changed: dict[K, Any]) -> dict[K, Any]:
    for key, zone in changed.items():
        if not zone.is_valid and zones[key].is_valid:
            raise ZonesUnsound(msg("这样改动后区的边界会自相交"), shapely.point_on_surface(zone))
    return changed
