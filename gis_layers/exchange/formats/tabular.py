"""Tables with coordinates in columns (CSV, Excel): longitude and latitude, or well-known text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import shapely

from gis_layers.crs import STORAGE_CRS, parse_crs
from gis_layers.errors import UnknownCrs, UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer, reason_of
from gis_layers.exchange.delivery.report import UntrustedFile
from gis_layers.exchange.text.cell_kinds import Formula
from gis_layers.exchange.text.coordinate_text import normalise, read_value
from gis_layers.exchange.text.headings import called
from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.text_decoding import doubled, unique_names
from gis_layers.exchange.text.well_known_text import common_srid, without_srid
from risk_model.message import msg
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

LONGITUDE = ("lon", "longitude", "lng", "long", "经度", "东经", "x", "东坐标", "横坐标", "x坐标", "中心经度", "jingdu")
LATITUDE = ("lat", "latitude", "纬度", "北纬", "y", "北坐标", "纵坐标", "y坐标", "中心纬度", "weidu")
WELL_KNOWN_TEXT = ("wkt", "geometry", "geom", "the_geom", "几何", "图形")

_LAST_DIGITS = re.compile(r"[-+]?\d(?:\.(\d+))?e[-+]?(\d+)", re.IGNORECASE | re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_LETTER = re.compile(r"[^\W\d_]")
_MARKED = re.compile(r"['\":分秒]|[°度]\D*$")


def layer_of_rows(header: Sequence[str], rows: Sequence[Sequence[Any]], options: ReadingOptions) -> RawLayer:
    """Make a layer of a table, one feature a row; a row without readable coordinates keeps its place and says why.

    ``options.fields`` may name the columns ``lon``, ``lat`` or ``wkt``. Coordinates are implied to be degrees. Raises
    UnreadableFile for more cells than ``options.limits`` allow: short rows are filled up to the width of the heading.
    """
    if (len(rows) + 1) * len(header) > options.limits.cells:
        raise too_many_cells("", options.limits.cells)
    written = [plain(name) or f"列{number + 1}" for number, name in enumerate(header)]
    names = unique_names(written)
    padded = [[*row[: len(names)], *[None] * (len(names) - len(row))] for row in rows]
    attributes = pd.DataFrame(padded, columns=names, dtype=object)
    fields = {ours: plain(theirs) for ours, theirs in options.fields.items()}
    nowhere = as_array([None] * len(rows))
    crs = parse_crs(STORAGE_CRS)
    implied = RawLayer("", "", nowhere, attributes, declared=crs, implied=True, problems=doubled(written))
    try:
        columns = coordinate_columns(names, fields)
        if not any(columns[2:]) and not all(columns[:2]):
            return replace(implied, untrusted=_without_coordinates(names))
        geometries, broken, srid = _geometries(attributes, columns)
    except UntrustedFile as trouble:
        return replace(implied, untrusted=(trouble.problem, trouble.advice))
    layer = replace(implied, geometries=geometries, broken=broken)
    return layer if srid is None else _numbered(layer, srid)


def _numbered(layer: RawLayer, srid: int) -> RawLayer:
    """The layer in the system its well-known text is marked with; where nobody knows the number, that is what it states."""
    try:
        return replace(layer, declared=parse_crs(srid), implied=False)
    except UnknownCrs:
        return replace(layer, declared=None, implied=False, stated=(f"SRID={srid}",))


def coordinate_columns(names: Sequence[str], fields: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    """The columns of longitude, of latitude and of well-known text: as told, else as usual. None where there is none.

    Raises UntrustedFile where several could be the same.
    """
    lon, lat, wkt = (
        _column(names, fields.get(ours), usual)
        for ours, usual in (("lon", LONGITUDE), ("lat", LATITUDE), ("wkt", WELL_KNOWN_TEXT))
    )
    return lon, lat, wkt


def _without_coordinates(names: Sequence[str]) -> tuple[str, str]:
    return (
        msg("表中没有经纬度列（lon、lat 或 经度、纬度），也没有 WKT 列；现有的列：{columns}", columns=[*names]),
        msg("表头要写明坐标列；用 --field lon=列名 --field lat=列名 指明，表头不在前 30 行的先删去上面的内容"),
    )


def too_many_cells(table: str, most: int) -> UnreadableFile:
    """The error of a table that is larger than this door lets in."""
    return UnreadableFile(msg("表格{name}多于 {most} 格；请去掉空行空列，或拆分后重新提交", name=table, most=most))


def read_coordinate(value: object) -> float:
    """Decimal degrees or metres; degrees, minutes (whole or decimal) and seconds, both below 60. Raises ValueError.

    A number that a spreadsheet shortened (``3.36E+07``) is none: its last digits are metres.
    """
    text = plain(value)
    if _GROUPED.fullmatch(text):
        return float(text.replace(",", ""))
    shortened = _LAST_DIGITS.fullmatch(text)
    if shortened:
        if not isinstance(value, float) and len(shortened[1] or "") < int(shortened[2]):
            raise ValueError(msg("读不成数字：{value}", value=text))
        return float(text)
    read = read_value(text)
    if read is None or (read.sexagesimal and not _MARKED.search(normalise(text))):
        raise ValueError(msg("读不成数字：{value}", value=text))
    return read.number


def _geometries(
    table: pd.DataFrame, columns: tuple[str | None, str | None, str | None]
) -> tuple[Geometries, dict[int, str], int | None]:
    """The geometries, why some could not be read, and the SRID that all well-known text of the table is marked with."""
    lon, lat, wkt = columns
    srid = common_srid([plain(value) for value in table[wkt]]) if wkt else None
    made: list[Any] = []
    broken: dict[int, str] = {}
    for row in range(len(table)):
        try:
            made.append(_from_text(table[wkt].iloc[row]) if wkt else _point(table, row, str(lon), str(lat)))
        except (ValueError, shapely.errors.GEOSException) as error:
            made.append(None)
            broken[row] = reason_of(error) if isinstance(error, shapely.errors.GEOSException) else str(error)
    return as_array(made), broken, srid


def _from_text(value: object) -> Any:
    text = without_srid(plain(value))
    return shapely.from_wkt(text) if text else None


def _point(table: pd.DataFrame, row: int, lon: str, lat: str) -> Any:
    values = table[lon].iloc[row], table[lat].iloc[row]
    if not any(plain(value) for value in values):
        return None
    formula = next((value for value in values if isinstance(value, Formula)), None)
    if formula is not None:
        raise ValueError(msg("坐标是公式 {formula}，文件里没有存它的结果", formula=str(formula)))
    if _is_marked(values[0], "lat") or _is_marked(values[1], "lon"):
        crossed = msg("经纬度写反了列：{lon}={east}，{lat}={north}", lon=lon, east=values[0], lat=lat, north=values[1])
        raise ValueError(crossed)
    try:
        return shapely.Point(read_coordinate(values[0]), read_coordinate(values[1]))
    except ValueError:
        raise ValueError(
            msg(
                "坐标无法读成数字：{lon}={east}，{lat}={north}",
                lon=lon,
                east=repr(str(values[0])),
                lat=lat,
                north=repr(str(values[1])),
            )
        ) from None


def _is_marked(value: object, axis: str) -> bool:
    """Whether a cell itself says which coordinate it is (北纬39.3°, E99.8), and it is this one."""
    read = read_value(plain(value)) if isinstance(value, str) and _LETTER.search(value) else None
    return read is not None and read.axis == axis


def _column(names: Sequence[str], wanted: str | None, usual: Sequence[str]) -> str | None:
    if wanted is not None:
        return next((name for name in names if plain(name) == wanted), None)
    by_name = {str(name).lower(): str(name) for name in names}
    exact = next((by_name[name] for name in usual if name in by_name), None)
    found = [exact] if exact else called(names, usual)
    if len(found) > 1:
        raise UntrustedFile(
            msg("有几列都可能是同一个坐标：{columns}", columns=found),
            msg("用 --field lon=列名 --field lat=列名 指明用哪一列"),
        )
    return found[0] if found else None
