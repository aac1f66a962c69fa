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


def test_lists_that_share_keys_compute_each_key_once():
    kept, begun, go, computed = Once[str, str](8), Event(), Event(), []

    def compute(keys):
        computed.extend(keys)
        if "a" in keys:
            begun.set()
            go.wait(10)
        return [key.upper() for key in keys]

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(kept.get_all, ["a", "b"], compute)
        begun.wait(10)
        second = threads.submit(kept.get_all, ["c", "b", "a"], compute)
        go.set()
        assert (first.result(), second.result()) == (["A", "B"], ["C", "B", "A"])
    assert sorted(computed) == ["a", "b", "c"]


def test_a_list_that_is_computed_keeps_no_other_key_waiting():
    kept, both = Once[str, str](8), Barrier(2)

    def compute(keys):
        both.wait(timeout=10)  # breaks unless both compute at the same time
        return list(keys)

    with ThreadPoolExecutor(2) as threads:
        lists = [threads.submit(kept.get_all, keys, compute) for keys in (["a", "b"], ["c"])]
        assert [one.result() for one in lists] == [["a", "b"], ["c"]]


def test_a_list_that_fails_is_kept_for_no_key_and_sets_its_keys_free():
    kept = Once[str, int](8)
    with pytest.raises(ZeroDivisionError):
        kept.get_all(["a", "b"], lambda keys: [1 // 0 for _ in keys])
    assert kept.get("a", lambda: 7) == 7
    assert kept.get_all(["a", "a", "b"], lambda keys: [8 for _ in keys]) == [7, 7, 8]


def test_who_waits_for_a_failing_list_computes_the_key_anew():
    kept, begun, go = Once[str, int](8), Event(), Event()

    def fails(keys):
        begun.set()
        go.wait(10)
        raise LookupError(keys)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(kept.get_all, ["a"], fails)
        begun.wait(10)
        second = threads.submit(kept.get_all, ["a"], lambda keys: [5 for _ in keys])
        go.set()
        assert second.result() == [5]
        with pytest.raises(LookupError):
            first.result()


def test_values_are_kept_by_their_size_and_what_is_larger_than_all_room_is_not():
    kept, computed = Once[str, bytes](10, size_of=len), []

    def ask(key: str, size: int) -> int:
        return len(kept.get(key, lambda: computed.append(key) or bytes(size)))

    assert [ask("a", 6), ask("a", 6), ask("b", 6), ask("a", 6), ask("huge", 11), ask("huge", 11)] == [
        6,
        6,
        6,
        6,
        11,
        11,
    ]
    assert computed == ["a", "b", "a", "huge", "huge"]
