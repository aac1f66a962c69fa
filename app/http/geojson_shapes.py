"""Shapes of GeoJSON as answers hold them: geometries, features, collections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Generic, Literal, TypeVar, cast

from pydantic import WithJsonSchema
from shapely.geometry.base import BaseGeometry
from typing_extensions import TypedDict

Properties = TypeVar("Properties")

_POSITION = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3}
_LINE = {"type": "array", "items": _POSITION, "minItems": 2}
_RING = {"type": "array", "items": _POSITION, "minItems": 4}
COORDINATES: dict[str, dict[str, object]] = {
    "Point": _POSITION,
    "MultiPoint": {"type": "array", "items": _POSITION, "minItems": 1},
    "LineString": _LINE,
    "MultiLineString": {"type": "array", "items": _LINE, "minItems": 1},
    "Polygon": {"type": "array", "items": _RING, "minItems": 1},
    "MultiPolygon": {"type": "array", "items": {"type": "array", "items": _RING, "minItems": 1}, "minItems": 1},
}
"""What each type of geometry says of where it lies, as JSON Schema."""

Kinds = Literal["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]
Positions = Annotated[Sequence[object], WithJsonSchema({"anyOf": [*COORDINATES.values()]})]


class Geometry(TypedDict):
    """A GeoJSON geometry, longitude and latitude in degrees."""

    type: Kinds
    coordinates: Positions


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
