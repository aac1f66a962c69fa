"""Surveyed ground: shares, tolerance, pieces, layers that are their own survey."""

import pytest
import shapely

from risk_model.vocabulary import ThemeStatus, Verdict
from tests.risk_model.ground import (
    FIELD,
    THEMES,
    WIDE,
    extent,
    extents,
    findings_of,
    judged,
    site,
    theme_of,
    zone,
)

PART = ("flood", "composite")
"""A theme surveyed in part, and the one that is made of all others."""


def all_but(theme, *rows):
    return extents(*(extent(key) for key in THEMES if key != theme), *rows)


@pytest.mark.parametrize(("share", "gaps"), [(0.5, PART), (0.998, PART), (0.9995, ()), (1.0, ())])
def test_a_site_must_be_surveyed_but_for_a_thousandth(share, gaps):
    ground = all_but("flood", extent("flood", shapely.box(-500, -500, 100 * share, 500)))
    opinion = judged(site(project_class="K6"), ground=ground)
    assert opinion.data_gaps == gaps
    assert opinion.verdict is (Verdict.INSUFFICIENT_DATA if gaps else Verdict.PERMITTED)
    assert theme_of(opinion, "flood").covered_share == pytest.approx(share)


def test_findings_of_the_surveyed_half_stand_beside_the_gap():
    ground = all_but("flood", extent("flood", shapely.box(-500, -500, 50, 500)))
    opinion = judged(site(), zone("z", "flood", shapely.box(-50, -50, 20, 200), "中"), ground=ground)
    flood = theme_of(opinion, "flood")
    assert flood.status is ThemeStatus.NO_DATA
    assert [finding.rule for finding in flood.findings] == ["FLD-MED"]
    assert (opinion.verdict, opinion.data_gaps) == (Verdict.RESTRICTED, PART)


def test_pieces_of_an_extent_add_up_once():
    left, right = shapely.box(-500, -500, 60, 500), shapely.box(40, -500, 500, 500)
    both = judged(site(project_class="K6"), ground=all_but("flood", extent("flood", left), extent("flood", right)))
    assert theme_of(both, "flood").covered_share == pytest.approx(1.0)
    gap = shapely.box(70, -500, 500, 500)
    torn = judged(site(project_class="K6"), ground=all_but("flood", extent("flood", left), extent("flood", gap)))
    assert theme_of(torn, "flood").covered_share == pytest.approx(0.9)
    assert torn.data_gaps == PART


def test_two_products_that_rules_read_survey_a_theme_together():
    halves = (
        extent("geological", shapely.box(-500, -500, 50, 500)),
        extent("geological", shapely.box(50, -500, 500, 500), product="susceptibility"),
    )
    assert judged(site(project_class="K6"), ground=all_but("geological", *halves)).data_gaps == ()


def test_a_layer_that_is_its_own_survey_covers_just_its_zones():
    own = all_but("flood", extent("flood", own=True, number=7))
    left = zone("l", "flood", shapely.box(-500, -500, 30, 500), "低", extent_id=7)
    right = zone("r", "flood", shapely.box(30, -500, 500, 500), "低", extent_id=7)
    stranger = zone("s", "flood", WIDE, "低", extent_id=8)
    other = zone("o", "composite", WIDE, "低", extent_id=7)
    whole = judged(site(project_class="K6"), left, right, ground=own)
    assert (whole.verdict, theme_of(whole, "flood").covered_share) == (Verdict.PERMITTED, pytest.approx(1.0))
    part = judged(site(project_class="K6"), left, stranger, other, ground=own)
    assert (part.verdict, theme_of(part, "flood").covered_share) == (Verdict.INSUFFICIENT_DATA, pytest.approx(0.3))


def test_fault_lines_are_no_survey_of_the_ground_between_them():
    line = zone("f", "fault", shapely.LineString([(300, -500), (300, 500)]), extent_id=7)
    opinion = judged(site(), line, ground=all_but("fault", extent("fault", own=True, number=7)))
    assert opinion.data_gaps == ("fault",)


def test_a_survey_of_a_hazard_the_rulebook_does_not_know_is_of_no_use():
    assert judged(site(project_class="K6"), ground=all_but("flood", extent("sinkhole"))).data_gaps == ("flood",)


def test_the_fire_survey_must_reach_fifty_metres_around_a_class_it_restricts():
    ground = all_but("wildfire", extent("wildfire", FIELD.buffer(40)))
    assert judged(site(project_class="K4"), ground=ground).data_gaps == ("wildfire",)
    assert judged(site(project_class="K6"), ground=ground).data_gaps == ()


def test_pieces_that_share_the_surroundings_add_up_too():
    left, right = shapely.box(-500, -500, 50, 500), shapely.box(50, -500, 500, 500)
    ground = all_but("wildfire", extent("wildfire", left), extent("wildfire", right))
    opinion = judged(site(), ground=ground)
    assert opinion.data_gaps == ()
    assert theme_of(opinion, "wildfire").reach_share == pytest.approx(1.0)
    assert findings_of(opinion) == []
