"""CSV: read with lon and lat or well-known text; written for Excel, guarded against formulas."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import geopandas as gpd

from gis_layers.crs import is_inside_china
from gis_layers.errors import UnreadableFile, UnwritableFile
from gis_layers.exchange.cells import table_of
from gis_layers.exchange.counting import Declared
from gis_layers.exchange.decoding import undecodable
from gis_layers.exchange.formats import Format, WritingOptions
from gis_layers.exchange.line_counts import count_lines
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.provenance import with_provenance
from gis_layers.exchange.raw import RawLayer
from gis_layers.exchange.signatures import check_table
from gis_layers.exchange.tabular import layer_of_rows
from gis_layers.exchange.text_encoding import UTF8, Claims, RawText, decide_encoding, decode_leaving_traces
from risk_model.said import said

_BOM = b"\xef\xbb\xbf"
_LONGEST_CELL = 64 * 1024 * 1024


def read_csv(path: Path, options: ReadingOptions) -> RawLayer:
    """Read a table with one feature a row; lines that are empty are no features. Raises UnreadableFile."""
    content = path.read_bytes().removeprefix(_BOM)
    lines = {RawText(line) for line in content.splitlines() if not line.isascii()}
    claims = Claims(options.encoding, in_china=is_inside_china(options.metric_crs))
    encoding = decide_encoding(lines, claims).name
    if encoding is None:
        raise UnreadableFile(f"{path.name} is neither UTF-8 nor GB18030; name its encoding with --encoding")
    header, *rows = _rows(decode_leaving_traces(content, encoding), path)
    names = [_without_traces(name) or "" for name in header]
    problems = [
        undecodable(feature, names[column], encoding)
        for feature, row in enumerate(rows)
        for column, cell in enumerate(row[: len(names)])
        if _without_traces(cell) is None
    ]
    layer = layer_of_rows(names, [[_without_traces(cell) for cell in row] for row in rows], options)
    return replace(layer, format="csv", layer=path.stem, encoding=encoding, problems=tuple(problems))


def count_rows(path: Path, raw: RawLayer) -> Declared:
    """Count the lines of the table. Raises CountsDiffer."""
    text = decode_leaving_traces(path.read_bytes().removeprefix(_BOM), raw.encoding or UTF8)
    return count_lines(text, _delimiter_of(text), path.name)


def write_csv(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write text and geometry (column ``WKT``); UTF-8 with a byte order mark, which Excel needs, unless asked else."""
    encoding = options.encoding or "utf-8-sig"
    try:
        table = with_provenance(table_of(frame), options.provenance)
        table.to_csv(path, index=False, encoding=encoding, lineterminator="\r\n")
    except (UnicodeEncodeError, LookupError) as error:
        raise UnwritableFile(
            f"the text does not fit the encoding {encoding} ({error}); leave --encoding out"
        ) from error
    return ()


def _without_traces(cell: str) -> str | None:
    """The cell, or None where bytes in it could not be decoded."""
    return None if any("\ud800" <= letter <= "\udfff" for letter in cell) else cell


def _rows(text: str, path: Path) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
    rows: list[list[str]] = []
    line = 1
    try:
        for row in lines:
            line = lines.line_num + 1
            if any(row):
                rows.append(row)
    except csv.Error as error:
        raise UnreadableFile(
            said(
                "{name} 从第 {line} 行起读不成表格：引号没有闭合，或引号之后还有文字（{error}）；请改正这一行的引号后重新导入",
                name=path.name,
                line=line,
                error=str(error),
            )
        ) from error
    if not rows:
        raise UnreadableFile(f"{path.name} is empty; it needs a heading line and one line a feature")
    return rows


def _delimiter_of(text: str) -> str:
    first = text.splitlines()[0] if text else ""
    return max(",;\t", key=first.count)


FORMAT = Format("csv", (".csv", ".tsv", ".txt"), read_csv, write_csv, signature=check_table, count=count_rows)
