"""Run cards as rules: one for every incident, a higher level never asks for less, and what is unsound is refused by name."""

import tomllib
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.dispatch import run_card
from risk_model.errors import ChangeRefused, InvalidRule
from risk_model.incidents import Capability, IncidentKind, IncidentPlace, RescueLevel, TimeOfDay
from risk_model.rulebook import amend, load_rulebook, packaged_rules, read_overlay
from risk_model.rulebook.run_cards import read_run_cards

FILES = packaged_rules()
BOOK = load_rulebook()
FILE = tomllib.loads(FILES["run_cards.toml"])
PLACES = (None, *IncidentPlace)
INCIDENTS = list(product(IncidentKind, PLACES, TimeOfDay))


def card(kind="fire", needs=None, **conditions) -> dict:
    backing = {name: FILE["fire"][name] for name in ("basis", "basis_en", "basis_kind", "source", "source_en", "confidence", "valid_from")}  # fmt: skip
    return {"kind": kind, "ordinary": "second", "needs": needs or {"rescue": [1, 1, 2, 2]}, **conditions, **backing}


def book(**more) -> dict:
    plain = {kind.value: card(kind.value) for kind in IncidentKind}
    return {"run_cards": {"version": "1", "terms": FILE["terms"], **plain, **more}}


def test_every_incident_has_one_card_and_a_higher_level_never_asks_for_less():
    for kind, place, time in INCIDENTS:
        rule = BOOK.run_cards.rule(kind, place, time)
        assert rule.kind is kind
        needs = [run_card(rule, level).needs for level in RescueLevel]
        assert all(needs)
        for less, more in pairwise(needs):
            assert all(more.get(word, 0) >= count for word, count in less.items())
        assert run_card(rule).needs == run_card(rule, rule.ordinary).needs
        assert set(needs[-1]) <= set(Capability)


places = st.lists(st.sampled_from([*IncidentPlace]), unique=True).map(lambda found: [one.value for one in found])
times = st.lists(st.sampled_from([*TimeOfDay]), unique=True).map(lambda found: [one.value for one in found])
more_cards = st.lists(st.tuples(places, times), max_size=4).map(
    lambda drawn: {f"extra{i}": card("fire", places=where, times=when) for i, (where, when) in enumerate(drawn)}
)


@given(more_cards, st.randoms(use_true_random=False))
def test_the_most_special_card_counts_in_whatever_order_they_stand_and_what_cannot_be_told_apart_is_refused(
    extra, random
):
    told = book(**extra)
    fires = [("fire", [], []), *((key, one["places"], one["times"]) for key, one in extra.items())]

    def rank(one):
        return bool(one[1]) * 2 + bool(one[2])

    fitting = {
        (place, time): [
            one for one in fires if (not one[1] or place in one[1]) and (not one[2] or time in one[2])
        ]
        for place, time in product(PLACES, TimeOfDay)
    }  # fmt: skip
    tied = any(sum(rank(one) == rank(other) for other in found) > 1 for found in fitting.values() for one in found)
    if tied:
        with pytest.raises(InvalidRule, match="extra"):
            read_run_cards(told)
        return
    shuffled = list(told["run_cards"].items())
    random.shuffle(shuffled)
    for cards in (read_run_cards(told), read_run_cards({"run_cards": dict(shuffled)})):
        for (place, time), found in fitting.items():
            assert cards.rule("fire", place, time).key == max(found, key=rank)[0]


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (card(needs={"rescue": [2, 1, 2, 2]}), "rescue"),
        (card(needs={"rescue": [1, 1, 2]}), "rescue"),
        (card(needs={"rescue": [1, 1, 2, 2.5]}), "rescue"),
        (card(needs={"rescue": [1, 1, 2, True]}), "rescue"),
        (card(needs={"rescue": [-1, 1, 2, 2]}), "rescue"),
        (card(needs={"rescue": [1, 1, 2, 100]}), "rescue"),
        (card(needs={"rescue": [0, 1, 2, 2]}), "fire"),
        (card(needs={"magic": [1, 1, 1, 1]}), "magic"),
        (card(kind="earthworks"), "earthworks"),
        (card(ordinary="red"), "red"),
        (card(places=["forest"]), "forest"),
        (card(places=["road"]), "fire"),
        (card(colour="red"), "colour"),
    ],
)  # fmt: skip
def test_an_unsound_card_is_refused_by_name(broken, named):
    with pytest.raises(InvalidRule, match=named) as refused:
        read_run_cards(book(fire=broken))
    assert "run_cards.toml" in str(refused.value)


@pytest.mark.parametrize("hour", [24, 5.5, -1])
def test_night_begins_and_ends_on_the_hour(hour):
    told = book()
    told["run_cards"]["terms"] = {**FILE["terms"], "night_from": hour}
    with pytest.raises(InvalidRule, match="night_from"):
        read_run_cards(told)


@given(st.integers(0, 23), st.integers(0, 23))
def test_night_lasts_from_one_hour_to_the_other(begin, end):
    told = book()
    told["run_cards"]["terms"] = {**FILE["terms"], "night_from": begin, "night_to": end}
    cards = read_run_cards(told)
    night, hour = set(), begin
    while hour != end:
        night.add(hour)
        hour = (hour + 1) % 24
    assert {hour for hour in range(24) if cards.time(hour) is TimeOfDay.NIGHT} == night


def test_the_first_place_within_its_reach_counts():
    cards = BOOK.run_cards
    reach = cards.reach_m
    assert cards.place({}) is None
    assert (
        cards.place({IncidentPlace.VILLAGE: 0.0, IncidentPlace.ROAD: reach[IncidentPlace.ROAD]}) is IncidentPlace.ROAD
    )
    assert (
        cards.place({IncidentPlace.VILLAGE: 0.0, IncidentPlace.ROAD: reach[IncidentPlace.ROAD] + 1})
        is IncidentPlace.VILLAGE
    )
    assert cards.place(dict.fromkeys(IncidentPlace, 0.0)) is IncidentPlace.ENTERPRISE


def change(field: str, value, article="run_cards.fire"):
    told = {
        "basis": "本地方案",
        "source": "会议纪要",
        "basis_kind": "default",
        "confidence": "high",
        "valid_from": FILE["fire"]["valid_from"],
    }
    return read_overlay({"changes": [{"article": article, "field": field, "value": value, **told}]})


def test_a_deployment_changes_its_cards_and_the_laws_hold_for_them_too():
    local = amend(FILES, change("needs.fire_engine", [2, 3, 4, 5]))
    assert run_card(local.run_cards.rule("fire", None, "day")).needs["fire_engine"] == 3
    assert local.fingerprint != BOOK.fingerprint
    assert amend(FILES, change("night_from", 20, "run_cards.terms")).run_cards.time(20) is TimeOfDay.NIGHT
    assert amend(FILES, change("ordinary", "first")).run_cards.rules["fire"].ordinary is RescueLevel.FIRST
    with pytest.raises(InvalidRule, match="fire_engine"):
        amend(FILES, change("needs.fire_engine", [3, 2, 3, 4]))
    for field, value in (("kind", "flood"), ("needs.boat", [1, 1, 1, 1])):
        with pytest.raises(ChangeRefused):
            amend(FILES, change(field, value))


def test_books_from_before_run_cards_are_read_on():
    old = load_rulebook({path: text for path, text in FILES.items() if path != "run_cards.toml"})
    assert old.run_cards is None
    assert old.fingerprint != BOOK.fingerprint
    assert [rule.id for rule in old.rules] == [rule.id for rule in BOOK.rules]
