"""Laws of every life: two persons before anything is in force, no author decides, no dead end, acts give the state."""

import datetime
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.platform.principals import Role
from risk_model.decisions import (
    APPROVAL,
    HIDDEN_DANGER,
    Act,
    Facts,
    Life,
    life_of,
    next_steps,
    parties_of,
    read_life,
    replay,
    require_step,
)
from risk_model.decisions.steps import ACTS
from risk_model.errors import InvalidRule, PersonExcluded, StepIncomplete, StepNotAllowed
from risk_model.vocabulary import DangerState
from tests.saying import refusing

LIVES = [life_of(APPROVAL), life_of(HIDDEN_DANGER)]
PEOPLE = ("甲", "乙", "丙", "丁")
TODAY = datetime.date(2026, 11, 26)
EVERYTHING = frozenset(name for life in LIVES for step in life.steps.values() for name in (*step.needs, *step.asks))
ON_RECORD = Facts(given=EVERYTHING)


@st.composite
def walks(draw: st.DrawFn, life: Life) -> list[Act]:
    """Acts anybody tries in any order; those the life refuses change nothing."""
    done: list[Act] = []
    for _ in range(draw(st.integers(0, 14))):
        act = Act(draw(st.sampled_from(sorted(life.steps))), draw(st.sampled_from(PEOPLE)))
        try:
            require_step(life, Facts(tuple(done), EVERYTHING), act, brought=EVERYTHING)
        except (StepNotAllowed, PersonExcluded):
            continue
        done.append(act)
    return done


def steps_there(life: Life, acts: Sequence[Act], state: str) -> list[str]:
    return [step.step.key for step in next_steps(life, state, Facts(tuple(acts), EVERYTHING), TODAY)]


@given(walks(life_of(APPROVAL)))
def test_nothing_is_in_force_without_two_persons_and_no_author_decides(acts):
    life = life_of(APPROVAL)
    for place, act in enumerate(acts):
        if act.step in ("approve", "return"):
            assert act.by not in {one.by for one in acts[:place] if one.step in ("propose", "resubmit")}
    if replay(life, acts) == "published":
        assert len({act.by for act in acts}) > 1


@given(walks(life_of(APPROVAL)))
def test_what_was_returned_is_proposed_again_before_it_can_be_approved(acts):
    words = [act.step for act in acts]
    for place, word in enumerate(words):
        if word == "return" and "approve" in words[place:]:
            assert "resubmit" in words[place : words.index("approve", place)]
    if replay(life_of(APPROVAL), acts) == "returned":
        assert "approve" not in steps_there(life_of(APPROVAL), acts, "returned")


@given(walks(life_of(HIDDEN_DANGER)))
def test_a_danger_is_closed_by_somebody_who_neither_reported_rectified_nor_reviewed_it(acts):
    life = life_of(HIDDEN_DANGER)
    if replay(life, acts) == "closed":
        assert acts[-1].step == "close"
        others = parties_of(life, acts)
        assert acts[-1].by not in others["reporters"] | others["rectifiers"] | others["reviewers"]
        first = [act.by for act in acts if act.step == "pass_first_review"]
        assert not set(first) & (others["reporters"] | set())
        assert len({act.by for act in acts}) > 2


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.key)
@given(data=st.data())
def test_the_acts_give_the_state_and_every_state_but_an_end_leads_on(life, data):
    acts = data.draw(walks(life))
    state, stepwise = replay(life, acts), None
    for place, act in enumerate(acts):
        stepwise = require_step(life, Facts(tuple(acts[:place]), EVERYTHING), act, brought=EVERYTHING)
        assert stepwise == replay(life, acts[: place + 1])
    assert state == stepwise
    if state is not None:
        offered = next_steps(life, state, Facts(tuple(acts), EVERYTHING), TODAY)
        assert (offered == ()) == life.states[state].end
        assert all(one.missing == () for one in offered)


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.key)
@given(data=st.data())
def test_what_is_offered_is_what_is_admitted(life, data):
    acts = data.draw(walks(life).filter(bool))
    facts = Facts(tuple(acts), EVERYTHING)
    state, person = replay(life, acts), data.draw(st.sampled_from(PEOPLE))
    assert state is not None
    offered = {one.step.key: one.step.to for one in next_steps(life, state, facts, TODAY) if one.open_to(person)}
    admitted = {}
    for step in life.steps:
        try:
            admitted[step] = require_step(life, facts, Act(step, person), brought=EVERYTHING)
        except (StepNotAllowed, PersonExcluded):
            continue
    assert offered == admitted


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.key)
def test_a_life_speaks_words_the_service_knows(life):
    assert {role for step in life.steps.values() for role in step.roles} <= {role.value for role in Role}
    if life.key == HIDDEN_DANGER:
        assert set(life.states) == {state.value for state in DangerState}


