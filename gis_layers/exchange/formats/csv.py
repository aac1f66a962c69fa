"""CSV: read with lon and lat or well-known text; written for Excel, guarded against formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import geopandas as gpd

from gis_layers.crs import is_inside_china
from gis_layers.errors import UnreadableFile, UnwritableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.provenance import with_provenance
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.formats.declared_counts import Declared
from gis_layers.exchange.formats.heading_rows import below_heading, names_coordinates
from gis_layers.exchange.formats.line_counts import count_lines
from gis_layers.exchange.formats.registry import Format, WritingOptions
from gis_layers.exchange.formats.signatures import check_table
from gis_layers.exchange.formats.tabular import layer_of_rows
from gis_layers.exchange.text.cells import table_of
from gis_layers.exchange.text.text_decoding import undecodable
from gis_layers.exchange.text.text_encoding import (
    UTF8,
    Claims,
    RawText,
    decide_encoding,
    decode_leaving_traces,
    known_name,
)
from risk_model.message import msg

_BOM = b"\xef\xbb\xbf"
_MARKS_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF16 = "UTF-16"
_LONGEST_CELL = 64 * 1024 * 1024
_FIRST_LINES = 40
_SEPARATORS = (",", ";", "\t", "|", "，", "；")
_SEPARATOR_NAMED = re.compile(r'"?sep=(?P<separator>[^"\r\n])"?[^\S\t\r\n]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""The first line by which a table tells Excel what parts its columns."""


def read_csv(path: Path, options: ReadingOptions) -> RawLayer:
    """Read a table with one feature a row; lines that are empty are no features. Raises UnreadableFile."""
    encoding, text = decoded(path, options)
    return table_of_text(text, path, options, encoding)


def decoded(path: Path, options: ReadingOptions) -> tuple[str, str]:
    """The encoding of a text file and its text, with traces of bytes that are wrong. Raises UnreadableFile."""
    content = path.read_bytes().removeprefix(_BOM)
    if content.startswith(_MARKS_OF_UTF16):
        try:
            return UTF16, content.decode(UTF16)
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                msg("{name} 是损坏的 UTF-16（{error}）；请另存为 CSV UTF-8", name=path.name, error=error)
            ) from error
    lines = {RawText(line) for line in content.splitlines() if not line.isascii()}
    claims = Claims(options.encoding, in_china=is_inside_china(options.metric_crs))
    encoding = decide_encoding(lines, claims).name
    if encoding is None:
        raise UnreadableFile(msg("{name} 既不是 UTF-8 也不是 GB18030；请用 --encoding 指明编码", name=path.name))
    return encoding, decode_leaving_traces(content, encoding)


def table_of_text(text: str, path: Path, options: ReadingOptions, encoding: str) -> RawLayer:
    """The layer of a table that was decoded. Raises UnreadableFile."""
    text, separator = parted(text, options.fields)
    table = below_heading(rows_of_text(text, path, separator), options.fields)
    names, rows = [_without_traces(name) or "" for name in table.heading], table.rows
    problems = [
        undecodable(feature, names[column], encoding)
        for feature, row in enumerate(rows)
        for column, cell in enumerate(row[: len(names)])
        if _without_traces(cell) is None
    ]
    layer = layer_of_rows(names, [[_without_traces(cell) for cell in row] for row in rows], options)
    told = (*table.problems, *layer.problems, *problems)
    return replace(
        layer,
        format="csv",
        layer=path.stem,
        encoding=encoding,
        problems=told,
        besides=table.besides,
        separator=separator,
    )


def count_rows(path: Path, raw: RawLayer) -> Declared:
    """Count the lines of the table. Raises CountsDiffer."""
    text = decode_leaving_traces(path.read_bytes().removeprefix(_BOM), raw.encoding or UTF8)
    named = _SEPARATOR_NAMED.match(text)
    columns = len(raw.attributes.columns)
    body = text[named.end() :] if named else text
    return count_lines(body, raw.separator, path.name, width=columns, besides=raw.besides)


def write_csv(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write text and geometry (column ``WKT``); UTF-8 with a byte order mark, which Excel needs, unless asked else."""
    encoding = options.encoding or "utf-8-sig"
    if known_name(encoding) is None:
        raise UnwritableFile(msg("「{encoding}」不是文字编码；请去掉 --encoding", encoding=encoding))
    try:
        table = with_provenance(table_of(frame), options.provenance)
        table.to_csv(path, index=False, encoding=encoding, lineterminator="\r\n")
    except (UnicodeEncodeError, LookupError) as error:
        raise UnwritableFile(
            msg("文字无法用编码 {encoding} 表示（{error}）；请去掉 --encoding", encoding=encoding, error=error)
        ) from error
    return ()


def _without_traces(cell: str) -> str | None:
    """The cell, or None where bytes in it could not be decoded."""
    return None if any("\ud800" <= letter <= "\udfff" for letter in cell) else cell


def rows_of_text(text: str, path: Path, separator: str) -> list[list[str]]:
    """The rows of a table that hold anything. Raises UnreadableFile."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    line = 1
    try:
        for row in lines:
            line = lines.line_num + 1
            if any(row):
                rows.append(row)
    except csv.Error as error:
        raise UnreadableFile(
            msg(
                "{name} 从第 {line} 行起读不成表格：引号没有闭合，或引号之后还有文字（{error}）；请改正这一行的引号后重新导入",
                name=path.name,
                line=line,
                error=str(error),
            )
        ) from error
    if not rows:
        raise UnreadableFile(msg("{name} 是空的；应有一行表头和每个要素一行", name=path.name))
    return rows


def parted(text: str, fields: Mapping[str, str]) -> tuple[str, str]:
    """The text without the line that names its separator, and the separator.

    That is the sign that is named, else one by which the first lines have a heading of coordinates, else the most frequent.
    """
    named = _SEPARATOR_NAMED.match(text)
    if named:
        return text[named.end() :], named["separator"]
    head = "".join(text.splitlines(keepends=True)[:_FIRST_LINES])
    for separator in _SEPARATORS:
        with suppress(csv.Error):
            rows = [row for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if any(row)]
            if separator in head and names_coordinates(rows, fields):
                return text, separator
    return text, max(_SEPARATORS, key=head.count)


FORMAT = Format("csv", (".csv", ".tsv"), read_csv, write_csv, signature=check_table, count=count_rows)
