r"""Canonical text of JSON values and its digest, so that anybody can compute anew what is on record.

The canonical text: keys in order, no blanks, numbers as short as they read back, everything but ASCII written ``\uXXXX``.
In Python that is ``json.dumps(value, sort_keys=True, separators=(",", ":"))``; a digest is the SHA-256 of that text.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any


def canonical_text(value: Any) -> str:
    """The one way to write a JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return digest_of_bytes(text.encode())


def digest_of_bytes(content: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file as ``sha256sum FILE`` prints it.

    Of what is several files (a folder, a shapefile with its companions) it is the SHA-256 of the lines
    ``DIGEST  NAME`` in the order of names, as ``sha256sum * | sha256sum`` prints it.
    """
    parts = _parts_of(path)
    if parts == [path]:
        return _digest(path)
    root = path if path.is_dir() else path.parent
    lines = sorted(f"{part.relative_to(root).as_posix()}\n{_digest(part)}" for part in parts)
    listed = "".join("{1}  {0}\n".format(*line.split("\n")) for line in lines)
    return digest_of(listed)


def _parts_of(path: Path) -> list[Path]:
    if path.is_dir():
        return [part for part in path.rglob("*") if part.is_file()]
    if path.suffix.lower() == ".shp":
        return [part for part in path.parent.iterdir() if part.is_file() and part.stem == path.stem]
    return [path]


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
