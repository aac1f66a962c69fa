"""Meaning of pasted coordinates: notation, axes, CRS: settled, named back, asked for; never silently guessed.

Coordinates shifted on purpose (GCJ-02, BD-09) look like any other degrees and are read as they stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import (
    STORAGE_CRS,
    Bounds,
    GaussKrueger,
    describe,
    gauss_krueger_of,
    is_inside_china,
    parse_crs,
    refuse_unsafe,
    transform,
)
from gis_layers.errors import UnknownCrs
from gis_layers.exchange.checks.plausibility import ground_of, reaching, vicinity_of
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.systems.geojson_crs import DeclaredCrs, read_declared
from gis_layers.exchange.systems.pasted_systems import StatedCRS, heed_declared, heed_headings
from gis_layers.exchange.text.coordinate_text import LineProblem, Row, read_points
from gis_layers.exchange.text.well_known_text import common_srid, without_srid
from risk_model.message import Message, msg
from risk_model.shapes import as_array

AxisOrder = Literal["xy", "yx"]
Shape = Literal["Polygon", "LineString", "Point"]
Numbers = npt.NDArray[np.float64]

_WELL_KNOWN_TEXT = re.compile(r"\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b", re.IGNORECASE)
_ENOUGH = {"Point": 1, "LineString": 2, "Polygon": 3}
_LARGEST_DEGREE = 180.0
_PREFIX = 1_000_000
_THREE_DEGREE, _SIX_DEGREE = range(25, 46), range(13, 24)
_NOTATIONS = {
    "decimal_degrees": "按经纬度（十进制度）读取",
    "dms": "按经纬度（度分秒）读取",
    "gauss_krueger": "按高斯-克吕格投影坐标（米）读取",
    "projected": "按投影坐标（米）读取",
    "geojson": "按 GeoJSON 读取",
    "wkt": "按 WKT 读取",
}


@dataclass(frozen=True, slots=True)
class CoordinateHints:
    """A person's statement on the text; None where that is to be found out. ``xy``: east or longitude comes first."""

    crs: str | None = None
    order: AxisOrder | None = None
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """One way to read the numbers; ``axes`` names the columns as they stand, such as ``north,east``."""

    notation: str
    crs: str
    swapped: bool

    @property
    def axes(self) -> str:
        """The columns in the order they were written."""
        names = ("lon", "lat") if parse_crs(self.crs).is_geographic else ("east", "north")
        return ",".join(names[::-1] if self.swapped else names)

    @property
    def phrases(self) -> tuple[Message, Message, Message]:
        """Reading of the text, for the person to check: notation, axes, system."""
        return msg(_NOTATIONS[self.notation]), self._columns(), self._system()

    @property
    def sentence(self) -> Message:
        """The phrases as one sentence."""
        notation, columns, system = self.phrases
        return msg("{notation}；{columns}；{system}。", notation=notation, columns=columns, system=system)

    def _columns(self) -> Message:
        return msg(
            {
                "lon,lat": "先经度，后纬度",
                "lat,lon": "先纬度，后经度",
                "east,north": "先 Y（东坐标），后 X（北坐标）",
                "north,east": "先 X（北坐标），后 Y（东坐标）",
            }[self.axes]
        )

    def _system(self) -> Message:
        zone = gauss_krueger_of(self.crs)
        if zone is None:
            geographic = parse_crs(self.crs).is_geographic
            return msg("坐标系 CGCS2000") if geographic else msg("坐标系 {crs}", crs=describe(self.crs))
        meridian, crs = zone.central_meridian, self.crs
        if not zone.prefixed:
            return msg("CGCS2000，中央经线 {meridian}°，东坐标不带带号（{crs}）", meridian=meridian, crs=crs)
        return msg(
            "CGCS2000，{width} 度带第 {zone} 带，中央经线 {meridian}°，东坐标带带号（{crs}）",
            width=zone.width_deg,
            zone=zone.zone,
            meridian=meridian,
            crs=crs,
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """A site as it was written; ``geometry`` (storage CRS, as drawn, perhaps invalid) only where its meaning is one."""

    geometry: BaseGeometry | None
    understood: Meaning | None
    alternatives: tuple[Meaning, ...]
    problems: tuple[LineProblem, ...]


def read_outline(text: str, asked: CoordinateHints, options: ReadingOptions) -> Outline:
    """Read a pasted outline. Raises UnknownCrs and UnsafeDatum for an ``asked.crs`` that cannot be used."""
    if asked.crs is not None:
        refuse_unsafe(parse_crs(asked.crs))
    if not text.strip():
        return _refused(msg("请绘制拟选址范围、粘贴坐标或选择文件。"))
    if text.lstrip().startswith("{"):
        return _read_geojson(text, asked, options)
    if _WELL_KNOWN_TEXT.match(text):
        return _read_wkt(text, asked, options)
    return _read_list(text, asked, options)


def _refused(said: Message, line: int | None = None) -> Outline:
    return Outline(None, None, (), (LineProblem(line, said),))


def _read_geojson(text: str, asked: CoordinateHints, options: ReadingOptions) -> Outline:
    try:
        document = json.loads(text)
        found = document["features"] if document.get("type") == "FeatureCollection" else [document]
        if len(found) != 1:
            return _refused(msg("这里有 {n} 个图形，一次只筛查一个；请用文件选择其中一个。", n=len(found)))
        geometry = found[0].get("geometry", found[0])
        shape = shapely.force_2d(shapely.geometry.shape(geometry))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError):
        return _refused(msg("这段文字以花括号开头，但不是完整的 GeoJSON。"))
    return _settle_as_told(shape, "geojson", asked, heed_declared(read_declared(text), asked.crs), options=options)


