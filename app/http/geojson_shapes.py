"""Shapes of GeoJSON as answers hold them: geometries, features, collections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Literal, TypeVar, cast

from shapely.geometry.base import BaseGeometry
from typing_extensions import TypedDict

Properties = TypeVar("Properties")


class Geometry(TypedDict):
    """A GeoJSON geometry, longitude and latitude in degrees."""

    type: Literal["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]
    coordinates: Sequence[object]


class Feature(TypedDict, Generic[Properties]):
    """A row with its geometry."""

    type: Literal["Feature"]
    id: int | str | None
    properties: Properties
    geometry: Geometry | None


class FeatureCollection(TypedDict, Generic[Properties]):
    """Rows with their geometries."""

    type: Literal["FeatureCollection"]
    features: list[Feature[Properties]]


def geometry_of(shape: BaseGeometry) -> Geometry:
    """A shape (storage CRS) as GeoJSON."""
    return cast("Geometry", shape.__geo_interface__)
