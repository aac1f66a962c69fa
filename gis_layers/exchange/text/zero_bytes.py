"""U+0000 in the texts of a GeoPackage: at it those of GDAL end. Here they come through."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pandas as pd


def with_zero_bytes(table: pd.DataFrame, path: Path, layer: str) -> pd.DataFrame:
    """The attributes of a layer of a GeoPackage, with the texts that hold U+0000 as the file has them."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as file,
    ):
        file.text_factory = lambda content: content.decode("utf-8", errors="replace")
        for column in table.columns:
            for row, text in _texts_with_zeros(file, layer, str(column)):
                if row < len(table):
                    table.loc[table.index[row], column] = text
    return table


def _texts_with_zeros(file: sqlite3.Connection, layer: str, column: str) -> Iterator[tuple[int, str]]:
    """Rows (from 0, in the order they are read) and texts of a column that hold a zero byte."""
    table, cell = (f'"{name.replace(chr(34), chr(34) * 2)}"' for name in (layer, column))
    query = (
        f"SELECT row, text FROM (SELECT row_number() OVER (ORDER BY rowid) - 1 AS row, {cell} AS text FROM {table}) "  # noqa: S608 - quoted
        "WHERE typeof(text) = 'text' AND instr(CAST(text AS BLOB), x'00') > 0"
    )
    yield from ((int(row), str(text)) for row, text in file.execute(query).fetchall())
