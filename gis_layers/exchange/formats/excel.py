"""Excel workbooks: one sheet is one layer."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import BadZipFile, ZipFile

import geopandas as gpd
import pandas as pd

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.provenance import ABOUT, HEADINGS, table_of_provenance
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.formats.archive_limits import check_archive
from gis_layers.exchange.formats.declared_counts import Declared
from gis_layers.exchange.formats.heading_rows import below_heading
from gis_layers.exchange.formats.registry import Format, WritingOptions, choose_layer
from gis_layers.exchange.formats.sheet_counts import count_cells
from gis_layers.exchange.formats.sheet_rows import add_rows, is_large_and_plain
from gis_layers.exchange.formats.signatures import begins_with
from gis_layers.exchange.formats.tabular import layer_of_rows, too_many_cells
from gis_layers.exchange.text.cell_kinds import Formula
from gis_layers.exchange.text.cells import table_of
from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.sheet_cells import Formulas, formulas_of, value_of_cell
from risk_model.message import msg

_DAMAGED = (
    BadZipFile, KeyError, IndexError, AttributeError, TypeError, OSError, ValueError, RuntimeError, EOFError,
    SyntaxError, zlib.error,
)  # fmt: skip
"""What openpyxl lets through from a damaged archive or from XML that is not a workbook's."""
_LONGEST_TITLE = 31
_SHOWN = "visible"
_FIRST_ROWS = 1000
_LONGEST_CELL = 32_767


def read_excel(path: Path, options: ReadingOptions) -> RawLayer:
    """Read one sheet with lon and lat or well-known text columns; formulas count with their last value."""
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        sheet = _read_sheet(path, options)
    except (*_DAMAGED, InvalidFileException) as error:
        raise UnreadableFile(
            msg("{name} 不是可读的工作簿（{error}）；请另存为 .xlsx", name=path.name, error=error)
        ) from error
    if not sheet.rows:
        raise UnreadableFile(
            msg("{name_2} 的工作表 {name} 是空的；应有一行表头和每个要素一行", name=sheet.name, name_2=path.name)
        )
    table = below_heading(sheet.rows, options.fields)
    raw = layer_of_rows(table.heading, table.rows, options)
    beside = _beside_the_columns(table.rows, len(table.heading))
    return replace(
        raw,
        format="excel",
        layer=sheet.name,
        encoding="UTF-8",
        met=sum(map(_held, sheet.rows)) + sheet.blank,
        epoch=sheet.epoch,
        problems=(*sheet.problems, *table.problems, *beside, *raw.problems),
    )


