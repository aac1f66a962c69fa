"""A call into the sandbox, as its caller sees it: a function that answers, or one of five kinds of trouble."""

from __future__ import annotations

import functools
import os
import pickle
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar, cast

from gis_layers.errors import ConfinedBusy, ConfinedCancelled, ConfinedDied, ConfinedMemory, ConfinedTimeout
from gis_layers.sandbox.answers import unpack
from gis_layers.sandbox.frames import POLL_S, LineBroken, ask, framed, pair
from gis_layers.sandbox.limits import PLAIN, Limits
from gis_layers.sandbox.nurseries import NURSERIES, Branch
from gis_layers.sandbox.packed_answers import packed
from risk_model.message import msg

T = TypeVar("T")
Cancelled = threading.Event | Callable[[], bool] | None
"""How a caller says that the answer is no longer wanted."""

MOST_AT_ONCE: Final = max(4, os.cpu_count() or 1)
PATIENCE_S: Final = 15.0
"""How long a call waits for one of the MOST_AT_ONCE places of this process before it is told to come back."""
_REPORT_S: Final = 2.0
_places = threading.BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class _Call:
    """One call on its way: its number in the nursery, our end of its line, the pipe that tells how it ended."""

    job: int
    branch: Branch
    line: socket.socket
    report: int

    def kill(self) -> None:
        with suppress(OSError):
            self.branch.send({"do": "kill", "job": self.job}, [])

    def ended_by(self) -> int | None:
        """The exit code of its process, negative for a signal; None where nobody tells."""
        ready, _, _ = select.select([self.report], [], [], _REPORT_S)
        word = os.read(self.report, 32) if ready else b""
        return int(word) if word else None


def run_confined(
    function: Callable[..., T],
    *args: Any,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    profile: str = PLAIN,
    readable: Sequence[Path] = (),
    writable: Sequence[Path] = (),
    cancelled: Cancelled = None,
) -> T:
    """Answer of ``function(*args)`` in a confined process: no network, no environment, no file but ``readable``.

    ``function`` is a function of a module and pure; arguments and answer are pickled. ``readable`` are the files or
    folders that the call may open for reading, beside the programs' own; it may write into the folders ``writable``
    and into a scratch folder that ends with it. An exception of the function is raised here as itself. Raises ConfinedTimeout, ConfinedMemory,
    ConfinedCancelled, ConfinedBusy and ConfinedDied.
    """
    with _place(cancelled), TemporaryDirectory(prefix="anzhi-confined-") as scratch:
        order = packed((function, args))
        told = pickle.dumps((limits, _resolved(readable), _resolved([Path(scratch), *writable])))
        call = _begin(profile, _module_of(function))
        with call.line:
            try:
                kind, answer = unpack(_answer(call, framed(told) + framed(order), limits, cancelled))
            finally:
                os.close(call.report)
    return cast("T", _taken(kind, answer))


def _module_of(function: Callable[..., Any]) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    return function.__module__


def _resolved(paths: Sequence[Path]) -> list[str]:
    return [str(path.resolve()) for path in paths]


class _place:  # noqa: N801 - used as a statement
    """One of the places of this process for as long as the block runs."""

    def __init__(self, cancelled: Cancelled) -> None:
        self._cancelled = cancelled

    def __enter__(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not _places.acquire(timeout=POLL_S):
            _heed(self._cancelled)
            if time.monotonic() > deadline:
                raise ConfinedBusy(msg("同时处理的文件太多；请稍后重试"))

    def __exit__(self, *_: object) -> None:
        _places.release()


def _begin(profile: str, module: str) -> _Call:
    """Have the nursery fork; one that died since the last call is replaced once."""
    for last in (False, True):
        branch = NURSERIES.branch(profile)
        ours, theirs = pair()
        report, told = os.pipe()
        job = next(NURSERIES.jobs)
        try:
            branch.send({"do": "run", "job": job, "module": module}, [theirs.fileno(), told])
        except OSError as gone:
            NURSERIES.drop(profile, branch)
            ours.close()
            os.close(report)
            if last:
                raise ConfinedDied(_died(msg("没有隔离进程"))) from gone
        else:
            return _Call(job, branch, ours, report)
        finally:
            theirs.close()
            os.close(told)
    raise AssertionError


def _answer(call: _Call, question: bytes, limits: Limits, cancelled: Cancelled) -> memoryview:
    deadline = time.monotonic() + limits.wall_s

    def look() -> None:
        _heed(cancelled)
        if time.monotonic() > deadline:
            raise ConfinedTimeout(_late(limits))

    try:
        return ask(call.line, question, most=limits.answer_bytes, look=look)
    except LineBroken as broken:
        code = call.ended_by()
        call.kill()
        if code == -signal.SIGXCPU:
            raise ConfinedTimeout(_late(limits)) from broken
        raise ConfinedDied(_died("unknown" if code is None else str(code))) from broken
    except BaseException:
        call.kill()
        raise


def _heed(cancelled: Cancelled) -> None:
    wanted_no_more = cancelled.is_set() if isinstance(cancelled, threading.Event) else cancelled and cancelled()
    if wanted_no_more:
        raise ConfinedCancelled(msg("处理已取消"))


def _taken(kind: str, answer: Any) -> Any:
    match kind:
        case "value":
            return answer
        case "error":
            raise answer
        case "memory":
            raise ConfinedMemory(msg("处理所需内存超过上限，已停止；请减少要素或拆分后重试"))
        case _:
            raise ConfinedDied(_died(str(answer)))


def _late(limits: Limits) -> str:
    return msg("处理超过 {seconds} 秒，已停止；请减少要素或拆分后重试", seconds=f"{limits.wall_s:g}")


def _died(trouble: str) -> str:
    return msg("处理中途意外终止（{trouble}），没有结果；数据可能损坏或过大，请检查后重试", trouble=trouble)
