"""Tables with coordinates in columns (CSV, Excel): longitude and latitude, or well-known text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import shapely

from gis_layers.crs import STORAGE_CRS, parse_crs
from gis_layers.errors import UnreadableFile
from gis_layers.exchange.coordinate_text import normalise, read_value
from gis_layers.exchange.decoding import unique_names
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer, reason_of
from gis_layers.geometry import as_array
from gis_layers.plain_text import LAST_DIGIT, visible
from risk_model.said import said
from risk_model.vocabulary import Geometries

LONGITUDE = ("lon", "longitude", "lng", "经度", "东经", "x", "东坐标", "横坐标", "x坐标", "中心经度")
LATITUDE = ("lat", "latitude", "纬度", "北纬", "y", "北坐标", "纵坐标", "y坐标", "中心纬度")
WELL_KNOWN_TEXT = ("wkt", "geometry", "geom", "the_geom", "几何", "图形")

_LAST_DIGITS = re.compile(r"[-+]?\d(?:\.(\d+))?e[-+]?(\d+)", re.IGNORECASE | re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_MARKED = re.compile(r"['\":分秒]|[°度]\D*$")


def layer_of_rows(header: Sequence[str], rows: Sequence[Sequence[Any]], options: ReadingOptions) -> RawLayer:
    """Make a layer of a table, one feature a row; a row without readable coordinates keeps its place and says why.

    ``options.fields`` may name the columns ``lon``, ``lat`` or ``wkt``. Coordinates are implied to be degrees. Raises
    UnreadableFile for more cells than ``options.limits`` allow: short rows are filled up to the width of the heading.
    """
    if (len(rows) + 1) * len(header) > options.limits.cells:
        raise too_many_cells("", options.limits.cells)
    names = unique_names([plain(name) or f"列{number + 1}" for number, name in enumerate(header)])
    padded = [[*row[: len(names)], *[None] * (len(names) - len(row))] for row in rows]
    attributes = pd.DataFrame(padded, columns=names, dtype=object)
    geometries, broken = _geometries(attributes, {ours: plain(theirs) for ours, theirs in options.fields.items()})
    return RawLayer("", "", geometries, attributes, declared=parse_crs(STORAGE_CRS), implied=True, broken=broken)


def too_many_cells(table: str, most: int) -> UnreadableFile:
    """The error of a table that is larger than this door lets in."""
    return UnreadableFile(said("表格{name}多于 {most} 格；请去掉空行空列，或拆分后重新提交", name=table, most=most))


def plain(value: object) -> str:
    """Text as it is compared: full-width signs half-width (NFKC), none without width, no space around; 3.0 is 3."""
    if isinstance(value, float) and value.is_integer() and abs(value) < LAST_DIGIT:
        return str(int(value))
    return visible(unicodedata.normalize("NFKC", "" if value is None else str(value))).strip()


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
            raise ValueError(said("读不成数字：{value}", value=text))
        return float(text)
    read = read_value(text)
    if read is None or (read.sexagesimal and not _MARKED.search(normalise(text))):
        raise ValueError(said("读不成数字：{value}", value=text))
    return read.number


def _geometries(table: pd.DataFrame, fields: Mapping[str, str]) -> tuple[Geometries, dict[int, str]]:
    lon, lat, wkt = (
        _column(table, fields.get(ours), usual)
        for ours, usual in (("lon", LONGITUDE), ("lat", LATITUDE), ("wkt", WELL_KNOWN_TEXT))
    )
    made: list[Any] = []
    broken: dict[int, str] = {}
    for row in range(len(table)):
        try:
            made.append(_from_text(table[wkt].iloc[row]) if wkt else _point(table, row, lon, lat))
        except (ValueError, shapely.errors.GEOSException) as error:
            made.append(None)
            broken[row] = reason_of(error) if isinstance(error, shapely.errors.GEOSException) else str(error)
    return as_array(made), broken


def _from_text(value: object) -> Any:
    return shapely.from_wkt(plain(value)) if plain(value) else None


def _point(table: pd.DataFrame, row: int, lon: str | None, lat: str | None) -> Any:
    if lon is None or lat is None:
        raise ValueError(said("表中没有经纬度列（lon、lat 或 经度、纬度），也没有 WKT 列"))
    values = table[lon].iloc[row], table[lat].iloc[row]
    if not any(plain(value) for value in values):
        return None
    try:
        return shapely.Point(read_coordinate(values[0]), read_coordinate(values[1]))
    except ValueError:
        raise ValueError(
            said(
                "坐标无法读成数字：{lon}={east}，{lat}={north}",
                lon=lon,
                east=repr(str(values[0])),
                lat=lat,
                north=repr(str(values[1])),
            )
        ) from None


def _column(table: pd.DataFrame, wanted: str | None, usual: Sequence[str]) -> str | None:
    if wanted is not None:
        return wanted if wanted in table.columns else None
    by_name = {str(name).lower(): str(name) for name in table.columns}
    return next((by_name[name] for name in usual if name in by_name), None)
