"""Sensitivity: what the verdict becomes when every zone boundary moves out or in."""

import pytest
import shapely

from risk_model.vocabulary import Verdict
from tests.risk_model.ground import FIELD, judged, site, surveyed, zone

CLEAR, ASK, NO = Verdict.PERMITTED, Verdict.RESTRICTED, Verdict.PROHIBITED


def shifts_of(opinion):
    return {shift.shift_m: shift.verdict for shift in opinion.sensitivity}


def extreme(shape, mark="z"):
    return zone(mark, "flood", shape, "极高")


def test_shifts_run_from_the_furthest_inward_to_the_furthest_outward():
    assert list(shifts_of(judged(site()))) == [-50, -20, -10, 10, 20, 50]


@pytest.mark.parametrize(
    ("gap", "outward", "borderline"),
    [(5, (NO, NO, NO), True), (15, (CLEAR, NO, NO), False), (49, (CLEAR, CLEAR, NO), False), (60, (CLEAR,) * 3, False)],
)
def test_a_zone_nearby_is_met_once_its_boundary_moves_that_far(gap, outward, borderline):
    opinion = judged(site(), extreme(shapely.box(100 + gap, 0, 500, 100)))
    shifts = shifts_of(opinion)
    assert opinion.verdict is CLEAR
    assert (shifts[10], shifts[20], shifts[50]) == outward
    assert (shifts[-10], shifts[-20], shifts[-50]) == (CLEAR,) * 3
    assert opinion.borderline is borderline


@pytest.mark.parametrize(
    ("depth", "inward", "borderline"),
    [
        (5, (CLEAR, CLEAR, CLEAR), True),
        (15, (NO, CLEAR, CLEAR), False),
        (40, (NO, NO, CLEAR), False),
        (80, (NO, NO, NO), False),
    ],
)
def test_a_zone_that_reaches_into_the_site_lets_go_once_its_boundary_moves_back(depth, inward, borderline):
    opinion = judged(site(), extreme(shapely.box(100 - depth, -300, 500, 400)))
    shifts = shifts_of(opinion)
    assert opinion.verdict is NO
    assert (shifts[-10], shifts[-20], shifts[-50]) == inward
    assert opinion.borderline is borderline


def test_a_site_deep_inside_a_zone_is_firm():
    opinion = judged(site(), extreme(FIELD.buffer(300)))
    assert set(shifts_of(opinion).values()) == {NO}
    assert not opinion.borderline


def test_a_zone_smaller_than_twice_the_shift_vanishes():
    shifts = shifts_of(judged(site(), extreme(shapely.box(40, 40, 70, 70))))
    assert (shifts[-10], shifts[-20]) == (NO, CLEAR)


def test_a_hole_widens_when_boundaries_move_in():
    holed = shapely.Polygon(FIELD.buffer(300).exterior, [shapely.box(2, 2, 98, 98).exterior])
    shifts = shifts_of(judged(site(), extreme(holed)))
    assert (shifts[-10], shifts[10]) == (CLEAR, NO)


def test_a_line_between_two_zones_that_say_the_same_is_no_boundary():
    west, east = shapely.box(-300, -300, 50, 400), shapely.box(50, -300, 400, 400)
    opinion = judged(site(shapely.box(45, 45, 55, 55)), extreme(west, "w"), extreme(east, "e"))
    assert set(shifts_of(opinion).values()) == {NO}


def test_a_line_between_two_verdicts_is_a_border_of_the_worse_ground_alone():
    east = zone("e", "flood", shapely.box(50, -300, 400, 400), "中")
    opinion = judged(site(shapely.box(45, 45, 55, 55)), extreme(shapely.box(-300, -300, 50, 400)), east)
    assert (opinion.verdict, shifts_of(opinion)[-10], opinion.borderline) == (NO, ASK, True)


def test_milder_ground_around_is_what_remains_although_the_site_does_not_touch_it():
    """Wholly on the worst ground, in the midst of ground that asks for a study: once the worst shrinks, that is left."""
    worst = shapely.box(20, 20, 80, 80)
    around = zone("a", "flood", shapely.difference(FIELD.buffer(300), worst), "高")
    shifts = shifts_of(judged(site(shapely.box(40, 40, 60, 60)), extreme(worst), around))
    assert (shifts[-50], shifts[-20], shifts[-10]) == (ASK, NO, NO)