def _read_wkt(text: str, asked: CoordinateHints, options: ReadingOptions) -> Outline:
    try:
        shape = shapely.force_2d(shapely.from_wkt(without_srid(text).strip()))
    except (shapely.errors.ShapelyError, ValueError):
        return _refused(msg("这段文字像 WKT，但括号或数字不完整。"))
    return _settle_as_told(shape, "wkt", asked, heed_declared(_srid_in(text), asked.crs), options=options)


def _srid_in(text: str) -> DeclaredCrs:
    srid = common_srid([text])
    if srid is None:
        return DeclaredCrs(None, implied=True)
    try:
        return DeclaredCrs(parse_crs(srid), implied=False)
    except UnknownCrs:
        return DeclaredCrs(None, implied=False, stated=(f"SRID={srid}",))


def _settle_as_told(
    shape: Any, notation: str, asked: CoordinateHints, told: StatedCRS, *, options: ReadingOptions
) -> Outline:
    """Settle what the numbers mean with what the text itself says of them."""
    if told.problem is not None:
        return Outline(None, None, (), (told.problem,))
    return _settle(shape, notation, replace(asked, crs=told.crs), options, meridian=told.meridian)


def _read_list(text: str, asked: CoordinateHints, options: ReadingOptions) -> Outline:
    written = read_points(text)
    if written.problems or not written.plots:
        nothing = LineProblem(None, msg("没有找到坐标；每行写一个点的两个坐标。"))
        return Outline(None, None, (), tuple(written.problems) or (nothing,))
    rows = [row for plot in written.plots for row in plot]
    marked = _marked_order(rows)
    if isinstance(marked, LineProblem):
        return Outline(None, None, (), (marked,))
    shape = asked.shape or _shape_of(rows)
    trouble = _too_few(written.plots, shape)
    if trouble is not None:
        return Outline(None, None, (), (trouble,))
    notation = "dms" if any(row.first.sexagesimal or row.second.sexagesimal for row in rows) else "numbers"
    wanted = CoordinateHints(asked.crs, asked.order or marked, shape)
    told = heed_headings(text, {row.line for row in rows}, asked.crs)
    return _settle_as_told(_build(written.plots, shape), notation, wanted, told, options=options)


def _marked_order(rows: list[Row]) -> AxisOrder | LineProblem | None:
    """The order that letters and words beside the numbers say."""
    marked: set[AxisOrder] = set()
    for row in rows:
        first, second = row.first.axis, row.second.axis
        if first is not None and first == second:
            return LineProblem(row.line, msg("第 {n} 行的两个坐标都标成了经度或都标成了纬度。", n=row.line))
        if first or second:
            marked.add("xy" if first == "lon" or second == "lat" else "yx")
    if len(marked) > 1:
        return LineProblem(None, msg("有的行先经度、有的行先纬度；请统一后重新粘贴。"))
    return marked.pop() if marked else None


def _shape_of(rows: list[Row]) -> Shape:
    distinct = len({(row.first.number, row.second.number) for row in rows})
    return "Point" if distinct == 1 else "LineString" if distinct == 2 else "Polygon"


def _too_few(plots: list[list[Row]], shape: Shape) -> LineProblem | None:
    if shape != "Polygon" and len(plots) > 1:
        return LineProblem(plots[1][0].line, msg("点或线只能有一组坐标，请去掉空行。"))
    for plot in plots:
        for ring in _rings(plot):
            found = len({(row.first.number, row.second.number) for row in ring})
            if found < _ENOUGH[shape]:
                few = msg("至少要 {n} 个不同的点，现在只有 {found} 个。", n=_ENOUGH[shape], found=found)
                return LineProblem(ring[0].line, few)
    return None


def _rings(plot: list[Row]) -> list[list[Row]]:
    numbers = dict.fromkeys(row.ring for row in plot)
    return [[row for row in plot if row.ring == number] for number in numbers]


