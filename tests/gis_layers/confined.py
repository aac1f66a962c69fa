"""What is run in the sandbox by its tests: functions that behave, and functions that do not."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from gis_layers.errors import UnreadableFile
from risk_model.message import msg


def add(left: Any, right: Any) -> Any:
    return left + right


def same(answer: Any) -> Any:
    return answer


def refuse(name: str) -> None:
    raise UnreadableFile(msg("{name} 无法读取", name=name))


def stumble() -> None:
    raise KeyError("a slip of ours")


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def compute_for_ever() -> None:
    while True:
        pass


def fill(megabytes: int) -> int:
    return int(np.ones((megabytes, 1024, 1024), dtype=np.uint8).sum())


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fault() -> None:
    ctypes.string_at(0)


def environment() -> dict[str, str]:
    return {**os.environ, **{name: "here" for name in ("ANZHI_DATABASE_URL",) if os.getenv(name)}}


def read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def write(path: str) -> None:
    Path(path).write_text("written", encoding="utf-8")


def scratch_is_left() -> str:
    import tempfile

    made = Path(tempfile.mkdtemp()) / "left.txt"
    made.write_text("x" * 100, encoding="ascii")
    return str(made)


def reach(port: int) -> str:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return "connected"
    except OSError as error:
        return type(error).__name__


def reach_by_path(path: str) -> str:
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(path)
            return "connected"
    except OSError as error:
        return type(error).__name__


def start_another() -> str:
    try:
        pid = os.fork()
    except OSError as error:
        return type(error).__name__
    if pid == 0:
        os._exit(0)
    return "forked"


def run_a_program() -> str:
    try:
        os.execv("/bin/true", ["true"])
    except OSError as error:
        return type(error).__name__


def signal_another(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return type(error).__name__
    return "signalled"


def use_threads() -> int:
    done: list[int] = []
    threads = [threading.Thread(target=done.append, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done)


class Bait:
    """A thing that does something while it is unpacked."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (self.path,)


def bait(path: str) -> Bait:
    return Bait(path)


def drivers() -> list[str]:
    import pyogrio

    return sorted(pyogrio.list_drivers())


_kept: list[int] = []


def remember(number: int) -> list[int]:
    _kept.append(number)
    return _kept


def pids() -> tuple[int, int]:
    return os.getpid(), os.getppid()
