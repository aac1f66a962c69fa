"""Conditions of an opinion and the regional assessments that close them: whole, in force, of the right kind, and no verdict."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.conditions import Bearing
from risk_model.errors import ChangeRefused
from risk_model.rulebook import Overlay, RuleChange, amend, load_rulebook
from risk_model.siting import review_site
from risk_model.vocabulary import AssessmentSet, ProjectClass, Site, Verdict
from tests.risk_model.ground import BOOK, FIELD, ON, column, surveyed, zone, zones
from tests.risk_model.overlays import FILES, OURS

GEO, FLOOD = "地质灾害危险性评估", "位于洪泛区、蓄滞洪区的另做洪水影响评价"
OVER = FIELD.buffer(60)
HILLS = zone("g", "geological", FIELD.buffer(500), "中")
PLAIN = zone("f", "flood", FIELD.buffer(500), "高")
FROM, TO = date(2025, 1, 1), date(2027, 12, 31)


def assessment(shape=OVER, kinds=("geological",), since=FROM, until=TO, number="甘区评〔2025〕1号", *, mark=1):
    return (mark, number, "示范园区", tuple(kinds), since, until, shape)


def assessments(*rows):
    return AssessmentSet(
        id=np.array([row[0] for row in rows], dtype=np.int64),
        number=column(row[1] for row in rows),
        name=column(row[2] for row in rows),
        kinds=column(row[3] for row in rows),
        valid_from=column(row[4] for row in rows),
        valid_to=column(row[5] for row in rows),
        geometry=column(row[6] for row in rows),
    )


def told(*rows, around=(HILLS,), project_class="K4", shape=FIELD, on=ON, book=BOOK):
    one = Site(shape, ProjectClass(project_class))
    return review_site(one, zones(*around), surveyed(), book, on, assessments=assessments(*rows))


def condition(opinion, procedure=GEO):
    return next(one for one in opinion.conditions if one.procedure == procedure)


def test_what_restricted_ground_asks_for_stands_as_an_open_condition():
    opinion = told(around=(HILLS, PLAIN), project_class="K5")
    found = {one.procedure: one for one in opinion.conditions}
    assert {GEO, FLOOD, "防洪安全专题论证", "场地抬高或防护措施"} == set(found)
    assert found[GEO].rules == ("GEO-MED",)
    assert found[GEO].procedure_en == "geological hazard assessment"
    assert not any(one.closed_by or one.assessments for one in opinion.conditions)


def test_an_assessment_over_the_whole_site_closes_its_condition_by_number_and_day_and_nothing_else():
    free, opinion = told(around=(HILLS, PLAIN)), told(assessment(), around=(HILLS, PLAIN))
    closed = condition(opinion)
    assert closed.closed_by.bearing is Bearing.CLOSES
    assert (closed.closed_by.number, closed.closed_by.valid_to, closed.closed_by.covered_share) == (
        "甘区评〔2025〕1号",
        TO,
        1.0,
    )
    assert closed.rules == condition(free).rules
    assert [one.procedure for one in opinion.conditions] == [one.procedure for one in free.conditions], (
        "none is dropped"
    )
    assert [one.procedure for one in opinion.conditions if one.closed_by] == [GEO]
    assert replace(opinion, conditions=free.conditions) == free, "no verdict, no finding and no sensitivity moves"


@pytest.mark.parametrize(
    ("row", "bearing"),
    [
        (assessment(until=ON), Bearing.CLOSES),
        (assessment(since=ON), Bearing.CLOSES),
        (assessment(until=ON - timedelta(days=1)), Bearing.EXPIRED),
        (assessment(since=ON + timedelta(days=1)), Bearing.NOT_YET),
        (assessment(FIELD), Bearing.CLOSES),
        (assessment(shapely.box(1, 0, 100, 100)), Bearing.IN_PART),
        (assessment(shapely.box(100, 0, 200, 100)), None),
        (assessment(shapely.box(300, 0, 400, 100)), None),
        (assessment(kinds=("flood",)), None),
        (assessment(kinds=("flood", "geological")), Bearing.CLOSES),
    ],
    ids=["last day", "first day", "expired", "not yet", "same outline", "99 %", "touching", "elsewhere", "other kind", "two"],
)  # fmt: skip
def test_one_that_does_not_close_is_named_with_its_reason(row, bearing):
    found = condition(told(row))
    assert [one.bearing for one in found.assessments] == ([bearing] if bearing else [])
    assert (found.closed_by is not None) is (bearing is Bearing.CLOSES)


def test_two_that_cover_the_site_only_together_close_nothing():
    halves = (
        assessment(shapely.box(-10, -10, 50, 110)),
        assessment(shapely.box(50, -10, 110, 110), number="二号", mark=2),
    )
    found = condition(told(*halves))
    assert found.closed_by is None
    assert [one.covered_share for one in found.assessments] == pytest.approx([0.5, 0.5])


def test_the_closing_one_stands_first_and_lasts_longest():
    rows = (
        assessment(until=ON - timedelta(1), number="旧"),
        assessment(until=ON, number="短", mark=2),
        assessment(number="长", mark=3),
    )
    assert [one.number for one in condition(told(*rows)).assessments] == ["长", "短", "旧"]


@pytest.mark.parametrize(
    ("shape", "project_class"), [(shapely.Point(50, 50), "K4"), (shapely.LineString([(0, 50), (100, 50)]), "K7")]
)
def test_a_point_or_line_is_covered_where_the_ground_it_is_judged_on_is(shape, project_class):
    judged_on = told(shape=shape, project_class=project_class).footprint
    assert condition(told(assessment(judged_on), shape=shape, project_class=project_class)).closed_by
    assert not condition(told(assessment(shape.buffer(5)), shape=shape, project_class=project_class)).closed_by


def test_what_is_prohibited_has_no_condition_to_close():
    red = zone("d", "declared_geological", shapely.box(0, 0, 30, 100))
    free, opinion = told(around=(HILLS, red)), told(assessment(), around=(HILLS, red))
    assert opinion.verdict is free.verdict is Verdict.PROHIBITED
    assert [one.procedure for one in opinion.conditions] == [GEO], "of the ground that is only restricted"


@pytest.mark.parametrize("grade", ["极高"])
def test_a_first_grade_assessment_is_made_for_the_project_itself(grade):
    opinion = told(assessment(), around=(zone("g", "geological", OVER, grade),), project_class="K5")
    assert condition(opinion, "地质灾害危险性评估（一级）").closed_by is None


def test_major_hazard_installations_are_assessed_one_by_one():
    assert condition(told(assessment(), project_class="K1")).assessments == ()


def test_every_name_a_kind_closes_is_asked_for_by_some_rule():
    asked = {procedure for rule in BOOK.rules for procedure in rule.procedure}
    for kind in BOOK.regional.values():
        assert kind.closes
        assert kind.closes <= asked


SHAPES = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    *(st.integers(-80, 60) for _ in "xy"),
    *(st.integers(5, 300) for _ in "wh"),
)
GRADES = st.sampled_from(["极高", "高", "中", "低"])


@settings(max_examples=80, deadline=None)
@given(st.lists(SHAPES, max_size=3), GRADES, GRADES, st.sampled_from(list(ProjectClass)), st.integers(-800, 800),
       st.sampled_from([("geological",), ("flood",), ("geological", "flood")]))  # fmt: skip
def test_assessments_change_no_verdict_and_close_only_what_they_cover_whole(
    shapes, geo, flood, project_class, days, kinds
):
    on = ON + timedelta(days=days)
    around = (
        zone("g", "geological", FIELD.buffer(500), geo),
        zone("f", "flood", shapely.box(-50, -50, 60, 200), flood),
    )
    rows = [assessment(shape, kinds, number=f"{n}号", mark=n) for n, shape in enumerate(shapes)]
    free = told(around=around, project_class=project_class, on=on)
    opinion = told(*rows, around=around, project_class=project_class, on=on)
    assert replace(opinion, conditions=free.conditions) == free
    covering = [shape for shape in shapes if shape.covers(FIELD)]
    for one in opinion.conditions:
        closable = any(one.procedure in BOOK.regional[kind].closes for kind in kinds) and project_class != "K1"
        assert (one.closed_by is not None) is bool(closable and covering and FROM <= on <= TO)


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 359), st.floats(1.0, 500.0), st.sampled_from([1.0, 20.0, 300.0]))
def test_none_closes_for_a_site_a_metre_outside(bearing, out, size):
    """However the site lies: with a corner a metre outside nothing is closed."""
    area = shapely.box(0, 0, 1000, 1000)
    site = shapely.box(500, 500, 500 + size, 500 + size)
    dx, dy = np.cos(np.radians(bearing)), np.sin(np.radians(bearing))
    inside = shapely.affinity.translate(site, 400 * dx, 400 * dy) if size < 100 else site
    ground = (zone("g", "geological", area.buffer(3000), "中"),)
    assert condition(told(assessment(area), shape=inside, around=ground)).closed_by or not area.covers(inside)
    x_max = shapely.bounds(inside)[2]
    beyond = shapely.affinity.translate(inside, 1000 - x_max + out, 0)
    assert condition(told(assessment(area), shape=beyond, around=ground)).closed_by is None
    spike = shapely.Polygon([(500, 500), (1000 + out, 500.0005), (500, 500.001), (500, 600), (400, 600), (400, 500)])
    assert condition(told(assessment(area), shape=spike, around=ground)).closed_by is None, "however thin it is"


@pytest.mark.parametrize(
    ("article", "field", "value"),
    [
        ("regional_assessments.geological", "closes", [GEO, "活动断层鉴定"]),
        ("regional_assessments.geological", "except_classes", []),
        ("regional_assessments.flood", "closes", [FLOOD, "防洪安全专题论证"]),
        ("siting.isolation", "least_intensity", 9),
        ("siting.isolation", "building_types", ["school"]),
    ],
)
def test_no_township_lets_more_be_closed_or_asks_less(article, field, value):
    with pytest.raises(ChangeRefused):
        amend(FILES, Overlay.of([RuleChange(article, field, value, OURS)]))


def test_a_township_may_let_less_be_closed():
    for article, field, value in [
        ("regional_assessments.geological", "closes", []),
        ("regional_assessments.geological", "except_classes", ["K1", "K4"]),
    ]:
        book = amend(FILES, Overlay.of([RuleChange(article, field, value, OURS)]))
        assert condition(told(assessment(), book=book)).closed_by is None


def test_books_from_before_regional_assessments_close_nothing():
    old = load_rulebook({path: text for path, text in FILES.items() if path != "regional_assessments.toml"})
    assert condition(told(assessment(), book=old)).assessments == ()
