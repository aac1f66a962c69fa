"""Coordinate reference systems: the only file that names EPSG codes, and the only road from one to another.

CGCS2000 and WGS 84 agree to within decimetres and are treated as one here. PROJ knows no operation between them and
would call the step a guess, so it is taken knowingly. A datum that needs local parameters is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from gis_layers.errors import CoordinatesOutsideCrs, UnknownCrs, UnsafeDatum
from risk_model.message import msg
from risk_model.vocabulary import Geometries

STORAGE_SRID = 4490
STORAGE_CRS = f"EPSG:{STORAGE_SRID}"
WEB_MERCATOR_SRID = 3857
DEFAULT_METRIC_CRS = "EPSG:4542"
WGS84_CRS = "EPSG:4326"

CrsLike = str | int | CRS
Bounds = tuple[float, float, float, float]
_Axes = npt.NDArray[np.float64]
_Step = Callable[[_Axes, _Axes], tuple[_Axes, _Axes]]

_ONE_DATUM = ("world geodetic system 1984", "wgs_1984", "wgs 84", "china 2000", "china_2000", "china geodetic")
_NEEDS_PARAMETERS = (
    "xian", "xi'an", "西安", "beijing", "北京", "krassowsky", "krassovsky", "krasovsky", "iag 1975", "iag_1975",
    "gcj", "bd09", "bd-09", "bd_09",
)  # fmt: skip
_WHOLE_EARTH: Bounds = (-180.0, -90.0, 180.0, 90.0)
_CHINA: Bounds = (73.0, 16.0, 135.5, 54.0)

# First zone of each family of CGCS2000 Gauss-Krüger systems and the code it has: (zone width, prefixed) -> (zone, code).
_GAUSS_KRUEGER_CODES = {(6, True): (13, 4491), (6, False): (13, 4502), (3, True): (25, 4513), (3, False): (25, 4534)}
_LAST_ZONE = {6: 23, 3: 45}
_SAME_DEGREES = 1e-9
_BARE_NUMBER = re.compile(r"\s*\d+\s*")


def transform(geometries: Geometries, source: CrsLike, target: CrsLike) -> Geometries:
    """Carry geometries from ``source`` to ``target``; x is east or longitude on both sides, whatever the axes say.

    None and empty geometries are kept, Z is dropped. All vertices go through PROJ in one call per step.
    Raises UnsafeDatum where no trustworthy operation exists and CoordinatesOutsideCrs where a vertex has no image.
    """
    if len(geometries) == 0 or not _steps(_key(source), _key(target)):
        return geometries.copy()

    def carry(vertices: _Axes) -> _Axes:
        carried = transform_points(vertices, source, target)
        if not np.isfinite(carried).all():
            raise CoordinatesOutsideCrs(
                msg(
                    "有的坐标无法从 {source} 转换到 {target}；请核对所写的坐标系是否就是测得坐标时所用的",
                    source=crs_name(source),
                    target=crs_name(target),
                )
            )
        return carried

    return shapely.transform(geometries, carry)


def transform_points(points: npt.NDArray[np.float64], source: CrsLike, target: CrsLike) -> npt.NDArray[np.float64]:
    """Carry an (n, 2) array of x, y; a point without an image comes back as infinities. Raises UnsafeDatum."""
    x, y = points[:, 0], points[:, 1]
    for step in _steps(_key(source), _key(target)):
        x, y = step(x, y)
    return np.column_stack((x, y))


def to_metric(geometries: Geometries, metric_crs: CrsLike = DEFAULT_METRIC_CRS) -> Geometries:
    """Carry geometries from the storage CRS (degrees) to ``metric_crs`` (metres)."""
    return transform(geometries, STORAGE_CRS, metric_crs)


def to_storage(geometries: Geometries, metric_crs: CrsLike = DEFAULT_METRIC_CRS) -> Geometries:
    """Carry geometries from ``metric_crs`` (metres) to the storage CRS (degrees)."""
    return transform(geometries, metric_crs, STORAGE_CRS)


def parse_crs(text: CrsLike) -> CRS:
    """Read a CRS from ``EPSG:n``, a bare number, WKT or a PROJ string; a height axis is left aside.

    Raises UnknownCrs where the text names none.
    """
    return text if isinstance(text, CRS) else _parsed(text)


def crs_name(crs: CrsLike) -> str:
    """The shortest true name of a CRS: its authority code where it has one, else its own name."""
    parsed = parse_crs(crs)
    authority = parsed.to_authority(min_confidence=70)
    return ":".join(authority) if authority else parsed.name


def describe(crs: CrsLike) -> str:
    """Name and code of a CRS for people, such as ``CGCS2000 / 3-degree Gauss-Kruger CM 99E (EPSG:4542)``."""
    parsed, code = parse_crs(crs), crs_name(crs)
    return parsed.name if code == parsed.name else f"{parsed.name} ({code})"


def area_of_use(crs: CrsLike) -> Bounds:
    """West, south, east, north in degrees of the ground a CRS was made for; the whole earth where it does not say."""
    area = parse_crs(crs).area_of_use
    return (area.west, area.south, area.east, area.north) if area else _WHOLE_EARTH


def same_place(first: CrsLike, second: CrsLike) -> bool:
    """Whether equal numbers in both systems mean the same place (CGCS2000 and WGS 84 degrees do)."""
    return not _is_other(parse_crs(first), parse_crs(second)) or _agree(_key(first), _key(second))


@lru_cache(maxsize=256)
def _agree(first: str, second: str) -> bool:
    """Whether numbers computed in one system come back in the other, however differently both are written."""
    one, other = _parsed(first), _parsed(second)
    west, south, east, north = next((area_of_use(crs) for crs in (one, other) if crs.area_of_use), _CHINA)
    meridian = next(
        (zone.central_meridian for crs in (one, other) if (zone := gauss_krueger_of(crs))), (west + east) / 2
    )
    places = np.array(
        [[meridian - 0.4, south + 0.4 * (north - south)], [meridian + 0.7, south + 0.6 * (north - south)]]
    )
    try:
        back = transform_points(transform_points(places, STORAGE_CRS, first), second, STORAGE_CRS)
    except (UnsafeDatum, UnknownCrs):
        return False
    return bool(np.isfinite(back).all() and np.abs(back - places).max() < _SAME_DEGREES)


def is_inside_china(crs: CrsLike) -> bool:
    """Whether the area of use of a CRS lies within the bounds of China."""
    west, south, east, north = area_of_use(crs)
    return west >= _CHINA[0] and south >= _CHINA[1] and east <= _CHINA[2] and north <= _CHINA[3]


def refuse_unsafe(crs: CrsLike) -> None:
    """Raise UnsafeDatum where positions in ``crs`` cannot be carried to the storage CRS with a known accuracy."""
    _steps(_key(crs), STORAGE_CRS)


@dataclass(frozen=True, slots=True)
class GaussKrueger:
    """One Gauss-Krüger zone of CGCS2000: 3° or 6° wide, easting with (33 500 000) or without (500 000) zone number."""

    zone: int
    width_deg: int
    prefixed: bool

    @property
    def central_meridian(self) -> int:
        """Degrees east of the middle of the zone."""
        return self.zone * 3 if self.width_deg == 3 else self.zone * 6 - 3

    @property
    def code(self) -> str | None:
        """The authority code of the system; None for a zone outside China."""
        first, number = _GAUSS_KRUEGER_CODES[self.width_deg, self.prefixed]
        inside = first <= self.zone <= _LAST_ZONE[self.width_deg]
        return f"EPSG:{number + self.zone - first}" if inside else None


def gauss_krueger_of(crs: CrsLike) -> GaussKrueger | None:
    """The zone a Gauss-Krüger CRS belongs to, read from its central meridian and false easting; None for others.

    Without a zone number in the easting 3° and 6° zones give equal numbers; such a CRS is named by its 3° zone.
    """
    operation = parse_crs(crs).coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    values = {parameter.name.lower(): parameter.value for parameter in operation.params}
    meridian, easting = values.get("longitude of natural origin"), values.get("false easting")
    scale = values.get("scale factor at natural origin", 1.0)
    if meridian is None or easting is None or scale != 1.0:
        return None
    return _zone_of(float(meridian), float(easting))


def _zone_of(meridian: float, easting: float) -> GaussKrueger | None:
    prefix, rest = divmod(easting, 1_000_000)
    if rest != 500_000 or meridian % 3:
        return None
    if not prefix:
        return GaussKrueger(int(meridian // 3), 3, prefixed=False)
    for width, zone in ((3, meridian / 3), (6, (meridian + 3) / 6)):
        if prefix == zone:
            return GaussKrueger(int(zone), width, prefixed=True)
    return None


@lru_cache(maxsize=256)
def _parsed(text: str | int) -> CRS:
    wanted = f"EPSG:{str(text).strip()}" if _BARE_NUMBER.fullmatch(str(text)) else str(text)
    if "\0" in wanted:  # what comes after it would not be looked at
        raise UnknownCrs(msg("「{text}」不是坐标系；请写作 EPSG:n", text=text))
    try:
        crs = CRS.from_user_input(wanted)
    except CRSError as error:
        raise UnknownCrs(msg("「{text}」不是坐标系；请写作 EPSG:n", text=text)) from error
    return crs.to_2d() if crs.is_geographic or crs.is_compound else crs


def _key(crs: CrsLike) -> str:
    if isinstance(crs, int):
        return f"EPSG:{crs}"
    return crs if isinstance(crs, str) else crs.to_wkt()


@lru_cache(maxsize=256)
def _steps(source: str, target: str) -> tuple[_Step, ...]:
    """The PROJ calls that lead from one CRS to the other; none where the numbers mean the same place already."""
    first, second = _parsed(source), _parsed(target)
    for crs in (first, second):
        _refuse_parameterless(crs)
    if not _is_other(first, second):
        return ()
    if _in_one_datum(first) and _in_one_datum(second):
        return (_known_step(first, second),)
    if first.geodetic_crs == second.geodetic_crs and not (first.is_bound or second.is_bound):
        return (_strict_step(first, second),)
    return _over_wgs84(first, second)


def _over_wgs84(first: CRS, second: CRS) -> tuple[_Step, ...]:
    hub = _parsed(WGS84_CRS)
    into = _known_step(first, hub) if _in_one_datum(first) else _strict_step(first, hub)
    out = _known_step(hub, second) if _in_one_datum(second) else _strict_step(hub, second)
    return into, out


def _is_other(first: CRS, second: CRS) -> bool:
    if first.is_geographic and second.is_geographic and _in_one_datum(first) and _in_one_datum(second):
        return False
    return not first.equals(second, ignore_axis_order=True)


def _in_one_datum(crs: CRS) -> bool:
    return not crs.is_bound and crs.datum is not None and crs.datum.name.lower().startswith(_ONE_DATUM)


def _refuse_parameterless(crs: CRS) -> None:
    geodetic = crs.geodetic_crs
    datum = geodetic.datum if geodetic and geodetic.datum else crs.datum
    words = " ".join(part.name for part in (crs, geodetic, datum, crs.ellipsoid) if part is not None).lower()
    if not _has_parameters(crs) and any(word in words for word in _NEEDS_PARAMETERS):
        raise UnsafeDatum(
            msg(
                "{crs} 没有当地参数不能转换到 CGCS2000；请向资料提供单位索取七参数（以带 +towgs84 的 PROJ 字符串给出），或索取 CGCS2000 的数据",
                crs=describe(crs),
            )
        )


def _has_parameters(crs: CRS) -> bool:
    """Whether a CRS brings its way to WGS 84 with it; seven zeros are none."""
    shift = crs.coordinate_operation if crs.is_bound else None
    return shift is not None and any(parameter.value for parameter in shift.params)


def _known_step(source: CRS, target: CRS) -> _Step:
    try:
        return _as_step(Transformer.from_crs(source, target, always_xy=True))
    except (ProjError, CRSError) as error:
        raise UnknownCrs(
            msg(
                "不知道如何换算 {source} 或 {target}；请把坐标系写作 EPSG:n",
                source=describe(source),
                target=describe(target),
            )
        ) from error


def _strict_step(source: CRS, target: CRS) -> _Step:
    try:
        transformer = Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False, only_best=True)
    except (ProjError, CRSError) as error:
        raise UnsafeDatum(
            msg(
                "从 {source} 到 {target} 没有精度已知的转换方法；请索取 CGCS2000 或 WGS 84 的数据",
                source=describe(source),
                target=describe(target),
            )
        ) from error
    return _as_step(transformer)


def _as_step(transformer: Transformer) -> _Step:
    def step(x: _Axes, y: _Axes) -> tuple[_Axes, _Axes]:
        carried: Any = transformer.transform(x, y)
        return carried[0], carried[1]

    return step


def srid_of(crs: CrsLike) -> int:
    """The EPSG number of ``crs``, for PostGIS; raises UnknownCrs for one that has none."""
    number = parse_crs(crs).to_epsg()
    if number is None:
        raise UnknownCrs(msg("{crs} 没有 EPSG 编号；请把坐标系写作 EPSG:n", crs=crs))
    return int(number)
