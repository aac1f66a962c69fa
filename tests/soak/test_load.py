"""The long form of the burst: whole crowds, again and again, on the township as `anzhi up` serves it."""

from collections.abc import Iterator

import pytest

from tests.benchmarks.alone import ROOT
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.load import MIX, TILES, Outcome, Scene, Started, late, play, township

ROUNDS = 5


@pytest.fixture(scope="module")
def service() -> Iterator[Started]:
    with township(ROOT) as start, start() as opened:
        yield opened


def is_told_in_time(outcome: Outcome, *, within_s: float) -> None:
    assert outcome.failed == 0
    assert outcome.share(503) <= 0.05
    assert outcome.late_s(99) <= within_s
    for watched in (outcome.health, outcome.static):
        assert {one.status for one in watched} == {200}
    assert late(outcome.health, 95) <= 0.25
    assert late(outcome.health, 100) <= 1.0


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_hundred_and_fifty_clients_with_four_requests_each(service: Started, _round: int):
    is_told_in_time(play(service, Scene("burst", Crowd(150, 4), MIX)), within_s=15)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_hundred_clients_who_think(service: Started, _round: int):
    crowd = Crowd(200, 1, 20, thinking_s=3.0, within_s=3.0)
    is_told_in_time(play(service, Scene("thinking", crowd, MIX)), within_s=3)


def test_a_thousand_tiles_at_once(service: Started):
    is_told_in_time(play(service, Scene("tiles", Crowd(1000, 1), TILES)), within_s=15)


def test_memory_is_that_of_the_first_crowd_after_the_last(service: Started):
    scene = Scene("burst", Crowd(150, 4), MIX)
    first = play(service, scene).memory_mb[1]
    last = [play(service, scene).memory_mb[1] for _ in range(ROUNDS)][-1]
    assert last < 1.25 * first
