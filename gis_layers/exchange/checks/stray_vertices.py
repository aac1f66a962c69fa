"""Vertices that strayed from their shape: a digit left out, a zero written for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis_layers.crs import STORAGE_CRS, transform_points
from gis_layers.exchange.delivery.report import Journal
from risk_model.message import msg
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

_KM_A_DEGREE = 111.32
_STRAYED_KM = 20.0
_TIMES_FURTHER = 20.0
_IMPOSSIBLE_KM = 1_000.0
_FEW = 2
_HALF_ROUND = 180.0
_CORRECT = msg("在源软件中改正该要素后重新导入")

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stray:
    """A vertex far from all others of its shape: its number (from 1), where it is, how far away, and how many do that."""

    number: int
    place: tuple[float, float]
    distance_km: float
    alike: int


def refuse_astray(geometries: Geometries, journal: Journal, *, metric_crs: str) -> Geometries:
    """The shapes (storage CRS) without those that reach round the earth or have a vertex on another part of it.

    A vertex that lies unlikely far away is told of; its feature is loaded all the same.
    """
    kept = geometries.copy()
    for feature in np.flatnonzero(_spread_km(geometries) > _STRAYED_KM).tolist():
        trouble = _trouble_with(geometries[feature], metric_crs)
        stray = find_stray(geometries[feature])
        if trouble is not None and (stray is None or stray.alike > 1):
            journal.refuse(feature, trouble, advice=_CORRECT)
            kept[feature] = None
        elif stray is not None and (trouble is not None or stray.distance_km > _IMPOSSIBLE_KM):
            journal.refuse(feature, _told(stray), advice=_CORRECT, location=stray.place)
            kept[feature] = None
        elif stray is not None:
            journal.note(feature, _told(stray), advice=msg("核对该顶点；属实可不处理"), location=stray.place)
    return kept


def find_stray(geometry: Any) -> Stray | None:
    """The furthest of at most a few vertices that lie much further from the middle of the shape than all others."""
    vertices = shapely.get_coordinates(geometry)
    different = np.unique(vertices, axis=0)  # the first of a ring is its last too
    middle = np.median(different, axis=0)
    distances = np.hypot(*_km(vertices - middle, float(middle[1])).T)
    usual = float(np.median(np.hypot(*_km(different - middle, float(middle[1])).T)))
    far = distances > max(_STRAYED_KM, _TIMES_FURTHER * usual)
    worst = int(distances.argmax())
    alone = distances[worst] > _IMPOSSIBLE_KM or _leaps(geometry, far)
    alike = len(np.unique(vertices[far], axis=0))
    if not far[worst] or not alone or alike > max(_FEW, len(vertices) // 10):
        return None
    lon, lat = vertices[worst]
    return Stray(worst + 1, (float(lon), float(lat)), float(distances[worst]), alike)


def _leaps(geometry: Any, far: npt.NDArray[np.bool_]) -> bool:
    """Whether each way from the others to the far vertices is one long leap, as no real outline goes."""
    parts = shapely.get_parts(geometry)
    rings = np.concatenate([shapely.get_rings(part) if part.geom_type == "Polygon" else [part] for part in parts])
    vertices, owners = shapely.get_coordinates(as_array(list(rings)), return_index=True)
    steps = np.hypot(*_km(np.diff(vertices, axis=0), float(np.median(vertices[:, 1]))).T)
    crossing = (far[1:] != far[:-1]) & (owners[1:] == owners[:-1])
    return bool(crossing.any() and (steps[crossing] > _STRAYED_KM).all())


def _trouble_with(geometry: Any, metric_crs: str) -> str | None:
    west, _, east, _ = shapely.bounds(geometry)
    if east - west > _HALF_ROUND:
        return msg("要素跨过 180 度经线，或绕了半个地球")
    if not np.isfinite(transform_points(shapely.get_coordinates(geometry), STORAGE_CRS, metric_crs)).all():
        return msg("要素太大或有坐标在很远的地方，不能按 {crs} 量算", crs=metric_crs)
    return None


def _spread_km(geometries: Geometries) -> Numbers:
    bounds = shapely.bounds(geometries)
    spread = _km(bounds[:, 2:] - bounds[:, :2], 0.0)
    return np.nan_to_num(np.hypot(spread[:, 0], spread[:, 1]))


def _km(degrees: Numbers, latitude: float) -> Numbers:
    return degrees * _KM_A_DEGREE * (np.cos(np.radians(latitude)), 1.0)


def _told(stray: Stray) -> str:
    lon, lat = stray.place
    return msg(
        "第 {number} 个顶点（{lon}, {lat}）离其余顶点 {km} 公里，像是写错的坐标",
        number=stray.number, lon=round(lon, 6), lat=round(lat, 6), km=round(stray.distance_km),
    )  # fmt: skip
