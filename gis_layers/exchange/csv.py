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
from gis_layers.exchange.formats import Format, WritingOptions
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer
from gis_layers.exchange.tabular import layer_of_rows
from gis_layers.exchange.text_encoding import UTF8, Claims, RawText, decide_encoding, decode

_BOM = b"\xef\xbb\xbf"
_LONGEST_CELL = 64 * 1024 * 1024


def read_csv(path: Path, options: ReadingOptions) -> RawLayer:
    """Read a table with one feature a row; lines that are empty are no features. Raises UnreadableFile."""
    content = path.read_bytes()
    raw = RawText(content.removeprefix(_BOM))
    claims = Claims(options.encoding, in_china=is_inside_china(options.metric_crs))
    encoding = decide_encoding([] if content.isascii() else [raw], claims).name or UTF8
    text, _ = decode(raw, encoding)
    if text is None:
        raise UnreadableFile(f"{path.name} cannot be decoded as {encoding}; name its encoding with --encoding")
    rows = _rows(text, path)
    return replace(layer_of_rows(rows[0], rows[1:], options.fields), format="csv", layer=path.stem, encoding=encoding)


def write_csv(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write text and geometry (column ``WKT``); UTF-8 with a byte order mark, which Excel needs, unless asked else."""
    encoding = options.encoding or "utf-8-sig"
    try:
        table_of(frame).to_csv(path, index=False, encoding=encoding, lineterminator="\r\n")
    except (UnicodeEncodeError, LookupError) as error:
        raise UnwritableFile(
            f"the text does not fit the encoding {encoding} ({error}); leave --encoding out"
        ) from error
    return ()


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


FORMAT = Format("csv", (".csv", ".tsv", ".txt"), read_csv, write_csv)
