"""Values computed once and kept: for each key by one thread, while threads with other keys go on."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
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
    """The values used last: ``most`` of them, or as many as together measure ``most`` by ``size_of``. Who asks for a value that is being computed waits for that one computation.

    Nobody waits for another key's: a request that waits holds its connection and its slot meanwhile. A computation
    that fails is the failure of whoever began it; the next in line computes anew.
    """

    def __init__(self, most: int, *, size_of: Callable[[Value], int] | None = None) -> None:
        self._kept: LRUCache[Key, Value] = LRUCache(maxsize=most, getsizeof=size_of)
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
            self._keep({key: value})
            return value

    def get_all(self, keys: Sequence[Key], compute: Callable[[Sequence[Key]], Sequence[Value]]) -> list[Value]:
        """The values of ``keys``: those nobody has or is computing by one computation of this thread, the others waited for.

        Two who ask for lists that share keys compute each key once.
        """
        with self._looking:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            mine = {key: _Computing() for key in dict.fromkeys(keys) if key not in found and key not in self._computing}
            # Nobody else has these yet, so nobody waits here.
            for computing in mine.values():
                computing.lock.acquire()
                computing.errand = current()
            self._computing.update(mine)
        try:
            if mine:
                computed = dict(zip(mine, compute(list(mine)), strict=True))
                self._keep(computed)
                found |= computed
        finally:
            for computing in mine.values():
                computing.errand = None
                computing.lock.release()
        for key in keys:
            if key not in found:
                found[key] = self.get(key, partial(_only, compute, key))
        return [found[key] for key in keys]

    def _keep(self, values: Mapping[Key, Value]) -> None:
        with self._looking:
            for key, value in values.items():
                if self._kept.getsizeof(value) <= self._kept.maxsize:
                    self._kept[key] = value


def _only(compute: Callable[[Sequence[Key]], Sequence[Value]], key: Key) -> Value:
    return compute([key])[0]
