"""The set that together meets a run card: as early as any, nobody in it to spare, and the shortfall named."""

from itertools import combinations
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.dispatch import Arrival, ForceOnRecord, RunCard, lacking, meeting_together
from risk_model.dispatch.together import read_within_s, within_s

WORDS = ("boat", "pump", "rescue")
HOUR = 3600.0


def force(key: str, seconds: float | None, *words: str) -> Arrival:
    return Arrival(ForceOnRecord(key, key, "fire", "ready", frozenset(words)), seconds)


def card(**needs: int) -> RunCard:
    return RunCard(MappingProxyType(needs))


forces = st.lists(
    st.tuples(st.none() | st.integers(1, 5000).map(float), st.sets(st.sampled_from(WORDS))), max_size=7
).map(lambda rows: [force(str(i), seconds, *words) for i, (seconds, words) in enumerate(rows)])
cards = st.dictionaries(st.sampled_from(WORDS), st.integers(1, 3), min_size=1).map(lambda needs: card(**needs))


@given(forces, cards)
def test_no_other_set_is_there_sooner_and_nobody_in_it_can_be_spared(arrivals, needs):
    found = meeting_together(arrivals, needs, HOUR)
    chosen = [one for one, _ in found.members]
    in_time = [one for one in arrivals if one.seconds is not None and one.seconds <= HOUR]
    assert found.lacking == lacking(in_time, needs) == lacking(chosen, needs)
    assert all(brings for _, brings in found.members)
    for one in chosen:
        assert lacking([other for other in chosen if other is not one], needs) != found.lacking
    assert (found.complete_s is None) == bool(found.lacking)
    if found.complete_s is not None:
        sooner = [one for one in in_time if one.seconds < found.complete_s]
        assert not any(
            not lacking(some, needs) for size in range(len(sooner) + 1) for some in combinations(sooner, size)
        )


def test_a_later_force_that_brings_all_spares_an_earlier_one():
    found = meeting_together([force("a", 60, "boat"), force("b", 120, "boat", "pump")], card(boat=1, pump=1), HOUR)
    assert [(one.force.key, brings) for one, brings in found.members] == [("b", ("boat", "pump"))]
    assert found.complete_s == 120


def test_what_comes_too_late_is_lacking():
    found = meeting_together([force("a", 60, "boat"), force("b", HOUR + 1, "pump")], card(boat=2, pump=1), HOUR)
    assert found.lacking == {"boat": 1, "pump": 1}
    assert found.complete_s is None
    assert meeting_together([force("a", 60)], card(), HOUR).members == ()
    assert within_s() > 0
    with pytest.raises(ValueError, match="together"):
        read_within_s({"within_min": 0})
