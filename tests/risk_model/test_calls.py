"""Calls to villages: nobody answered until somebody says so, and one answer is an answer."""

import datetime

from hypothesis import given
from hypothesis import strategies as some

from risk_model.dispatch import VillageCall, call_state

BEGINNING = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
CALLS = some.lists(
    some.builds(
        VillageCall,
        village=some.sampled_from(["甲村", "乙村"]),
        code=some.sampled_from([None, "1", "2"]),
        who=some.sampled_from(["赵某", "钱某"]),
        answered=some.booleans(),
        at=some.integers(0, 600).map(lambda minutes: BEGINNING + datetime.timedelta(minutes=minutes)),
    ),
    max_size=8,
)


@given(CALLS)
def test_a_village_has_answered_only_where_a_call_says_so(calls):
    told = call_state(calls)
    assert (told.state == "answered") == any(one.answered for one in calls)
    assert (told.state == "not_called") == (not calls)
    assert told.attempts == sum(not one.answered for one in calls)
    if calls:
        assert told.since == min(one.at for one in calls)
        assert any((one.who, one.at) == (told.who, told.at) for one in calls)


@given(CALLS)
def test_the_order_of_the_log_changes_nothing(calls):
    one, other = call_state(calls), call_state(reversed(calls))
    assert (one.state, one.attempts, one.since, one.at) == (other.state, other.attempts, other.since, other.at)


@given(CALLS)
def test_a_call_is_to_one_village_of_a_code(calls):
    for one in calls:
        assert one.is_to(one.village, one.code)
        if one.code:
            assert not one.is_to(one.village, "3")
