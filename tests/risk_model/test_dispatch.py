"""Dispatch: who may be sent, how soon, in which order, and what nobody brings."""

import datetime
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.codes import enumeration
from risk_model.dispatch import (
    NOTHING_CALLED_FOR,
    Arrival,
    Authority,
    ForceOnRecord,
    ReportedIncident,
    authorities,
    avoided_ground,
    count_covered,
    coverage_standards,
    due_report,
    lacking,
    lapse_of_force,
    may_gather,
    may_undo,
    ranked,
    run_card,
    steps_after,
    turnout_s,
    why_passed_over,
)
from risk_model.dispatch.authority import read_authorities
from risk_model.dispatch.avoided import read_avoided_ground
from risk_model.dispatch.coverage import read_coverage_standards
from risk_model.dispatch.forces import read_turnouts
from risk_model.dispatch.report_limits import limit_of, read_reporting_limits
from risk_model.rulebook import load_rulebook

LIMIT = {
    "kinds": [], "levels": [], "phone": 1, "first": 2, "follow_up": 3, "final": 4, "basis_kind": "default", "basis": "x", "basis_en": "x",
}  # fmt: skip
TODAY = datetime.date(2026, 11, 27)
CARDS = load_rulebook().run_cards
FORCE = ForceOnRecord("1", "一班", "fire", "ready", frozenset(["fire_engine"]))
CAPABILITIES = st.frozensets(st.sampled_from([*enumeration("capability")]), max_size=4)
ARRIVALS = st.lists(
    st.tuples(CAPABILITIES, st.none() | st.floats(0, 9999)), max_size=8
).map(lambda drawn: [Arrival(replace(FORCE, key=str(n), capabilities=can), s) for n, (can, s) in enumerate(drawn)])  # fmt: skip


def hours(count: int) -> datetime.timedelta:
    return datetime.timedelta(hours=count)


def test_who_is_out_off_duty_or_no_longer_under_agreement_is_not_asked():
    assert why_passed_over(FORCE, TODAY) is None
    assert {why_passed_over(replace(FORCE, state=state), TODAY) for state in ("out", "off_duty")} == {"out", "off_duty"}
    assert why_passed_over(replace(FORCE, agreement_expires=TODAY), TODAY) is None
    assert why_passed_over(replace(FORCE, agreement_expires=TODAY - datetime.timedelta(days=1)), TODAY) == "expired"
    assert set(enumeration("passed_over")) == {*enumeration("force_state"), "expired"} - {"ready"}


def test_who_was_not_verified_stays_and_is_marked():
    assert lapse_of_force(FORCE, TODAY) == "unverified"
    assert lapse_of_force(replace(FORCE, last_verified=TODAY), TODAY) is None
    assert lapse_of_force(replace(FORCE, last_verified=datetime.date(2025, 1, 1)), TODAY) == "stale"


def test_turnout_is_the_forces_own_else_its_stations_else_its_kinds():
    assert turnout_s(FORCE) == 60
    team = replace(FORCE, kind="township")
    assert (turnout_s(team), turnout_s(replace(team, station_kind="village"))) == (60, 180)
    assert turnout_s(replace(team, station_kind="village", turnout_s=5)) == 5
    assert turnout_s(replace(FORCE, kind="social")) == 1800


@given(ARRIVALS, st.sampled_from([None, *enumeration("incident_kind")]))
def test_the_order_is_by_what_is_met_and_then_by_arrival_and_nobody_is_lost(arrivals, incident):
    card = NOTHING_CALLED_FOR if incident is None else run_card(CARDS.rule(incident, None, "day"))
    named = ranked(arrivals, card)
    assert {id(one) for one in named} == {id(one) for one in arrivals}
    coming = [one for one in named if one.seconds is not None]
    assert named[: len(coming)] == coming, "who cannot come stands last"
    met = [len(card.met_by(one.force.capabilities)) for one in coming]
    parts = [(n < len(card.needs)) + (n == 0 and len(card.needs) > 0) for n in met]
    assert parts == sorted(parts)
    for part in set(parts):
        times = [one.seconds for one, its in zip(coming, parts, strict=True) if its == part]
        assert times == sorted(times)
    lacks = lacking(arrivals, card)
    for word, count in card.needs.items():
        there = sum(word in one.force.capabilities for one in coming)
        assert there + lacks.get(word, 0) == max(there, count)


def test_every_kind_of_force_has_a_turnout():
    assert min(turnout_s(replace(FORCE, kind=kind)) for kind in enumeration("force_kind")) > 0
    assert turnout_s(replace(FORCE, station_kind="fire")) == turnout_s(FORCE)
    with pytest.raises(ValueError, match=r"turnout\.toml"):
        read_turnouts({"kind": {"fire": -1}, "station": {}})


