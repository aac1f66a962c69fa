"""Laws of the border: where worse ground ends decides how firm a verdict is, not how that ground was cut into zones."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.ops import split

from risk_model.buffers import TRUE_TO_M, buffer_m
from risk_model.vocabulary import Verdict
from tests.risk_model.ground import BOOK, judged, site, zone

CALM = settings(max_examples=60, deadline=None)
SAFETY = [Verdict.PROHIBITED, Verdict.RESTRICTED, Verdict.INSUFFICIENT_DATA, Verdict.PERMITTED]

# By hazard and class: the milder of two grades that object alike, and grades that object as much or more.
ALIKE = {
    ("geological", "K1"): ("高", ("极高", "高")),
    ("geological", "K5"): ("中", ("极高", "高", "中")),
    ("flood", "K1"): ("高", ("极高", "高")),
    ("flood", "K4"): ("中", ("极高", "高", "中")),
    ("flash_flood", "K1"): ("高危险", ("极高危险", "高危险")),
    ("flash_flood", "K4"): ("高危险", ("极高危险", "高危险")),
    ("wildfire", "K2"): ("中高", ("高", "中高")),
}


def lines_across(ground, draw):
    """A straight line through the ground, anywhere and in any direction."""
    middle = shapely.Point(draw(st.integers(-150, 150)), draw(st.integers(-150, 150)))
    line = shapely.LineString([(middle.x - 3000, middle.y), (middle.x + 3000, middle.y)])
    return affinity.rotate(line, draw(st.integers(0, 179)), origin=middle)


@st.composite
def grounds(draw):
    """A worse ground of two overlapping boxes turned anyhow, and the pieces some lines cut it into."""
    wide, high = draw(st.integers(60, 400)), draw(st.integers(60, 400))
    first = shapely.box(-wide, -high, wide, high)
    second = shapely.box(-high, -wide / 2, high * 1.5, wide)
    whole = affinity.rotate(shapely.union(first, second), draw(st.integers(0, 89)), origin=(0, 0))
    pieces = [whole]
    for _ in range(draw(st.integers(1, 3))):
        line = lines_across(whole, draw)
        pieces = [part for piece in pieces for part in split(piece, line).geoms]
    return whole, pieces


def sites():
    def make(x, y, width, height):
        return shapely.box(x, y, x + width, y + height)

    sizes = st.integers(2, 120)
    return st.builds(make, st.integers(-400, 400), st.integers(-400, 400), sizes, sizes)


def answer(opinion):
    return opinion.verdict, opinion.borderline, opinion.sensitivity


@CALM
@given(st.sampled_from(sorted(ALIKE)), grounds(), sites(), st.data())
def test_cutting_worse_ground_into_zones_of_equal_or_worse_verdict_changes_nothing(kind, ground, shape, data):
    (hazard, project_class), (whole, pieces) = kind, ground
    milder, alike = ALIKE[kind]
    verdicts = {grade: judged(site(whole, project_class), zone("z", hazard, whole, grade)).verdict for grade in alike}
    same = [grade for grade in alike if verdicts[grade] is verdicts[milder]]
    one = site(shape, project_class)
    rows = [zone(f"p{n}", hazard, part, data.draw(st.sampled_from(same))) for n, part in enumerate(pieces)]
    assert answer(judged(one, *rows)) == answer(judged(one, zone("z", hazard, whole, milder)))


@CALM
@given(st.sampled_from(sorted(ALIKE)), grounds(), sites(), st.data())
def test_a_worse_piece_never_makes_the_rest_milder(kind, ground, shape, data):
    (hazard, project_class), (whole, pieces) = kind, ground
    milder, alike = ALIKE[kind]
    one = site(shape, project_class)
    rows = [zone(f"p{n}", hazard, part, data.draw(st.sampled_from(alike))) for n, part in enumerate(pieces)]
    uniform = judged(one, zone("z", hazard, whole, milder))
    mixed = judged(one, *rows)
    for before, after in zip(uniform.sensitivity, mixed.sensitivity, strict=True):
        assert SAFETY.index(after.verdict) <= SAFETY.index(before.verdict)


@CALM
@given(st.sampled_from(sorted(ALIKE)), grounds(), sites(), st.data())
def test_verdicts_grow_worse_the_further_out_borders_lie(kind, ground, shape, data):
    (hazard, project_class), (_, pieces) = kind, ground
    grades = [grade.name for grade in BOOK.schemes[BOOK.default_scheme(hazard, "hazard")].grades]
    rows = [zone(f"p{n}", hazard, part, data.draw(st.sampled_from(grades))) for n, part in enumerate(pieces)]
    opinion = judged(site(shape, project_class), *rows)
    places = [SAFETY.index(shift.verdict) for shift in opinion.sensitivity]
    places.insert(len(places) // 2, SAFETY.index(opinion.verdict))
    assert places == sorted(places, reverse=True)


@CALM
@given(st.integers(0, 359), st.lists(st.integers(-500, 500), min_size=1, max_size=4), sites())
def test_a_fault_drawn_in_pieces_is_one_fault(angle, cuts, shape):
    trace = affinity.rotate(shapely.LineString([(-3000, 0), (3000, 0)]), angle, origin=(0, 0))
    ends = [0.0, *sorted({3000.0 + cut for cut in cuts}), 6000.0]
    parts = [shapely.ops.substring(trace, first, last) for first, last in itertools.pairwise(ends)]
    one = site(shape, "K4")
    whole = judged(one, zone("f", "fault", trace))
    assert answer(judged(one, *(zone(f"f{n}", "fault", part) for n, part in enumerate(parts)))) == answer(whole)


@pytest.mark.parametrize("depth", [5, 15, 25, 45, 55, 120, 648])
@pytest.mark.parametrize("hazard", ["flash_flood", "geological"])
def test_a_site_across_a_line_inside_prohibited_ground_is_as_firm_as_its_depth(hazard, depth):
    """The depth of the site's deepest point in the whole prohibited ground decides, on whichever side it stands."""
    worst, bad = ("极高危险", "高危险") if hazard == "flash_flood" else ("极高", "高")
    west = zone("w", hazard, shapely.box(-2000, -depth - 0.5, 0, 2000), worst)
    east = zone("e", hazard, shapely.box(0, -depth - 0.5, 2000, 2000), bad)
    opinion = judged(site(shapely.box(-0.5, -1, 0.5, 0), "K1"), west, east)
    firm = {shift.shift_m: shift.verdict for shift in opinion.sensitivity}
    assert all((firm[-shift] is Verdict.PROHIBITED) == (depth + 0.5 > shift) for shift in (10, 20, 50))
    assert opinion.borderline is (depth < 10)


@given(st.floats(0.01, 5000, allow_nan=False))
def test_a_buffer_is_true_to_a_millimetre(radius):
    ring = shapely.get_coordinates(buffer_m(shapely.Point(0, 0), radius))
    middles = (ring[1:] + ring[:-1]) / 2
    assert abs(np.hypot(*ring.T) - radius).max() < 1e-6
    assert np.hypot(*middles.T).min() >= radius - TRUE_TO_M - 1e-9
