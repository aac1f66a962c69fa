"""The parts of a file in which marks are looked for, each format by its own means; only a confined process does this."""

from __future__ import annotations

import csv
import html
import io
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyogrio
from pyarrow import parquet
from pyogrio import raw as gdal

from gis_layers.exchange.delivery.raw import BYTE_TRANSPARENT, for_gdal
from gis_layers.exchange.delivery.reading_limits import ReadingLimits
from gis_layers.exchange.formats.archive_limits import check_archive
from gis_layers.exchange.formats.geopackage_schema import settled
from gis_layers.exchange.secrecy.marked_members import look_at_members
from gis_layers.exchange.secrecy.marked_texts import any_word_in, marks_of_strings, read_text
from gis_layers.exchange.secrecy.marking import (
    Mark,
    Told,
    look_at_rows,
    marks_of_column,
    marks_of_text,
    told_by_columns,
    told_by_titles,
)
from gis_layers.exchange.secrecy.secrecy_words import level_in_name, may_speak, tells_secrecy
from risk_model.message import msg

_read: Any = gdal.read  # pyogrio is untyped
_read_info: Any = pyogrio.read_info
_list_layers: Any = pyogrio.list_layers
_open_parquet: Any = parquet.ParquetFile
_OF_WORKBOOK: Final = re.compile(
    r"docProps/.*\.xml|xl/workbook\.xml|xl/(?:drawings|comments|threadedComments)[/\d].*\.xml|xl/comments.*\.xml"
)
_PAGE_TEXT: Final = re.compile(rb"<headerFooter.*?</headerFooter>", re.DOTALL)
_CATALOGUES: Final = 8
"""The first tables of a geodatabase are its own: they hold the metadata of all others."""
_MOST_TEXT: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Looked:
    """Findings in one part: marks, and what it tells of its handing over."""

    marks: list[Mark]
    told: Told = field(default_factory=dict)


def look_into(path: Path, name: str, limits: ReadingLimits) -> Looked:
    """The marks of one layer file, which is called ``name``; searched byte by byte where it cannot be opened."""
    look = _LOOKS.get(path.suffix.lower(), _look_by_gdal)
    try:
        if path.suffix.lower() in (".xlsx", ".kmz"):
            with zipfile.ZipFile(path) as archive:
                check_archive(archive, path, limits)
        return look(path, name)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged file does to a library: its reader will tell of it
        return Looked(_searched(path, name))


def search_texts(paths: list[Path]) -> Looked:
    """The marks in texts that lie beside a layer."""
    texts = [read_text(_content(path)) for path in paths]
    marks = [mark for text in texts for mark in marks_of_text(text, "metadata", msg("元数据"))]
    return Looked(marks, told_by_titles(html.unescape(re.sub(r"<[^>]*>", " ", text)) for text in texts))


