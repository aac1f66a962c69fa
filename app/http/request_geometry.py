"""Geometry as requests hand it in: read, and placed in the deployment's part of the world."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import numpy as np
import shapely
from pydantic import Field, WithJsonSchema
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.http.geojson_shapes import COORDINATES
from app.platform.errors import BadGeometry, TooIntricate
from gis_layers.crs import STORAGE_SRID, area_of_use, describe, same_place, transform
from gis_layers.exchange.systems.geojson_crs import read_declared
from gis_layers.geometry import STRANGERS, Bounds, explain_invalid, find_excess
from risk_model.message import msg
from risk_model.shapes import as_array

CrsName = Annotated[str | None, Field(examples=["EPSG:4542"], json_schema_extra={"pattern": r"^(EPSG:\d{4,6})?$"})]
"""The CRS of what is handed in; known ones are many more than a pattern can tell."""
GivenGeometry: TypeAlias = dict[str, Any]
"""GeoJSON as somebody sent it: nothing is known of it before it was read."""
MARGIN_DEGREES = 6.0


def geojson_of(*types: str) -> WithJsonSchema:
    """Schema of a GeoJSON geometry of one of ``types``; where it may lie is asked besides."""
    shapes = [
        {
            "type": "object",
            "required": ["type", "coordinates"],
            "properties": {"type": {"const": kind}, "coordinates": COORDINATES[kind]},
        }
        for kind in types
    ]
    return WithJsonSchema({"oneOf": shapes})


def read_shape(geometry: GivenGeometry, types: Sequence[str], bounds: Bounds = STRANGERS) -> BaseGeometry:
    """The flat shape of GeoJSON of one of ``types``. Raises BadGeometry, and TooIntricate for more than ``bounds``."""
    kind = geometry.get("type")
    if kind not in types:
        told = repr(kind) if isinstance(kind, str | None) else type(kind).__name__
        raise BadGeometry(msg("不支持的几何类型 {kind}；请提交 {types}", kind=told, types=[*types]))
    try:
        found: BaseGeometry = shapely.force_2d(shape(geometry))
    except RecursionError as error:
        raise BadGeometry(msg("坐标嵌套太深；面是一组环，环是一组 [经度, 纬度]")) from error
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise BadGeometry(
            msg("坐标无法读取（{reason}）；每个顶点应为 [经度, 纬度]，面的首尾顶点相同", reason=error)
        ) from error
    if found.is_empty or not np.isfinite(shapely.get_coordinates(found)).all():
        raise BadGeometry(msg("几何图形为空，或含有不是有效数字的坐标；请检查后重新提交"))
    refuse_excess(found, bounds)
    return found


def refuse_other_crs(geometry: GivenGeometry, crs: str | None) -> None:
    """Raises BadGeometry where a geometry has a ``crs`` member of its own and it is not the one it is read in."""
    if "crs" not in geometry:
        return
    try:
        declared = read_declared(json.dumps({"crs": geometry["crs"]}))
    except RecursionError as error:
        raise BadGeometry(msg("坐标嵌套太深；面是一组环，环是一组 [经度, 纬度]")) from error
    if declared.crs is None or declared.stated or not same_place(declared.crs, crs or STORAGE_SRID):
        words = ", ".join(declared.stated) or describe(declared.crs or STORAGE_SRID)
        raise BadGeometry(msg("几何自己写明坐标系「{words}」；请转换后提交，或把坐标系写在请求的 crs 里", words=words))


def refuse_excess(geometry: BaseGeometry, bounds: Bounds) -> None:
    """Raises TooIntricate where a shape holds more than ``bounds``."""
    excess = find_excess(geometry, bounds)
    if excess:
        raise TooIntricate(excess.advice, what=excess.what, found=excess.found, most=excess.most)


def locate(geometry: BaseGeometry, crs: str | None, metric_crs: str) -> BaseGeometry:
    """The geometry in the storage CRS. Raises BadGeometry where it cannot lie in the deployment's part of the world."""
    if crs is not None:
        geometry = transform(as_array([geometry]), crs, STORAGE_SRID)[0]
    west, south, east, north = area_of_use(metric_crs)
    around = shapely.box(west - MARGIN_DEGREES, south - MARGIN_DEGREES, east + MARGIN_DEGREES, north + MARGIN_DEGREES)
    x, y = (float(value) for value in shapely.get_coordinates(geometry)[0])
    inside = shapely.contains_properly(around, geometry)
    if inside:
        return geometry
    if around.contains(shapely.Point(y, x)):
        raise BadGeometry(msg("坐标像是写成了 [纬度, 经度]；请改为 [经度, 纬度] 后重新提交"), location=[y, x])
    if abs(x) > 180 or abs(y) > 90:
        advice = msg('坐标像是投影坐标；请在请求中写明坐标系，例如 "crs": "{metric_crs}"', metric_crs=metric_crs)
        raise BadGeometry(advice, location=None)
    raise BadGeometry(
        msg("位置（{x}, {y}）不在本系统服务的范围内；请检查坐标和坐标系", x=f"{x:.5f}", y=f"{y:.5f}"), location=[x, y]
    )


def read_sound_shape(
    geometry: GivenGeometry, types: Sequence[str], *, crs: str | None, metric_crs: str
) -> BaseGeometry:
    """A placed shape that is valid as it stands. Raises BadGeometry with ``location``."""
    refuse_other_crs(geometry, crs)
    placed = locate(read_shape(geometry, types), crs, metric_crs)
    trouble = explain_invalid(placed)
    if trouble is not None:
        raise BadGeometry(msg("图形{reason}；请改正后重交", reason=trouble[0]), location=list(trouble[1]))
    return placed
