"""The colour of an enterprise: worked examples, the edges between colours and levels, and laws that always hold."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from risk_model.enterprises import (
    AssessedRiskPoint,
    Danger,
    DwellingPoints,
    EnterpriseFacts,
    NearbyResidents,
    Stock,
    assess_point,
    chemical_terms,
    count_residents,
    criteria_of,
    enterprise_terms,
    grade_enterprise,
    identify_major_hazard,
    next_inspection,
)
from risk_model.enterprises.inspections import add_months
from risk_model.errors import InvalidAssessment, InvalidRule
from risk_model.rulebook import load_rulebook, packaged_rules
from risk_model.vocabulary import Colour, DangerState
from tests.saying import refusing

BOOK = load_rulebook()
TERMS, CHEMICALS = enterprise_terms(BOOK), chemical_terms(BOOK)
RED, ORANGE, YELLOW, BLUE = Colour


def lec(likelihood: float, exposure: float, consequence: float) -> AssessedRiskPoint:
    return AssessedRiskPoint("点", "lec", {"likelihood": likelihood, "exposure": exposure, "consequence": consequence})


def matrix(likelihood: float, severity: float) -> AssessedRiskPoint:
    return AssessedRiskPoint("点", "matrix", {"likelihood": likelihood, "severity": severity})


def diagnosis(score: float, *conditions: str) -> AssessedRiskPoint:
    return AssessedRiskPoint("诊断", "diagnosis", {"score": score}, conditions)


def stocks(**tonnes: float | None) -> list[Stock]:
    return [Stock(name, amount) for name, amount in tonnes.items()]


def identify(residents: int | None, *stock: Stock):
    return identify_major_hazard(stock, NearbyResidents(residents, "buildings"), CHEMICALS)


def graded(**facts):
    return grade_enterprise(EnterpriseFacts(**{"sector": "other", **facts}), BOOK)


@pytest.mark.parametrize(
    ("point", "value", "colour"),
    [
        (lec(6, 6, 7), 252, ORANGE), (lec(3, 6, 15), 270, ORANGE), (lec(6, 10, 15), 900, RED), (lec(3, 3, 7), 63, BLUE),
        (lec(0.1, 0.5, 1), 0.05, BLUE), (matrix(4, 5), 20, RED), (matrix(3, 5), 15, ORANGE), (matrix(4, 4), 16, ORANGE),
        (matrix(3, 3), 9, YELLOW), (matrix(3, 4), 12, YELLOW), (matrix(2, 4), 8, BLUE), (diagnosis(59.9), 59.9, RED),
        (diagnosis(60), 60, ORANGE), (diagnosis(75), 75, YELLOW), (diagnosis(89.9), 89.9, YELLOW), (diagnosis(90), 90, BLUE),
        (diagnosis(96, "undesigned_plant"), 96, RED),
    ],
)  # fmt: skip
def test_figures_of_a_risk_point_give_their_colour(point, value, colour):
    assessed = assess_point(point, TERMS)
    assert assessed.value == pytest.approx(value)
    assert assessed.colour is colour


@pytest.mark.parametrize(
    "point",
    [
        lec(4, 6, 7), lec(6, 6, float("nan")), matrix(6, 1), matrix(2.5, 2), matrix(0, 2), diagnosis(101), diagnosis(-1),
        diagnosis(90, "moon"), AssessedRiskPoint("点", "fta", {}), AssessedRiskPoint("点", "lec", {"likelihood": 6}),
        AssessedRiskPoint("点", "matrix", {"likelihood": 1, "severity": 1}, ("undesigned_plant",)),
        AssessedRiskPoint("点", "diagnosis", {}),
    ],
)  # fmt: skip
def test_a_figure_no_scale_has_is_an_error_and_never_interpolated(point):
    with pytest.raises(InvalidAssessment, match=r"点|诊断"):
        assess_point(point, TERMS)


@pytest.mark.parametrize(
    "facts",
    [
        {"stocks": [Stock("魔法粉", 500.0)], "sector": "chemical"},
        {"stocks": [Stock("氨", None)], "sector": "cold_store"},
        {"stocks": [], "sector": "gas"},
    ],
)
def test_a_plant_nobody_could_identify_is_never_shown_blue(facts):
    low, middling = matrix(1, 1), matrix(3, 3)
    doubtful = graded(points=[low], **facts)
    assert (doubtful.base, doubtful.effective) == (Colour.BLUE, None)
    assert "identification_unknown" in [reason.kind for reason in doubtful.reasons]
    assert graded(points=[middling], **facts).effective is Colour.YELLOW


def test_the_base_is_the_worst_risk_point_and_says_why():
    found = graded(points=[matrix(2, 2), lec(3, 6, 15), diagnosis(91)])
    assert (found.base, found.effective, found.overlay) == (ORANGE, ORANGE, None)
    assert (found.reasons[0].kind, found.reasons[0].values["value"]) == ("lec", 270.0)


def test_nothing_assessed_is_unknown_and_never_blue():
    found = graded()
    assert (found.base, found.effective, found.reasons[0].kind) == (None, None, "unassessed")
    assert found.gaps == ("unassessed",)
    assert "inventory_missing" in graded(sector="chemical").gaps


@pytest.mark.parametrize(("tonnes", "floor"), [(1000.0, RED), (200.0, RED), (60.0, ORANGE), (8.0, YELLOW)])
def test_a_major_hazard_sets_a_floor_that_points_may_only_worsen(tonnes, floor):
    stock = [Stock("氯", tonnes)]
    mild = graded(points=[matrix(1, 1)], stocks=stock, residents=NearbyResidents(0, "buildings"))
    assert mild.base is floor
    assert mild.reasons[0].kind == "major_hazard"
    assert graded(points=[matrix(5, 5)], stocks=stock).base is RED
    assert "risk_points_missing" in graded(stocks=stock, residents=NearbyResidents(0, "buildings")).gaps


def test_a_condition_of_direct_red_beats_every_score():
    found = graded(points=[diagnosis(99, "unlicensed_operators")])
    assert (found.base, found.reasons[0].kind) == (RED, "direct_red")


def test_what_was_only_declared_counts_where_nothing_milder_was_reckoned():
    assert graded(declared=BLUE).base is BLUE
    assert graded(declared=BLUE).reasons[0].kind == "declared"
    assert graded(declared=RED, points=[matrix(1, 1)]).base is RED
    assert graded(declared=BLUE, points=[matrix(3, 3)]).base is YELLOW
    assert graded(declared_level=1).base is RED
    differing = graded(declared_level=4, stocks=[Stock("氯", 30.0)], residents=NearbyResidents(150, "buildings"))
    assert (differing.base, "level_differs:4" in differing.gaps) == (ORANGE, True)


def overlaid(base: AssessedRiskPoint | None, *states: DangerState):
    dangers = [Danger(f"D{number}", state) for number, state in enumerate(states)]
    return graded(points=[] if base is None else [base], dangers=dangers)


@pytest.mark.parametrize(
    ("base", "states", "effective"),
    [
        (matrix(1, 1), [DangerState.CONFIRMED], RED),
        (matrix(1, 1), [DangerState.RECTIFYING], RED),
        (matrix(1, 1), [DangerState.ACCEPTANCE_REQUESTED], ORANGE),
        (matrix(5, 5), [DangerState.SECOND_REVIEW], RED),
        (matrix(5, 5), [DangerState.CLOSED], RED),
        (matrix(1, 1), [DangerState.ASSIGNED, DangerState.CONFIRMED, DangerState.CLOSED], RED),
        (matrix(1, 1), [DangerState.UNFOUNDED], BLUE),
        (matrix(1, 1), [DangerState.GENERAL], BLUE),
        (matrix(1, 1), [DangerState.REGISTERED], BLUE),
        (None, [DangerState.CONFIRMED], RED),
        (None, [DangerState.FIRST_REVIEW], ORANGE),
        (None, [DangerState.CLOSED], None),
    ],
)
def test_open_dangers_lie_over_the_base_which_is_kept(base, states, effective):
    found = overlaid(base, *states)
    assert found.effective is effective
    assert found.base is (None if base is None else assess_point(base, TERMS).colour)
    if found.overlay:
        assert found.reasons[0].values


def test_a_danger_nobody_verified_yet_is_told_and_does_not_count():
    found = overlaid(matrix(1, 1), DangerState.REGISTERED, DangerState.VERIFYING)
    assert (found.effective, found.overlay) == (BLUE, None)
    assert found.reasons[-1].kind == "danger_unverified"
    assert found.reasons[-1].values == {"count": 2}


known_stock = st.builds(
    Stock, st.sampled_from(["氨", "氯", "汽油", "硝酸钠"]), st.floats(0, 1e4), unit=st.sampled_from(["", "二库"])
)
any_stock = st.one_of(known_stock, st.builds(Stock, st.just("魔法粉"), st.floats(0, 10)))
points = st.lists(st.builds(matrix, st.integers(1, 5), st.integers(1, 5)), max_size=4)
dangers = st.lists(st.builds(Danger, st.uuids().map(str), st.sampled_from(DangerState)), max_size=4)
SEVERITY = {"no_inventory": 0, "not_major": 1, "insufficient_data": 2, "major": 3}


@given(st.lists(any_stock, max_size=5), any_stock, st.integers(0, 200))
def test_adding_a_substance_never_makes_a_plant_look_safer(stock, more, residents):
    before, after = identify(residents, *stock), identify(residents, *stock, more)
    assert SEVERITY[after.status] >= SEVERITY[before.status]
    assert (after.level or 9) <= (before.level or 9)
    of_unit = {unit.unit: unit.s for unit in after.units}
    assert all(of_unit[unit.unit] >= unit.s for unit in before.units)


@given(st.lists(any_stock, max_size=5).flatmap(lambda one: st.tuples(st.just(one), st.permutations(one))))
def test_the_order_of_substances_changes_nothing(pair):
    first, second = (identify(10, *stock) for stock in pair)
    assert (first.status, first.level, first.s, first.r) == (second.status, second.level, second.s, second.r)


@given(st.lists(known_stock, min_size=1, max_size=4), st.integers(0, 300), st.integers(0, 300))
def test_more_residents_never_lower_a_level(stock, some, more):
    assert (identify(some + more, *stock).level or 9) <= (identify(some, *stock).level or 9)


@given(points, dangers, st.builds(Danger, st.just("new"), st.sampled_from(DangerState)))
def test_opening_a_danger_never_improves_a_colour(known, there, new):
    before, after = graded(points=known, dangers=there), graded(points=known, dangers=[*there, new])
    assert (after.effective.rank if after.effective else 9) <= (before.effective.rank if before.effective else 9)
    assert after.base is before.base


@given(points, st.builds(matrix, st.integers(1, 5), st.integers(1, 5)))
def test_a_further_risk_point_never_improves_a_base(known, new):
    before, after = graded(points=known).base, graded(points=[*known, new]).base
    assert after is not None
    assert before is None or after.rank <= before.rank


@given(points, dangers, st.randoms())
def test_the_order_of_points_and_dangers_changes_nothing(known, there, chance):
    mixed, shuffled = list(known), list(there)
    chance.shuffle(mixed)
    chance.shuffle(shuffled)
    first, second = graded(points=known, dangers=there), graded(points=mixed, dangers=shuffled)
    assert (first.base, first.overlay, first.effective) == (second.base, second.overlay, second.effective)


PLANT = shapely.box(0, 0, 100, 100)


def dwellings(*places: tuple[float, float, float]) -> DwellingPoints:
    shapes = np.asarray([shapely.box(x, y, x + 10, y + 10) for x, y, _ in places], dtype=object)
    return DwellingPoints(shapes, np.asarray([people for *_, people in places]), "buildings")


def test_residents_are_counted_from_the_boundary_not_from_the_middle_and_outside_of_it():
    told = dwellings((595, 0, 3.2), (601, 0, 7), (50, 50, 11), (-300, 0, 2))
    assert count_residents(PLANT, told, 500) == NearbyResidents(6, "buildings", approximate=False, uncounted=0)


def test_a_plant_without_an_outline_is_measured_from_its_point_and_says_so():
    found = count_residents(shapely.Point(0, 0), dwellings((480, 0, 4)), 500)
    assert (found.count, found.approximate) == (4, True)
    working = identify_major_hazard([Stock("氨", 12.0)], found, CHEMICALS)
    assert working.gaps == ("outline_missing",)


def test_people_nobody_counted_are_unknown_and_not_none():
    nobody = DwellingPoints(np.asarray([], dtype=object), np.asarray([]), None)
    assert count_residents(PLANT, nobody, 500).count is None
    assert count_residents(PLANT, dwellings((200, 0, np.nan)), 500) == NearbyResidents(None, "buildings", False, 1)
    some = count_residents(PLANT, dwellings((200, 0, np.nan), (300, 0, 5)), 500)
    assert (some.count, some.uncounted) == (5, 1)
    assert "dwellings_uncounted:1" in identify_major_hazard([Stock("氨", 12.0)], some, CHEMICALS).gaps
    assert "residents_unknown" in identify(None, Stock("氨", 12.0)).gaps
    assert count_residents(PLANT, dwellings((9000, 0, 5)), 500).count == 0


@pytest.mark.parametrize(
    ("colour", "due"), [(RED, date(2026, 2, 28)), (ORANGE, date(2026, 4, 30)), (YELLOW, date(2026, 7, 31)), (BLUE, date(2027, 1, 31)), (None, date(2026, 2, 28))]
)  # fmt: skip
def test_the_next_inspection_follows_from_colour_and_last_one(colour, due):
    last = date(2026, 1, 31)
    assert next_inspection(colour, last, last, TERMS).due == due
    assert not next_inspection(colour, last, due, TERMS).overdue
    late = next_inspection(colour, last, date.fromordinal(due.toordinal() + 3), TERMS)
    assert (late.overdue, late.overdue_days) == (True, 3)


def test_who_was_never_inspected_is_due_at_once():
    state = next_inspection(BLUE, None, date(2026, 1, 1), TERMS)
    assert (state.due, state.overdue) == (None, True)
    assert add_months(date(2023, 12, 31), 2) == date(2024, 2, 29)


def test_the_criteria_in_force_on_a_day_are_those_of_the_sector_or_the_one_chosen():
    on = {day: [one.id for one in criteria_of("construction", None, date.fromisoformat(day), TERMS)] for day in ("2024-06-01", "2025-06-01")}  # fmt: skip
    assert on == {"2024-06-01": ["construction-2022"], "2025-06-01": ["construction-2024"]}
    (chosen,) = criteria_of("construction", "mining-2022-88", date(2025, 1, 1), TERMS)
    assert chosen.id == "mining-2022-88"
    assert criteria_of("other", None, date(2025, 1, 1), TERMS) == ()


@pytest.mark.parametrize(
    ("file", "before", "after", "mend"),
    [
        ("enterprises.toml", "red = 20", "red = 2", "fall"),
        ("enterprises.toml", "likelihood = [1, 2", "likelihood = [-1, 2", "scale"),
        ("enterprises.toml", 'colours = ["red", "red"', 'colours = ["blue", "red"', "level"),
        ("enterprises.toml", '"first_review"', '"confirmed"', "two lists"),
        ("enterprises.toml", "red = 1, orange", "red = 0, orange", "one month"),
        ("enterprises.toml", 'id = "construction-2022"', 'id = "construction-2024"', "one id"),
        ("hazardous_chemicals.toml", "critical_t = 0.3", "critical_t = 0", "above 0"),
        ("hazardous_chemicals.toml", '"7664-39-3"', '"hf"', "CAS"),
        ("hazardous_chemicals.toml", '["碳酰氯", "光气"]', '["氯"]', "two substances"),
        ("hazardous_chemicals.toml", "residents = 0,", "residents = 2,", "begin with 0"),
        ("hazardous_chemicals.toml", "[100, 50, 10]", "[10, 50, 100]", "falling"),
    ],
)
def test_a_wrong_rule_file_is_named_with_the_mend(file, before, after, mend):
    texts = packaged_rules()
    assert before in texts[file]
    book = load_rulebook({**texts, file: texts[file].replace(before, after, 1)})
    with refusing(InvalidRule, match=mend) as trouble:
        (enterprise_terms if file.startswith("enterprises") else chemical_terms)(book)
    assert file in str(trouble.value)


def test_the_rules_of_enterprises_belong_to_the_fingerprint():
    texts = packaged_rules()
    changed = texts["enterprises.toml"].replace("blue = 12,", "blue = 11,")
    assert load_rulebook({**texts, "enterprises.toml": changed}).fingerprint != BOOK.fingerprint
