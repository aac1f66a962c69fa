"""A whole Anzhi started the way a user starts it: `anzhi up` in a process of its own."""

import contextlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from unittest import mock

import httpx
import uvicorn
from starlette.types import ASGIApp

from app.cli import main
from tests.sharing import made_once, reachable_folder

ANZHI = Path(sys.executable).with_name("anzhi")
PATIENCE_S = 300
Found = TypeVar("Found")


def until(holds: Callable[[], Found], seconds: float = PATIENCE_S) -> Found:
    """What ``holds`` answers once that is true; asked every 20 ms."""
    ends = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.02)
    return found


@dataclass
class Running:
    """A started service; ``said`` is the file its standard error goes to."""

    base: str
    data_dir: Path
    process: subprocess.Popen[bytes]
    said: Path

    def anzhi(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        """A command on the same data folder, while the service runs."""
        return anzhi(self.data_dir, *arguments, **environment)

    def stop(self, kind: int = signal.SIGINT) -> int:
        """End the whole process group as a terminal would; returns the exit code."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, kind)
        return self.process.wait(timeout=60)


def anzhi(data_dir: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the console to its end."""
    command = [str(ANZHI), *(str(argument) for argument in arguments), "--data-dir", str(data_dir)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=PATIENCE_S, env={**os.environ, **environment}
    )


def anzhi_here(data_dir: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same command to the same end in this process, which has the programs it needs loaded already."""
    out, error, code = io.StringIO(), io.StringIO(), 0
    command = ["anzhi", *(str(argument) for argument in arguments), "--data-dir", str(data_dir)]
    with (
        mock.patch.object(sys, "argv", command),
        mock.patch.dict(os.environ, environment),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(error),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(command, code, out.getvalue(), error.getvalue())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(app: ASGIApp, **options: object) -> Iterator[int]:
    """The port of a server for ``app`` in a thread of this process."""
    port, opened = free_port(), threading.Event()

    class Opening(uvicorn.Server):
        async def startup(self, sockets=None) -> None:
            await super().startup(sockets)
            opened.set()

    server = Opening(uvicorn.Config(app, port=port, log_config=None, access_log=False, lifespan="off", **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert opened.wait(PATIENCE_S)
    yield port
    server.should_exit = True
    thread.join(PATIENCE_S)


def start(
    data_dir: Path,
    *options: str,
    port: int | None = None,
    program: tuple[str, ...] = (str(ANZHI),),
    environment: dict[str, str] | None = None,
) -> Running:
    """Start `anzhi up` and wait until it answers; raises with what it said where it does not."""
    port = port or free_port()
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    said = data_dir.parent / f"said-{port}.txt"
    command = [*program, "up", "--port", str(port), "--data-dir", str(data_dir), *options]
    with said.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
    running = Running(f"http://127.0.0.1:{port}", data_dir, process, said)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{running.base}/health", timeout=5).status_code == httpx.codes.OK:
                return running
        time.sleep(0.2)
    running.stop(signal.SIGKILL)
    raise AssertionError(said.read_text(encoding="utf-8"))


def start_township(shared: Path, data_dir: Path) -> Running:
    """Start `anzhi up` on a copy of the township that a first start of this run made; ``shared`` is the run's folder."""
    copy_township(shared, data_dir)
    return start(data_dir)


def copy_township(shared: Path, data_dir: Path) -> None:
    """A copy of the township that a first start of this run made, on a database that need not outlive the machine."""
    shutil.copytree(made_once(shared, "township", _first_start), data_dir)
    (data_dir / "postgres" / "local.conf").write_text("fsync = off\nfull_page_writes = off\n", encoding="utf-8")


def _first_start(keep: Path) -> None:
    """What a first start without options leaves behind once it was stopped."""
    with reachable_folder() as folder:
        running = start(folder / "data")
        assert running.stop() == 0, running.said.read_text(encoding="utf-8")
        shutil.copytree(running.data_dir, keep)
