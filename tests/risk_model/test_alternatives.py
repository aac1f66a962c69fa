"""Places to compare with: milder, surveyed, apart, re-judged by the same function; the smallest move and cut."""

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from risk_model.siting import review_site
from risk_model.siting.alternatives import JudgedBy, Wanted, compare_places
from risk_model.siting.cuts import NoCut
from risk_model.vocabulary import Product, Verdict
from tests.risk_model.ground import BOOK, FIELD, ON, WIDE, column, site, surveyed, zone, zones

NO_ROADS = column([])


def grounds(*rows, ground=None):
    return JudgedBy(zones(*rows), surveyed() if ground is None else ground, BOOK, ON)


def compared(subject, of, within_m=1000.0, count=3, roads=NO_ROADS):
    return compare_places(subject, of, Wanted(within_m, count, roads))


def judged(subject, of, shape):
    return review_site(site(shape, subject.project_class), of.zones, of.extents, BOOK, ON)


STREAM = zone("Z1", "flash_flood", shapely.box(-60, -60, 160, 160), "极高")
WIDE_RIVER = zone("Z2", "flood", shapely.box(-5000, -5000, 5000, 5000), "高")


def test_places_are_milder_surveyed_apart_and_judged_as_any_site():
    subject, of = site(FIELD, "K2"), grounds(STREAM)
    found = compared(subject, of)
    assert found.original.verdict is Verdict.PROHIBITED
    assert len(found.places) == 3
    for place in found.places:
        again = judged(subject, of, place.geometry)
        assert (again.verdict, again.data_gaps) == (place.opinion.verdict, place.opinion.data_gaps)
        assert again.verdict.severity < found.original.verdict.severity
        assert math.isclose(shapely.area(place.geometry), shapely.area(FIELD))
        assert 0 < place.moved_m <= 1000
        dx, dy = (place.moved_m * wave(math.radians(place.bearing_deg)) for wave in (math.sin, math.cos))
        assert shapely.hausdorff_distance(translate(FIELD, dx, dy), place.geometry) < 1e-6
    for number, one in enumerate(found.places):
        assert not any(shapely.intersects(one.geometry, other.geometry) for other in found.places[number + 1 :])
    assert [one.score for one in found.places] == sorted((one.score for one in found.places), reverse=True)


def test_where_nothing_is_milder_none_is_named_and_it_is_counted_why():
    found = compared(site(FIELD, "K2"), grounds(WIDE_RIVER))
    assert (found.places, found.smallest_move, found.smallest_cut) == ((), None, None)
    assert found.tried > 100
    lost = compared(site(FIELD, "K4"), grounds(ground=surveyed(by=FIELD)))
    assert lost.places == ()
    assert lost.unsurveyed == lost.tried, "ground nobody surveyed is offered to nobody"


def test_the_smallest_move_leaves_the_zone_and_no_shorter_one_on_its_bearing_does():
    subject, of = site(FIELD, "K2"), grounds(STREAM)
    move = compared(subject, of).smallest_move
    assert move is not None
    assert judged(subject, of, move.geometry).verdict is move.opinion.verdict
    assert move.opinion.verdict.severity < Verdict.PROHIBITED.severity
    assert math.isclose(move.moved_m, 160, abs_tol=3), "the nearest edge is 160 m away"
    for share in (0.25, 0.5, 0.75, 0.97):
        shorter = translate(
            FIELD,
            share * move.moved_m * math.sin(math.radians(move.bearing_deg)),
            share * move.moved_m * math.cos(math.radians(move.bearing_deg)),
        )
        assert judged(subject, of, shorter).verdict is Verdict.PROHIBITED


