"""Geometry that arrived broken: what is wrong with it, where, and what a repair would change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import CrsLike, to_metric
from risk_model.message import msg
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

_REASONS = {
    "Self-intersection": msg("边界自相交"),
    "Ring Self-intersection": msg("环自相交"),
    "Hole lies outside shell": msg("内环落在外环之外"),
    "Holes are nested": msg("内环互相嵌套"),
    "Interior is disconnected": msg("面的内部不连通"),
    "Nested shells": msg("外环互相嵌套"),
    "Duplicate Rings": msg("有重复的环"),
    "Too few points in geometry component": msg("顶点太少，不成面或线"),
    "Invalid Coordinate": msg("坐标值不是有效数字"),
    "Ring is not closed": msg("环没有闭合"),
}
_REASON_AND_PLACE = re.compile(r"^(?P<reason>[^\[]+)(?:\[(?P<x>\S+) (?P<y>[^\s\]]+).*\])?$")
_MULTI: dict[int, Callable[..., Any]] = {
    shapely.GeometryType.POINT: shapely.multipoints,
    shapely.GeometryType.LINESTRING: shapely.multilinestrings,
    shapely.GeometryType.POLYGON: shapely.multipolygons,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of one shape: ``vertices`` in all, and ``parts``, its holes counted with them."""

    vertices: int
    parts: int


STRANGERS = Bounds(vertices=20_000, parts=2_000)
"""What whoever asks may hand in in one shape: a plot has some hundred vertices, a county some thousand."""

GENEROUS = Bounds(vertices=1_000_000, parts=100_000)
"""What an officer at the console may."""


@dataclass(frozen=True, slots=True)
class Excess:
    """Excess of a shape over ``most``."""

    what: Literal["vertices", "parts"]
    found: int
    most: int

    @property
    def advice(self) -> str:
        """The excess, and what can be done."""
        if self.what == "vertices":
            return msg(
                "图形有 {found} 个顶点，最多 {most} 个；请简化图形或拆分后重试", found=self.found, most=self.most
            )
        return msg("图形有 {found} 个部分（含内环），最多 {most} 个；请拆分后重试", found=self.found, most=self.most)


def find_excess(geometry: BaseGeometry, bounds: Bounds) -> Excess | None:
    """Excess of a shape, in time linear in its vertices and before anything else is asked of it."""
    vertices = int(shapely.get_num_coordinates(geometry))
    if vertices > bounds.vertices:
        return Excess("vertices", vertices, bounds.vertices)
    members = shapely.get_parts(geometry)
    parts = len(members) + int(np.maximum(shapely.get_num_interior_rings(members), 0).sum())
    scattered = shapely.get_dimensions(geometry) == 0
    return Excess("parts", parts, bounds.parts) if parts > bounds.parts and not scattered else None


def examine(
    geometry: BaseGeometry, metric_crs: CrsLike
) -> tuple[tuple[str, tuple[float, float]] | None, Repair | None]:
    """Trouble with a geometry in the storage CRS and where it is, and the repair there is for it."""
    trouble = explain_invalid(geometry)
    return trouble, None if trouble is None else propose_repair(geometry, metric_crs=metric_crs)


@dataclass(frozen=True, slots=True)
class Repair:
    """A proposed valid geometry (same CRS as the broken one) and the areas before and after in m²."""

    geometry: BaseGeometry
    area_before_m2: float
    area_after_m2: float


def explain_invalid(geometry: BaseGeometry) -> tuple[str, tuple[float, float]] | None:
    """Say in Chinese why a geometry is invalid and where (x, y in its own CRS); None for a valid one."""
    if shapely.is_valid(geometry):
        return None
    text = str(shapely.is_valid_reason(geometry))
    found = _REASON_AND_PLACE.match(text)
    reason = found["reason"].strip() if found else text
    x, y = (float(found["x"]), float(found["y"])) if found and found["x"] else _first_vertex(geometry)
    if not (np.isfinite(x) and np.isfinite(y)):
        x, y = _first_vertex(geometry)
    return _REASONS.get(reason, msg("几何无效（{reason}）", reason=reason)), (x, y)


def propose_repair(geometry: BaseGeometry, *, metric_crs: CrsLike) -> Repair | None:
    """Propose a valid geometry of the same dimension for one in the storage CRS; None where nothing of it remains.

    Vertices stay where they are, only crossings are added (GEOS make_valid, "structure"), so the repair is cut in the
    storage CRS; its areas are measured in ``metric_crs``.
    """
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None
    mended = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    kept = keep_dimension(mended, int(shapely.get_dimensions(geometry)))
    if kept is not None and not shapely.is_valid(kept):  # GEOS may leave parts that share an edge
        kept = keep_dimension(shapely.union_all(shapely.get_parts(kept)), int(shapely.get_dimensions(geometry)))
    if kept is None or not shapely.is_valid(kept):
        return None
    before, after = np.abs(shapely.area(to_metric(as_array([geometry, kept]), metric_crs)))
    return Repair(kept, float(before), float(after))


def keep_dimension(geometry: BaseGeometry, dimension: int) -> BaseGeometry | None:
    """Keep the parts of ``dimension`` (0 point, 1 line, 2 area) as one multi geometry; None where there are none."""
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION).any():
        parts = shapely.get_parts(parts)
    parts = shapely.get_parts(parts[shapely.get_dimensions(parts) == dimension])
    parts = parts[~shapely.is_empty(parts)]
    return None if len(parts) == 0 else _multi(parts)


def promote_to_multi(geometries: Geometries) -> Geometries:
    """Turn single points, lines and polygons into multi geometries of one part; None and collections are kept."""
    promoted = geometries.copy()
    types = shapely.get_type_id(geometries)
    for kind, build in _MULTI.items():
        chosen = np.flatnonzero(types == kind)
        if len(chosen):
            promoted[chosen] = build(geometries[chosen], indices=np.arange(len(chosen)))
    return promoted


def has_height(geometries: Geometries) -> bool:
    """Whether any geometry carries Z or M."""
    return bool(shapely.has_z(geometries).any() or shapely.has_m(geometries).any())


def drop_height(geometries: Geometries) -> Geometries:
    """Leave out Z and M; the map is flat."""
    flat: Geometries = shapely.force_2d(geometries)
    return flat


def _multi(parts: Geometries) -> BaseGeometry:
    multi: BaseGeometry = _MULTI[int(shapely.get_type_id(parts[0]))](parts)
    return multi


def _first_vertex(geometry: BaseGeometry) -> tuple[float, float]:
    vertices = shapely.get_coordinates(geometry)
    finite = vertices[np.isfinite(vertices).all(axis=1)]
    return (float(finite[0, 0]), float(finite[0, 1])) if len(finite) else (float("nan"), float("nan"))