@given(st.lists(st.tuples(st.floats(0, 7200) | st.just(np.inf), st.floats(0, 500)), max_size=20), st.floats(1, 60))
def test_whatever_is_counted_is_covered_or_not_and_more_minutes_cover_no_less(points, minutes):
    seconds, weights = (np.array([point[i] for point in points], dtype=float) for i in range(2))
    count, later = (count_covered(seconds, weights, within) for within in (minutes, 2 * minutes))
    assert count.covered + count.uncovered == pytest.approx(weights.sum())
    assert later.covered >= count.covered - 1e-9
    assert (count.share is None) == (weights.sum() == 0)
    assert count.share is None or 0 <= count.share <= 1


def test_limits_of_what_is_avoided_and_covered_make_sense_or_are_refused():
    standards, ground = coverage_standards(), avoided_ground()
    assert all(
        list(one.minutes) == sorted(set(one.minutes)) and one.basis and one.basis_en for one in standards.values()
    )
    assert (ground.closes(1), ground.closes(ground.worst_grades + 1), ground.closes(None)) == (True, False, False)
    for broken in ([], [5, 5], [0, 5], [10, 5]):
        with pytest.raises(ValueError, match=r"coverage\.toml"):
            read_coverage_standards({"standards": [{"key": "own", "minutes": broken}]})
    for hours, grades in ((0, 2), (6, 0)):
        with pytest.raises(ValueError, match=r"avoided\.toml"):
            read_avoided_ground(
                {"review": {"after_h": hours}, "zones": {"worst_grades": grades, "beneath_bridges": []}}
            )


def test_every_force_is_set_in_motion_by_some_authority_and_a_request_has_an_addressee():
    for kind in enumeration("force_kind"):
        for station in (None, *enumeration("station_kind")):
            over = authorities().over(kind, station)
            assert over.verb in enumeration("authority")
            assert (over.addressee is None) == (over.verb in {"direct", "invite"})
            assert over.addressee is None or over.addressee in enumeration("addressee")
    assert authorities().over("volunteer", "village").verb == "direct"
    assert authorities().over("fire", "fire") == Authority("request", "fire_command")
    assert authorities().over("circus", None).verb == "report", "whatever nobody thought of"
    with pytest.raises(ValueError, match="authority"):
        read_authorities({"kind": {"fire": "order"}, "station": {}, "addressee": {}})


def test_a_step_may_be_skipped_and_none_is_taken_again():
    assert steps_after("notified") == ("answered", "under_way", "on_scene", "recalled")
    assert steps_after("on_scene") == ("recalled",)
    assert steps_after("recalled") == steps_after("undone") == ()


def test_every_kind_and_grade_has_a_limit_with_its_basis_and_what_nobody_graded_the_shortest():
    for kind in enumeration("incident_kind"):
        each = [limit_of(kind, level) for level in enumeration("incident_level")]
        assert all(one.basis and one.basis_en and one.basis_kind in enumeration("basis_kind") for one in each)
        assert limit_of(kind, None).first == min(one.first for one in each)
    with pytest.raises(ValueError, match="report_limits"):
        read_reporting_limits({"limits": [{**LIMIT, "phone": 200}]})


def test_reports_are_due_one_after_the_other_until_the_last():
    told = datetime.datetime(2026, 11, 27, 2, tzinfo=datetime.UTC)
    one = ReportedIncident("fire", "general", told, None)
    first = due_report(one)
    assert (first.kind, first.due_at - told, first.phone_by - told) == ("first", hours(2), hours(1))
    again = due_report(replace(one, reports=[("first", told + hours(1))]))
    assert (again.kind, again.due_at - told, again.phone_by) == ("follow_up", hours(5), None)
    ended = replace(one, ended_at=told + hours(3), reports=[("first", told + hours(1))])
    assert (due_report(ended).kind, due_report(ended).due_at - told) == ("final", hours(27))
    assert due_report(replace(ended, reports=[("first", told), ("final", told)])) is None


@given(
    st.floats(1, 5000), st.integers(0, 359), st.lists(st.tuples(st.floats(-9e3, 9e3), st.floats(-9e3, 9e3)), min_size=1)
)
def test_who_gathers_stands_outside_and_upwind(danger_m, wind_from, points):
    here, there = np.array([0.0, 0.0]), np.array(points)
    outside = np.hypot(there[:, 0], there[:, 1]) > danger_m
    for fits, (east, north) in zip(may_gather(here, there, outside, wind_from), points, strict=True):
        bearing = np.degrees(np.arctan2(east, north)) % 360
        aside = min(abs(bearing - wind_from), 360 - abs(bearing - wind_from))
        assert fits == (np.hypot(east, north) > danger_m and aside <= 45) or abs(aside - 45) < 1e-6
    assert list(may_gather(here, there, outside, None)) == [np.hypot(*point) > danger_m for point in points]


def test_a_step_is_taken_back_within_seconds_alone():
    then = datetime.datetime(2026, 11, 27, 2, tzinfo=datetime.UTC)
    assert may_undo(then, then + datetime.timedelta(seconds=10))
    assert not may_undo(then, then + datetime.timedelta(seconds=16))
