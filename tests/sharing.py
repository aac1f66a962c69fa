"""What takes long to make is made once a run, by the test process that first asks, and copied by all."""

import fcntl
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


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
