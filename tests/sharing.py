"""What takes long to make is made once a run, by the test process that first asks, and copied by all."""

import contextlib
import fcntl
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOM = 6 * 2**30


def _memory_or_disk() -> Path:
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if roomy else Path("/tmp")


QUICK = _memory_or_disk()
"""Where databases of tests lie. One is hundreds of small files, which take a disk ten times as long to make as memory."""


@contextlib.contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that the database server's unprivileged account can reach; pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="anzhi-tests-", dir=QUICK) as made:
        Path(made).chmod(0o711)
        yield Path(made)


def made_once(shared: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The file or folder ``name`` in the folder of this run, made by ``make``; whoever asks meanwhile waits."""
    wanted = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not wanted.exists():
            with tempfile.TemporaryDirectory(dir=shared) as unfinished:
                make(Path(unfinished) / name)
                (Path(unfinished) / name).rename(wanted)
    return wanted


def value_made_once(shared: Path, name: str, make: Callable[[], Any]) -> Any:
    """What ``make`` answers, made in one of the test processes."""
    return pickle.loads(made_once(shared, name, lambda path: _keep(path, make())).read_bytes())


def _keep(path: Path, value: object) -> None:
    path.write_bytes(pickle.dumps(value))


def folder_of_run(factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of this run share, and no other run."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
