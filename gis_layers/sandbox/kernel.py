"""The C library, called by name; what a belt needs of the kernel and Python does not offer."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from typing import Any, Final

LINUX: Final = sys.platform == "linux"
NUMBERS: Final = {"x86_64": 0, "aarch64": 1}
"""Which column of a table of system calls is this machine's."""

_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38
_libc: Any = ctypes.CDLL(None, use_errno=True) if LINUX else None


def call(name: str, *arguments: Any) -> int:
    """Call a function of the C library. Raises OSError with the kernel's reason."""
    if _libc is None:
        raise OSError(0, f"{name} is a thing of Linux")
    result = int(getattr(_libc, name)(*arguments))
    if result < 0:
        trouble = ctypes.get_errno()
        raise OSError(trouble, f"{name}: {os.strerror(trouble)}")
    return result


def prctl(option: int, *arguments: int) -> int:
    """Set a property of this process. Raises OSError."""
    return call("prctl", option, *[ctypes.c_ulong(one) for one in (*arguments, 0, 0, 0, 0)[:4]])


def die_with_parent(signal: int) -> None:
    """Have the kernel send ``signal`` to this process when the process that forked it is gone."""
    if LINUX:
        prctl(_DEATH_SIGNAL, signal)


def gain_nothing() -> None:
    """No program this process starts may have more rights than it has; the belts below demand it. Raises OSError."""
    prctl(_NO_NEW_PRIVILEGES, 1)


def column() -> int | None:
    """This machine's column in the tables of system calls; None where nobody wrote it down."""
    return NUMBERS.get(platform.machine()) if LINUX else None
