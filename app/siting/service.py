"""A site as it was handed in, made ready to be judged: read, placed, refused with the place of the mistake."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from app.errors import BadGeometry
from app.siting.schemas import SiteFeature
from gis_layers.crs import STORAGE_SRID, area_of_use, same_place, to_metric, transform
from gis_layers.geometry import as_array, explain_invalid, propose_repair
from risk_model.vocabulary import Site

TYPES = ("Polygon", "MultiPolygon", "Point", "LineString", "MultiLineString", "MultiPoint")
MARGIN_DEGREES = 6.0
AREA = 2


def read_site(feature: SiteFeature, metric_crs: str) -> tuple[Site, bool]:
    """The site in the metric CRS and whether an accepted repair was applied.

    Raises BadGeometry with ``location`` (lon, lat) for an outline that is not valid, empty, or lies elsewhere.
    """
    drawn, asked = _shape(feature.geometry), feature.properties
    placed = _placed(drawn, feature.crs, metric_crs)
    geometry, repaired = _sound(placed, accept_repair=asked.accept_repair, metric_crs=metric_crs)
    handed_in_metric = feature.crs is not None and same_place(feature.crs, metric_crs)
    metric = drawn if handed_in_metric and not repaired else to_metric(as_array([geometry]), metric_crs)[0]
    drawn_area = geometry if shapely.get_dimensions(geometry) == AREA else None
    return Site(metric, asked.project_class, asked.seismic_class, asked.name, drawn_area), repaired


def _shape(geometry: dict[str, Any]) -> Any:
    kind = geometry.get("type")
    if kind not in TYPES:
        raise BadGeometry(f"不支持的几何类型 {kind!r}；请提交 Polygon、MultiPolygon、LineString 或 Point")
    try:
        found = shapely.force_2d(shape(geometry))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise BadGeometry(f"坐标无法读取（{error}）；每个顶点应为 [经度, 纬度]，面的首尾顶点相同") from error
    if found.is_empty or not np.isfinite(shapely.get_coordinates(found)).all():
        raise BadGeometry("几何图形为空，或含有不是有效数字的坐标；请检查后重新提交")
    return found


def _placed(geometry: Any, crs: str | None, metric_crs: str) -> Any:
    """The geometry in the storage CRS, refused where it cannot lie in the deployment's part of the world."""
    if crs is not None:
        geometry = transform(as_array([geometry]), crs, STORAGE_SRID)[0]
    west, south, east, north = area_of_use(metric_crs)
    around = shapely.box(west - MARGIN_DEGREES, south - MARGIN_DEGREES, east + MARGIN_DEGREES, north + MARGIN_DEGREES)
    x, y = (float(value) for value in shapely.get_coordinates(geometry)[0])
    inside = shapely.contains_properly(around, geometry)
    if inside:
        return geometry
    if around.contains(shapely.Point(y, x)):
        raise BadGeometry("坐标像是写成了 [纬度, 经度]；请改为 [经度, 纬度] 后重新提交", location=[y, x])
    if abs(x) > 180 or abs(y) > 90:
        advice = f'坐标像是投影坐标；请在请求中写明坐标系，例如 "crs": "{metric_crs}"'
        raise BadGeometry(advice, location=None)
    raise BadGeometry(f"位置（{x:.5f}, {y:.5f}）不在本系统服务的范围内；请检查坐标和坐标系", location=[x, y])


def _sound(geometry: Any, *, accept_repair: bool, metric_crs: str) -> tuple[Any, bool]:
    trouble = explain_invalid(geometry)
    if trouble is None:
        return geometry, False
    reason, place = trouble
    repair = propose_repair(geometry, metric_crs=metric_crs)
    if repair is None:
        raise BadGeometry(f"红线{reason}，且没有可用的修复；请重新绘制", location=list(place))
    if accept_repair:
        return repair.geometry, True
    proposal = {
        "geometry": mapping(repair.geometry),
        "area_before_m2": repair.area_before_m2,
        "area_after_m2": repair.area_after_m2,
    }
    advice = f"红线{reason}；请改正后重交，或核对面积变化后接受所附的修复"
    raise BadGeometry(advice, location=list(place), repair=proposal)
