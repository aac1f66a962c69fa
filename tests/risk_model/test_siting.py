"""The screening opinion: worst finding wins, every zone is listed, and unsurveyed ground is never clear."""

import numpy as np
import pytest
import shapely

from risk_model.errors import UnreadableSite
from risk_model.rulebook import load_rulebook, packaged_rules
from risk_model.siting import review_site, review_sites
from risk_model.siting.findings import NO_RULES, SILENT
from risk_model.siting.requirements import RuleState
from risk_model.vocabulary import ThemeStatus, Verdict
from tests.risk_model.ground import (
    BOOK,
    FIELD,
    ON,
    THEMES,
    WIDE,
    extent,
    extents,
    findings_of,
    judged,
    site,
    surveyed,
    theme_of,
    zone,
    zones,
)
from tests.saying import refusing

OVER = FIELD.buffer(200)


def test_two_hundredths_of_a_school_in_an_extreme_flash_flood_area_prohibit_it():
    strip = shapely.box(-10, -10, 2, 200)
    opinion = judged(site(project_class="K2"), zone("z", "flash_flood", strip, "极高危险"))
    (finding,) = findings_of(opinion)
    assert opinion.verdict is Verdict.PROHIBITED
    assert finding.overlap_m2 == pytest.approx(200, abs=1e-9)
    assert finding.overlap_share == pytest.approx(0.02)
    assert (finding.sliver, finding.distance_m) == (False, 0.0)


def test_industry_on_medium_geological_and_low_fire_ground_needs_a_geological_assessment():
    opinion = judged(site(project_class="K5"), zone("g", "geological", OVER, "中"), zone("w", "wildfire", OVER, "低"))
    assert opinion.verdict is Verdict.RESTRICTED
    geological, fire = findings_of(opinion)
    assert geological.procedure == ("地质灾害危险性评估",)
    assert (fire.rule, fire.verdict) == (None, Verdict.PERMITTED)


def test_housing_wholly_on_low_ground_is_undecided_while_nobody_mapped_the_faults():
    opinion = judged(site(project_class="K4"), zone("g", "geological", OVER, "低"), ground=surveyed("fault"))
    assert opinion.verdict is Verdict.INSUFFICIENT_DATA
    assert opinion.data_gaps == ("fault",)
    fault = theme_of(opinion, "fault")
    assert (fault.status, fault.covered_share, fault.mandatory) == (ThemeStatus.NO_DATA, 0.0, True)


def test_a_farm_building_on_high_composite_risk_is_clear_with_a_note():
    opinion = judged(site(project_class="K6"), zone("c", "composite", OVER, "高", product="risk_all"))
    (finding,) = findings_of(opinion)
    assert (opinion.verdict, finding.rule) == (Verdict.PERMITTED, None)
    assert "普查综合风险区划高等级区" in finding.message


F = zone("f", "flash_flood", OVER, "极高危险")
R = zone("r", "composite", OVER, "高")
A = zone("a", "wildfire", OVER, "低")


@pytest.mark.parametrize(
    ("rows", "missing", "verdict"),
    [
        ((F, R, A), (), Verdict.PROHIBITED),
        ((R,), ("fault",), Verdict.RESTRICTED),
        ((A,), ("fault",), Verdict.INSUFFICIENT_DATA),
        ((), (), Verdict.PERMITTED),
        ((), ("fault",), Verdict.INSUFFICIENT_DATA),
    ],
)
def test_the_most_restrictive_hit_wins_and_gaps_are_told_whatever_the_verdict(rows, missing, verdict):
    opinion = judged(site(project_class="K2"), *rows, ground=surveyed(*missing))
    assert (opinion.verdict, opinion.data_gaps) == (verdict, missing)


def test_a_gap_in_a_theme_that_is_not_mandatory_is_told_but_does_not_weigh():
    opinion = judged(site(project_class="K6"), ground=surveyed("wildfire", "fault"))
    assert opinion.verdict is Verdict.PERMITTED
    assert opinion.data_gaps == ("fault", "wildfire")
    assert not theme_of(opinion, "wildfire").mandatory


