"""Dispatch: who may be sent, how soon, in which order, and what nobody brings."""

import datetime
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.codes import enumeration
from risk_model.dispatch import (
    Arrival,
    Authority,
    ForceOnRecord,
    authorities,
    avoided_ground,
    count_covered,
    coverage_standards,
    lacking,
    lapse_of_force,
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
from risk_model.dispatch.run_cards import read_run_cards

TODAY = datetime.date(2026, 11, 27)
FORCE = ForceOnRecord("1", "一班", "fire", "ready", frozenset(["fire_engine"]))
CAPABILITIES = st.frozensets(st.sampled_from([*enumeration("capability")]), max_size=4)
ARRIVALS = st.lists(
    st.tuples(CAPABILITIES, st.none() | st.floats(0, 9999)), max_size=8
).map(lambda drawn: [Arrival(replace(FORCE, key=str(n), capabilities=can), s) for n, (can, s) in enumerate(drawn)])  # fmt: skip


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
    card = run_card(incident)
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


def test_every_kind_of_incident_has_a_card_of_known_capabilities():
    whole = {kind: dict(run_card(kind).needs) for kind in enumeration("incident_kind")}
    assert {word for needs in whole.values() for word in needs} <= set(enumeration("capability"))
    for broken in ({"fire": {}}, {"fire": {"rescue": 0}}):
        with pytest.raises(ValueError, match=r"run_cards\.toml"):
            read_run_cards(broken)


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
