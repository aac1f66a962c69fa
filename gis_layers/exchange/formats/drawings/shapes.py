"""The shapes of a drawing: outlines with true arcs, hatched areas with their holes, blocks where they are inserted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from ezdxf.entities.boundary_paths import ArcEdge, EdgePath, EllipseEdge, LineEdge, PolylinePath, SplineEdge
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.hatch import Hatch
from ezdxf.entities.insert import Insert
from ezdxf.entities.lwpolyline import LWPolyline
from ezdxf.entities.mpolygon import MPolygon
from ezdxf.entities.point import Point
from ezdxf.entities.polyline import Polyline
from ezdxf.math import OCS, Vec2, bulge_to_arc

from gis_layers.errors import UnreadableFile
from risk_model.message import Message, msg

_METRES: Final = 5e-4
_DEGREES: Final = 5e-9
"""How far a line may keep from the arc it stands for, in the units the numbers look like."""
_LAYER_OF_BLOCKS: Final = "0"
_CURVES: Final = frozenset({"CIRCLE", "ARC", "ELLIPSE", "SPLINE"})
_LARGEST_DEGREE: Final = 180.0
_DEEPEST_BLOCK: Final = 32
_MOST_SHAPES: Final = 200_000
_LEAST_STEPS: Final = 4
_MOST_STEPS: Final = 20_000
_OF_RING: Final = 3
_NEARLY: Final = 0.05
"""The gap in an outline, in parts of its length, up to which it was meant to be closed."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape of a drawing: its outline or why it has none, its layer, the block it came in, its kind of entity."""

    shape: Any
    trouble: Message | None
    layer: str
    block: str | None
    entity: str


def shapes_of(drawing: Any, most_vertices: int) -> tuple[list[Drawn], Counter[str]]:
    """Everything in the model space that has a shape, blocks resolved; and how many entities of other kinds there are.

    Raises UnreadableFile for a drawing that becomes too much, or whose blocks hold themselves.
    """
    drawn: list[Drawn] = []
    unread: Counter[str] = Counter()
    vertices = 0
    for number, (entity, layer, block) in enumerate(_resolved(drawing)):
        made = _drawn(entity, layer, block)
        if made is None:
            unread[entity.dxftype()] += 1
            continue
        drawn.append(made)
        vertices += 0 if made.shape is None else int(shapely.get_num_coordinates(made.shape))
        if number > _MOST_SHAPES or vertices > most_vertices:
            raise _too_much()
    return drawn, unread


def _too_much() -> UnreadableFile:
    return UnreadableFile(
        msg("图纸展开后多于 {most} 个图形，或顶点太多；请只保留要提交的图层后另存", most=_MOST_SHAPES)
    )


def _resolved(drawing: Any) -> Iterator[tuple[DXFGraphic, str, str | None]]:
    """Every entity with its layer and the block it came in; what a block holds on layer 0 lies on that of its insert."""
    waiting: list[tuple[Any, str | None, str | None]] = [
        (entity, None, None) for entity in reversed(list(drawing.modelspace()))
    ]
    _refuse_endless(drawing)
    while waiting:
        entity, outer, block = waiting.pop()
        own = _readable(str(entity.dxf.layer))
        layer = outer if outer is not None and own == _LAYER_OF_BLOCKS else own
        if not isinstance(entity, Insert) or entity.block() is None:
            yield entity, layer, block
            continue
        name = _readable(str(entity.dxf.name))
        parts = entity.multi_insert() if entity.mcount > 1 else entity.virtual_entities()
        waiting.extend((part, layer, name) for part in reversed(list(parts)))


def _refuse_endless(drawing: Any) -> None:
    """Count what the blocks become, each definition once, before one is resolved. Raises UnreadableFile."""
    sizes: dict[str, int] = {}

    def size(layout: Any, within: frozenset[str]) -> int:
        total = 0
        for entity in layout:
            name = str(entity.dxf.name).lower() if isinstance(entity, Insert) and entity.block() is not None else None
            if name is None:
                total += 1
                continue
            if name in within or len(within) > _DEEPEST_BLOCK:
                raise _too_much()
            if name not in sizes:
                sizes[name] = size(entity.block(), within | {name})
            total += 1 + sizes[name] * max(1, entity.mcount)
        return total

    if size(drawing.modelspace(), frozenset()) > _MOST_SHAPES:
        raise _too_much()


