"""The header of a dBASE table: what the text beside a shapefile says of its own encoding and widths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_HEADER_BYTES = 32
_FIELD_BYTES = 32
_LANGUAGE_AT = 29
_WIDTH_AT = 16
_KIND_AT = 11
_END_OF_FIELDS = 0x0D

LANGUAGES = {0x4D: "cp936", 0x7A: "cp936", 0x4F: "cp950", 0x78: "cp950", 0x13: "cp932", 0x7B: "cp932", 0x79: "cp949"}
"""Code pages by language driver byte, those that say something; 0x57 (ANSI) is what nearly every program leaves."""
WESTERN = frozenset({0x03, 0x57, 0x58, 0x59})


@dataclass(frozen=True, slots=True)
class DbfHeader:
    """The language driver byte; the width in bytes, the name (one character a byte) and the kind of each field, in order.

    ``begins_at`` is the first byte of the first record.
    """

    language: int
    widths: tuple[int, ...]
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    begins_at: int = 0


def read_header(path: Path) -> DbfHeader:
    """Read the header of the table at ``path`` (dBASE III file description)."""
    with path.open("rb") as table:
        head = table.read(_HEADER_BYTES)
        language = head[_LANGUAGE_AT] if len(head) == _HEADER_BYTES else 0
        fields: list[bytes] = []
        while len(field := table.read(_FIELD_BYTES)) == _FIELD_BYTES and field[0] != _END_OF_FIELDS:
            fields.append(field)
    return DbfHeader(
        language,
        tuple(field[_WIDTH_AT] for field in fields),
        tuple(field[:_KIND_AT].partition(b"\0")[0].decode("latin-1").rstrip() for field in fields),
        tuple(chr(field[_KIND_AT]).upper() for field in fields),
        int.from_bytes(head[8:10], "little"),
    )
