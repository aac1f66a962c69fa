"""Excel workbooks: one sheet is one layer."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import geopandas as gpd
import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.archive_limits import check_archive
from gis_layers.exchange.cells import table_of
from gis_layers.exchange.counting import Declared
from gis_layers.exchange.formats import Format, WritingOptions, choose_layer
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.provenance import ABOUT, HEADINGS, table_of_provenance
from gis_layers.exchange.raw import RawLayer
from gis_layers.exchange.report import Problem
from gis_layers.exchange.sheet_counts import count_cells
from gis_layers.exchange.signatures import begins_with
from gis_layers.exchange.tabular import layer_of_rows, plain, too_many_cells
from risk_model.said import said

_DAMAGED = (
    BadZipFile, InvalidFileException, KeyError, IndexError, AttributeError, TypeError, OSError, ValueError, RuntimeError, EOFError,
    SyntaxError, zlib.error,
)  # fmt: skip
"""What openpyxl lets through from a damaged archive or from XML that is not a workbook's."""
_LONGEST_TITLE = 31
_LONGEST_CELL = 32_767


def read_excel(path: Path, options: ReadingOptions) -> RawLayer:
    """Read one sheet with lon and lat or well-known text columns; formulas count with their last value."""
    try:
        layer, rows, blank = _read_sheet(path, options)
    except _DAMAGED as error:
        raise UnreadableFile(f"{path.name} is no readable workbook ({error}); save it again as .xlsx") from error
    if not rows:
        raise UnreadableFile(f"sheet {layer} of {path.name} is empty; it needs a heading line and one line a feature")
    header = [plain(cell) for cell in rows[0]]
    raw = layer_of_rows(header, rows[1:], options)
    return replace(
        raw,
        format="excel",
        layer=layer,
        encoding="UTF-8",
        met=sum(map(_held, rows)) + blank,
        problems=(*_beside_the_columns(rows[1:], len(header)), *raw.problems),
    )


def _beside_the_columns(rows: Sequence[tuple[Any, ...]], width: int) -> Iterator[Problem]:
    """What stands to the right of the last heading belongs to no column, and is told."""
    beside = [(number, row[width:]) for number, row in enumerate(rows) if any(plain(cell) for cell in row[width:])]
    if beside:
        number, cells = beside[0]
        yield Problem(
            None,
            said(
                "有 {n} 行在最后一个标题的右边还有内容，没有读取（如第 {number} 号要素的「{cell}」）",
                n=len(beside),
                number=number,
                cell=next(plain(cell) for cell in cells if plain(cell)),
            ),
            None,
            said("给这些列补上标题，或删去多余的内容后重新导入"),
        )


def _read_sheet(path: Path, options: ReadingOptions) -> tuple[str, list[tuple[Any, ...]], int]:
    """The name of the sheet, its rows that hold something, and how many cells of blanks were left out with others."""
    with ZipFile(path) as archive:
        check_archive(archive, path, options.limits)
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        layer = choose_layer(_layers_of(book, options.layer), options.layer, path=path)
        rows = list(_rows_of(book[layer], options.limits.cells))
    finally:
        book.close()
    filled = [row for row in rows if any(plain(cell) for cell in row)]
    cells = sum(_held(row) for row in rows) - sum(_held(row) for row in filled)
    return layer, filled, cells


def _held(row: tuple[Any, ...]) -> int:
    return sum(cell is not None for cell in row)


def _layers_of(book: Any, wanted: str | None) -> list[str]:
    """The sheets there are to choose from; the last one, where it tells as ours do what the others rest on, is none."""
    names = list(book.sheetnames)
    if wanted is not None or names[-1] != ABOUT or len(names) == 1:
        return names
    heading = next(book[ABOUT].iter_rows(max_row=1, values_only=True), ())
    return names[:-1] if heading[: len(HEADINGS)] == HEADINGS else names


def _rows_of(sheet: Any, most: int) -> Iterator[tuple[Any, ...]]:
    """The rows, and not those without a single cell. The size a sheet claims is not believed, and cells are counted as they come."""
    sheet.reset_dimensions()
    cells = 0
    for row in sheet.iter_rows(values_only=True):
        cells += len(row) + 1
        if cells > most:
            raise too_many_cells(sheet.title, most)
        if _held(row):
            yield tuple(row)


def count_sheet_cells(path: Path, raw: RawLayer) -> Declared:
    """Count the cells of the sheet that was read. Raises UnreadableFile."""
    try:
        return count_cells(path, raw)
    except _DAMAGED as error:
        raise UnreadableFile(f"{path.name} is no readable workbook ({error}); save it again as .xlsx") from error


def write_excel(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write one sheet with the geometry in the column ``WKT``."""
    about = {ABOUT: table_of_provenance(options.provenance)} if options.provenance else {}
    return write_sheets({options.layer_name: table_of(frame), **about}, path)


def write_sheets(tables: dict[str, pd.DataFrame], path: Path) -> tuple[str, ...]:
    """Write guarded tables as the sheets of one workbook; text longer than a cell holds is cut and named."""
    book = Workbook(write_only=True)
    notes: list[str] = []
    for title, table in tables.items():
        sheet = book.create_sheet(title[:_LONGEST_TITLE])
        sheet.append([str(name) for name in table.columns])
        for number, row in enumerate(table.itertuples(index=False, name=None)):
            sheet.append([_fitting(cell, f"{title}[{number}]", notes) for cell in row])
    book.save(path)
    return tuple(notes)


def _fitting(cell: object, where: str, notes: list[str]) -> object:
    if isinstance(cell, str) and len(cell) > _LONGEST_CELL:
        notes.append(f"{where}: text of {len(cell)} characters does not fit a cell and was left out")
        return None
    return cell


FORMAT = Format(
    "excel", (".xlsx",), read_excel, write_excel,
    signature=begins_with(b"PK\x03\x04", kind="Excel workbook (.xlsx)"), count=count_sheet_cells,
)  # fmt: skip
