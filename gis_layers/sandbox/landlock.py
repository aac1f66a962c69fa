"""Landlock: the files a call may open, named beforehand; every other one is closed to it, whatever its rights."""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gis_layers.sandbox import kernel

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_ASK_VERSION, _BENEATH = 1, 1
_WRITE_FILE, _READ_FILE, _READ_FOLDER, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_OF_FILES: Final = _WRITE_FILE | _READ_FILE | _TRUNCATE | 1
_FILES_BY_VERSION: Final = ((1, (1 << 13) - 1), (2, 1 << 13), (3, _TRUNCATE), (5, 1 << 15))
_NETWORK_FROM, _BIND_AND_CONNECT = 4, 0b11
_SCOPE_FROM, _SOCKETS_AND_SIGNALS = 6, 0b11


@dataclass(frozen=True, slots=True)
class Openings:
    """Open paths: files and folders to read with all below, folders whose names may be listed, one to write in."""

    readable: tuple[Path, ...]
    listable: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Version of this kernel's Landlock; 0 for none."""
    with suppress(OSError):
        return kernel.call("syscall", _CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_ASK_VERSION))
    return 0


def close_all_but(openings: Openings) -> None:
    """Close every file but the openings to this thread and what it starts. Raises OSError where Landlock is missing."""
    newest = version()
    files = sum(bits for since, bits in _FILES_BY_VERSION if since <= newest)
    rules = _Rules(
        files,
        _BIND_AND_CONNECT if newest >= _NETWORK_FROM else 0,
        _SOCKETS_AND_SIGNALS if newest >= _SCOPE_FROM else 0,
    )
    known = 24 if newest >= _SCOPE_FROM else 16 if newest >= _NETWORK_FROM else 8
    ruleset = kernel.call("syscall", _CREATE, ctypes.byref(rules), ctypes.c_size_t(known), ctypes.c_uint(0))
    try:
        _open(ruleset, openings.readable, _READ_FILE | _READ_FOLDER)
        _open(ruleset, openings.listable, _READ_FOLDER)
        _open(ruleset, openings.writable, files & ~1)
        kernel.call("syscall", _RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0))
    finally:
        os.close(ruleset)


def _open(ruleset: int, paths: Iterable[Path], rights: int) -> None:
    for path in paths:
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
            allowed = rights if folder else rights & _OF_FILES
            if allowed:
                rule = _Rule(allowed, descriptor)
                kernel.call(
                    "syscall",
                    _ADD_RULE,
                    ctypes.c_int(ruleset),
                    ctypes.c_int(_BENEATH),
                    ctypes.byref(rule),
                    ctypes.c_uint(0),
                )
        finally:
            os.close(descriptor)
