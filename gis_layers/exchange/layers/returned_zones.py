"""Zones that left as a file to be edited on the desktop, and come back: each with its lasting number and its cells."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_layers.crs import STORAGE_CRS
from gis_layers.exchange.checks.inspection import AREA, LINE
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.report import Delivery, Journal
from gis_layers.exchange.formats.confined_reading import apart
from gis_layers.exchange.layers.attributes import deliver
from gis_layers.exchange.layers.ingest import ingest
from gis_layers.exchange.text.cell_kinds import Overflow
from gis_layers.exchange.text.written import Understood, as_written, value_of
from gis_layers.geometry import promote_to_multi
from gis_layers.plain_text import LARGEST_WHOLE
from risk_model.message import msg

ZONE: Final = "zone_id"
COLUMNS: Final[Mapping[str, str]] = {
    "hazard": "hazard",
    "product": "product",
    "grade": "grade",
    "grade_rank": "grade_rank",
    "grade_scheme": "scheme",
    "name": "name",
    "survey_date": "surveyed",
    "scale": "scale",
    "intensity": "intensity",
    "arrival_min": "arrival",
    "overburden_m": "overburden",
    "fault_age": "fault_age",
    "corridor_kind": "corridor",
    "source": "source",
    "source_id": "source_id",
}
"""Attributes by the column they leave in; no name is longer than the ten bytes a shapefile keeps."""
WHOLE: Final = frozenset({"grade_rank", "scale"})
FIGURES: Final = frozenset({"intensity", "arrival_min", "overburden_m"})
DAYS: Final = frozenset({"survey_date"})
_MEND = msg("在源软件中改正该值后重新读回")


def leaving(numbers: list[int], attributes: Mapping[str, list[Any]], shapes: Any) -> gpd.GeoDataFrame:
    """The rows of a file of zones (storage CRS): their numbers, then every attribute in a column of its kind."""
    columns: dict[str, Any] = {ZONE: np.asarray(numbers, dtype=np.int64)}
    for name, column in COLUMNS.items():
        values = attributes[name]
        if name in WHOLE:
            columns[column] = pd.array(values, dtype="Int32")
        elif name in FIGURES:
            columns[column] = np.asarray([math.nan if one is None else one for one in values], dtype=np.float64)
        else:
            told = [one.isoformat() if isinstance(one, datetime.date) else one for one in values]
            columns[column] = pd.Series(told, dtype=object)
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=STORAGE_CRS)


@apart
def read_returned_zones(path: Path, options: ReadingOptions) -> Delivery:
    """Read zones that come back: feature, zone (None for a new one), given (attributes by name, of the columns there are), geometry (multi).

    A feature with a cell nobody understands is refused, and the whole file where it has no column of lasting numbers.
    Raises UnreadableFile, AmbiguousLayer and UnknownCrs; all else is told in the report.
    """
    received = ingest(path, options, (), dimensions=frozenset({AREA, LINE}))
    raw, journal = received.raw, received.journal
    there = {str(name).lower(): name for name in reversed(list(raw.attributes.columns))}
    if ZONE not in there and journal.whole_file_error is None:
        journal.refuse_file(
            msg("文件里没有 {column} 列，不知道每个图斑是哪个区划", column=ZONE),
            msg("用“导出草稿”得到的文件修改，并保留 {column} 列", column=ZONE),
        )
    count = len(raw.geometries)
    numbers = _cells(raw.attributes, there.get(ZONE), count, read_value=_number, journal=journal)
    known = {name: there[column] for name, column in COLUMNS.items() if column in there}
    read = {
        name: _cells(raw.attributes, column, count, read_value=_reader_of(name), journal=journal)
        for name, column in known.items()
    }
    given = [{name: values[feature] for name, values in read.items()} for feature in range(count)]
    columns = {"zone": numbers, "given": given}
    shapes = promote_to_multi(received.geometries)
    return deliver(columns, shapes, raw=raw, journal=journal, layer=("zones", received.crs))


def _cells(
    table: pd.DataFrame, column: Any, count: int, *, read_value: Callable[[Any], Any], journal: Journal
) -> list[Any]:
    """One value a feature; None where its cell is empty."""
    if column is None:
        return [None] * count
    read: list[Any] = []
    for feature, cell in enumerate(table[column].tolist()):
        try:
            read.append(None if feature in journal.refused or _is_empty(cell) else read_value(_plain(cell)))
        except ValueError as trouble:
            journal.refuse(feature, msg("「{column}」{trouble}", column=str(column), trouble=trouble), advice=_MEND)
            read.append(None)
    return read


def _plain(cell: Any) -> Any:
    value = value_of(cell)
    return value.value if isinstance(value, Understood) else value


def _is_empty(cell: Any) -> bool:
    if isinstance(cell, Overflow):  # stars, as GDAL writes that a number of a shapefile is not there
        return True
    if cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)):
        return True
    return isinstance(cell, str) and not cell.strip()


def _reader_of(name: str) -> Callable[[Any], Any]:
    if name in WHOLE:
        return _number
    if name in FIGURES:
        return _figure
    return _day if name in DAYS else _text


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return as_written(value)


def _number(value: Any) -> int:
    number = _figure(value)
    if number % 1 or not 1 <= number <= LARGEST_WHOLE:
        raise ValueError(msg("应为正整数：{value}", value=as_written(value)[:40]))
    return int(number)


def _figure(value: Any) -> float:
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(msg("读不成数字：{value}", value=as_written(value)[:40]))
    return number


def _day(value: Any) -> datetime.date:
    if isinstance(value, datetime.date):
        return value.date() if isinstance(value, datetime.datetime) else value
    try:
        return datetime.date.fromisoformat(as_written(value)[:10].replace("/", "-"))
    except ValueError as error:
        raise ValueError(msg("读不成日期：{value}", value=as_written(value)[:40])) from error
