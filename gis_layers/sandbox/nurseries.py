"""The caller's side of the nurseries: started when first asked for, one base a process, a branch for every profile."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import select
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gis_layers.errors import ConfinedDied
from gis_layers.sandbox.belts import Belts
from gis_layers.sandbox.frames import MESSAGE_BYTES
from gis_layers.sandbox.limits import PLAIN
from risk_model.message import msg

_READY_S: Final = 60.0
_LEAVE_S: Final = 2.0
_PROFILES_AT_MOST: Final = 16
_ENVIRONMENT: Final = {
    "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system", "OPENPYXL_LXML": "False",
}  # fmt: skip
"""All a nursery gets of an environment: no address of a database, no key, no proxy. A process that forks has one thread.

Workbooks are read there by the parser that refuses document types, whichever other one is installed.
"""


@dataclass(slots=True)
class Branch:
    """The line to one nursery. Messages go out whole, from any thread."""

    control: socket.socket
    belts: Belts

    def send(self, order: dict[str, Any], descriptors: list[int]) -> None:
        """Send an order. Raises OSError where the nursery is gone."""
        socket.send_fds(self.control, [json.dumps(order).encode()], descriptors)


@dataclass(slots=True)
class Nurseries:
    """The base process and its branches, kept for as long as this process lives."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    base: Branch | None = None
    process: subprocess.Popen[bytes] | None = None
    branches: dict[str, Branch] = field(default_factory=dict)
    jobs: Any = field(default_factory=itertools.count)

    def branch(self, profile: str) -> Branch:
        """The nursery of a profile, started where it is not yet. Raises ConfinedDied where none comes up.

        Who asks for one that stands waits for nobody who starts another.
        """
        standing, process = self.branches.get(profile), self.process
        if standing is not None and process is not None and process.poll() is None:
            return standing
        with self.lock:
            self._have_base()
            if profile not in self.branches:
                if len(self.branches) >= _PROFILES_AT_MOST:
                    raise ValueError(f"more than {_PROFILES_AT_MOST} profiles of confined processes")
                self.branches[profile] = self._branch_off(profile)
            return self.branches[profile]

    def load(self, profile: str | None, module: str) -> None:
        """Have the nursery of a profile load a module for every call to come; None: the base, for all nurseries to come.

        One thread at a time may ask for it. What cannot be loaded is left to the call that needs it, which then tells why.
        Raises ConfinedDied where there is no nursery, or it does not answer.
        """
        branch = self.start_base() if profile is None else self.branch(profile)
        try:
            branch.send({"do": "load", "module": module}, [])
            _heard(branch.control)
        except (OSError, ValueError) as gone:  # a call found it gone meanwhile, and closed its line
            raise _no_nursery(str(gone)) from gone

    def drop(self, profile: str, gone: Branch) -> None:
        """Forget a nursery that does not answer; the next call has a new one."""
        with self.lock:
            if self.branches.get(profile) is gone:
                del self.branches[profile]
            gone.control.close()

    def close(self) -> None:
        """End the nurseries and all calls in them."""
        with self.lock:
            self._close()

    def forget(self) -> None:
        """In a process forked from ours: let go of lines that are the parent's."""
        self.lock = threading.Lock()
        self.process = None
        self._hang_up()

    def start_base(self) -> Branch:
        """The base, started where it is not yet. Raises ConfinedDied where none comes up."""
        with self.lock:
            return self._have_base()

    def _have_base(self) -> Branch:
        if self.base is None or self.process is None or self.process.poll() is not None:
            self._close()
            self._start()
        assert self.base is not None
        return self.base

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", "-s", "-X", "utf8", "-m", "gis_layers.sandbox.nursery", str(theirs.fileno())]
        path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path if Path(entry).exists())
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - a list for the kernel, no shell reads it
                command, cwd="/", env={**_ENVIRONMENT, "PYTHONPATH": path}, stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()], start_new_session=True,
            )  # fmt: skip
        self.base = Branch(ours, _greeted(ours))

    def _branch_off(self, profile: str) -> Branch:
        assert self.base is not None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.base.send({"do": "branch", "profile": profile}, [theirs.fileno()])
        return Branch(ours, _greeted(ours))

    def _close(self) -> None:
        self._hang_up()
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_LEAVE_S)
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.process = None

    def _hang_up(self) -> None:
        for branch in (*self.branches.values(), *([self.base] if self.base else [])):
            branch.control.close()
        self.branches.clear()
        self.base = None


def _greeted(control: socket.socket) -> Belts:
    word = _heard(control)
    return Belts(tuple(word["belts"]["holding"]), word["belts"]["missing"])


def _heard(control: socket.socket) -> dict[str, Any]:
    """What the nursery says next. Raises ConfinedDied where it is trouble, or nothing."""
    if not select.select([control], [], [], _READY_S)[0]:
        raise _no_nursery(msg("{ready_s} 秒没有动静", ready_s=f"{_READY_S:.0f}"))
    try:
        word: dict[str, Any] = json.loads(control.recv(MESSAGE_BYTES) or b'{"trouble": "it ended while it started"}')
    except OSError as gone:
        raise _no_nursery(str(gone)) from gone
    if "trouble" in word:
        raise _no_nursery(word["trouble"])
    return word


def _no_nursery(trouble: str) -> ConfinedDied:
    return ConfinedDied(
        msg("读取文件所用的隔离进程无法启动（{trouble}）；请由管理员运行 anzhi doctor 查看", trouble=trouble)
    )


NURSERIES: Final = Nurseries()
atexit.register(NURSERIES.close)
os.register_at_fork(after_in_child=NURSERIES.forget)


def describe_belts() -> Belts:
    """Belts of a confined process on this machine. Raises ConfinedDied where none can be started."""
    return NURSERIES.branch(PLAIN).belts


def start_ahead() -> None:
    """Have the base started while this thread goes on; what becomes of it is told to the first call that needs it."""

    def start() -> None:
        with suppress(ConfinedDied, OSError):
            NURSERIES.start_base()

    threading.Thread(target=start, name="confined processes", daemon=True).start()


def load_ahead(profile: str | None, module: str) -> None:
    """Have confined processes of a profile (None: of those to come) hold a module from now on, before a call needs it.

    One thread at a time may ask for it. Raises ConfinedDied where none can be started.
    """
    NURSERIES.load(profile, module)