def _beside_the_columns(rows: Sequence[Sequence[Any]], width: int) -> Iterator[Problem]:
    """Problem with cells to the right of the last heading, which belong to no column."""
    beside = [(number, row[width:]) for number, row in enumerate(rows) if any(plain(cell) for cell in row[width:])]
    if beside:
        number, cells = beside[0]
        yield Problem(
            None,
            msg(
                "有 {n} 行在最后一个标题的右边还有内容，没有读取（如第 {number} 号要素的「{cell}」）",
                n=len(beside),
                number=number,
                cell=next(plain(cell) for cell in cells if plain(cell)),
            ),
            None,
            msg("给这些列补上标题，或删去多余的内容后重新导入"),
        )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet: its rows that hold something, how many cells of blanks were left out with others, what is to be told; its day 0."""

    name: str
    rows: list[tuple[Any, ...]]
    blank: int
    problems: tuple[Problem, ...]
    epoch: date


def _read_sheet(path: Path, options: ReadingOptions) -> _Sheet:
    from openpyxl import load_workbook  # noqa: PLC0415

    with ZipFile(path) as archive:
        check_archive(archive, path, options.limits)
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        layer = choose_layer(_layers_of(book, options.layer), options.layer, path=path)
        rows = list(_rows_of(book[layer], options.limits.cells, formulas_of(path, layer)))
        hidden, epoch = _hidden(book), book.epoch.date()
    finally:
        book.close()
    filled = [row for row in rows if any(plain(cell) for cell in row)]
    blank = sum(_held(row) for row in rows) - sum(_held(row) for row in filled)
    return _Sheet(layer, filled, blank, hidden, epoch)


def _held(row: tuple[Any, ...]) -> int:
    return sum(cell is not None and not isinstance(cell, Formula) for cell in row)


def _hidden(book: Any) -> tuple[Problem, ...]:
    names = [sheet.title for sheet in book.worksheets if sheet.sheet_state != _SHOWN]
    if not names:
        return ()
    problem = msg("工作簿里有隐藏的工作表，没有读入：{names}", names=names)
    return (Problem(None, problem, None, msg("其中有要导入的数据时，取消隐藏后重新提交")),)


def _layers_of(book: Any, wanted: str | None) -> list[str]:
    """The sheets there are to choose from: shown and, where nobody names one, not empty.

    The last one, where it tells as ours do what the others rest on, is none.
    """
    names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == _SHOWN]
    if wanted is None and len(names) > 1:
        names = [name for name in names if _holds_anything(book[name])] or names[:1]
    if not names:
        raise UnreadableFile(msg("工作簿里的工作表都是隐藏的，没有读取；请取消隐藏要导入的工作表后重新提交"))
    if wanted is not None or names[-1] != ABOUT or len(names) == 1:
        return names
    heading = next(book[ABOUT].iter_rows(max_row=1, values_only=True), ())
    return names[:-1] if heading[: len(HEADINGS)] == HEADINGS else names


def _holds_anything(sheet: Any) -> bool:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=_FIRST_ROWS, values_only=True)
    return any(plain(cell) for row in rows for cell in row)


def _rows_of(sheet: Any, most: int, formulas: Formulas) -> Iterator[tuple[Any, ...]]:
    """The rows, and not those without a single cell. The size a sheet claims is not believed, and cells are counted as they come."""
    sheet.reset_dimensions()
    cells = 0
    for row in sheet.iter_rows():
        cells += len(row) + 1
        if cells > most:
            raise too_many_cells(sheet.title, most)
        values = tuple(value_of_cell(cell, formulas) for cell in row)
        if any(value is not None for value in values):
            yield values


def count_sheet_cells(path: Path, raw: RawLayer) -> Declared:
    """Count the cells of the sheet that was read. Raises UnreadableFile."""
    try:
        return count_cells(path, raw)
    except _DAMAGED as error:
        raise UnreadableFile(
            msg("{name} 不是可读的工作簿（{error}）；请另存为 .xlsx", name=path.name, error=error)
        ) from error


def write_excel(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write one sheet with the geometry in the column ``WKT``."""
    about = {ABOUT: table_of_provenance(options.provenance)} if options.provenance else {}
    return write_sheets({options.layer_name: table_of(frame), **about}, path)


def write_sheets(tables: dict[str, pd.DataFrame], path: Path) -> tuple[str, ...]:
    """Write guarded tables as the sheets of one workbook; text longer than a cell holds is cut and named."""
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    notes: list[str] = []
    large: dict[int, pd.DataFrame] = {}
    for place, (title, table) in enumerate(tables.items(), 1):
        sheet = book.create_sheet(title[:_LONGEST_TITLE])
        sheet.append([str(name) for name in table.columns])
        if is_large_and_plain(table):
            large[place] = _all_fitting(table, title, notes)
            continue
        for number, row in enumerate(table.itertuples(index=False, name=None)):
            sheet.append([_fitting(cell, f"{title}[{number}]", notes) for cell in row])
    if not large:
        book.save(path)
        return tuple(notes)
    with TemporaryDirectory(prefix="anzhi-sheets-") as folder:
        headings = Path(folder) / "headings.xlsx"
        book.save(headings)
        add_rows(headings, large, path)
    return tuple(notes)


def _all_fitting(table: pd.DataFrame, title: str, notes: list[str]) -> pd.DataFrame:
    columns = {name: table[name].tolist() for name in table.columns}
    for cells in columns.values():
        for number, cell in enumerate(cells):
            if type(cell) is str and len(cell) > _LONGEST_CELL:
                cells[number] = _fitting(cell, f"{title}[{number}]", notes)
    return pd.DataFrame(columns, dtype=object)


def _fitting(cell: object, where: str, notes: list[str]) -> object:
    if isinstance(cell, str) and len(cell) > _LONGEST_CELL:
        notes.append(msg("{where}：{count} 个字的文字放不进一个单元格，已略去", where=where, count=len(cell)))
        return None
    return cell


FORMAT = Format(
    "excel", (".xlsx",), read_excel, write_excel,
    signature=begins_with(b"PK\x03\x04", kind="Excel workbook (.xlsx)"), count=count_sheet_cells,
)  # fmt: skip
