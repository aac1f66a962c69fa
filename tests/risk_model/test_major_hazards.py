"""Major hazard installations by GB 18218: worked examples, the edges of levels, and which row a substance is."""

from fractions import Fraction

import pytest

from risk_model.enterprises import NearbyResidents, Stock, chemical_terms, identify_major_hazard
from risk_model.enterprises.chemicals import is_cas_number
from risk_model.errors import InvalidAssessment
from risk_model.rulebook import load_rulebook
from tests.saying import refusing

BOOK = load_rulebook()
CHEMICALS = chemical_terms(BOOK)


def stocks(**tonnes: float | None) -> list[Stock]:
    return [Stock(name, amount) for name, amount in tonnes.items()]


def identify(residents: int | None, *stock: Stock):
    return identify_major_hazard(stock, NearbyResidents(residents, "buildings"), CHEMICALS)


@pytest.mark.parametrize(
    ("residents", "stock", "s", "r", "level"),
    [
        (60, stocks(氨=12), 1.2, 3.6, 4),
        (120, stocks(氯=8), 1.6, 12.8, 3),
        (150, stocks(氯=30), 6.0, 48.0, 3),
        (45, stocks(LNG=72.9), 1.458, 2.6244, 4),
        (0, stocks(甲醇=600, 氢=6), 2.4, 1.5, 4),
        (99, stocks(氨=50), 5.0, 15.0, 3),
        (100, stocks(氨=50), 5.0, 20.0, 3),
    ],
)
def test_stock_and_residents_give_the_level_of_a_major_hazard(residents, stock, s, r, level):
    found = identify(residents, *stock)
    assert (found.s, found.r) == (pytest.approx(s), pytest.approx(r))
    assert found.level == level
    assert found.gaps == ()


def test_below_one_there_is_no_level_although_a_risk_could_be_reckoned():
    found = identify(35, *stocks(汽油=75, 柴油=100, LPG=10))
    assert found.s == pytest.approx(0.595)
    assert (found.status, found.r, found.level, found.alpha) == ("not_major", None, None, None)
    assert found.units[0].weighted == pytest.approx(0.695)


@pytest.mark.parametrize(
    ("residents", "alpha"), [(0, 0.5), (1, 1.0), (29, 1.0), (30, 1.2), (49, 1.2), (50, 1.5), (99, 1.5), (100, 2.0), (None, 2.0)]
)  # fmt: skip
def test_alpha_changes_at_its_edges_and_is_worst_where_nobody_counted(residents, alpha):
    assert identify(residents, Stock("氨", 12.0)).alpha == alpha


@pytest.mark.parametrize(
    ("risk", "level"), [("9.999", 4), ("10", 3), ("49.999", 3), ("50", 2), ("99.999", 2), ("100", 1)]
)
def test_a_risk_on_a_bound_belongs_to_the_worse_level(risk, level):
    assert CHEMICALS.level(Fraction(risk)) == level


def test_exactly_one_is_a_major_hazard_and_a_millionth_less_is_none():
    assert identify(0, Stock("氨", 10.0)).status == "major"
    assert identify(0, Stock("氨", 9.99999)).status == "not_major"
    thirds = [Stock("氨", 0.1), Stock("氨", 0.2), Stock("氨", 9.7)]
    assert identify(0, *thirds).status == "major"


def test_a_substance_is_found_by_any_name_or_by_its_number():
    for stock in (
        Stock("液氯", 8.0),
        Stock("氯气", 8.0),
        Stock("某某", 8.0, "7782-50-5"),
        Stock("氯化氢 (无水)", 32.0),
    ):
        assert identify(0, stock).s == pytest.approx(1.6)


def test_of_several_classes_the_strictest_holds_and_a_listed_substance_needs_none():
    unlisted = Stock("粗品", 30.0, None, ("W5.4", "J5", "W5.1"))
    (line,) = identify(0, unlisted).units[0].lines
    assert (line.critical_t, line.beta, line.source) == (10.0, 1.5, "表2 W5.1")
    assert identify(0, Stock("氨", 5.0, None, ("W1.1",))).units[0].lines[0].critical_t == 10.0
    with refusing(InvalidAssessment, match=r"W99"):
        identify(0, Stock("粗品", 1.0, None, ("W99",)))