def test_no_layers_at_all_leave_every_theme_unknown():
    opinion = judged(site(), ground=extents())
    assert opinion.verdict is Verdict.INSUFFICIENT_DATA
    assert opinion.data_gaps == THEMES
    assert {theme.covered_share for theme in opinion.themes} == {0.0}


def test_a_touching_edge_is_no_concern_and_a_hair_more_is():
    beside = zone("z", "flood", shapely.box(100, 0, 300, 100), "极高")
    opinion = judged(site(), beside)
    assert opinion.verdict is Verdict.PERMITTED
    assert findings_of(opinion) == []
    assert theme_of(opinion, "flood").status is ThemeStatus.NOT_CONCERNED
    inside = zone("z", "flood", shapely.box(99.999, 0, 300, 100), "极高")
    assert judged(site(), inside).verdict is Verdict.PROHIBITED


def test_a_shared_edge_blurred_by_arithmetic_is_no_concern():
    blurred = zone("z", "flood", shapely.box(100 - 1e-9, 0, 300, 100), "极高")
    assert findings_of(judged(site(), blurred)) == []


def test_a_sliver_counts_but_makes_the_verdict_borderline():
    opinion = judged(site(), zone("z", "flood", shapely.box(99.95, 0, 300, 100), "极高"))
    (finding,) = findings_of(opinion)
    assert finding.sliver
    assert finding.overlap_m2 == pytest.approx(5)
    assert (opinion.verdict, opinion.borderline) == (Verdict.PROHIBITED, True)


@pytest.mark.parametrize(("width", "sliver"), [(0.0999, True), (0.1001, False)])
def test_an_overlap_is_a_sliver_below_ten_square_metres_and_a_thousandth(width, sliver):
    small = site(shapely.box(0, 0, 200, 100))
    opinion = judged(small, zone("z", "flood", shapely.box(-50, 0, width, 100), "低"))
    assert findings_of(opinion)[0].sliver is sliver


def test_ten_square_metres_of_a_small_site_are_no_sliver():
    opinion = judged(site(shapely.box(0, 0, 10, 10)), zone("z", "flood", shapely.box(-5, 0, 0.5, 10), "低"))
    assert not findings_of(opinion)[0].sliver


def test_a_zone_without_the_grade_it_must_carry_is_insufficient_data_not_clear():
    opinion = judged(site(), zone("z", "geological", OVER))
    (finding,) = findings_of(opinion)
    assert opinion.verdict is finding.verdict is Verdict.INSUFFICIENT_DATA
    assert (finding.rule, finding.grade, finding.grade_rank, finding.grade_scheme) == (None, None, None, None)
    assert finding.message == SILENT[RuleState.UNKNOWN_GRADE].zh


def test_a_grade_of_a_scheme_no_rule_reads_is_insufficient_data():
    assert judged(site(), zone("z", "geological", OVER, "一般", scheme="prev3")).verdict is Verdict.INSUFFICIENT_DATA


def test_an_unknown_fire_grade_weighs_as_far_off_as_the_fire_rule_reaches():
    near = zone("z", "wildfire", shapely.box(130, 0, 300, 100))
    assert judged(site(project_class="K4"), near).verdict is Verdict.INSUFFICIENT_DATA
    assert judged(site(project_class="K6"), near).verdict is Verdict.PERMITTED


def test_a_hazard_the_rulebook_does_not_know_is_reported_and_never_clear():
    opinion = judged(site(), zone("z", "sinkhole", OVER))
    assert opinion.verdict is Verdict.INSUFFICIENT_DATA
    assert opinion.themes[-1].theme == "sinkhole"
    assert opinion.themes[-1].status is ThemeStatus.NO_DATA


def test_a_product_no_rule_reads_is_listed_but_neither_objects_nor_counts_as_a_survey():
    risk = zone("z", "geological", OVER, "极高", product="risk_population")
    ground = extents(
        *(extent(theme) for theme in THEMES if theme != "geological"), extent("geological", product="risk_population")
    )
    opinion = judged(site(project_class="K6"), risk, ground=ground)
    (finding,) = findings_of(opinion)
    assert (finding.rule, finding.verdict) == (None, Verdict.PERMITTED)
    assert finding.message == SILENT[RuleState.NOT_READ].zh
    assert opinion.data_gaps == ("geological",)
    assert opinion.verdict is Verdict.INSUFFICIENT_DATA


