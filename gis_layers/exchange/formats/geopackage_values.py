"""The values of a GeoPackage that are of another kind than their column: SQLite keeps any in any, and GDAL makes 0 of 约100."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gis_layers.exchange.delivery.raw import RawLayer

_WHOLE = ("INT", "BOOL")
_DECIMAL = ("DOUBLE", "FLOAT", "REAL")


def with_stored_values(path: Path, raw: RawLayer, numbers: Sequence[int]) -> RawLayer:
    """The layer with every number column as the file keeps it: text stays text, and 2.7 is no 2."""
    place = {int(number): row for row, number in enumerate(numbers)}
    table = raw.attributes.copy()
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        key, columns = _columns_of(database, raw.layer)
        for name in table.columns if key else ():
            kinds = columns.get(str(name))
            stored = list(_others(database, raw.layer, key, str(name), kinds)) if kinds else []
            if stored:
                cells: Any = table[name].to_numpy(dtype=object, copy=True)
                for number, value in stored:
                    if number in place:
                        cells[place[number]] = value
                table[name] = np.asarray(cells, dtype=object)
    return replace(raw, attributes=table)


def _columns_of(database: sqlite3.Connection, layer: str) -> tuple[str | None, dict[str, tuple[str, ...]]]:
    """The column of the features' numbers, and the number columns with the kinds of values they may hold."""
    found = database.execute(f"PRAGMA table_info({_quoted(layer)})").fetchall()
    key = next((str(row[1]) for row in found if row[5] == 1 and "INT" in str(row[2]).upper()), None)
    columns: dict[str, tuple[str, ...]] = {}
    for row in found:
        kind = str(row[2]).upper()
        if any(word in kind for word in _WHOLE):
            columns[str(row[1])] = ("integer", "null")
        elif any(word in kind for word in _DECIMAL):
            columns[str(row[1])] = ("integer", "real", "null")
    return key, columns


def _others(
    database: sqlite3.Connection, layer: str, key: str | None, name: str, kinds: tuple[str, ...]
) -> Iterator[tuple[int, Any]]:
    marks = ", ".join("?" for _ in kinds)
    column = _quoted(name)
    asked = f"SELECT {_quoted(str(key))}, {column} FROM {_quoted(layer)} WHERE typeof({column}) NOT IN ({marks})"  # noqa: S608
    for number, value in database.execute(asked, kinds):
        yield int(number), value if isinstance(value, str | float | int) else repr(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
