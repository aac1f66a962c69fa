"""Two judgements of a site compared: what differs, and whether an opinion on the one holds of the other."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from risk_model.reviews import Judgement, MetGround, difference, saw_no_less, worst_rules
from risk_model.vocabulary import Verdict

VERDICTS = st.sampled_from(Verdict)
GROUNDS = st.builds(
    MetGround,
    name=st.sampled_from(["甲", "乙"]),
    version=st.integers(1, 3),
    grade=st.none(),
    scheme=st.sampled_from(["flood4", "geo4", None]),
    rank=st.sampled_from([None, 1, 2, 3]),
    overlap_m2=st.sampled_from([0.0, 0.5, 80.0, 8000.0]),
    distance_m=st.sampled_from([0.0, 40.0]),
    rules=st.dictionaries(st.sampled_from(["FLD-1", "GEO-1"]), VERDICTS),
)
WORDS = st.frozensets(st.sampled_from(["甲", "乙", "丙"]))
JUDGEMENTS = st.builds(
    Judgement,
    verdict=VERDICTS,
    grounds=st.dictionaries(
        st.tuples(st.just("flood"), st.just("hazard"), st.sampled_from("123"), st.sampled_from(["", "part 院"])),
        GROUNDS,
    ),
    gaps=WORDS,
    conditions=WORDS,
)


@given(JUDGEMENTS)
def test_a_judgement_does_not_differ_from_itself(one):
    assert difference(one, one).empty
    assert saw_no_less(one, one)


@given(JUDGEMENTS)
def test_a_version_alone_makes_no_difference(one):
    later = replace(one, grounds={key: replace(met, version=9) for key, met in one.grounds.items()})
    assert difference(one, later).empty
    assert saw_no_less(one, later)


@given(JUDGEMENTS, JUDGEMENTS)
def test_a_difference_looked_at_from_the_other_side_is_reversed(one, other):
    there, back = difference(one, other), difference(other, one)
    assert there.empty == back.empty
    assert (there.before, there.gaps_opened, there.conditions_gone) == (
        back.now,
        back.gaps_filled,
        back.conditions_made,
    )
    assert [(each.key, each.before, each.now) for each in there.grounds] == [
        (each.key, each.now, each.before) for each in back.grounds
    ]
    assert [each.grown_m2 for each in there.grounds] == [-each.grown_m2 for each in back.grounds]
    assert [each.rules_met for each in there.grounds] == [each.rules_left for each in back.grounds]


@given(JUDGEMENTS, JUDGEMENTS)
def test_what_is_worse_anywhere_was_not_seen(saw, now):
    if not saw_no_less(saw, now):
        return
    assert saw.verdict.severity >= now.verdict.severity
    change = difference(saw, now)
    assert not change.gaps_opened
    assert not change.conditions_made
    for one in change.grounds:
        assert one.before is not None, "ground nobody had seen"
        assert one.grown_m2 < 1
        for rule, verdict in one.rules_met.items():
            assert one.before.rules[rule].severity > verdict.severity, "judged milder by the same rule, nothing else"


@given(JUDGEMENTS, st.sampled_from("123"), GROUNDS)
def test_ground_that_is_newly_met_was_seen_by_nobody(one, number, met):
    key = ("geological", "hazard", number)
    assert not saw_no_less(one, replace(one, grounds={**one.grounds, key: met}))
    assert [each.key for each in difference(one, replace(one, grounds={**one.grounds, key: met})).grounds] == [key]


@given(st.lists(st.tuples(st.sampled_from("ab"), VERDICTS)))
def test_of_a_rule_told_twice_the_worst_stands(told):
    found = worst_rules(told)
    assert set(found) == {rule for rule, _ in told}
    for rule, verdict in found.items():
        assert verdict.severity == max(each.severity for name, each in told if name == rule)
