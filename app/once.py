"""What is computed once and kept: for each key by one thread, while threads with other keys go on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from cachetools import LRUCache

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Once(Generic[Key, Value]):
    """The ``most`` values used last. Who asks for a value that is being computed waits for that one computation.

    Nobody waits for another key's: a request that waits holds its connection and its slot meanwhile. A computation
    that fails is the failure of whoever began it; the next in line computes anew.
    """

    def __init__(self, most: int) -> None:
        self._kept: LRUCache[Key, Value] = LRUCache(maxsize=most)
        self._looking = Lock()
        # A lock lives as long as somebody computes or waits.
        self._computing: WeakValueDictionary[Key, Lock] = WeakValueDictionary()

    def get(self, key: Key, compute: Callable[[], Value]) -> Value:
        """The value of ``key``, computed by this thread where nobody has done so or is about to."""
        with self._looking:
            if key in self._kept:
                return self._kept[key]
            mine = self._computing.get(key)
            if mine is None:
                mine = self._computing[key] = Lock()
        with mine:
            with self._looking:
                if key in self._kept:
                    return self._kept[key]
            value = compute()
            with self._looking:
                self._kept[key] = value
            return value
