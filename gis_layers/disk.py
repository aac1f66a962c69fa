"""The disk: which folders have too little of it left, and which errors say that it is full."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

LEAST_FREE_BYTES = 200 * 1024 * 1024
"""With less than this left a database cannot be relied on: its log alone grows by 16 MB at once."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
SIGNS = ("No space left on device", "database or disk is full", "Disk quota exceeded")
"""How libraries say it that tell no number."""
LIBRARIES = frozenset({"pyogrio", "pyarrow", "sqlite3"})
DISK_FULL = "53100"
"""How PostgreSQL says it."""


def free_bytes(folder: Path) -> int:
    """Bytes left where ``folder`` is, or where it would be made."""
    there = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    return shutil.disk_usage(there).free


def full_folders(*folders: Path) -> list[Path]:
    """Those of ``folders``, and the folder of temporary files, below which less than ``LEAST_FREE_BYTES`` are left."""
    return [folder for folder in (*folders, Path(tempfile.gettempdir())) if free_bytes(folder) < LEAST_FREE_BYTES]


def says_disk_is_full(error: BaseException) -> bool:
    """Whether ``error``, or what it came from, is a disk, quota or file that can take no more."""
    return any(_is_full(one) for one in _causes(error))


def says_server_disk_is_full(error: BaseException) -> bool:
    """Whether it is the disk of the database server."""
    return any(_state(one) == DISK_FULL for one in _causes(error))


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    of_library = type(error).__module__.split(".")[0] in LIBRARIES  # others may repeat what somebody typed
    return _state(error) == DISK_FULL or (of_library and any(sign in str(error) for sign in SIGNS))


def _state(error: BaseException) -> str | None:
    return getattr(error, "pgcode", None) or getattr(getattr(error, "orig", None), "pgcode", None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
