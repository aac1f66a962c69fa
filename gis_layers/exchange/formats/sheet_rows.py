"""Rows of large sheets, written as the text they are in a workbook: the same cells that openpyxl writes, in a fraction of its time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd

LARGE: Final = 2_000
"""From so many rows on a sheet of plain cells is written here."""

_PLAIN: Final = {str, int, float, bool, type(None)}
_ROWS_AT_ONCE: Final = 5_000
_ERRORS: Final = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
_END: Final = b"</sheetData>"


def is_large_and_plain(table: pd.DataFrame) -> bool:
    """Whether a table of guarded cells has many rows and no cell that needs a style, such as a date."""
    return len(table) >= LARGE and all(set(map(type, table[name])) <= _PLAIN for name in table.columns)


def add_rows(book: Path, tables: Mapping[int, pd.DataFrame], out: Path) -> None:
    """Write the workbook ``book`` to ``out``, with rows below the heading of the sheets that ``tables`` numbers from 1."""
    names = {f"xl/worksheets/sheet{number}.xml": table for number, table in tables.items()}
    with ZipFile(book) as given, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=3) as made:
        for entry in given.namelist():
            content = given.read(entry)
            if entry not in names:
                made.writestr(entry, content)
                continue
            heading, _, foot = content.partition(_END)
            with made.open(entry, "w", force_zip64=True) as sheet:
                sheet.write(heading)
                _write_rows(names[entry], sheet)
                sheet.write(_END + foot)


def _write_rows(table: pd.DataFrame, sheet: IO[bytes]) -> None:
    letters = [_letters(number) for number in range(len(table.columns))]
    known: dict[str, str] = {}
    for start in range(0, len(table), _ROWS_AT_ONCE):
        some = table.iloc[start : start + _ROWS_AT_ONCE]
        columns = [
            _cells(letter, start + 2, some.iloc[:, number].tolist(), known) for number, letter in enumerate(letters)
        ]
        rows = zip(*columns, strict=True)
        text = "".join(f'<row r="{number}">{"".join(row)}</row>' for number, row in enumerate(rows, start + 2))
        sheet.write(text.encode("ascii", "xmlcharrefreplace"))


def _cells(letter: str, first: int, values: list[Any], known: dict[str, str]) -> Iterator[str]:
    """The cells of a column from row ``first`` on; ``known`` keeps texts already told."""
    begun = f'<c r="{letter}'
    for row, value in enumerate(values, first):
        if value is None:
            yield ""
        elif type(value) is str:
            if (told := known.get(value)) is None:
                told = known[value] = _text(value)
            yield f'{begun}{row}" {told}</c>'
        elif type(value) is bool:
            yield f'{begun}{row}" t="b"><v>{value:d}</v></c>'
        else:
            yield f'{begun}{row}" t="n"><v>{value:.16g}</v></c>'


def _text(value: str) -> str:
    if value in _ERRORS:
        return f't="e"><v>{value}</v>'
    if not value:
        return 't="inlineStr">'
    kept = ' xml:space="preserve"' if value.strip() != value else ""
    return f't="inlineStr"><is><t{kept}>{escape(value, {chr(13): "&#13;"})}</t></is>'


def _letters(number: int) -> str:
    """Name of a column, counted from 0: A to Z, then AA and on."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
