"""Signatures a file must begin with to be what its suffix says; looked at before any library understands it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.formats.foreign_files import strange_content
from risk_model.message import msg

Signature = Callable[[Path], None]
"""Passes a file of its format by. Raises UnreadableFile for any other."""

_HEAD_BYTES: Final = 4096
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_NO_TEXT: Final = (b"SQLite format 3\0", b"PK\x03\x04", b"PAR1", b"\x00\x00\x27\x0a", b"\xd0\xcf\x11\xe0", b"%PDF")


def refused(path: Path, kind: str) -> UnreadableFile:
    """The error of a file that is not of the ``kind`` its suffix promises; what it is instead, where that is known."""
    strange = strange_content(path)
    if strange is not None:
        other = msg(
            "{name} 的内容是{strange}，不是 {kind}，没有打开；{advice}",
            name=path.name, strange=strange.kind, kind=kind, advice=strange.advice,
        )  # fmt: skip
        return UnreadableFile(other)
    return UnreadableFile(
        msg("{name} 的内容不是 {kind}，没有打开；请在原来的软件中另存为 {kind} 后重新提交", name=path.name, kind=kind)
    )


_NEVER_TYPED = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f]")
_SLIPS = 0.1
"""The share of zero bytes from which on a table is no text."""


def begins_with(*beginnings: bytes, kind: str) -> Signature:
    """The signature of a format whose files begin with one of these bytes."""

    def check(path: Path) -> None:
        if not head_of(path).startswith(beginnings):
            raise refused(path, kind)

    return check


def head_of(path: Path, count: int = _HEAD_BYTES) -> bytes:
    """The first ``count`` bytes."""
    with path.open("rb") as file:
        return file.read(count)


def check_object(path: Path) -> None:
    """The signature of GeoJSON: one object, and nothing before it but blanks."""
    if not re.match(r"\s*\{", _text_of(head_of(path))):
        raise refused(path, "GeoJSON")


def check_table(path: Path) -> None:
    """The signature of a table of text: no known other format, not the bytes of a program, no mark-up.

    A zero byte here and there is a slip of whoever exported the table: it is told of the cell in which it stands.
    """
    head = head_of(path)
    text = _text_of(head)
    binary = bool(_NEVER_TYPED.search(text)) or text.count("\0") > _SLIPS * len(text)
    if head.startswith(_NO_TEXT) or binary or re.match(r"\s*<[?!\w]", text):
        raise refused(path, "CSV")


def _text_of(head: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return head.removeprefix(mark).decode(encoding, errors="replace")
    return head.decode("latin-1")
