"""Joint reviews: gates in the order of a project's kind, when a gate passes, what speaks against a decision."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.errors import InvalidRule
from risk_model.reviews import (
    AskedDepartment,
    GateCondition,
    GivenOpinion,
    WeighedDecision,
    gate_standing,
    is_same_number,
    lacking,
    objections_to,
    packaged_gates,
    read_gates,
)
from risk_model.reviews.vocabulary import (
    DepartmentStanding,
    ReviewDepartment,
    ReviewDocumentKind,
    ReviewObjection,
    ReviewRoute,
    ReviewStage,
    ReviewState,
)
from risk_model.vocabulary import Verdict
from tests.recomputed import gates as again

TODAY = datetime.date(2026, 5, 11)
SPOKEN = [one for one in DepartmentStanding if one not in ("awaited", "overdue", "silent")]
DECISIONS = [ReviewState.APPROVED, ReviewState.CONDITIONAL, ReviewState.REJECTED, ReviewState.RETURNED]
ASKED = st.dictionaries(st.sampled_from(ReviewDepartment), st.integers(-3, 3), max_size=4)
SAID = st.dictionaries(st.sampled_from(ReviewDepartment), st.sampled_from(SPOKEN), max_size=4)
CONDITIONS = st.lists(st.sampled_from([(c, p, r) for c in (True, False) for p in (True, False) for r in (True, False) if not (c and p)]), max_size=3)  # fmt: skip


def standing(asked, said, conditions, *, silence=False):
    return gate_standing(
        [AskedDepartment(one, again.days(TODAY, due)) for one, due in asked.items()],
        [GivenOpinion(one, word) for one, word in said.items()],
        [GateCondition(c, ReviewStage.CONSTRUCTION if p else None, r) for c, p, r in conditions],
        TODAY,
        silence_counts=silence,
    )


@given(ASKED, SAID, CONDITIONS, st.booleans())
def test_a_gate_passes_as_it_is_recomputed(asked, said, conditions, silence):
    due = {one: again.days(TODAY, day) for one, day in asked.items()}
    found = standing(asked, said, conditions, silence=silence)
    assert found.passes == again.passes(due, said, conditions, TODAY, silence=silence)
    assert set(found.departments) == {*asked, *said}, "nobody asked, and nobody who spoke, is left out"
    assert set(found.owed).isdisjoint(said)


@given(st.sampled_from(DECISIONS), st.sampled_from(Verdict), ASKED, SAID, CONDITIONS, st.tuples(*[st.booleans()] * 3))
def test_what_speaks_against_a_decision_is_recomputed(decision, verdict, asked, said, conditions, flags):
    silence, last, papers = flags
    due = {one: again.days(TODAY, day) for one, day in asked.items()}
    found = standing(asked, said, conditions, silence=silence)
    after = None if last else ReviewStage.CONSTRUCTION
    objections = objections_to(WeighedDecision(decision, verdict, found, after, documents_lacking=not papers))
    gate = (due, said, conditions)
    assert (objections == ()) == again.is_plain(
        decision, verdict, gate, TODAY, silence=silence, last=last, papers=papers
    )
    assert len(set(objections)) == len(objections)


@given(st.sampled_from(DECISIONS), ASKED, SAID, CONDITIONS)
def test_worse_verdicts_never_make_a_decision_plainer(decision, asked, said, conditions):
    found = standing(asked, said, conditions)
    against = [
        set(objections_to(WeighedDecision(decision, verdict, found, None)))
        for verdict in (Verdict.PERMITTED, Verdict.RESTRICTED, Verdict.PROHIBITED)
    ]
    assert against[0] <= against[1] <= against[2]


@given(st.sampled_from(DECISIONS), st.sampled_from(Verdict), ASKED, SAID, CONDITIONS, st.sampled_from(ReviewDepartment))
def test_another_department_that_objects_never_makes_a_decision_plainer(
    decision, verdict, asked, said, conditions, one
):
    with_it = {**said, one: DepartmentStanding.DISAGREE}
    asked = {**asked, one: 0}
    for department in (ReviewState.APPROVED, ReviewState.CONDITIONAL):
        before = objections_to(WeighedDecision(department, verdict, standing(asked, said, conditions), None))
        after = objections_to(WeighedDecision(department, verdict, standing(asked, with_it, conditions), None))
        assert ReviewObjection.DEPARTMENTS_OBJECT in after
        assert {*before} - {ReviewObjection.OPINIONS_OWED} <= {*after}
    assert (
        objections_to(WeighedDecision(ReviewState.RETURNED, verdict, standing(asked, with_it, conditions), None)) == ()
    )
    assert decision in DECISIONS


def test_silence_is_no_opinion_unless_a_document_says_so_and_never_an_agreement():
    asked = {ReviewDepartment.WATER: -1, ReviewDepartment.EMERGENCY: 0}
    late = standing(asked, {}, [])
    assert late.departments == {
        ReviewDepartment.WATER: DepartmentStanding.OVERDUE,
        ReviewDepartment.EMERGENCY: DepartmentStanding.AWAITED,
    }
    assert late.overdue_days == {ReviewDepartment.WATER: 1}
    cited = standing(asked, {}, [], silence=True)
    assert cited.departments[ReviewDepartment.WATER] is DepartmentStanding.SILENT
    assert cited.owed == (ReviewDepartment.EMERGENCY,), "its own last day is not late"
    assert not cited.passes
    assert cited.overdue_days == {ReviewDepartment.WATER: 1}, "that it is late is said all the same"


def test_the_last_opinion_of_a_department_counts():
    first, then = (
        GivenOpinion(ReviewDepartment.WATER, word)
        for word in (DepartmentStanding.MORE_MATERIAL, DepartmentStanding.AGREE)
    )
    asked = [AskedDepartment(ReviewDepartment.WATER, TODAY)]
    assert gate_standing(asked, [first, then], [], TODAY, silence_counts=False).passes
    assert not gate_standing(asked, [then, first], [], TODAY, silence_counts=False).passes


def test_the_order_of_gates_differs_by_the_kind_of_project():
    gates = packaged_gates()
    orders = {key: [gate.stage for gate in route.gates] for key, route in gates.routes.items()}
    assert orders[ReviewRoute.AUTHORISED][:2] == [ReviewStage.PLANNING, ReviewStage.APPROVAL]
    assert orders[ReviewRoute.FILED][:2] == [ReviewStage.APPROVAL, ReviewStage.PLANNING], "filed first"
    assert ReviewStage.APPROVAL not in orders[ReviewRoute.RURAL_HOUSE]
    assert gates.gate(ReviewRoute.RURAL_HOUSE, ReviewStage.APPROVAL) is None
    for route in gates.routes.values():
        assert route.gates[-1].stage is ReviewStage.ACCEPTANCE, "a project is accepted last"
        assert [gate.after for gate in route.gates] == [*[gate.stage for gate in route.gates[1:]], None]
        assert [gate.before for gate in route.gates] == [None, *[gate.stage for gate in route.gates[:-1]]]
        assert route.basis
        assert route.confidence
        assert all(ReviewDepartment.NATURAL_RESOURCES in gate.departments and gate.days > 0 for gate in route.gates)


NEEDED = [one for route in packaged_gates().routes.values() for gate in route.gates for one in gate.documents]


def test_documents_of_gates_say_what_they_rest_on_and_nothing_is_sure_that_is_not():
    assert {one.confidence for one in NEEDED} <= {"medium", "low"}
    assert all(one.basis and one.basis.english for one in NEEDED)
    required = [one for one in NEEDED if one.required]
    assert {one.kind for one in required} == {one for one in ReviewDocumentKind if one.endswith("_application")}
    assert not any(one.where or one.confidence == "low" for one in required), "what some sites need is required of none"


@given(
    st.lists(st.sampled_from(NEEDED), unique=True),
    st.lists(st.tuples(st.sampled_from(ReviewDocumentKind), st.booleans())),
)
def test_what_lacks_is_recomputed_and_what_is_kept_besides_changes_nothing(needed, kept):
    there = {kind for kind, struck in kept if not struck}
    assert [one.kind for one in lacking(needed, there)] == again.lacks([one.kind for one in needed], kept)
    assert lacking(needed, there | {ReviewDocumentKind.OTHER}) == lacking(needed, there)
    assert set(lacking(needed, there)) <= set(lacking(needed, set())) == set(needed)


@given(st.text(alphabet="示水函2026第号AB", min_size=1), st.data())
def test_a_number_is_one_however_its_brackets_and_spaces_are_typed(word, data):
    marks = data.draw(st.sampled_from([("〔", "〕"), ("[", "]"), ("（", "）"), ("(", ")"), ("［", "］"), ("【", "】")]))
    assert is_same_number(f"{word}〔2026〕1号", f" {word}{marks[0]}2026 {marks[1]}1号")
    assert not is_same_number(f"{word}〔2026〕1号", f"{word}〔2026〕11号")


SOUND = {
    "routes": {
        key.value: {"stages": ["planning"], "basis_zh": "文", "basis_en": "text", "confidence": "low"}
        for key in ReviewRoute
    },
    "stages": {"planning": {"departments": ["water"], "days": 5}},
}
PAPER = {"kind": "reply", "gates": ["filed/planning"], "basis_zh": "文", "basis_en": "text", "confidence": "low"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"routes": {}},
        {"routes": {**SOUND["routes"], "filed": {**SOUND["routes"]["filed"], "stages": []}}},
        {"routes": {**SOUND["routes"], "filed": {**SOUND["routes"]["filed"], "stages": ["planning", "planning"]}}},
        {"routes": {**SOUND["routes"], "filed": {**SOUND["routes"]["filed"], "stages": ["approval"]}}},
        {"routes": {**SOUND["routes"], "filed": {**SOUND["routes"]["filed"], "departments": {"planning": ["x"]}}}},
        {"stages": {"planning": {"departments": [], "days": 5}}},
        {"stages": {"planning": {"departments": ["water"], "days": 0}}},
        {"stages": {"planning": {"departments": ["navy"], "days": 5}}},
        {"documents": [{**PAPER, "kind": "photograph"}]},
        {"documents": [{**PAPER, "gates": ["filed/approval"]}]},
        {"documents": [PAPER, PAPER]},
    ],
)
def test_gates_that_ask_nobody_or_lead_nowhere_are_refused(wrong):
    assert read_gates(SOUND).routes
    with pytest.raises(InvalidRule):
        read_gates({**SOUND, **wrong})
