"""What is kept is computed once for each key, and no key waits for another."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from app.platform.once import Once


def test_no_key_waits_for_another():
    kept, both = Once[str, str](4), Barrier(2)

    def compute() -> str:
        both.wait(timeout=10)  # breaks unless both compute at the same time
        return "done"

    with ThreadPoolExecutor(2) as threads:
        assert [one.result() for one in [threads.submit(kept.get, key, compute) for key in "ab"]] == ["done", "done"]


def test_who_asks_for_the_same_waits_and_computes_nothing():
    kept, begun, go = Once[str, object](4), Event(), Event()
    computed = []

    def compute() -> object:
        begun.set()
        go.wait(10)
        computed.append(object())
        return computed[-1]

    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(kept.get, "a", compute)
        begun.wait(10)
        others = [threads.submit(kept.get, "a", compute) for _ in range(7)]
        go.set()
        assert {one.result() for one in [first, *others]} == set(computed)
    assert len(computed) == 1


def test_a_computation_that_fails_is_not_kept():
    kept = Once[str, int](4)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 7) == 7
    assert kept.get("a", lambda: 8) == 7


def test_the_values_used_last_are_kept_and_no_more():
    kept, computed = Once[int, int](2), []

    def ask(key: int) -> int:
        return kept.get(key, lambda: computed.append(key) or key)

    for key in (1, 2, 1, 3, 1, 2):
        assert ask(key) == key
    assert computed == [1, 2, 3, 2]


def test_one_computation_may_ask_for_another():
    kept = Once[str, int](4)
    assert kept.get("a", lambda: kept.get("b", lambda: 1) + 1) == 2
