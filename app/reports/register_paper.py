"""A register as a paper of its own: its columns and rows in the reader's language, and what stands around them on every sheet."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final, Literal

KINDS: Final = {
    "html": "text/html",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Kinds of files by their suffix, with their media types."""
RegisterKind = Literal["html", "pdf", "xlsx"]
MOST_ROWS: Final = {"html": 5_000, "pdf": 1_000, "xlsx": 200_000}
"""Rows a file of each kind holds: a sheet of paper is read by people, and laid out in the time a request has."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: its words as the page says them, and the ``value`` a spreadsheet reckons with where there is one.

    ``written`` is how a spreadsheet writes that value where it is not as the column has it.
    """

    words: str
    value: int | float | datetime.date | None = None
    written: str = ""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its heading, how a spreadsheet writes its values, whether they are numbers, whether they are sentences."""

    title: str
    written: str = ""
    numeric: bool = False
    long: bool = False


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """The rows of a register as they were asked for: ``narrowed`` says by what, empty for all of them."""

    key: str
    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    narrowed: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class RegisterPaper:
    """One printed register: its table and what stands around it; every text is in the paper's language already."""

    table: RegisterTable
    house: str
    title: str
    run: str
    """By which edition and of which date; on every sheet."""
    profile: str
    language: str
    provenance: tuple[tuple[str, str], ...]


def file_name(register: str, kind: str, on: datetime.date) -> str:
    """Name of the file in letters every system takes."""
    return f"anzhi-{register}-{on.isoformat()}.{kind}"