def test_a_step_that_is_not_allowed_says_which_are():
    with pytest.raises(StepNotAllowed) as refused:
        require_step(life_of(APPROVAL), Facts((Act("propose", "甲"),)), Act("resubmit", "甲"))
    assert refused.value.allowed == ("approve", "return", "withdraw")
    ended = Facts((Act("propose", "甲"), Act("withdraw", "甲")))
    with pytest.raises(StepNotAllowed) as refused:
        require_step(life_of(APPROVAL), ended, Act("approve", "乙"))
    assert refused.value.allowed == ()


def test_a_step_without_what_it_asks_for_names_that():
    with pytest.raises(StepIncomplete) as refused:
        require_step(life_of(APPROVAL), Facts((Act("propose", "甲"),)), Act("return", "乙"))
    assert refused.value.missing == ("comment",)
    confirmed = next_steps(life_of(HIDDEN_DANGER), "confirmed", Facts(given=frozenset({"measures"})), TODAY)
    assert confirmed[0].missing == ("responsible_person", "funds", "deadline", "emergency_plan")


@pytest.mark.parametrize(("late", "today"), [(0, "2024-06-30"), (1, "2024-07-01")])
@pytest.mark.parametrize("state", ["confirmed", "assigned", "rectifying"])
def test_a_deadline_runs_to_the_end_of_its_day_and_not_while_somebody_reviews(state, late, today):
    facts, day = Facts(days={"deadline": datetime.date(2024, 6, 30)}), datetime.date.fromisoformat(today)
    step = next_steps(life_of(HIDDEN_DANGER), state, facts, day)[0]
    assert (step.deadline, step.overdue_days) == (datetime.date(2024, 6, 30), late)
    waiting = next_steps(life_of(HIDDEN_DANGER), "first_review", facts, day)[0]
    assert (waiting.deadline, waiting.overdue_days) == (None, 0)


def test_where_nobody_knows_who_did_what_nobody_is_taken_for_another():
    """A danger that was imported in the midst of its life: who rectified it is not on record."""
    steps = {one.step.key: one for one in next_steps(life_of(HIDDEN_DANGER), "second_review", ON_RECORD, TODAY)}
    assert steps["close"].missing == (ACTS,)


SOUND = {
    "key": "x",
    "states": {"a": {}, "b": {"end": True}},
    "parties": {"p": ["go"]},
    "steps": [
        {"key": "go", "name_zh": "提出", "name_en": "go", "to": "a", "roles": ["officer"]},
        {"key": "end", "name_zh": "撤回", "name_en": "end", "from": ["a"], "to": "b", "roles": ["officer"]},
    ],
}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"states": {"a": {}, "b": {}}}, "an end has no step out"),
        ({"states": {"a": {}, "b": {"end": True}, "c": {"end": True}}}, "no path leads to c"),
        ({"states": {"a": {"awaits": ["go"]}, "b": {"end": True}}}, "does not leave it"),
        ({"states": {"a": {"awaits_of": "q"}, "b": {"end": True}}}, "no party"),
        ({"parties": {"p": ["stop"]}}, "stop is no step"),
        ({"steps": [*SOUND["steps"], SOUND["steps"][0]]}, "told twice"),
        ({"steps": SOUND["steps"][:1]}, "an end has no step out|no path"),
        ({"steps": [SOUND["steps"][0], {**SOUND["steps"][1], "roles": []}]}, "who may take it"),
        ({"steps": [SOUND["steps"][0], {**SOUND["steps"][1], "never": ["q"]}]}, "no state or party"),
        ({"steps": [{**SOUND["steps"][0], "from": ["a"]}, SOUND["steps"][1]]}, "no step begins it|no path"),
    ],
)
def test_a_life_that_could_lock_somebody_in_is_refused(change, named):
    assert read_life(SOUND).ends == ("b",)
    with refusing(InvalidRule, match=named):
        read_life({**SOUND, **change})
