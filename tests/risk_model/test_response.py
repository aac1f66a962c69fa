"""What a way to a site is worth: more avoided never makes it better, and what nobody surveyed is never clear."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.dispatch import WayTimes, judge_access, response_terms
from risk_model.dispatch.response import read_response_terms

WORST_LAST = ("clear", "unknown", "way_round", "only_way", "closed", "no_way")
seconds = st.one_of(st.floats(0, 1e5), st.just(inf))


@given(st.tuples(seconds, seconds, seconds).map(sorted), st.floats(0, 1e5))
def test_a_way_is_worth_no_more_than_it_is_without_a_road(times, unknown_m):
    drawn, now, round_s = times
    told = judge_access(WayTimes(drawn, now, round_s, unknown_m))
    worst = WORST_LAST.index(told)
    assert WORST_LAST.index(judge_access(WayTimes(drawn, now, inf, unknown_m))) >= worst
    assert WORST_LAST.index(judge_access(WayTimes(drawn, inf, inf, unknown_m))) >= worst
    assert judge_access(WayTimes()) == "no_way"
    assert told != "clear" or unknown_m < 1


def test_somebody_and_something_is_asked_for():
    terms = response_terms()
    assert {"fire_engine", "medical"} <= set(terms.capabilities)
    for table in (
        {"forces": {"capabilities": []}, "access": {"hazards": ["flood"]}},
        {"forces": {"capabilities": ["rescue"]}, "access": {"hazards": []}},
    ):
        with pytest.raises(ValueError, match=r"response\.toml"):
            read_response_terms(table)
