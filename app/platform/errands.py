"""Errands: the work a request orders ends with its client, with the last of the clients that wait for it, or with its time.

Whatever is heavy is asked through ``reckon``: much of it in a confined process, which can be ended at any moment.
Statements of the database are stopped where they are waited for (``gis_layers.connections``). Commands and the worker
have no client, and nothing of this stops them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from app.platform.errors import TookTooLong
from gis_layers.connections import UNWANTED
from gis_layers.errors import ConfinedCancelled, ConfinedDied, ConfinedMemory, ConfinedTimeout
from gis_layers.sandbox import PLAIN, Limits, run_confined
from risk_model.message import msg

Answer = TypeVar("Answer")

MANY: Final = 1_000
"""From so many vertices that are judged on work is done in a process of its own."""

ROWS: Final = 20
"""So many rows of our own registers that are counted or written weigh as one vertex that is judged.

To send them costs several times what that work does: a town's buildings are sent in 70 ms and counted in 4.
"""

STORED: Final = 100
"""So many vertices of our own stores that are cut or joined weigh as one that is judged: of the dearest such work half a second."""

OWN: Final = Path(__file__).parents[1]
"""What is handed over may be of our own making, and is put together again by its own module."""


@dataclass(eq=False, slots=True)
class Errand:
    """Errand of one request: wanted until its client has ``left``, and no longer than ``limits`` allow.

    ``bounded`` says that its statements, too, end with its time: those of an upload have limits of their own.
    """

    left: threading.Event
    limits: Limits = field(default_factory=Limits)
    bounded: bool = True
    ends_at: float = field(init=False)
    _others: list[Errand] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Its time runs from now on."""
        self.ends_at = time.monotonic() + self.limits.wall_s

    @contextmanager
    def shared_with(self, other: Errand) -> Iterator[None]:
        """While the block runs ``other`` waits for what this errand works out: it goes on though its own client left."""
        self._others.append(other)
        try:
            yield
        finally:
            self._others.remove(other)

    def is_unwanted(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.left.is_set() and all(other.is_unwanted() for other in [*self._others])

    def is_over(self) -> bool:
        """Whether its statements are to be stopped."""
        return self.is_unwanted() or (self.bounded and time.monotonic() > self.ends_at)

    def heed(self) -> None:
        """Raises ConfinedCancelled where nobody waits for it any more, TookTooLong where its time is up."""
        if self.is_unwanted():
            raise ConfinedCancelled(msg("处理已取消"))
        if time.monotonic() > self.ends_at:
            raise _too_long()


_CURRENT: ContextVar[Errand | None] = ContextVar("errand", default=None)


def current() -> Errand | None:
    """The errand this thread works on; None where no client waits."""
    return _CURRENT.get()


@contextmanager
def on(errand: Errand, *, stops_statements: bool) -> Iterator[None]:
    """Make what runs in the block, in whatever thread, work on ``errand``."""
    ours = _CURRENT.set(errand)
    theirs = UNWANTED.set(errand.is_over if stops_statements else None)
    try:
        yield
    finally:
        UNWANTED.reset(theirs)
        _CURRENT.reset(ours)


def heed() -> None:
    """Raises what ends the errand of this thread, if it is to end."""
    errand = current()
    if errand is not None:
        errand.heed()


def reckon(
    size: int, function: Callable[..., Answer], *args: Any, readable: Sequence[Path] = (), profile: str = PLAIN
) -> Answer:
    """Answer of the pure ``function`` to work of ``size`` (vertices that are judged), ended with the errand of this thread.

    ``readable`` are files it needs beside the programs' own. Raises what the function raises, ConfinedCancelled where
    nobody waits any more, TookTooLong where it took too much, and ConfinedBusy.
    """
    errand = current()
    if errand is None:
        return function(*args)
    errand.heed()
    if size <= MANY:
        return function(*args)
    limits = replace(errand.limits, wall_s=max(0.0, errand.ends_at - time.monotonic()))
    try:
        return run_confined(
            function, *args, limits=limits, profile=profile, readable=(OWN, *readable), cancelled=errand.is_unwanted
        )
    except (ConfinedTimeout, ConfinedMemory, ConfinedDied) as trouble:
        raise _too_long() from trouble


def _too_long() -> TookTooLong:
    return TookTooLong(msg("这项请求用时超过上限，已停止，没有保存任何内容；请缩小范围后重试"))
