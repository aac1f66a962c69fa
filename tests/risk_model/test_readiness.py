"""Lapses of dates: which day is too long ago, reckoned a second time by counting days."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.codes import enumeration
from risk_model.readiness import lapse_of, lapses, lapses_among, read_lapse

DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))
NEAR = st.integers(-400, 400)


def test_every_lapse_has_its_words():
    assert set(lapses()) == set(enumeration("lapse"))


@given(DAYS, NEAR)
def test_a_date_lapses_the_day_after_its_limit_and_not_before(on, ago):
    day = on - datetime.timedelta(days=ago)
    assert lapse_of("last_verified", day, on) == ("stale" if ago > lapses()["stale"].days else None)
    for column in ("agreement_expires", "valid_to"):
        assert lapse_of(column, day, on) == ("expired" if ago > 0 else None)


@given(DAYS)
def test_nothing_told_is_unverified_but_no_agreement_that_has_expired(on):
    assert lapse_of("last_verified", None, on) == "unverified"
    assert lapse_of("agreement_expires", None, on) is None
    assert lapse_of("name", None, on) is None


def test_a_register_has_the_lapses_of_its_dates():
    assert [one.code for one in lapses_among(["name", "last_verified"])] == ["stale", "unverified"]
    assert lapses_among(["name"]) == []


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"days": 1},
        {"columns": ["a"]},
        {"columns": ["a"], "days": -1},
        {"columns": ["a"], "days": 1, "unknown": True},
    ],
)
def test_an_entry_that_says_neither_or_both_is_refused(entry):
    with pytest.raises(ValueError, match="readiness"):
        read_lapse("x", entry)