def _content(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(_MOST_TEXT)


def _searched(path: Path, name: str) -> list[Mark]:
    parts = sorted(path.iterdir()) if path.is_dir() else [path]
    levels = [level for part in parts if (level := any_word_in(_content(part)))]
    return [Mark(level, "metadata", msg("{name} 的内容", name=name)) for level in levels]


def _look_at_table(path: Path, name: str) -> Looked:
    """A table of text by every sign that may part its cells, since a title above it tells nothing of that."""
    text = read_text(path.read_bytes())
    csv.field_size_limit(_MOST_TEXT)
    marks: list[Mark] = []
    told: dict[str, str] = {}
    for delimiter in (sign for sign in ",;\t|" if sign in text or sign == ","):
        with suppress(csv.Error):
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            found, tells = look_at_rows((row for row in rows if any(row)), name)
            marks += found
            told = {**tells, **told}
    return Looked(marks, told)


def _look_at_workbook(path: Path, name: str) -> Looked:
    with zipfile.ZipFile(path) as archive:
        texts = [read_text(archive.read(part)) for part in archive.namelist() if _OF_WORKBOOK.fullmatch(part)]
        sheets = [part for part in archive.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")]
        texts += [read_text(found) for part in sheets for found in _PAGE_TEXT.findall(archive.read(part))]
        strings = [part for part in archive.namelist() if part.lower() == "xl/sharedstrings.xml"]
        speaks = any(may_speak(read_text(archive.read(part))) for part in (*strings, *sheets))
    where = msg("工作簿 {name} 的属性、页眉页脚、文本框或批注", name=name)
    marks = [mark for text in texts for mark in marks_of_text(_unmarked(text), "metadata", where)]
    told: Mapping[str, str] = {}
    if not speaks:
        return Looked(marks)
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    with closing(book):
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            found, tells = look_at_rows((row for row in sheet.iter_rows(values_only=True) if any(row)), sheet.title)
            marks += found
            told = {**tells, **told}
    return Looked(marks, told)


def _unmarked(text: str) -> str:
    """Text of an XML part, its tags left out where they part one word: a stamp may be set in several runs."""
    words = html.unescape(re.sub(r"<[^>]*>", "", text))
    names = " ".join(re.findall(r'"([^"<>]*)"', html.unescape(text)))
    return f"{words} {names}"


def _look_at_parquet(path: Path, name: str) -> Looked:
    file = _open_parquet(path)
    schema = file.schema_arrow
    texts = [read_text(value) for key, value in (schema.metadata or {}).items() if key != b"ARROW:schema"]
    texts += [heading for heading in schema.names if not tells_secrecy(heading)]
    marks = [
        mark for text in texts for mark in marks_of_text(_decoded(text), "metadata", msg("{name} 的元数据", name=name))
    ]
    columns = [(heading, _values_of(file, heading)) for heading in schema.names]
    marks += [mark for heading, values in columns for mark in marks_of_column(heading, values)]
    return Looked(marks, told_by_columns(columns))


def _decoded(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _values_of(file: Any, heading: str) -> list[Any]:
    column = file.read(columns=[heading]).column(heading)
    kind = str(column.type)
    if not kind.startswith(("string", "large_string", "dictionary")) and not tells_secrecy(heading):
        return []
    return list(column.unique().to_pylist())


def _look_at_strings(path: Path, name: str) -> Looked:
    """A drawing or a map file by its strings: names of documents and folders, values by their names, stamps alone."""
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            content = b"\n".join(archive.read(part) for part in archive.namelist() if part.lower().endswith(".kml"))
    return Looked(marks_of_strings(read_text(content), name))


def _look_at_json(path: Path, name: str) -> Looked:
    return Looked(*look_at_members(read_text(path.read_bytes()), name))


def _look_by_gdal(path: Path, name: str) -> Looked:
    marks = _of_catalogue(path, name)
    told: dict[str, str] = {}
    with for_gdal(path) as plain:
        for layer, _ in _list_layers(plain):
            found = _look_at_layer(plain, str(layer), name)
            marks += found.marks
            told = {**found.told, **told}
    return Looked(marks, told)


def _look_at_layer(path: Path, layer: str, name: str) -> Looked:
    info = _read_info(path, layer=layer, encoding=BYTE_TRANSPARENT)
    level = level_in_name(layer)
    marks = [Mark(level, "metadata", msg("图层名"))] if level else []
    tags = [
        f"{key} {value}"
        for kind in ("dataset_metadata", "layer_metadata")
        for key, value in (info.get(kind) or {}).items()
    ]
    marks += [mark for tag in tags for mark in marks_of_text(tag, "metadata", msg("{name} 的元数据", name=name))]
    fields = [str(field) for field in info["fields"]]
    asked = [field for field, kind in zip(fields, info["dtypes"], strict=True) if kind == "object" or _tells(field)]
    marks += [
        mark
        for field in fields
        if not _tells(field)
        for mark in marks_of_text(_text(field), "title", msg("{name} 的字段名", name=name))
    ]
    if not asked:
        return Looked(marks)
    meta, _, _, values = _read(
        path, layer=layer, columns=asked, read_geometry=False, encoding=BYTE_TRANSPARENT, datetime_as_string=True
    )
    columns = [(_text(str(field)), _different(column)) for field, column in zip(meta["fields"], values, strict=True)]
    marks += [mark for heading, different in columns for mark in marks_of_column(heading, different)]
    return Looked(marks, told_by_columns(columns))


def _tells(field: str) -> bool:
    return tells_secrecy(_text(field))


def _text(transparent: str) -> str:
    with suppress(UnicodeEncodeError):
        return read_text(transparent.encode(BYTE_TRANSPARENT))
    return transparent


def _different(column: np.ndarray[Any, Any]) -> list[str]:
    return [_text(str(value)) for value in {value for value in column.tolist() if not pd.isna(value)}]


def _of_catalogue(path: Path, name: str) -> list[Mark]:
    """The marks in what a database says of its layers."""
    where = msg("{name} 的元数据", name=name)
    if path.suffix.lower() == ".gdb":
        tables = [path / f"a{number:08x}.gdbtable" for number in range(1, _CATALOGUES + 1)]
        levels = [any_word_in(_content(table)) for table in tables if table.is_file()]
        return [Mark(level, "metadata", where) for level in levels if level]
    if path.suffix.lower() != ".gpkg":
        return []
    with (
        settled(path) as whole,
        closing(sqlite3.connect(f"{whole.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as opened,
    ):
        return [mark for text in _said_by_geopackage(opened) for mark in marks_of_text(text, "metadata", where)]


_ASKED: Final = (
    "SELECT identifier, description FROM gpkg_contents",
    "SELECT metadata FROM gpkg_metadata",
    "SELECT name, title, description FROM gpkg_data_columns",
)


def _said_by_geopackage(opened: sqlite3.Connection) -> Iterator[str]:
    opened.execute("PRAGMA trusted_schema = OFF")
    for query in _ASKED:
        with suppress(sqlite3.OperationalError):
            for row in opened.execute(query):
                yield from (html.unescape(str(cell)) for cell in row if cell)


_LOOKS: Mapping[str, Callable[[Path, str], Looked]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), _look_at_table),
    ".xlsx": _look_at_workbook,
    **dict.fromkeys((".kml", ".kmz", ".dxf"), _look_at_strings),
    **dict.fromkeys((".geojson", ".json"), _look_at_json),
    **dict.fromkeys((".parquet", ".geoparquet"), _look_at_parquet),
}
