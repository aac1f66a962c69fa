"""Uploads: a file handed in by a form, received up to a limit into a folder of the request's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fastapi import UploadFile

from app.platform.errors import BadParameter
from gis_layers.exchange.formats.registry import name_of

AT_ONCE: Final = 1024 * 1024
"""So many bytes are held in memory while a file is received."""


@contextmanager
def received_file(file: UploadFile, *, most_bytes: int, too_large: str, stem: str) -> Iterator[Path]:
    """The path of ``file`` while the block runs, under its sender's name without signs that mean something to a disk.

    ``stem`` is its name where nothing is left of that. Raises BadParameter, saying ``too_large``, above ``most_bytes``.
    """
    with TemporaryDirectory(prefix=f"anzhi-{stem}-") as folder:
        path = Path(folder) / name_of(file.filename or "", stem)
        left = most_bytes
        with path.open("wb") as kept:
            while chunk := file.file.read(min(AT_ONCE, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise BadParameter(too_large, code="file", errors=[{"field": "file"}])
                kept.write(chunk)
        yield path