def _build(plots: list[list[Row]], shape: Shape) -> BaseGeometry:
    """The geometry in the numbers as written; the second and further rings of a plot are holes."""
    rings = [[_numbers(ring) for ring in _rings(plot)] for plot in plots]
    if shape == "Point":
        return shapely.Point(rings[0][0][0])
    if shape == "LineString":
        return shapely.LineString(rings[0][0])
    areas = [shapely.Polygon(outer, holes) for outer, *holes in rings]
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def _numbers(ring: list[Row]) -> Numbers:
    return np.array([(row.first.number, row.second.number) for row in ring])


def _settle(
    shape: Any, notation: str, asked: CoordinateHints, options: ReadingOptions, *, meridian: int | None = None
) -> Outline:
    """Keep the readings that fall in the town or, where none does, in its part of the country."""
    points = shapely.get_coordinates(shape)
    if len(points) == 0 or not np.isfinite(points).all():
        return _refused(msg("几何图形为空，或含有不是有效数字的坐标；请检查后重新提交"))
    angles = notation == "dms" or bool((np.abs(points) <= _LARGEST_DEGREE).all())
    readings = [
        reading
        for reading in _readings(points, notation, asked, angles=angles, options=options)
        if meridian in (None, _meridian_of(reading.crs, meridian))
    ]
    near = vicinity_of(options)
    for area, inside in ((near, True), (ground_of(options), near is None)):
        fitting = [one for one in readings if area is not None and _fits(points, one, area)]
        if len(fitting) == 1:
            away = () if inside else (LineProblem(None, msg("这个位置不在本辖区附近，请核对坐标和坐标系。")),)
            return Outline(_placed(shape, fitting[0]), fitting[0], (), away)
        if fitting:
            return Outline(None, None, tuple(fitting), ())
    if meridian is not None and not angles:
        return _refused(msg("按文字写明的中央经线 {meridian}° 读取，位置不在本系统服务的范围内。", meridian=meridian))
    return _nowhere(angles=angles, asked=asked)


def _meridian_of(crs: str, stated: int | None) -> int | None:
    """The central meridian of a system; of degrees, which have none, the one that is ``stated``."""
    zone = gauss_krueger_of(crs)
    return zone.central_meridian if zone else stated if parse_crs(crs).is_geographic else None


def _readings(
    points: Numbers, notation: str, asked: CoordinateHints, *, angles: bool, options: ReadingOptions
) -> Iterator[Meaning]:
    codes = [asked.crs] if asked.crs else [STORAGE_CRS] if angles else list(_projected_codes(points, options))
    orders = [asked.order] if asked.order else ["xy", "yx"]
    for code in dict.fromkeys(codes):
        for order in orders:
            yield Meaning(_notation_of(notation, code), code, swapped=order == "yx")


def _notation_of(notation: str, code: str) -> str:
    if notation != "numbers":
        return notation
    if parse_crs(code).is_geographic:
        return "decimal_degrees"
    return "projected" if gauss_krueger_of(code) is None else "gauss_krueger"


def _projected_codes(points: Numbers, options: ReadingOptions) -> Iterator[str]:
    """Systems the numbers may be in: the zone before the easting says it, else every zone without one is possible."""
    if not is_inside_china(options.metric_crs):
        yield options.metric_crs
        return
    zone = int(np.abs(points).max() // _PREFIX)
    for zones, width in ((_THREE_DEGREE, 3), (_SIX_DEGREE, 6)):
        if zone in zones:
            yield from filter(None, [GaussKrueger(zone, width, prefixed=True).code])
            return
    yield options.metric_crs
    yield from filter(None, (GaussKrueger(each, 3, prefixed=False).code for each in _THREE_DEGREE))


def _fits(points: Numbers, meaning: Meaning, area: Bounds) -> bool:
    ordered = points[:, ::-1] if meaning.swapped else points
    return bool(reaching(np.hstack((ordered, ordered)), meaning.crs, area).all())


def _placed(shape: BaseGeometry, meaning: Meaning) -> BaseGeometry:
    ordered = shapely.transform(shape, lambda points: points[:, ::-1]) if meaning.swapped else shape
    placed: BaseGeometry = transform(as_array([ordered]), meaning.crs, STORAGE_CRS)[0]
    return placed


def _nowhere(*, angles: bool, asked: CoordinateHints) -> Outline:
    if asked.crs and angles != parse_crs(asked.crs).is_geographic:
        if angles:
            return _refused(msg("坐标值是经纬度，与所选坐标系 {crs} 不符。", crs=asked.crs))
        return _refused(msg("坐标值是米，与所选坐标系 {crs} 不符。", crs=asked.crs))
    if asked.crs or asked.order:
        return _refused(msg("按所选的坐标系和坐标顺序读取，位置不在本系统服务的范围内。"))
    return _refused(msg("无论怎样读，这些坐标都不在本系统服务的范围内；请检查坐标和坐标系。"))