def _readable(name: str) -> str:
    """A name without the traces of bytes that could not be decoded."""
    return name.encode("utf-8", errors="replace").decode()


def _drawn(entity: DXFGraphic, layer: str, block: str | None) -> Drawn | None:
    kind = entity.dxftype()
    try:
        shape, trouble = _shape_of(entity)
    except (ValueError, ZeroDivisionError, ArithmeticError, shapely.errors.ShapelyError) as error:
        why = (
            error.args[0]
            if error.args and isinstance(error.args[0], Message)
            else msg("图形无法读取（{error}）", error=str(error))
        )
        return Drawn(None, why, layer, block, kind)
    return None if shape is None and trouble is None else Drawn(shape, trouble, layer, block, kind)


def _shape_of(entity: DXFGraphic) -> tuple[Any, Message | None]:
    """The shape of an entity and what keeps it from being an area; neither for an entity that has no shape."""
    if isinstance(entity, LWPolyline | Polyline):
        return _polyline(entity)
    if isinstance(entity, Hatch | MPolygon):
        return _hatch(entity), None
    if isinstance(entity, Point):
        location = entity.dxf.location
        return shapely.Point(location.x, location.y), None
    if entity.dxftype() == "LINE":
        start, end = entity.dxf.start, entity.dxf.end
        return shapely.LineString([(start.x, start.y), (end.x, end.y)]), None
    if entity.dxftype() in _CURVES:
        return _line_or_area([(point.x, point.y) for point in _curve(entity)], closed=False)
    return None, None


def _curve(entity: Any) -> Iterable[Any]:
    if entity.dxftype() in {"CIRCLE", "ARC"}:
        return list(entity.flattening(_tolerance([entity.dxf.center])))
    middle = [entity.dxf.center] if entity.dxftype() == "ELLIPSE" else list(entity.control_points or entity.fit_points)
    return list(entity.flattening(_tolerance(middle)))


def _polyline(entity: Any) -> tuple[Any, Message | None]:
    if isinstance(entity, Polyline) and (entity.is_polygon_mesh or entity.is_poly_face_mesh):
        return None, None
    if isinstance(entity, Polyline) and entity.is_3d_polyline:
        points = [(vertex.dxf.location.x, vertex.dxf.location.y) for vertex in entity.vertices if not _is_frame(vertex)]
        return _line_or_area(points, closed=bool(entity.is_closed))
    if isinstance(entity, LWPolyline):
        corners = [(x, y, bulge) for x, y, bulge in entity.get_points("xyb")]
        closed, height = bool(entity.closed), float(entity.dxf.elevation)
    else:
        located = [vertex for vertex in entity.vertices if not _is_frame(vertex)]
        corners = [(one.dxf.location.x, one.dxf.location.y, float(one.dxf.get("bulge", 0))) for one in located]
        closed, height = bool(entity.is_closed), 0.0
    points = _with_arcs(corners, closed=closed)
    return _line_or_area(_in_world(points, entity.ocs(), height), closed=closed)


def _is_frame(vertex: Any) -> bool:
    """Whether a vertex only steers a curve and is not on it."""
    return bool(int(vertex.dxf.get("flags", 0)) & 16)


def _with_arcs(corners: Sequence[tuple[float, float, float]], *, closed: bool) -> list[tuple[float, float]]:
    """The corners with points on every arc between them: a bulge is the tangent of a quarter of its angle."""
    tolerance = _tolerance([Vec2(x, y) for x, y, _ in corners])
    points: list[tuple[float, float]] = []
    pairs = zip(corners, [*corners[1:], corners[0]] if corners else [], strict=True)
    for number, (start, end) in enumerate(pairs):
        points.append(start[:2])
        bend = abs(start[2]) * math.dist(start[:2], end[:2]) / 2
        if bend > tolerance / 2 and (closed or number < len(corners) - 1):
            points.extend(_arc(start, end, start[2], tolerance))
    return points


def _arc(start: Sequence[float], end: Sequence[float], bulge: float, tolerance: float) -> Iterator[tuple[float, float]]:
    """Points on the arc between two corners, both left out, in the order from ``start``."""
    centre, first, last, radius = bulge_to_arc(Vec2(start[0], start[1]), Vec2(end[0], end[1]), bulge)
    sweep = (last - first) % math.tau
    count = steps(radius, sweep, tolerance)
    angles = [first + sweep * number / count for number in range(1, count)]
    for angle in angles if bulge > 0 else reversed(angles):
        yield centre.x + radius * math.cos(angle), centre.y + radius * math.sin(angle)


