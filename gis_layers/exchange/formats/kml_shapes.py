"""The shapes of KML: points, lines and areas with their holes, alone or several in one placemark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from risk_model.message import msg

_SHAPES: Final = frozenset({"Point", "LineString", "LinearRing", "Polygon"})
_UNREAD: Final = frozenset({"Track", "MultiTrack", "Model"})
_MULTI: Final[dict[str, Any]] = {
    "Point": shapely.MultiPoint,
    "LineString": shapely.MultiLineString,
    "Polygon": shapely.MultiPolygon,
}
_AROUND_COMMA = re.compile(r"\s*,\s*")
_DIMENSIONS: Final = (2, 3)
_OF_RING, _OF_LINE = 3, 2


def local(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: Any, name: str) -> str:
    """The text of the first child of this name; empty without one."""
    found = (str(child.text or "").strip() for child in element if local(child) == name)
    return next(found, "")


def shape_of(mark: Any) -> BaseGeometry | None:
    """The shape of a placemark, None where it has none. Raises ValueError where it cannot be read."""
    shapes = list(_shapes(mark))
    if len(shapes) < 2:
        return shapes[0] if shapes else None
    kinds = {shape.geom_type for shape in shapes}
    if len(kinds) > 1:
        return shapely.GeometryCollection(shapes)
    made: BaseGeometry = _MULTI[kinds.pop()](shapes)
    return made


def _shapes(mark: Any) -> Iterator[BaseGeometry]:
    waiting = list(reversed(mark))
    while waiting:
        element = waiting.pop()
        kind = local(element)
        if kind in _UNREAD:
            raise ValueError(msg("轨迹或模型（{kind}）没有读取，这里只要点、线、面", kind=kind))
        if kind in _SHAPES:
            yield _shape(element, kind)
        elif kind == "MultiGeometry":
            waiting.extend(reversed(element))


def _shape(element: Any, kind: str) -> BaseGeometry:
    if kind == "Polygon":
        outer = [_ring(ring) for ring in _rings(element, "outerBoundaryIs")]
        if len(outer) != 1:
            raise ValueError(msg("面有 {n} 个外边界，应当只有一个", n=len(outer)))
        return shapely.Polygon(outer[0], [_ring(ring) for ring in _rings(element, "innerBoundaryIs")])
    points = _coordinates(element)
    if kind == "Point":
        if len(points) != 1:
            raise ValueError(msg("点有 {n} 对坐标，应当只有一对", n=len(points)))
        return shapely.Point(points[0])
    if len(points) < _OF_LINE:
        raise ValueError(msg("环或线的顶点太少"))
    return shapely.LineString(points)


def _rings(element: Any, boundary: str) -> Iterator[Any]:
    for side in (child for child in element if local(child) == boundary):
        yield from (ring for ring in side if local(ring) == "LinearRing")


def _ring(element: Any) -> Any:
    points = _coordinates(element)
    if len({tuple(point[:2]) for point in points.tolist()}) < _OF_RING:
        raise ValueError(msg("环或线的顶点太少"))
    if tuple(points[0][:2]) != tuple(points[-1][:2]):
        raise ValueError(msg("环没有闭合"))
    return points


def _coordinates(element: Any) -> Any:
    """The vertices; heights are kept where one of them is not 0."""
    text = _AROUND_COMMA.sub(",", text_of(element, "coordinates"))
    rows = [_numbers(piece) for piece in text.split()]
    if not rows:
        raise ValueError(msg("没有坐标"))
    flat = [row for row in rows if len(row) == 2 or row[2] == 0]
    wanted = 2 if len(flat) == len(rows) else 3
    return np.array([(*row, 0.0)[:wanted] for row in rows])


def _numbers(piece: str) -> tuple[float, ...]:
    try:
        row = tuple(float(number) for number in piece.split(","))
    except ValueError:
        row = ()
    if len(row) not in _DIMENSIONS or not np.isfinite(row).all():
        raise ValueError(msg("坐标「{text}」读不成数字", text=piece[:60]))
    return row
