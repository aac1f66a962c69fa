"""Server in a data folder: read from PostgreSQL's pid file and believed only when the process bears it out."""

import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PORT = 5432  # Only a part of the socket's file name: the server listens on no network address.
PID_FILE = "postmaster.pid"
STRAY_PATIENCE_S = 5.0
_SERVER_NAMES = ("postgres", "postmaster")


@dataclass(frozen=True)
class Postmaster:
    """A server that is alive in a folder; `state` is its own word: starting, ready, stopping."""

    pid: int
    socket_dir: Path
    state: str


def find_postmaster(postgres_dir: Path) -> Postmaster | None:
    """Find the server that runs in a folder, or None when the pid file is missing, stale or names another program."""
    lines = _lines(postgres_dir / PID_FILE)
    pid = _pid_in(lines)
    if pid is None or not _serves(pid, postgres_dir):
        return None
    # Lines, by number: 5 the socket folder, 8 the state. A server that has just begun has not written them yet.
    lines += [""] * (8 - len(lines))
    return Postmaster(pid, Path(lines[4]), lines[7].strip() or "starting")


def drop_stale_pid_file(postgres_dir: Path) -> None:
    """Remove the pid file of a server that is gone; call it only when `find_postmaster` found none.

    PostgreSQL itself refuses to start while the number in that file belongs to any process of the same user, also
    to one that merely got the number later. Its check of shared memory still stands against a second server.
    """
    (postgres_dir / PID_FILE).unlink(missing_ok=True)


def socket_is_taken(folder: Path, postgres_dir: Path) -> bool:
    """Tell whether the server of another data folder listens here; what a dead server left behind is removed."""
    lock = folder / f".s.PGSQL.{PORT}.lock"
    pid = _pid_in(_lines(lock))
    if pid is not None and _is_server(pid) and not _serves(pid, postgres_dir):
        return True
    lock.unlink(missing_ok=True)
    (folder / f".s.PGSQL.{PORT}").unlink(missing_ok=True)
    return False


def is_frozen(pid: int) -> bool:
    """Tell whether a process was stopped with a signal, so that it neither answers nor ends."""
    with suppress(psutil.Error):
        return psutil.Process(pid).status() in (psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP)
    return False


def end_at_once(pid: int) -> None:
    """Kill a server and its sessions, frozen or not; the next start replays its log, and nothing acknowledged is lost."""
    with suppress(psutil.Error):
        server = psutil.Process(pid)
        family = [server, *server.children(recursive=True)]
        for process in family:
            with suppress(psutil.Error):
                process.kill()
        patience = time.monotonic() + STRAY_PATIENCE_S
        while not all(map(_has_ended, family)) and time.monotonic() < patience:
            time.sleep(0.02)


def _has_ended(process: psutil.Process) -> bool:
    """Tell so of one that nobody has buried yet, too."""
    with suppress(psutil.Error):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def dismiss_stray_backends(postgres_dir: Path) -> list[int]:
    """Wait for sessions that outlived a killed server, then ask them to quit; answers the pids that still stay.

    They leave by themselves when they notice, but one deep in a computation notices late and blocks a new start.
    """
    strays = list(_stray_backends(postgres_dir))
    _, strays = psutil.wait_procs(strays, timeout=STRAY_PATIENCE_S)
    for stray in strays:
        with suppress(psutil.Error):
            stray.send_signal(signal.SIGQUIT)
    _, strays = psutil.wait_procs(strays, timeout=STRAY_PATIENCE_S)
    return [stray.pid for stray in strays]


def end_processes_in(folder: Path) -> None:
    """End at once what still works in a folder that is about to be removed: an `initdb` whose caller was killed."""
    abandoned = list(_processes_in(folder))
    for process in abandoned:
        with suppress(psutil.Error):
            if process.name() in ("initdb", *_SERVER_NAMES):
                process.kill()
    psutil.wait_procs(abandoned, timeout=STRAY_PATIENCE_S)


def _processes_in(folder: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd() == str(folder):
                yield process


def _stray_backends(postgres_dir: Path) -> Iterator[psutil.Process]:
    for process in _processes_in(postgres_dir):
        with suppress(psutil.Error):
            if process.cmdline()[:1] and process.cmdline()[0].startswith("postgres: "):
                yield process


def _serves(pid: int, postgres_dir: Path) -> bool:
    # Every server process stands in its data folder, which no unrelated program that inherited the pid does.
    with suppress(psutil.Error):
        return _is_server(pid) and psutil.Process(pid).cwd() == str(postgres_dir)
    return False


def _is_server(pid: int) -> bool:
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        command = process.cmdline()
        return bool(command) and Path(command[0]).name in _SERVER_NAMES
    return False


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _pid_in(lines: list[str]) -> int | None:
    first = lines[0].strip() if lines else ""
    return int(first) if first.isdigit() and int(first) > 0 else None
