"""The numbers, days and truth values of a dBASE table as they are written there: GDAL makes 12 of 12abc and nothing of ****."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis_layers.exchange.delivery.raw import BYTE_TRANSPARENT, RawLayer
from gis_layers.exchange.text.cell_kinds import Overflow
from gis_layers.exchange.text.dbf import DbfHeader
from gis_layers.plain_text import LAST_DIGIT

_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+\.\d*|\.\d+|\d+(?=e))(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_TRUTH = {"T": True, "Y": True, "F": False, "N": False}
_READ = "NFDL"
"""The kinds of fields that are text of digits in the table."""


def unreadable_days(path: Path, header: DbfHeader) -> list[str]:
    """The names of the fields of days (their bytes in BYTE_TRANSPARENT) in which something else stands."""
    days = [number for number, kind in enumerate(header.kinds) if kind == "D"]
    records = _records(path, header) if days else None
    return [
        header.names[number]
        for number in days
        if records is not None and any(isinstance(_day(text), str) for text in _texts(records, number))
    ]


def with_written_values(path: Path, header: DbfHeader, raw: RawLayer, numbers: Sequence[int]) -> RawLayer:
    """The layer with all its fields, those of digits as they are written; ``numbers`` are those of the records."""
    left_out = set(unreadable_days(path, header))
    if raw.undecidable or len(raw.attributes.columns) + len(left_out) != len(header.kinds):
        return raw
    records = _records(path, header)
    if any(number >= len(records) for number in numbers):
        return raw
    table = raw.attributes.copy()
    for number, (name, kind) in enumerate(zip(header.names, header.kinds, strict=True)):
        if name in left_out:
            table.insert(number, name.encode(BYTE_TRANSPARENT).decode("gb18030", errors="replace"), None)
        if kind in _READ:
            cells = [_value(text, kind) for text in _texts(records[list(numbers)], number)]
            table[table.columns[number]] = pd.Series(cells, table.index, dtype=object)
    return replace(raw, attributes=table)


def _records(path: Path, header: DbfHeader) -> npt.NDArray[Any]:
    """The records of a table, deleted ones too: the mark of deletion, then one field of bytes each."""
    kind = np.dtype([("deleted", "S1"), *((f"f{number}", f"S{width}") for number, width in enumerate(header.widths))])
    body = path.read_bytes()[header.begins_at :]
    return np.frombuffer(body[: len(body) // kind.itemsize * kind.itemsize], dtype=kind)


def _texts(records: npt.NDArray[Any], number: int) -> list[str]:
    return [content.decode(BYTE_TRANSPARENT).strip(" \0") for content in records[f"f{number}"].tolist()]


def _value(text: str, kind: str) -> Any:
    match kind:
        case "L":
            return _TRUTH.get(text.upper(), None if text in {"", "?"} else text)
        case "D":
            return _day(text)
        case _:
            return _number(text)


def _number(text: str) -> Any:
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and abs(float(text)) < LAST_DIGIT:
        return float(text)
    return Overflow(text) if text and not text.strip("*") else text or None


def _day(text: str) -> date | str | None:
    """The day, nothing where none is written, else what is written."""
    found = _DAY.fullmatch(text)
    if not text or found is None:
        return text or None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return text
