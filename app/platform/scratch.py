"""A process's own folder for what is only needed for a moment: gone with the process, or swept away by the next."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

NAMED = re.compile(r"anzhi-scratch-(?P<pid>\d+)-(?P<since>\d+)")


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """While inside, every temporary file and folder of this process lies in a folder of its own.

    A process that is killed cannot clear up; its folder bears its number and beginning, so that others see it is nobody's.
    """
    above = tempfile.gettempdir()
    sweep(Path(above))
    mine = psutil.Process()
    folder = Path(above) / f"anzhi-scratch-{mine.pid}-{_since(mine)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    former, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = former
        shutil.rmtree(folder, ignore_errors=True)


def sweep(above: Path) -> None:
    """Remove the folders of processes that are gone; those of other users stay."""
    for folder in above.glob("anzhi-scratch-*"):
        named = NAMED.fullmatch(folder.name)
        if named and not _lives(int(named["pid"]), int(named["since"])):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: int, since: int) -> bool:
    try:
        return _since(psutil.Process(pid)) == since
    except psutil.Error:
        return False


def _since(process: psutil.Process) -> int:
    return int(process.create_time() * 100)
