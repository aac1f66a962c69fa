"""The belts: each holds by itself, and which of them this machine offers is told to whoever asks."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gis_layers.sandbox import kernel, landlock, seccomp
from gis_layers.sandbox.landlock import Openings
from gis_layers.sandbox.limits import Limits

_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000
_CAPABILITIES_VERSION, _DROP_BOUND = 0x20080522, 24
_READ_ANY_FILE: Final = 1 << 2
_OWN_PACKAGES: Final = ("gis_layers", "risk_model")
_OF_SYSTEM: Final = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/localtime",
    "/dev/null", "/dev/urandom",
)  # fmt: skip
_DEVICES: Final = (Path("/dev/null"),)


@dataclass(frozen=True, slots=True)
class Belts:
    """Belts that hold a confined process on this machine; ``missing`` says by belt why one does not."""

    holding: tuple[str, ...]
    missing: dict[str, str]

    @property
    def no_network(self) -> bool:
        """Whether the kernel itself keeps the process from every network."""
        return "no sockets" in self.holding or "empty network" in self.holding


def put_on() -> Belts:
    """Put on what the nursery wears and hands down to every call: an empty network, no rights to gain, no sockets."""
    holding: list[str] = []
    missing: dict[str, str] = {}
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("empty network", _leave_network),
        ("no rights of root", _drop_rights),
        ("no new rights", kernel.gain_nothing),
        ("no sockets", seccomp.refuse_network),
        ("named files only", _demand_landlock),
    )
    for belt, step in steps:
        try:
            step()
            holding.append(belt)
        except OSError as trouble:
            missing[belt] = trouble.strerror or str(trouble)
    return Belts(tuple(holding), missing)


def tighten(limits: Limits, readable: Sequence[Path], writable: Sequence[Path], *, package: str) -> None:
    """Put on what one call wears: its limits, its files, no other process. Where a belt is missing the others hold.

    The first ``writable`` folder is where it keeps what is temporary.
    """
    with suppress(OSError):
        kernel.die_with_parent(signal.SIGKILL)
    _limit(limits)
    tempfile.tempdir = str(writable[0])
    listable = tuple({path.parent for path in readable})
    openings = Openings((*of_the_programs(package), *readable), listable, (*writable, *_DEVICES))
    with suppress(OSError):
        landlock.close_all_but(openings)
    with suppress(OSError):
        seccomp.refuse_others(os.getpid())
    _State.confined = True


class _State:
    confined = False


def is_confined() -> bool:
    """Whether this is a confined call, where a stranger's file may be read."""
    return _State.confined


def of_the_programs(package: str) -> tuple[Path, ...]:
    """Folders of the programs themselves: Python, its libraries, our packages; nothing a deployment keeps."""
    own = [Path(folder) for name in (*_OWN_PACKAGES, package) if name in sys.modules for folder in _folders_of(name)]
    libraries = {Path(sysconfig.get_paths()[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    libraries |= {Path(sys.base_prefix) / "lib", Path(sys.prefix) / "lib"}
    libraries |= {Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")}
    return (*own, *libraries, *map(Path, _OF_SYSTEM))


def _folders_of(package: str) -> list[str]:
    return list(getattr(sys.modules[package], "__path__", []))


def _limit(limits: Limits) -> None:
    seconds = int(limits.wall_s) + 2
    for what, most in (
        (resource.RLIMIT_DATA, _held_bytes() + limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hardest = resource.getrlimit(what)
        ceiling = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
        resource.setrlimit(what, (ceiling, ceiling))


def _held_bytes() -> int:
    """The private memory this process has now; of what it was forked with, most is shared and was paid for once."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0


def _leave_network() -> None:
    """Move into a network without a single card; who is not root does it as the root of nothing but himself."""
    try:
        kernel.call("unshare", _NEW_NETWORK)
    except OSError:
        uid, gid = os.geteuid(), os.getegid()
        kernel.call("unshare", _NEW_USERS | _NEW_NETWORK)
        with suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")


def _drop_rights() -> None:
    """Give up what root may do, but for reading a file that somebody else owns: the console is asked to import such."""
    head = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    rights = (ctypes.c_uint32 * 6)()
    kernel.call("capget", head, rights)
    kept = [rights[0] & _READ_ANY_FILE, rights[1] & _READ_ANY_FILE, 0, 0, 0, 0]
    if rights[0] or rights[3]:
        for number in range(64):
            if not 1 << number & _READ_ANY_FILE:
                with suppress(OSError):  # past the last one the kernel knows
                    kernel.prctl(_DROP_BOUND, number)
    kernel.call("capset", head, (ctypes.c_uint32 * 6)(*kept))


def _demand_landlock() -> None:
    if landlock.version() == 0:
        raise OSError(0, "this kernel has no Landlock")
