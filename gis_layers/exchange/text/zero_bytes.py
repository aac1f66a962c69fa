"""Characters that GDAL cannot carry: at U+0000 its texts end, and half a character becomes another. Here they come through."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pandas as pd

_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\.")
_UNSTORABLE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_PRIVATE = range(0xE000, 0xF900)
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_ESCAPE = len("\\uXXXX")


def veiled(text: str) -> tuple[str, str | None]:
    """JSON in which a sign that stands nowhere else takes the place of U+0000 and of half characters; and that sign."""
    if not _UNSTORABLE.search(text):
        return text, None
    sign = next((chr(code) for code in _PRIVATE if chr(code) not in text), None)
    if sign is None:
        return text, None
    plain = _ESCAPES.sub(lambda found: _without(found[0], sign) if found[0].startswith("\\u") else found[0], text)
    return (plain, sign) if sign in plain else (text, None)


def unveiled(table: pd.DataFrame, sign: str | None) -> pd.DataFrame:
    """The table with U+0000 again where ``veiled`` put its sign, in cells and in names of columns."""
    if sign is None:
        return table
    cells = {_bare(name, sign): [_bare(cell, sign) for cell in table[name]] for name in table.columns}
    return pd.DataFrame(cells, index=table.index, dtype=object)


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


def _without(escapes: str, sign: str) -> str:
    codes = [int(escapes[at + 2 : at + _ESCAPE], 16) for at in range(0, len(escapes), _ESCAPE)]
    written = []
    for number, code in enumerate(codes):
        before, after = codes[number - 1] if number else 0, codes[number + 1] if number + 1 < len(codes) else 0
        half = (code in _HIGH and after not in _LOW) or (code in _LOW and before not in _HIGH)
        written.append(sign if half or code == 0 else escapes[number * _ESCAPE : (number + 1) * _ESCAPE])
    return "".join(written)


def _bare(value: Any, sign: str) -> Any:
    return value.replace(sign, "\0") if isinstance(value, str) else value
