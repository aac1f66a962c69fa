"""Workbooks as people use them: heads that stay, filters, columns wide enough to read, cells no spreadsheet takes for a formula."""

from __future__ import annotations

import datetime
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gis_layers.exchange.text.cells import guarded

NARROWEST, WIDEST = 8, 46
LOOKED_AT: Final = 300
"""So many rows decide how wide a column is."""
LONGEST_TITLE: Final = 31
LONGEST_CELL: Final = 32_767
CUT: Final = "…"
"""What stands at the end of a text longer than a cell holds."""
NOT_IN_TITLES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
WHOLE, TENTHS, SQUARE_METRES, DAY = "#,##0", "#,##0.0", '#,##0 "m²"', "yyyy-mm-dd"
"""How numbers of cells are written."""

CellValue = str | int | float | datetime.date | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: its heading, and how its numbers are written (empty: as the spreadsheet likes)."""

    title: str
    written: str = ""


@dataclass(frozen=True, slots=True)
class BookSheet:
    """One sheet: so many of the first columns stay in view.

    ``fills`` colours single cells (RGB), ``written`` says how the numbers and days of single cells are written; both by
    row and column, from 0.
    """

    title: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[object]]
    stays: int = 1
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)
    written: Mapping[tuple[int, int], str] = field(default_factory=dict)


def keyed_sheet(title: str, rows: Sequence[Mapping[str, object]], columns: Sequence[SheetColumn]) -> BookSheet:
    """The sheet of rows by heading: ``columns`` first, then what else the rows have, in their order."""
    known = {column.title for column in columns}
    more = dict.fromkeys(heading for row in rows for heading in row if heading not in known)
    whole = (*columns, *map(SheetColumn, more))
    return BookSheet(title, whole, [[row.get(column.title) for column in whole] for row in rows])


def day_cell(told: str | datetime.date | None) -> str | datetime.date | None:
    """The day a text names as ISO has it; what names none, as it is."""
    try:
        return datetime.date.fromisoformat(told) if isinstance(told, str) and len(told) == len("2026-01-01") else told
    except ValueError:
        return told


def about_sheet(title: str, headings: tuple[str, str], facts: Iterable[tuple[str, object]]) -> BookSheet:
    """The sheet that says what the others rest on, one line a fact."""
    return BookSheet(title, tuple(map(SheetColumn, headings)), [*facts])


def write_book(sheets: Sequence[BookSheet]) -> bytes:
    """The workbook of these sheets, the first of them in front."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title.translate(NOT_IN_TITLES)[:LONGEST_TITLE]), sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(place: Any, sheet: BookSheet) -> None:
    place.append([_fitting(column.title) for column in sheet.columns])
    for row in sheet.rows:
        place.append([_fitting(value) for value in row])
    wrapped, plain = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
    for number, column in enumerate(sheet.columns, 1):
        values = [row[number - 1] for row in sheet.rows[:LOOKED_AT]]
        marked = {written for (_, at), written in sheet.written.items() if at == number - 1}
        place.column_dimensions[get_column_letter(number)].width = _width([column.title, *values, *marked])
        for (cell,) in place.iter_rows(min_row=2, min_col=number, max_col=number):
            cell.alignment = wrapped if isinstance(cell.value, str) else plain
            if column.written and not isinstance(cell.value, str):
                cell.number_format = column.written
        head = place.cell(1, number)
        head.font, head.alignment, head.fill = Font(bold=True), wrapped, PatternFill("solid", fgColor="E8EDEE")
    for (row_number, column_number), colour in sheet.fills.items():
        place.cell(row_number + 2, column_number + 1).fill = PatternFill("solid", fgColor=colour)
    for (row_number, column_number), written in sheet.written.items():
        place.cell(row_number + 2, column_number + 1).number_format = written
    # By name: a cell made for it would be one of the table, and stretch the filter of an empty one.
    place.freeze_panes = f"{get_column_letter(sheet.stays + 1)}2"
    place.auto_filter.ref = place.dimensions
    _for_paper(place)


def _for_paper(place: Any) -> None:
    """On A4 landscape, as wide as the sheet, the heads on every page and the page's number below."""
    place.page_setup.orientation, place.page_setup.paperSize = "landscape", place.PAPERSIZE_A4
    place.page_setup.fitToWidth, place.page_setup.fitToHeight = 1, 0
    place.sheet_properties.pageSetUpPr.fitToPage = True
    place.print_title_rows = "1:1"
    place.oddFooter.right.text = "&P / &N"
    place.oddHeader.left.text = "&A"


def _fitting(value: object) -> CellValue:
    told: CellValue = guarded(value)
    if isinstance(told, str) and len(told) > LONGEST_CELL:
        return told[: LONGEST_CELL - 1] + CUT
    return told


def _width(values: Iterable[object]) -> int:
    widest = max(max((_columns_of(line) for line in str(value).splitlines()), default=0) for value in values)
    return max(NARROWEST, min(WIDEST, widest + 3))


def _columns_of(text: str) -> int:
    """Columns of a screen a text takes: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
