"""What the tests of the private cluster do over and over: join, ask, look, become somebody else."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text

from gis_layers.embedded import Cluster
from gis_layers.embedded.postmaster import Postmaster, find_postmaster
from tests.sharing import QUICK

ROOT = Path(__file__).parents[3]
IS_ROOT = os.geteuid() == 0
JOIN = """
import signal, sys, time
from pathlib import Path
from gis_layers.embedded import join_cluster

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is born deaf to it
"""


def open_folder() -> Path:
    """Make a folder the server's user can enter; pytest's own ones are closed to him."""
    made = Path(tempfile.mkdtemp(prefix="cluster-test-", dir=QUICK))
    made.chmod(0o711)
    return made


def end_servers(folder: Path) -> None:
    for cluster in folder.rglob("PG_VERSION"):
        if running := find_postmaster(cluster.parent):
            psutil.Process(running.pid).kill()


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def postmaster(folder: Path) -> Postmaster:
    found = find_postmaster(folder / "postgres")
    assert found is not None
    return found


def ask(cluster: Cluster, question: str) -> object:
    engine = create_engine(cluster.url)
    with engine.begin() as connection:
        answer = connection.execute(text(question))
        value = answer.scalar() if answer.returns_rows else None
    engine.dispose()
    return value


def join_elsewhere(folder: Path, then: str) -> subprocess.Popen[str]:
    """Let another process join; it prints one line when it has."""
    script = JOIN + "with join_cluster(Path(sys.argv[1]), durable=False):\n    print('joined', flush=True)\n    " + then
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def as_another_user(action: Callable[[], object]) -> str:
    """Run `action` in a child as the user nobody (root only becomes him); answer the name of what it raised."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if IS_ROOT:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            action()
            os.write(writing, b"nothing")
        except BaseException as raised:  # noqa: BLE001 - whatever it is, its name goes through the pipe
            os.write(writing, type(raised).__name__.encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    told = os.read(reading, 1000).decode()
    os.close(reading)
    return told