@pytest.mark.parametrize(
    ("name", "declared", "critical_t"),
    [
        ("柴油", (), 5000.0),
        ("柴油", ("W5.3",), 1000.0),
        ("硝酸钠", ("W9.1",), 50.0),
        ("硝酸钠", ("W9.1", "W9.2"), 50.0),
    ],
)
def test_a_class_from_the_safety_data_sheet_wins_over_what_is_taken_for_granted(name, declared, critical_t):
    (line,) = identify(0, Stock(name, 10.0, None, declared)).units[0].lines
    assert line.critical_t == critical_t


@pytest.mark.parametrize(
    ("name", "cas", "critical_t", "gap"),
    [
        ("硝酸铵（含可燃物>0.2%）", None, 5.0, None),
        ("硝酸铵（含可燃物≤0.2%）", "6484-52-2", 50.0, None),
        ("硝酸铵 (含可燃物≤0.2%)", None, 50.0, None),
        ("硝酸铵肥料", None, 200.0, None),
        ("硝酸铵", None, 5.0, "form_unknown"),
        ("某某", "6484-52-2", 5.0, "form_unknown"),
        ("硝化棉", None, 1.0, "form_unknown"),
        ("硝化纤维素（含水≥25%）", "9004-70-0", 50.0, None),
        ("无水氨", None, 10.0, None),
        ("丙烷", "74-98-6", 50.0, None),
    ],
)
def test_a_form_named_is_its_own_row_and_one_not_named_the_strictest(name, cas, critical_t, gap):
    (line,) = identify(0, Stock(name, 1.0, cas)).units[0].lines
    assert (line.critical_t, line.gap) == (critical_t, gap)


def test_table_one_is_whole_and_every_row_says_where_its_beta_comes_from():
    table = BOOK.documents["hazardous_chemicals"]["table1"]["substances"]
    beta_of = BOOK.documents["hazardous_chemicals"]["table2"]["classes"]
    assert [row["number"] for row in table] == list(range(1, 86))
    for row in table:
        where, _, category = row["beta_from"].partition(" ")
        assert (row["confidence"] == "high") == (where == "表3")
        assert where == "表3" or row["beta"] == beta_of[category]["beta"]
        assert all(is_cas_number(cas) for cas in row["cas"])
    toxic = {row["names"][0]: row["beta"] for row in table if row["beta_from"] == "表3"}
    assert sorted(toxic.values()) == [2, 2, 2, 2, 3, 3, 4, 5, 5, 10, 10, 20, 20, 20]


def test_name_and_number_that_disagree_are_taken_at_their_strictest():
    assert identify(0, Stock("汽油", 10.0, "7782-50-5")).units[0].lines[0].critical_t == 5.0


def test_an_unknown_substance_or_amount_is_never_passed_over():
    strange = identify(0, Stock("氨", 1.0), Stock("魔法粉", 500.0))
    assert (strange.status, strange.at_least) == ("insufficient_data", True)
    assert strange.gaps == ("substance_unknown:魔法粉",)
    assert identify(0, Stock("氨", None)).gaps == ("amount_unknown:氨",)
    enough = identify(0, Stock("氨", 20.0), Stock("魔法粉", 500.0))
    assert (enough.status, enough.level, enough.at_least) == ("major", 4, True)


@pytest.mark.parametrize("tonnes", [-1.0, float("nan"), float("inf")])
def test_an_amount_that_cannot_be_is_an_error(tonnes):
    with pytest.raises(InvalidAssessment, match="氨"):
        identify(0, Stock("氨", tonnes))


def test_units_are_identified_each_by_itself():
    apart = [Stock("氨", 6.0, unit="一库"), Stock("氨", 6.0, unit="二库")]
    assert identify(0, *apart).status == "not_major"
    found = identify(0, *apart, Stock("氯", 200.0, unit="罐区"))
    assert [unit.level for unit in found.units] == [None, None, 2]
    assert found.level == 2
    doubtful = identify(0, Stock("氨", 1.0, unit="一库"), Stock("魔法粉", 1.0, unit="二库"))
    assert doubtful.status == "insufficient_data"
