"""Reach of an event from the ground it begins on: the same ground, around it, down the streams, with the wind."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely

from risk_model.chains.streams import Streams, stretches_below
from risk_model.rulebook.chains import BUFFER, DOWNSTREAM, SAME, EventReach
from risk_model.shapes import as_array, polygons_in

NOWHERE: Final = shapely.Polygon()
SECTOR_STEP_DEG: Final = 5.0


def spread_ground(ground: Any, spread: EventReach, streams: Streams, *, join_m: float) -> Any:
    """The ground ``spread`` reaches from ``ground`` (polygons, metric CRS); more ground never reaches less."""
    if shapely.is_empty(ground):
        return NOWHERE
    if spread.rule == SAME:
        return ground
    if spread.rule == BUFFER:
        return shapely.buffer(ground, spread.reach_m)
    if spread.rule == DOWNSTREAM:
        runs = stretches_below(streams, ground, reach_m=spread.reach_m, join_m=join_m, kinds=spread.kinds)
        return shapely.union_all(shapely.buffer(as_array(runs), spread.width_m)) if runs else NOWHERE
    return _swept(ground, _sector(spread))


def polygons_of(shape: Any) -> Any:
    """The polygons of ``shape`` as one geometry; lines and points that cutting left are dropped."""
    return shapely.union_all(polygons_in(as_array([shape])))


def _sector(spread: EventReach) -> Any:
    """Offsets (n, 2) of a sector's corners in metres, its own point first; convex, as it spans at most half a circle."""
    steps = int(np.ceil(spread.spread_deg / SECTOR_STEP_DEG)) + 1
    bearings = np.radians(spread.bearing_deg + np.linspace(-0.5, 0.5, steps) * spread.spread_deg)
    rim = spread.reach_m * np.column_stack([np.sin(bearings), np.cos(bearings)])
    return np.vstack([np.zeros((1, 2)), rim])


def _swept(ground: Any, sector: Any) -> Any:
    """``ground`` moved by every offset of the convex ``sector``: itself and what its outline sweeps over."""
    swept: list[Any] = [ground]
    for part in shapely.get_parts(ground):
        for ring in (shapely.get_exterior_ring(part), *part.interiors):
            corners = shapely.get_coordinates(ring)
            pairs = np.concatenate([corners[:-1, None] + sector, corners[1:, None] + sector], axis=1)
            swept.extend(shapely.convex_hull(np.asarray(shapely.multipoints(pairs))))
    return shapely.union_all(swept)