@pytest.mark.parametrize("product", ["hazard", "risk_all", "zoning_risk"])
def test_composite_risk_is_read_from_its_three_products(product):
    assert judged(site(), zone("z", "composite", OVER, "高", product=product)).verdict is Verdict.RESTRICTED


def test_a_theme_without_rules_takes_any_product_as_its_survey():
    ground = extents(
        *(extent(theme) for theme in THEMES if theme != "earthquake"), extent("earthquake", product="risk_gdp")
    )
    opinion = judged(site(), zone("q", "earthquake", OVER, "高"), ground=ground)
    assert opinion.data_gaps == ()
    assert theme_of(opinion, "earthquake").status is ThemeStatus.CONCERNED
    assert findings_of(opinion)[0].message == NO_RULES.zh
    assert opinion.verdict is Verdict.PERMITTED


def test_a_legal_boundary_binds_whatever_grade_it_was_given():
    assert judged(site(), zone("z", "river_management", OVER, "低", scheme="flood4")).verdict is Verdict.PROHIBITED


def test_a_line_where_an_area_was_expected_counts_where_it_crosses_the_site():
    crossing = zone("z", "protection_corridor", shapely.LineString([(-50, 50), (150, 50)]))
    passing = zone("z", "protection_corridor", shapely.LineString([(-50, 101), (150, 101)]))
    assert judged(site(), crossing).verdict is Verdict.PROHIBITED
    assert judged(site(), passing).verdict is Verdict.PERMITTED


def test_findings_stand_by_theme_then_severity_then_overlap_then_name():
    half = shapely.box(-10, -10, 50, 110)
    rows = [
        zone("b", "flood", OVER, "低"),
        zone("a", "flood", OVER, "低"),
        zone("c", "flood", half, "极高"),
        zone("d", "flood", half, "低"),
        zone("e", "geological", OVER, "低"),
    ]
    assert [finding.zone for finding in findings_of(judged(site(), *rows))] == ["e", "c", "a", "b", "d"]


def test_a_holed_zone_overlaps_only_where_it_has_ground():
    holed = shapely.Polygon(OVER.exterior, [FIELD.buffer(5).exterior])
    assert findings_of(judged(site(), zone("z", "flood", holed, "极高"))) == []


def test_the_fetching_distance_covers_rules_and_boundary_shifts():
    housing = BOOK.reach_by_hazard(site(project_class="K4"))
    assert (housing["flood"], housing["wildfire"], housing["fault"]) == (50, 100, 250)
    assert BOOK.reach_by_hazard(site(project_class="K6"))["wildfire"] == 50
    assert BOOK.search_reach_m(site(seismic_class="甲").seismic_class) == 5050


def test_many_sites_are_judged_exactly_as_each_alone():
    rng = np.random.default_rng(7)
    kinds = [("geological", "高"), ("flood", "中"), ("wildfire", "高"), ("fault", ""), ("dam_break", "")]
    rows = []
    for number in range(60):
        hazard, grade = kinds[number % len(kinds)]
        x, y = rng.uniform(-500, 500, 2)
        shape = shapely.Point(x, y).buffer(rng.uniform(20, 200))
        rows.append(zone(f"z{number:02}", hazard, shape.exterior if hazard == "fault" else shape, grade))
    sites = [
        site(shapely.box(x, y, x + 60, y + 40), f"K{number % 7 + 1}")
        for number, (x, y) in enumerate(rng.uniform(-500, 500, (40, 2)))
    ]
    ground = surveyed(by=shapely.box(-480, -480, 480, 480))
    together = review_sites(sites, zones(*rows), ground, BOOK, ON, threads=2)
    assert together == [review_site(one, zones(*rows), ground, BOOK, ON) for one in sites]
    assert len({opinion.verdict for opinion in together}) > 1


def test_no_sites_get_no_opinions():
    assert review_sites([], zones(), surveyed(), BOOK, ON) == []