def test_the_smallest_cut_takes_the_offending_ground_and_no_more():
    corner = zone("Z1", "flash_flood", shapely.box(-10, -10, 30, 200), "极高")
    subject, of = site(FIELD, "K2"), grounds(corner)
    cut = compared(subject, of).smallest_cut
    assert cut is not None
    assert math.isclose(cut.cut_m2, 3000, rel_tol=0.01)
    assert math.isclose(cut.kept_share, 0.7, rel_tol=0.01)
    assert judged(subject, of, cut.geometry).verdict.severity < Verdict.PROHIBITED.severity
    most = zone("Z1", "flash_flood", shapely.box(-10, -10, 90, 200), "极高")
    assert compared(subject, grounds(most)).smallest_cut is None, "too little would be left"


def test_where_no_cut_helps_it_is_said_why():
    corner, half = shapely.box(-10, -10, 30, 200), shapely.box(-10, -10, 45, 200)
    line = shapely.LineString([(10, 10), (90, 90)])
    for subject, rows, why in (
        (site(FIELD, "K6"), (), NoCut.NOT_NEEDED),
        (site(line, "K7"), (zone("Z1", "flood", WIDE, "极高"),), NoCut.NO_OUTLINE),
        (site(FIELD, "K2"), (zone("Z1", "flash_flood", FIELD.buffer(5), "极高"),), NoCut.TOO_LITTLE),
        (site(FIELD, "K2"), (zone("Z1", "flash_flood", corner, "极高"), zone("Z2", "geological", half, "极高")), None),
    ):
        found = compared(subject, grounds(*rows))
        assert found.no_cut is why, (why, found.original.verdict)
        assert (found.smallest_cut is None) == (why is not None)
    unsurveyed = compared(site(FIELD, "K4"), grounds(ground=surveyed(by=shapely.box(0, 0, 10, 10))))
    assert unsurveyed.original.verdict is Verdict.INSUFFICIENT_DATA
    assert unsurveyed.no_cut is NoCut.NO_ZONE


def test_a_site_that_triggers_nothing_needs_no_move():
    found = compared(site(FIELD, "K6"), grounds())
    assert (found.original.verdict, found.smallest_move, found.smallest_cut) == (Verdict.PERMITTED, None, None)
    assert found.places


@settings(max_examples=8)
@given(
    st.sampled_from(["极高", "高", "中", "低"]), st.integers(-400, 400), st.integers(-400, 400), st.integers(30, 500)
)
def test_nothing_worse_is_ever_ranked_before_something_better(grade, x, y, size):
    rows = (STREAM, zone("Z3", "geological", shapely.box(x, y, x + size, y + size), grade))
    found = compared(site(FIELD, "K4"), grounds(*rows), within_m=800.0, count=6)
    steps = {"极高": 4, "高": 3, "中": 1, "低": 0, None: 0}
    told = [
        (
            place.opinion.verdict.severity,
            max(
                (
                    steps[one.grade]
                    for theme in place.opinion.themes
                    for one in theme.findings
                    if one.product == Product.HAZARD and one.overlap_m2 > 0
                ),
                default=0,
            ),
        )
        for place in found.places
    ]
    assert told == sorted(told)
    assert all(hazard < 3 for _, hazard in told), "no high hazard is offered"


def test_nearness_to_a_road_decides_among_equals_and_no_road_is_no_distance():
    subject, of = site(FIELD, "K2"), grounds(STREAM)
    east = column([shapely.LineString([(600, -3000), (600, 3000)])])
    with_road, without = compared(subject, of, roads=east), compared(subject, of)
    assert [one.road_m for one in without.places] == [None] * 3
    assert with_road.places[0].road_m == pytest.approx(
        shapely.distance(east[0], with_road.places[0].geometry), abs=1e-9
    )
    assert with_road.places[0].road_m <= shapely.distance(east[0], without.places[0].geometry)


def test_an_outline_of_many_vertices_is_moved_to_fewer_places():
    fine = shapely.Point(50, 50).buffer(60, quad_segs=600)
    found = compared(site(fine, "K2"), grounds(STREAM))
    assert found.tried < compared(site(FIELD, "K2"), grounds(STREAM)).tried
    assert found.places
    assert WIDE.contains(found.places[0].geometry)
