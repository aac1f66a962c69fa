"""The filter of system calls: what a reader has no business to ask the kernel for is refused by the kernel."""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Iterable
from typing import Final

from gis_layers.sandbox import kernel

_SET_SECCOMP, _FILTER = 22, 2
_ARCHITECTURES: Final = (0xC000003E, 0xC00000B7)
_FOREIGN_ABI: Final = 0x40000000
"""x86-64 has a second numbering from here on (x32); it is refused whole."""
_LOAD, _EQUAL, _AT_LEAST, _SOME_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_AT = 0, 4, 16
_THREAD: Final = 0x00010000

# Numbers by architecture: x86-64, arm64. -1: the architecture never had it.
_NETWORK: Final = {
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}  # fmt: skip
_MACHINE: Final = {
    "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "open_by_handle_at": (304, 265), "init_module": (175, 105), "finit_module": (313, 273),
    "kexec_load": (246, 104), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
}  # fmt: skip
_OTHERS: Final = {
    "kill": (62, 129), "tkill": (200, 130), "pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138),
    "fork": (57, -1), "vfork": (58, -1),
}  # fmt: skip
"""What the nursery itself needs and no call does: to start, end or govern another process."""
_CLONE, _CLONE3, _TGKILL, _PRLIMIT = (56, 220), (435, 435), (234, 131), (302, 261)


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint),
    )  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


_Step = tuple[int, int, int, int]


def refuse_network() -> None:
    """No socket may be opened or reached, no program started, nothing mounted. Raises OSError where there is no filter."""
    column = _column()
    _install(column, _refusals(column, {**_NETWORK, **_MACHINE}))


def refuse_others(own: int) -> None:
    """In a call: no other process may be started or signalled, only threads of process ``own``. Raises OSError."""
    column = _column()
    steps = _refusals(column, _OTHERS)
    # The C library takes the older call where the newer one, whose flags no filter can see, is said not to exist.
    steps += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _REFUSE | errno.ENOSYS)]
    steps += _only_where(_CLONE[column], (_SOME_BITS, 1, 0, _THREAD))
    steps += _only_where(_TGKILL[column], (_EQUAL, 1, 0, own))
    steps += _only_where(_PRLIMIT[column], (_EQUAL, 1, 0, 0))
    _install(column, steps)


def _refusals(column: int, calls: dict[str, tuple[int, int]]) -> list[_Step]:
    numbers: Iterable[int] = (numbers[column] for numbers in calls.values())
    return [
        step
        for number in numbers
        if number >= 0
        for step in ((_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE | errno.EPERM))
    ]


def _only_where(number: int, condition: _Step) -> list[_Step]:
    """Allow a call only where its first argument meets the condition."""
    return [
        (_EQUAL, 0, 4, number), (_LOAD, 0, 0, _FIRST_AT), condition,
        (_RETURN, 0, 0, _REFUSE | errno.EPERM), (_RETURN, 0, 0, _ALLOW),
    ]  # fmt: skip


def _install(column: int, steps: list[_Step]) -> None:
    head: list[_Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT), (_EQUAL, 1, 0, _ARCHITECTURES[column]),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM), (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _FOREIGN_ABI), (_RETURN, 0, 0, _REFUSE | errno.EPERM),
    ]  # fmt: skip
    whole = [*head, *steps, (_RETURN, 0, 0, _ALLOW)]
    instructions = (_Instruction * len(whole))(*[_Instruction(*step) for step in whole])
    program = _Program(len(whole), instructions)
    kernel.prctl(_SET_SECCOMP, _FILTER, ctypes.addressof(program))


def _column() -> int:
    column = kernel.column()
    if column is None:
        raise OSError(errno.ENOSYS, "no table of system calls for this machine")
    return column