def steps(radius: float, sweep: float, tolerance: float) -> int:
    """Number of chords that stand for an arc, so that none is further from it than ``tolerance``. Raises ValueError."""
    if radius <= tolerance:
        return _LEAST_STEPS
    count = math.ceil(sweep / (2 * math.acos(1 - tolerance / radius)))
    if count > _MOST_STEPS:
        raise ValueError(msg("圆弧的半径太大（{radius}），无法在一毫米之内用折线表示", radius=f"{radius:g}"))
    return max(_LEAST_STEPS, count)


def _tolerance(points: Iterable[Any]) -> float:
    return (
        _DEGREES
        if all(abs(point.x) <= _LARGEST_DEGREE and abs(point.y) <= _LARGEST_DEGREE for point in points)
        else _METRES
    )


def _in_world(points: Sequence[tuple[float, float]], ocs: OCS, height: float) -> list[tuple[float, float]]:
    if not ocs.transform:
        return list(points)
    return [(one.x, one.y) for one in ocs.points_to_wcs([(x, y, height) for x, y in points])]


def _line_or_area(points: Sequence[tuple[float, float]], *, closed: bool) -> tuple[Any, Message | None]:
    """An area where the outline is closed or ends where it began, else a line.

    An outline that nearly ends where it began was meant to: it is told with its gap, and neither closed nor read as a line.
    """
    if len({*points}) < 2:
        return None, msg("环或线的顶点太少")
    gap = math.dist(points[0], points[-1])
    tolerance = _tolerance([Vec2(point) for point in points]) * 2
    if closed or (gap <= tolerance and len({*points}) >= _OF_RING):
        ring = list(points) if gap > tolerance or len(points) <= _OF_RING else [*points[:-1]]
        if len({*ring}) < _OF_RING:
            return None, msg("环或线的顶点太少")
        return shapely.Polygon(ring), None
    line = shapely.LineString(points)
    nearly = gap <= _NEARLY * line.length and len({*points}) > _OF_RING
    return line, msg("线没有闭合，首尾相距 {gap}", gap=f"{gap:.3f}") if nearly else None


def _hatch(entity: Any) -> Any:
    ocs, height = entity.ocs(), float(entity.dxf.elevation.z)
    rings = [_in_world(_boundary(path), ocs, height) for path in entity.paths]
    if any(len({*ring}) < _OF_RING for ring in rings):
        raise ValueError(msg("环或线的顶点太少"))
    areas = [shapely.Polygon(ring) for ring in rings]
    if len(areas) < 2:
        return areas[0] if areas else None
    if not all(area.is_valid for area in areas):
        raise ValueError(msg("填充的边界自相交"))
    return shapely.symmetric_difference_all(np.array(areas))


def _boundary(path: Any) -> list[tuple[float, float]]:
    if isinstance(path, PolylinePath):
        return _with_arcs([(x, y, bulge) for x, y, bulge in path.vertices], closed=True)
    assert isinstance(path, EdgePath)
    points: list[tuple[float, float]] = []
    for edge in path.edges:
        piece = _edge(edge)
        if points and math.dist(points[-1], piece[-1]) < math.dist(points[-1], piece[0]):
            piece.reverse()
        if points and math.dist(points[-1], piece[0]) > _tolerance([Vec2(piece[0])]) * 2:
            raise ValueError(msg("填充的边界不连续"))
        points.extend(piece[1:] if points else piece)
    return points


def _edge(edge: Any) -> list[tuple[float, float]]:
    if isinstance(edge, LineEdge):
        return [(edge.start.x, edge.start.y), (edge.end.x, edge.end.y)]
    tolerance = _tolerance([edge.center] if isinstance(edge, ArcEdge | EllipseEdge) else edge.control_points)
    if isinstance(edge, ArcEdge):
        first = math.radians(edge.start_angle)
        sweep = math.radians((edge.end_angle - edge.start_angle) % 360) or math.tau
        count = steps(edge.radius, sweep, tolerance)
        angles = np.linspace(first, first + sweep, count + 1)
        return [
            (edge.center.x + edge.radius * math.cos(one), edge.center.y + edge.radius * math.sin(one)) for one in angles
        ]
    assert isinstance(edge, EllipseEdge | SplineEdge)
    return [(point.x, point.y) for point in edge.construction_tool().flattening(tolerance)]
