"""Ground that two features of one delivery both claim: told, not refused."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import CrsLike, to_metric, to_storage
from gis_layers.exchange.checks.inspection import AREA
from gis_layers.exchange.delivery.report import Journal
from risk_model.message import msg
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

MOST_LISTED = 50
_MOST_MEASURED = 200_000
_SMALLEST_M2 = 1.0
_CHUNK = 2_000


def note_overlaps(geometries: Geometries, *, metric_crs: CrsLike, journal: Journal) -> None:
    """Note pairs of areas (storage CRS, None where refused) that share more than 1 m²; after fifty, that there are more."""
    areas = np.flatnonzero(shapely.get_dimensions(geometries) == AREA)
    if len(areas) < 2:
        return
    metric = to_metric(geometries[areas], metric_crs)
    pairs = _touching(metric)
    listed, measured = 0, 0
    for start in range(0, min(len(pairs), _MOST_MEASURED), _CHUNK):
        chunk = pairs[start : start + _CHUNK]
        measured += len(chunk)
        shared = _shared(metric[chunk[:, 0]], metric[chunk[:, 1]])
        for number in np.flatnonzero(shapely.area(shared) > _SMALLEST_M2):
            listed += 1
            if listed > MOST_LISTED:
                _note_more(len(pairs) - start - int(number), journal)
                return
            first, second = (int(areas[index]) for index in chunk[number])
            _note_pair(first, second, shared=shared[number], metric_crs=metric_crs, journal=journal)
    if measured < len(pairs):
        _note_more(len(pairs) - measured, journal)


def _touching(metric: Geometries) -> npt.NDArray[np.int64]:
    first, second = shapely.STRtree(metric).query(metric, predicate="intersects")
    once = first < second
    pairs = np.column_stack((first[once], second[once]))
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _shared(first: Geometries, second: Geometries) -> Geometries:
    try:
        shared: Geometries = shapely.intersection(first, second)
    except shapely.errors.GEOSException:
        shared = shapely.intersection(shapely.make_valid(first), shapely.make_valid(second))
    return shared


def _note_pair(first: int, second: int, *, shared: BaseGeometry, metric_crs: CrsLike, journal: Journal) -> None:
    place = to_storage(as_array([shapely.point_on_surface(shared)]), metric_crs)[0]
    journal.note(
        first,
        msg("与第 {number} 号要素重叠 {area} m²", number=second, area=f"{shapely.area(shared):,.1f}"),
        advice=msg("核对两者的边界；重叠处按较重的等级判定"),
        location=(float(place.x), float(place.y)),
    )


def _note_more(pairs: int, journal: Journal) -> None:
    journal.note(
        None, msg("重叠不再逐一列出；另有 {n} 对相接或重叠的要素未列", n=pairs), advice=msg("在源软件中做拓扑检查")
    )
