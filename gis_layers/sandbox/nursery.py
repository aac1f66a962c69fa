"""The nursery: a process that has everything loaded and forks itself for every call, so that no call sees another.

It serves one caller over a line of messages and ends when that caller is gone, however it went. It never opens a file
that anybody handed in: that is what its children are for.
"""

from __future__ import annotations

import errno
import gc
import importlib
import json
import os
import pickle
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from gis_layers.errors import GisError
from gis_layers.sandbox.belts import Belts, put_on, tighten
from gis_layers.sandbox.frames import MESSAGE_BYTES, LineBroken, framed, read_frame
from gis_layers.sandbox.kernel import die_with_parent
from gis_layers.sandbox.limits import drivers_of
from gis_layers.sandbox.packed_answers import packed

PRELOADED = ("numpy", "pandas", "shapely", "pyproj", "geopandas", "openpyxl", "pyarrow.parquet")
"""What nearly every call needs; GDAL is loaded by each profile for itself, for it registers its drivers when loaded."""


def serve(control: socket.socket, belts: Belts) -> NoReturn:
    """Fork for every message until the caller is gone."""
    children: dict[int, tuple[int, int]] = {}
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    watch = select.poll()
    watch.register(control, select.POLLIN)
    watch.register(woken, select.POLLIN)
    gc.freeze()  # what is loaded is never looked through again, so that calls go on sharing it
    while True:
        ready = {descriptor for descriptor, _ in watch.poll()}
        with suppress(BlockingIOError):
            os.read(woken, 4096)
        _reap(children)
        if control.fileno() in ready:
            _obey(control, belts, children)


def _obey(control: socket.socket, belts: Belts, children: dict[int, tuple[int, int]]) -> None:
    content, descriptors, _, _ = socket.recv_fds(control, MESSAGE_BYTES, 2)
    if not content:
        os._exit(0)
    order = json.loads(content)
    match order["do"]:
        case "branch":
            if os.fork() == 0:
                control.close()
                _become_branch(order["profile"], socket.socket(fileno=descriptors[0]), belts)
        case "load":
            _load(order["module"])
            gc.freeze()
            control.send(json.dumps({"loaded": order["module"]}).encode())
        case "run":
            _load(order["module"])
            pid = os.fork()
            if pid == 0:
                _be_call(control, descriptors, order["module"])
            children[order["job"]] = (pid, descriptors.pop())
        case "kill":
            pid, _ = children.get(order["job"], (0, 0))
            if pid:
                os.kill(pid, signal.SIGKILL)
    for descriptor in descriptors:
        os.close(descriptor)


def _load(module: str) -> None:
    with suppress(Exception):  # the call itself then fails at the same import, and tells why
        importlib.import_module(module)


def _reap(children: dict[int, tuple[int, int]]) -> None:
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            pid, status = found
            for job, (one, report) in list(children.items()):
                if one == pid:
                    del children[job]
                    with suppress(OSError):
                        os.write(report, str(os.waitstatus_to_exitcode(status)).encode())
                    os.close(report)


def _become_branch(profile: str, control: socket.socket, belts: Belts) -> NoReturn:
    """Be the nursery of one profile: GDAL loaded with the drivers it leaves and no other."""
    die_with_parent(signal.SIGKILL)
    try:
        _load_drivers(drivers_of(profile))
    except Exception as trouble:  # noqa: BLE001 - whatever it is, the caller is told and nothing runs
        control.send(json.dumps({"trouble": f"{type(trouble).__name__}: {trouble}"}).encode())
        os._exit(1)
    greet(control, belts)
    serve(control, belts)


def greet(control: socket.socket, belts: Belts) -> None:
    """Tell the caller what holds here."""
    control.send(json.dumps({"belts": asdict(belts)}).encode())


def _load_drivers(left: frozenset[str]) -> None:
    """Load GDAL so that it registers what is ``left``. It hears of what to skip only while it is loaded."""
    skipped = ",".join(sorted(_all_drivers() - left))
    # The settings are written for the C library alone: GDAL reads them there, nobody else does.
    os.putenv("OGR_SKIP", skipped)
    os.putenv("GDAL_DRIVER_PATH", "disable")
    os.putenv("OGR_SQLITE_PRAGMA", "trusted_schema=OFF")
    registered = frozenset(importlib.import_module("pyogrio").list_drivers())
    if registered != left:
        raise RuntimeError(f"GDAL registers {sorted(registered)} and not {sorted(left)}")


def _all_drivers() -> frozenset[str]:
    """Every driver of this GDAL, asked of a child, for here it must not be loaded yet."""
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(told, json.dumps(list(importlib.import_module("pyogrio").list_drivers())).encode())
        os._exit(0)
    os.close(told)
    with os.fdopen(heard, "rb") as line:
        names = json.loads(line.read())
    os.waitpid(pid, 0)
    return frozenset(names)


def _be_call(control: socket.socket, descriptors: list[int], module: str) -> NoReturn:
    """Be one call: confined first, then told what to do."""
    try:
        control.close()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(descriptors[1])
        line = socket.socket(fileno=descriptors[0])
        _silence()
        limits, readable, writable = pickle.loads(read_frame(line))  # noqa: S301 - the caller is ourselves
        tighten(limits, [*map(Path, readable)], [*map(Path, writable)], package=module.partition(".")[0])
        line.sendall(framed(_outcome(read_frame(line))))
    except (LineBroken, OSError, MemoryError):
        os._exit(1)
    os._exit(0)


def _silence() -> None:
    """Libraries grumble about what they read in words of the file; nobody's log is to hold those."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _outcome(order: memoryview) -> bytes:
    try:
        function, arguments = pickle.loads(order)  # noqa: S301 - the caller is ourselves
        del order
        return packed(("value", function(*arguments)))
    except MemoryError:
        return pickle.dumps(("memory", None))
    except Exception as trouble:  # noqa: BLE001 - every one is handed back as itself
        return _told(trouble)


def _told(trouble: Exception) -> bytes:
    if _is_memory(trouble):
        return pickle.dumps(("memory", None))
    if not isinstance(trouble, GisError):
        trouble.add_note("".join(traceback.format_exception(trouble)))
    try:
        content = pickle.dumps(("error", trouble))
        pickle.loads(content)  # noqa: S301 - our own; some errors can be packed and not unpacked
    except Exception:  # noqa: BLE001
        return pickle.dumps(("lost", f"{type(trouble).__name__}: {trouble}"))
    return content


def _is_memory(trouble: BaseException | None) -> bool:
    while trouble is not None:
        if isinstance(trouble, MemoryError) or getattr(trouble, "errno", None) == errno.ENOMEM:
            return True
        trouble = trouble.__cause__ or trouble.__context__
    return False


def _is_alone(control: socket.socket) -> bool:
    """Whether the caller is gone already."""
    watch = select.poll()
    watch.register(control, 0)
    return bool(watch.poll(0))


def main() -> NoReturn:
    """Load everything, put on the belts, serve the line whose number stands in the command."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    belts = put_on()
    for name in PRELOADED:
        if _is_alone(control):
            os._exit(0)
        importlib.import_module(name)
    greet(control, belts)
    serve(control, belts)


if __name__ == "__main__":
    main()
