"""Things on the ground an event reaches: villages with their people, roads by length, things by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.overlay import prepared_copy
from risk_model.vocabulary import Geometries

LEAST_SHARED_M = 1.0
"""A road or a village that shares less than this length, or its square, only touches."""


@dataclass(frozen=True, slots=True)
class Things:
    """Things of one kind as parallel arrays: lasting ``key``, ``name`` ("" where it has none), geometry in the metric CRS."""

    key: npt.NDArray[np.object_]
    name: npt.NDArray[np.object_]
    geometry: Geometries


@dataclass(frozen=True, slots=True)
class Affected:
    """One thing on the ground: ``shared`` is m of a line, m² of an area, 0 of a point; ``at`` a point of it there."""

    kind: str
    key: str
    name: str
    shared: float
    at: Any


def find_affected(ground: Any, kinds: Mapping[str, Things]) -> list[Affected]:
    """Everything of ``kinds`` that stands on ``ground`` (polygons, metric CRS), in their order, the most shared first."""
    if shapely.is_empty(ground):
        return []
    asked = prepared_copy(ground)
    return [one for kind, things in kinds.items() for one in _of_kind(kind, things, asked)]


def _of_kind(kind: str, things: Things, ground: Any) -> list[Affected]:
    met = np.flatnonzero(shapely.intersects(things.geometry, ground))
    shapes = shapely.intersection(things.geometry[met], ground)
    size = shapely.get_dimensions(things.geometry[met])
    shared = np.select([size == 2, size == 1], [shapely.area(shapes), shapely.length(shapes)], 0.0)
    kept = (size == 0) | ((size == 1) & (shared >= LEAST_SHARED_M)) | ((size == 2) & (shared >= LEAST_SHARED_M**2))
    found = [
        Affected(kind, str(things.key[one]), str(things.name[one]), float(much), shapely.point_on_surface(shape))
        for one, much, shape in zip(met[kept], shared[kept], shapes[kept], strict=True)
    ]
    return sorted(found, key=lambda one: -one.shared)