def test_a_line_between_two_hazards_is_a_border_of_both():
    """Their surveys err independently: what one calls prohibited says nothing of where the other's ground ends."""
    west, east = shapely.box(-300, -300, 50, 400), shapely.box(50, -300, 400, 400)
    opinion = judged(site(shapely.box(45, 45, 55, 55)), extreme(west), zone("g", "geological", east, "极高"))
    assert (opinion.verdict, shifts_of(opinion)[-10], opinion.borderline) == (NO, CLEAR, True)


def test_ground_within_the_reach_of_a_zone_joins_ground_under_an_overlap():
    """A plant may stand neither on wildfire ground of the worst grade nor within 50 m of it: one ground, one border."""
    site_by_the_edge = site(shapely.box(-35, 40, -25, 50), project_class="K1")
    shifts = shifts_of(judged(site_by_the_edge, zone("w", "wildfire", FIELD.buffer(0), "高")))
    assert (shifts[-10], shifts[-20], shifts[-50]) == (NO, NO, CLEAR)
    wider = zone("f", "wildfire", shapely.box(-400, -300, -60, 400), "高")
    shifts = shifts_of(judged(site_by_the_edge, zone("w", "wildfire", FIELD.buffer(0), "高"), wider))
    assert (shifts[-10], shifts[-20], shifts[-50]) == (NO, NO, NO)


@pytest.mark.parametrize("gap", [0.0, 0.001, 0.08])
def test_a_slit_as_wide_as_two_drawings_differ_is_no_border(gap):
    west, east = shapely.box(-300, -300, 50, 400), shapely.box(50 + gap, -300, 400, 400)
    opinion = judged(site(shapely.box(45, 45, 55, 55)), extreme(west, "w"), extreme(east, "e"))
    assert set(shifts_of(opinion).values()) == {NO}


def test_slivers_of_one_ground_are_no_sliver_together():
    strips = [extreme(shapely.box(40 + n, 99.6, 41 + n, 100.4), f"s{n}") for n in range(60)]
    whole = judged(site(), extreme(shapely.box(40, 99.6, 100, 100.4)))
    assert judged(site(), *strips).borderline == whole.borderline


def test_a_milder_zone_that_stays_is_what_remains():
    ask = zone("a", "flood", FIELD.buffer(300), "高")
    shifts = shifts_of(judged(site(), ask, extreme(shapely.box(95, -300, 500, 400))))
    assert (shifts[-10], shifts[10]) == (ASK, NO)


@pytest.mark.parametrize(("distance", "outward", "inward"), [(95, NO, CLEAR), (85, NO, NO), (105, NO, CLEAR)])
def test_a_distance_rule_counts_the_shift_off_its_distance(distance, outward, inward):
    fault = zone("f", "fault", shapely.LineString([(100 + distance, -900), (100 + distance, 900)]))
    shifts = shifts_of(judged(site(project_class="K4"), fault))
    assert (shifts[10], shifts[-10]) == (outward, inward)


def test_a_site_deep_in_a_fire_zone_stays_there_however_the_edge_moves():
    assert shifts_of(judged(site(), zone("w", "wildfire", FIELD.buffer(100), "高")))[-50] is ASK


@pytest.mark.parametrize(("edge", "furthest"), [(95, ASK), (105, CLEAR)])
def test_a_fire_zone_that_shrinks_off_the_site_may_still_be_too_near(edge, furthest):
    """Ground under the rule reaches 50 m further than the zone, so it is left by what lies less deep in both."""
    shifts = shifts_of(judged(site(), zone("w", "wildfire", shapely.box(edge, -300, 500, 400), "高")))
    assert (shifts[-20], shifts[-50]) == (ASK, furthest)


def test_unsurveyed_ground_does_not_move_with_the_boundaries():
    shifts = shifts_of(judged(site(), ground=surveyed("fault")))
    assert set(shifts.values()) == {Verdict.INSUFFICIENT_DATA}


def test_a_verdict_that_rests_on_more_than_a_sliver_is_not_borderline_for_it():
    sliver = zone("s", "flood", shapely.box(99.95, 0, 101, 100), "极高")
    firm = zone("g", "geological", FIELD.buffer(300), "极高")
    assert not judged(site(), sliver, firm).borderline
