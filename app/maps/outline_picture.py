"""Outlines of zones as paths of a small picture (SVG), for pages and paper: no map is needed to see what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from risk_model.shapes import as_array

SIDE = 150
MARGIN = 6
FINEST = 400
"""The picture tells apart so many places along its side; what is finer is left out."""


class OutlinePicture:
    """Square picture around all of some shapes (metric CRS): its paths lie over one another."""

    def __init__(self, shapes: Sequence[BaseGeometry]) -> None:
        west, south, east, north = shapely.total_bounds(as_array(list(shapes))).tolist()
        self.extent = max(east - west, north - south, 1.0)
        self.corner = (west + east - self.extent) / 2, (south + north + self.extent) / 2

    def path(self, shape: BaseGeometry) -> str:
        """The ``d`` of the outline of a shape, lines open and rings closed."""
        plain = shapely.simplify(shape, self.extent / FINEST)
        parts = shapely.get_parts(plain)
        areal = shapely.get_dimensions(parts) == 2
        rings = [*_drawn(shapely.get_rings(parts[areal]), " Z"), *_drawn(parts[~areal], "")]
        return " ".join(self._traced(points) + end for points, end in rings)

    def _traced(self, points: NDArray[np.float64]) -> str:
        scale = (SIDE - 2 * MARGIN) / self.extent
        x = (points[:, 0] - self.corner[0]) * scale + MARGIN
        y = (self.corner[1] - points[:, 1]) * scale + MARGIN
        return "M" + " L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))


def _drawn(lines: Iterable[BaseGeometry], end: str) -> list[tuple[NDArray[np.float64], str]]:
    return [(shapely.get_coordinates(line), end) for line in lines]
