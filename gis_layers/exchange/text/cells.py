"""Tables as spreadsheets may safely show them."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

_STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""What spreadsheets begin a formula with; those set to Chinese read the full-width signs alike, and some skip line ends."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def table_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn a frame into plain cells: geometry as column ``WKT`` (unrounded), text guarded, numbers left numbers."""
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name) if isinstance(frame, gpd.GeoDataFrame) else frame)
    cells = pd.DataFrame(
        {guarded(name): _guarded_cells(table[name]) for name in table.columns},
        index=table.index,
        dtype=object,
    )
    if isinstance(frame, gpd.GeoDataFrame):
        cells["WKT"] = shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=-1)
    return cells


def _guarded_cells(column: pd.Series[Any]) -> list[Any]:
    """The cells of a column, each text guarded once: those of large tables say the same again and again."""
    known: dict[str, str] = {}
    cells = column.tolist()
    for number, value in enumerate(cells):
        if type(value) is not str:
            cells[number] = guarded(value)
        elif (told := known.get(value)) is not None:
            cells[number] = told
        else:
            cells[number] = known[value] = guarded(value)
    return cells


def guarded(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        text = _UNPRINTABLE.sub("", value)
        return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat()
    return value if isinstance(value, bool | int | float | date) else guarded(str(value))
