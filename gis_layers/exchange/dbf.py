"""The header of a dBASE table: what the text beside a shapefile says of its own encoding and widths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_HEADER_BYTES = 32
_FIELD_BYTES = 32
_LANGUAGE_AT = 29
_WIDTH_AT = 16
_END_OF_FIELDS = 0x0D

LANGUAGES = {0x4D: "cp936", 0x7A: "cp936", 0x4F: "cp950", 0x78: "cp950", 0x13: "cp932", 0x7B: "cp932", 0x79: "cp949"}
"""Code pages by language driver byte, those that say something; 0x57 (ANSI) is what nearly every program leaves."""
WESTERN = frozenset({0x03, 0x57, 0x58, 0x59})


@dataclass(frozen=True, slots=True)
class DbfHeader:
    """The language driver byte and the width in bytes of each field, in order."""

    language: int
    widths: tuple[int, ...]


def read_header(path: Path) -> DbfHeader:
    """Read the header of the table at ``path`` (dBASE III file description)."""
    with path.open("rb") as table:
        head = table.read(_HEADER_BYTES)
        language = head[_LANGUAGE_AT] if len(head) == _HEADER_BYTES else 0
        widths: list[int] = []
        while len(field := table.read(_FIELD_BYTES)) == _FIELD_BYTES and field[0] != _END_OF_FIELDS:
            widths.append(field[_WIDTH_AT])
    return DbfHeader(language, tuple(widths))
