"""The cells of a sheet as the person sees them who filled it in: numbers with what their format adds, formulas without a result."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from gis_layers.exchange.text.cell_kinds import Formula, Shown
from gis_layers.plain_text import LAST_DIGIT

Formulas = Mapping[tuple[int, int], str]
"""Formulas by row and column, both from 1."""

_SHEETS = "xl/worksheets/"
_ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.")
"""Colours, conditions and the gaps of a format: nothing of them says what is meant."""
_PIECES = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<number>[#0?,.]+)|(?P<other>.)', re.DOTALL)
_SCALED = re.compile(r",+$|,+\.")
_MOST_DIGITS = 30


def value_of_cell(cell: Any, formulas: Formulas) -> Any:
    """The value of a cell of a sheet; Shown where its format says more of a number, Formula where its result is missing."""
    value = cell.value
    if value is None:
        missing = cell.data_type == "n" and formulas and hasattr(cell, "row")
        formula = formulas.get((cell.row, cell.column)) if missing else None
        return None if formula is None else Formula(formula)
    if isinstance(value, int | float) and not isinstance(value, bool) and cell.data_type == "n":
        kept = float(value) if abs(value) >= LAST_DIGIT else value
        return as_shown(kept, cell.number_format or "General")
    return value


def as_shown(number: float, number_format: str) -> float | Shown:
    """A number, or what its cell shows of it: leading zeros, the sign of percent, words and units around it."""
    positive = _ASIDE.sub("", number_format.partition(";")[0]).replace("General", "#")
    if number_format == "General" or number < 0 or not math.isfinite(number):
        return number
    pieces = list(_PIECES.finditer(positive))
    digits = [place for place, piece in enumerate(pieces) if piece["number"]]
    if len(digits) != 1 or _SCALED.search(pieces[digits[0]][0]):
        return number
    before = "".join(map(_said, pieces[: digits[0]]))
    after = "".join(map(_said, pieces[digits[0] + 1 :]))
    if not _is_words(before + after):
        return number
    written = _digits_of(number * 100 if "%" in after else number, pieces[digits[0]][0])
    text = f"{before}{written}{after}".strip()
    return number if text == _digits_of(number, "0") else _shown(text, number)


def formulas_of(path: Path, sheet: str) -> Formulas:
    """The formulas of a sheet; a workbook without any is not read a second time."""
    with ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.startswith(_SHEETS) and name.endswith(".xml")]
        if not any(_ANY_FORMULA.search(archive.read(name)) for name in parts):
            return {}
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    try:
        page = book[sheet]
        page.reset_dimensions()
        cells: Iterator[Any] = (cell for row in page.iter_rows() for cell in row if cell.data_type == "f")
        return {(cell.row, cell.column): str(getattr(cell.value, "text", cell.value)) for cell in cells}
    finally:
        book.close()


def _said(piece: re.Match[str]) -> str:
    return next(text for text in (piece["quoted"], piece["escaped"], piece["other"], "") if text is not None)


def _is_words(text: str) -> bool:
    """Whether what stands around a number is text to be read, and not a date, a fraction or an exponent."""
    return not re.search(r"[/Ee@]", text) or "%" in text


def _digits_of(number: float, pattern: str) -> str:
    """All digits of a number, and the zeros before them that its format asks for."""
    whole = pattern.partition(".")[0].replace(",", "")
    if not float(number).is_integer():
        return f"{number:.15g}"
    return str(int(number)).zfill(min(whole.count("0"), _MOST_DIGITS))


def _shown(text: str, number: float) -> Shown:
    shown = Shown(text)
    shown.stored = number
    return shown
