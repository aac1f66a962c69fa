"""Metric copies of stored zones: cut in metres, put back so that every vertex that was stored stays what it was, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import STORAGE_CRS, CrsLike, transform_points
from risk_model.shapes import as_array

Key = TypeVar("Key")
_Axes = npt.NDArray[np.float64]


class MetricCopy(Generic[Key]):
    """Zones of the storage CRS in ``metric_crs``; ``zones`` are the copies, by the keys given.

    A vertex is known by its metric coordinates. One that was there before has its stored degrees again, its own zone's
    first; a new one is carried back once, so that both sides of a border hold the same numbers.
    """

    def __init__(self, stored: Mapping[Key, BaseGeometry], metric_crs: CrsLike) -> None:
        self._crs = metric_crs
        self._of_zone: dict[Key, dict[tuple[float, float], tuple[float, float]]] = {}
        self._everywhere: dict[tuple[float, float], tuple[float, float]] = {}
        self.zones: dict[Key, BaseGeometry] = {}
        degrees = shapely.get_coordinates(as_array(list(stored.values()))) if stored else np.empty((0, 2))
        metres = transform_points(degrees, STORAGE_CRS, metric_crs)
        begin = 0
        for key, geometry in stored.items():
            end = begin + int(shapely.get_num_coordinates(geometry))
            self._keep(key, geometry, metres[begin:end], degrees[begin:end])
            begin = end

    def _keep(self, key: Key, geometry: BaseGeometry, metres: _Axes, degrees: _Axes) -> None:
        self.zones[key] = shapely.transform(geometry, lambda _: metres)
        known = dict(zip(map(tuple, metres.tolist()), map(tuple, degrees.tolist()), strict=True))
        self._of_zone[key] = known
        self._everywhere = known | self._everywhere

    def metric(self, geometry: BaseGeometry) -> BaseGeometry:
        """Another shape of the storage CRS, such as a line to cut along, in the metric CRS."""
        return shapely.transform(geometry, lambda degrees: transform_points(degrees, STORAGE_CRS, self._crs))

    def stored(self, metric: BaseGeometry, of: Key | None = None) -> BaseGeometry:
        """A shape cut in the metric CRS in the storage CRS; vertices of the zone ``of`` are its own before any other's."""
        own = {} if of is None else self._of_zone.get(of, {})

        def back(metres: _Axes) -> _Axes:
            vertices = [(x, y) for x, y in metres.tolist()]
            new = list({one: None for one in vertices if one not in own and one not in self._everywhere})
            if new:
                carried = transform_points(np.asarray(new), self._crs, STORAGE_CRS).tolist()
                self._everywhere.update(zip(new, ((x, y) for x, y in carried), strict=True))
            return np.asarray([own.get(one) or self._everywhere[one] for one in vertices])

        return shapely.transform(metric, back)
