"""The file a backup is written into: under another name until it is whole, and never in the place of one that is there."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gis_layers.backups.errors import OccupiedTarget, TooLittleRoom
from risk_model.message import msg

PREFIX, SUFFIX = ".anzhi-backup-", ".unfinished"


@dataclass(frozen=True)
class Target:
    """``out``, the name a backup gets when it is good, and the file it is written into until then."""

    out: Path
    unfinished: Path
    file: IO[bytes]
    force: bool

    def settle(self) -> None:
        """Let what was written be on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def publish(self) -> None:
        """Give the file its name; raises OccupiedTarget where somebody else took it meanwhile."""
        if self.force:
            self.unfinished.replace(self.out)
        else:
            self._take_free_name()
        folder = os.open(self.out.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _take_free_name(self) -> None:
        try:
            os.link(self.unfinished, self.out)
        except FileExistsError as trouble:
            raise _occupied(self.out) from trouble
        except OSError:  # sticks and shares know no second name for a file
            if self.out.exists():
                raise _occupied(self.out) from None
            self.unfinished.rename(self.out)
        else:
            self.unfinished.unlink()


@contextmanager
def target_file(out: Path, *, force: bool) -> Iterator[Target]:
    """A new file beside ``out`` that only its owner can read; it is gone after the block unless it was published.

    What killed runs left in the folder is removed. Raises OccupiedTarget, and TooLittleRoom when the disk fills up.
    """
    out = out.expanduser().absolute()
    if out.is_dir() or (out.exists() and not force):
        raise _occupied(out)
    try:
        _sweep(out.parent)
        unfinished = out.parent / f"{PREFIX}{secrets.token_hex(4)}{SUFFIX}"
        opened = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as trouble:
        raise OccupiedTarget(
            msg("{parent} 不能写入文件（{reason}）；请换一个位置", parent=out.parent, reason=trouble.strerror)
        ) from trouble
    try:
        with os.fdopen(opened, "w+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield Target(out, unfinished, file, force)
    except OSError as trouble:
        if trouble.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise TooLittleRoom(
                msg(
                    "{parent} 所在的磁盘已满（{reason}）；没有做成备份。请腾出空间，或换一个位置",
                    parent=out.parent,
                    reason=trouble.strerror,
                )
            ) from trouble
        raise
    finally:
        unfinished.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove unfinished files whose writer is gone: the kernel took their locks back."""
    for leftover in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with suppress(OSError), leftover.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            leftover.unlink(missing_ok=True)


def _occupied(out: Path) -> OccupiedTarget:
    if out.is_dir():
        return OccupiedTarget(msg("{out} 是文件夹；请给出其中的一个文件名", out=out))
    return OccupiedTarget(msg("{out} 已经存在，保持原样；请换一个文件名，或加 --force", out=out))
