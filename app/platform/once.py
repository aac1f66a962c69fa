"""Values computed once and kept: for each key by one thread, while threads with other keys go on."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final, Generic, TypeVar
from weakref import WeakValueDictionary

from cachetools import LRUCache

from app.platform.errands import Errand, current

LOOK_S: Final = 0.05
"""How often whoever waits looks whether their own client is still there."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class _Computing:
    """One value being computed: by one thread, for the errand of that thread and of all who wait."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.errand: Errand | None = None


@contextmanager
def _turn(computing: _Computing) -> Iterator[None]:
    """This thread's turn. While it waits, whoever computes works for its client too; it waits no longer than that stays."""
    errand = current()
    while not computing.lock.acquire(timeout=-1 if errand is None else LOOK_S):
        _wait_with(computing, errand)
    try:
        computing.errand = errand
        yield
    finally:
        computing.errand = None
        computing.lock.release()


def _wait_with(computing: _Computing, mine: Errand | None) -> None:
    """Wait until the turn of whoever computes is over; raises what ends the errand of this thread."""
    theirs = computing.errand
    if mine is None or theirs is None:
        return
    with theirs.shared_with(mine):
        while computing.errand is theirs:
            mine.heed()
            time.sleep(LOOK_S)


class Once(Generic[Key, Value]):
    """The ``most`` values used last. Who asks for a value that is being computed waits for that one computation.

    Nobody waits for another key's: a request that waits holds its connection and its slot meanwhile. A computation
    that fails is the failure of whoever began it; the next in line computes anew.
    """

    def __init__(self, most: int) -> None:
        self._kept: LRUCache[Key, Value] = LRUCache(maxsize=most)
        self._looking = Lock()
        # It lives as long as somebody computes or waits.
        self._computing: WeakValueDictionary[Key, _Computing] = WeakValueDictionary()

    def get(self, key: Key, compute: Callable[[], Value]) -> Value:
        """The value of ``key``, computed by this thread where nobody has done so or is about to."""
        with self._looking:
            if key in self._kept:
                return self._kept[key]
            mine = self._computing.get(key)
            if mine is None:
                mine = self._computing[key] = _Computing()
        with _turn(mine):
            with self._looking:
                if key in self._kept:
                    return self._kept[key]
            value = compute()
            with self._looking:
                self._kept[key] = value
            return value
