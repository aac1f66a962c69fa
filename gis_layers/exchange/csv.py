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
from gis_layers.exchange.decoding import undecodable
from gis_layers.exchange.formats import Format, WritingOptions
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.provenance import with_provenance
from gis_layers.exchange.raw import RawLayer
from gis_layers.exchange.signatures import check_table
from gis_layers.exchange.tabular import layer_of_rows
from gis_layers.exchange.text_encoding import Claims, RawText, decide_encoding, decode_leaving_traces

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
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise UnreadableFile(f"{path.name} is no readable table ({error}); save it again as CSV") from error
    if not rows:
        raise UnreadableFile(f"{path.name} is empty; it needs a heading line and one line a feature")
    return rows


FORMAT = Format("csv", (".csv", ".tsv", ".txt"), read_csv, write_csv, signature=check_table)