def test_the_opinion_carries_the_ground_it_judged():
    opinion = judged(site(shapely.Point(0, 0), "K2"))
    assert opinion.buffered_m == 30
    assert opinion.area_m2 == pytest.approx(np.pi * 900, rel=0.01)
    assert opinion.seismic_class == "乙"
    assert shapely.within(opinion.footprint, WIDE)


NEAR_RIVER = """
[[rules]]
id = "RIV-NEAR"
relation = "within_m"
metres = 40
products = ["hazard"]
verdicts = { K1 = "R-D", K2 = "R-D", K3 = "R-D", K4 = "R-D", K5 = "R-D", K6 = "A", K7 = "R-D" }
procedure = ["护岸论证"]
message = "距河道管理范围 {distance:.0f} 米"
note = ""
valid_from = 2024-01-01
[[rules.grounds]]
kind = "D"
basis = "某县的岸线退让规定"
source = "某县"
confidence = "low"
valid_from = 2024-01-01
"""


@pytest.mark.parametrize(
    ("gap", "rule", "verdict"),
    [
        (-20, "RIV-SCOPE", Verdict.PROHIBITED),
        (40, "RIV-NEAR", Verdict.RESTRICTED),
        (40.1, None, Verdict.PERMITTED),
    ],
)
def test_a_zone_two_rules_read_gives_one_finding_by_the_worse_one_met(gap, rule, verdict):
    texts = packaged_rules()
    texts["hazards/river_management.toml"] += NEAR_RIVER
    book = load_rulebook(texts)
    river = zone("z", "river_management", shapely.box(100 + gap, -500, 900, 500))
    opinion = review_site(site(), zones(river), surveyed(), book, ON)
    assert opinion.verdict is verdict
    assert [finding.rule for finding in findings_of(opinion)] == ([rule] if rule else [])
    assert book.reach_by_hazard(site())["river_management"] == 90


@pytest.mark.parametrize("project_class", [f"K{number}" for number in range(1, 8)])
@pytest.mark.parametrize("gap", [-50, 17, 49])
def test_a_grade_no_rule_knows_is_no_data_with_its_reason(project_class, gap):
    """A prevention grade on a wildfire hazard map: met as far off as the strictest rule looks, and never left unnamed."""
    unread = zone("w", "wildfire", shapely.box(100 + gap, 0, 400, 100), "重点", scheme="prev3")
    opinion = judged(site(project_class=project_class), unread)
    theme = theme_of(opinion, "wildfire")
    reached = gap < 0 or project_class not in ("K6", "K7")
    assert (theme.status is ThemeStatus.NO_DATA) == reached
    assert ("wildfire" in opinion.data_gaps) == reached
    assert (opinion.verdict is Verdict.INSUFFICIENT_DATA) == reached
    assert ("no rule knows it" in theme.reason_en) == reached


def test_a_hazard_the_rulebook_does_not_know_is_a_gap():
    opinion = judged(site(), zone("s", "sinkhole", FIELD))
    assert opinion.data_gaps == ("sinkhole",)
    assert theme_of(opinion, "sinkhole").status is ThemeStatus.NO_DATA


def test_every_theme_without_data_says_why_and_no_other_does():
    part = shapely.box(-500, -500, 50, 500)
    for ground in (surveyed("flood"), surveyed(by=part), surveyed()):
        opinion = judged(site(), zone("w", "wildfire", FIELD, "重点", scheme="prev3"), ground=ground)
        for theme in opinion.themes:
            unknown = theme.status is ThemeStatus.NO_DATA
            assert (theme.theme in opinion.data_gaps) == unknown == bool(theme.reason) == bool(theme.reason_en)


@pytest.mark.parametrize(("side", "readable"), [(0.99, False), (1.01, True)])
def test_a_polygon_under_a_square_metre_is_a_slip_of_the_pen(side, readable):
    if readable:
        assert judged(site(shapely.box(0, 0, side, side))).area_m2 == pytest.approx(side * side)
    else:
        with refusing(UnreadableSite, match="less than 1 m²"):
            judged(site(shapely.box(0, 0, side, side)))
