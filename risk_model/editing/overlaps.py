"""Overlaps: ground that two zones of one theme both have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely

from risk_model.editing.rings import Indices, width_m
from risk_model.shapes import polygons_in
from risk_model.tangles import shared_area
from risk_model.vocabulary import Geometries

_TOGETHER = 4096
"""Pairs measured at once: what they share has to find room in memory."""


def overlapping_pairs(shapes: Geometries) -> Indices:
    """Each two shapes with ground in common, were it ever so little: rows of their numbers, the smaller first."""
    first, second = shapely.STRtree(shapes).query(shapes)
    once = first < second
    first, second = first[once], second[once]
    meeting = shapely.relate_pattern(shapes[first], shapes[second], "T********")
    return np.stack([first[meeting], second[meeting]], axis=1)


def find_overlaps(
    shapes: Geometries, pairs: Indices, limits: Mapping[str, float], same: Mapping[str, float]
) -> tuple[list[tuple[int, int, Any]], list[tuple[int, int]]]:
    """Pieces of ground that ``pairs`` of polygons share, wide and large enough to matter, and pairs that are all but the same."""
    overlaps, doubles = [], []
    for first, second, shared in _grounds(shapes, pairs, limits["area_m2"]):
        larger = max(shapes[first].area, shapes[second].area)
        if shared.area >= same["share"] * larger:
            doubles.append((first, second))
        else:
            overlaps += [(first, second, piece) for piece in pieces_that_matter(shared, limits)]
    return overlaps, doubles


def pieces_that_matter(shared: Any, limits: Mapping[str, float]) -> Geometries:
    """The polygons of some ground that are larger than ``area_m2`` and, on an average, wider than ``width_m``."""
    pieces = polygons_in(np.array([shared], dtype=object))
    return np.asarray(pieces[(shapely.area(pieces) > limits["area_m2"]) & (width_m(pieces) > limits["width_m"])])


def _grounds(shapes: Geometries, pairs: Indices, least_m2: float) -> Iterator[tuple[int, int, Any]]:
    """The pairs that share more than ``least_m2``, with the ground they share."""
    for start in range(0, len(pairs), _TOGETHER):
        one, two = pairs[start : start + _TOGETHER].T
        enough = shared_area(shapes[one], shapes[two]) > least_m2
        shared = shapely.intersection(shapes[one[enough]], shapes[two[enough]])
        yield from zip(one[enough].tolist(), two[enough].tolist(), shared, strict=True)
