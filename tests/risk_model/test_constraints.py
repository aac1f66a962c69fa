"""Permanent farmland and the ecological redline as themes of every verdict: what they ban, and what is not checked."""

import pytest
import shapely
import shapely.ops
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.errors import ChangeRefused
from risk_model.rulebook import LocalRule, Overlay, RuleChange, amend, load_rulebook
from risk_model.rulebook.order import disorders
from risk_model.shapes import join_shapes
from risk_model.siting import ProjectProfile, review_site, withheld_ground
from risk_model.vocabulary import BasisKind, ProjectClass, Site, ThemeStatus, Verdict
from tests.risk_model.ground import BOOK, FIELD, ON, WIDE, surveyed, theme_of, zone, zones
from tests.risk_model.overlays import FILES, OURS
from tests.risk_model.set_aside import KINDS, area, box, set_aside, survey, told, told_of_many

EVERYWHERE = FIELD.buffer(500)
HALF = box(-100, -100, 150, 300)
CLASSES = list(ProjectClass)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("project_class", CLASSES)
def test_a_site_on_land_set_aside_is_prohibited_and_a_line_needs_more_than_an_argument(kind, project_class):
    opinion = told(set_aside(area(kind, HALF)), project_class=project_class)
    (finding,) = theme_of(opinion, kind).findings
    linear = project_class is ProjectClass.K7
    assert opinion.verdict is finding.verdict is (Verdict.RESTRICTED if linear else Verdict.PROHIBITED)
    assert (finding.zone, finding.zone_version, finding.basis_kind) == (None, None, BasisKind.LAW)
    assert (finding.object.kind, finding.object.id, finding.object.name) == (kind, 1, "一号地")
    assert finding.overlap_m2 == pytest.approx(5000)
    assert finding.overlap_share == pytest.approx(0.5)
    assert "一号地" in finding.message
    assert "5,000" in finding.message_en
    assert finding.procedure
    assert len(finding.procedure_en) == len(finding.procedure)


@pytest.mark.parametrize(
    ("kind", "project_class", "building", "verdict"),
    [
        ("farmland", "K6", "planting_facility", "restricted"),
        ("farmland", "K6", None, "prohibited"),
        ("farmland", "K3", "water_works", "prohibited"),
        ("ecological_redline", "K6", "planting_facility", "prohibited"),
        ("ecological_redline", "K3", "water_works", "restricted"),
        ("ecological_redline", "K3", "other_lifeline", "prohibited"),
        ("ecological_redline", "K3", None, "prohibited"),
    ],
)
def test_who_says_what_is_built_is_read_by_the_law_for_it(kind, project_class, building, verdict):
    assert told(set_aside(area(kind, HALF)), project_class=project_class, building=building).verdict == verdict


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("project_class", CLASSES)
def test_land_nobody_loaded_is_not_checked_never_clear_and_never_decides(kind, project_class):
    other = next(one for one in KINDS if one != kind)
    opinion = told(set_aside(surveys=[survey(other)]), project_class=project_class)
    theme = theme_of(opinion, kind)
    assert (theme.status, theme.covered_share, theme.mandatory) == (ThemeStatus.NO_DATA, 0.0, False)
    assert theme.reason == "没有载入，未核"
    assert opinion.data_gaps == (kind,)
    assert theme_of(opinion, other).status is ThemeStatus.NOT_CONCERNED
    assert opinion.verdict is told(set_aside(), project_class=project_class).verdict is Verdict.PERMITTED


@pytest.mark.parametrize("kind", KINDS)
def test_land_surveyed_for_half_a_site_is_not_checked_and_what_is_known_of_it_counts(kind):
    known = set_aside(area(kind, box(60, 0, 200, 100)), surveys=[survey(one, box(50, -500, 900, 900)) for one in KINDS])
    opinion = told(known)
    theme = theme_of(opinion, kind)
    assert (theme.status, opinion.verdict) == (ThemeStatus.NO_DATA, Verdict.PROHIBITED)
    assert theme.reason == "只调查了用地的 50 %，未核"
    assert theme.reason_en == "only 50 % of the site was surveyed, not checked"
    assert theme.covered_share == pytest.approx(0.5)


def test_a_survey_that_is_its_own_areas_speaks_for_no_ground_beside_them():
    own = [survey(kind, own=True) for kind in KINDS]
    beside = told(set_aside(area("farmland", box(400, 0, 50, 50)), surveys=own))
    assert theme_of(beside, "farmland").status is ThemeStatus.NO_DATA
    assert beside.verdict is Verdict.PERMITTED
    assert told(set_aside(area("farmland", EVERYWHERE), surveys=own)).verdict is Verdict.PROHIBITED


@pytest.mark.parametrize("kind", KINDS)
def test_a_site_that_only_touches_is_not_concerned_but_borderline(kind):
    opinion = told(set_aside(area(kind, box(100, 0, 80, 100))))
    assert opinion.verdict is Verdict.PERMITTED
    assert opinion.borderline
    assert theme_of(opinion, kind).status is ThemeStatus.NOT_CONCERNED


def test_the_borders_of_each_kind_move_together_and_apart_from_those_of_others():
    """58 m deep in farmland that two villages keep is firm; 8 m deep in farmland is not, although redline lies deeper."""
    pieces = (
        area("farmland", box(-200, -200, 250, 500), number=1),
        area("farmland", box(50, -200, 300, 500), number=2),
    )
    assert not told(set_aside(*pieces)).borderline
    shallow = told(set_aside(area("farmland", box(92, -50, 300, 200))))
    assert shallow.borderline
    both = told(set_aside(area("farmland", box(92, -50, 300, 200)), area("ecological_redline", HALF, number=2)))
    assert not both.borderline
    apart = told(
        set_aside(area("farmland", box(50, -50, 8, 200)), area("ecological_redline", box(58, -50, 8, 200), number=2))
    )
    assert apart.borderline, "two surveys err apart: eight metres of each are no sixteen of one"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), st.floats(-200, 200), st.floats(-3, 3), st.floats(20, 400), st.sampled_from(CLASSES))
def test_splitting_an_area_changes_nothing(kind, at, slope, size, project_class):
    whole = box(60 - size / 2, 40 - size / 3, size, size)
    knife = shapely.LineString([(-3000, at - 3000 * slope), (3000, at + 3000 * slope)])
    parts = list(shapely.get_parts(shapely.ops.split(whole, knife)))
    once = told(set_aside(area(kind, whole)), project_class=project_class)
    cut = told(set_aside(*(area(kind, part, number=n) for n, part in enumerate(parts, 1))), project_class=project_class)
    assert (cut.verdict, cut.borderline, cut.sensitivity) == (once.verdict, once.borderline, once.sensitivity)
    assert cut.data_gaps == once.data_gaps


SHAPES = st.builds(box, st.floats(-150, 150), st.floats(-150, 150), st.floats(5, 300), st.floats(5, 300))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KINDS), SHAPES), max_size=3), st.sampled_from(KINDS), SHAPES,
       st.sampled_from(CLASSES), st.sampled_from([None, "高", "中"]))  # fmt: skip
def test_more_land_set_aside_is_never_milder(rows, kind, more, project_class, flood):
    around = [zone("z", "flood", HALF, flood)] if flood else []
    before = [area(one, shape, number=n) for n, (one, shape) in enumerate(rows, 1)]
    less = told(set_aside(*before), project_class=project_class, rows=around)
    after = told(set_aside(*before, area(kind, more, number=9)), project_class=project_class, rows=around)
    assert after.verdict.severity >= less.verdict.severity
    for one, other in zip(less.sensitivity, after.sensitivity, strict=True):
        assert other.verdict.severity >= one.verdict.severity
    shifted = [shift.verdict.severity for shift in after.sensitivity]
    assert shifted == sorted(shifted), "monotone from the furthest inward to the furthest outward"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KINDS), SHAPES), max_size=3), st.sampled_from(CLASSES), SHAPES)
def test_a_layer_nobody_loaded_never_says_not_concerned(rows, project_class, known):
    """Whatever areas stand there: without the survey of all of the site a theme says nothing of the rest of it."""
    areas = [area(one, shape, number=n) for n, (one, shape) in enumerate(rows, 1)]
    opinion = told(set_aside(*areas, surveys=[survey("farmland", known)]), project_class=project_class)
    for kind, ground in (("farmland", known), ("ecological_redline", shapely.Polygon())):
        theme = theme_of(opinion, kind)
        whole = ground.intersection(FIELD).area >= 0.999 * FIELD.area
        assert (theme.status is ThemeStatus.NO_DATA) is not whole
        assert (kind in opinion.data_gaps) is not whole


def test_many_sites_are_judged_as_one_by_one():
    land = set_aside(area("farmland", HALF), area("ecological_redline", box(80, 80, 60, 60), number=2))
    sites = [Site(shape, one) for one in CLASSES for shape in (FIELD, box(300, 0, 40, 40), shapely.Point(160, 90))]
    alone = [told(land, one.geometry, one.project_class) for one in sites]
    assert [(one.verdict, one.themes) for one in told_of_many(land, sites)] == [
        (one.verdict, one.themes) for one in alone
    ]


def test_no_point_outside_withheld_ground_is_judged_anything_but_permitted():
    land = set_aside(area("farmland", HALF), area("ecological_redline", box(200, 0, 60, 60), number=2))
    asker = ProjectProfile(ProjectClass.K4, BOOK.terms.seismic_class[ProjectClass.K4], ON)
    found = withheld_ground(FIELD.buffer(400), zones(), surveyed(), BOOK, asker, constraints=land)
    shut = join_shapes([one.ground for one in found])
    assert {(one.hazard, one.rule) for one in found} == {("farmland", "FRM-AREA"), ("ecological_redline", "ECO-AREA")}
    for x in range(-60, 360, 7):
        verdict = told(land, shapely.Point(x, 50)).verdict
        assert verdict is Verdict.PERMITTED or shut.covers(shapely.Point(x, 50))
    assert told(land, shapely.Point(75, 50)).verdict is Verdict.PROHIBITED, "its ground reaches into the fields"


@pytest.mark.parametrize("rule", [rule.id for theme in BOOK.constraints.values() for rule in theme.rules])
def test_every_verdict_rests_on_law_and_no_township_softens_it(rule):
    for project_class, cell in BOOK.rule(rule).verdicts.items():
        if cell.kind is None:
            continue
        assert cell.kind is BasisKind.LAW
        for letter in "RA" if cell.verdict is Verdict.PROHIBITED else "A":
            with pytest.raises(ChangeRefused):
                amend(FILES, Overlay.of([RuleChange(rule, f"verdicts.{project_class}", letter, OURS)]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_rules_of_a_kind_stand_in_order(kind):
    assert not list(disorders(BOOK.constraints[kind], dict(BOOK.schemes)))


def test_a_township_may_ask_for_more():
    farther = LocalRule("LOC-1", "farmland", "within_m", ("area",), {"K5": "R"}, "距{zone}过近", OURS, metres=120.0)
    near, land = amend(FILES, Overlay.of([], [farther])), set_aside(area("farmland", box(200, 0, 50, 50)))
    assert told(land, project_class="K5").verdict is Verdict.PERMITTED
    assert told(land, project_class="K5", book=near).verdict is Verdict.RESTRICTED
    assert near.constraint_reach_m(Site(FIELD, ProjectClass.K5)) == 170.0
    themes = [*DOCUMENTED_MANDATORY, "farmland"]
    asked = amend(FILES, Overlay.of([RuleChange("siting.mandatory", "K5", themes, OURS)]))
    unknown = told(set_aside(surveys=[]), project_class="K5", book=asked)
    assert unknown.verdict is Verdict.INSUFFICIENT_DATA
    assert theme_of(unknown, "farmland").mandatory
    asker = ProjectProfile(ProjectClass.K5, BOOK.terms.seismic_class[ProjectClass.K5], ON)
    (shut,) = withheld_ground(EVERYWHERE, zones(), surveyed(), asked, asker, constraints=set_aside(surveys=[]))
    assert shut.ground.area == pytest.approx(EVERYWHERE.area)


DOCUMENTED_MANDATORY = sorted(BOOK.terms.mandatory[ProjectClass.K5])


def test_books_from_before_land_set_aside_was_asked_are_read_on():
    old = load_rulebook({path: text for path, text in FILES.items() if not path.startswith("constraints/")})
    opinion = told(set_aside(area("farmland", EVERYWHERE)), book=old)
    assert [theme.theme for theme in opinion.themes] == list(old.hazards)
    assert opinion == review_site(Site(FIELD, ProjectClass.K4), zones(), surveyed(), old, ON)


def test_the_urban_boundary_is_no_theme_of_an_opinion():
    assert tuple(BOOK.constraints) == KINDS
    assert not any(one in BOOK.terms.mandatory[kind] for one in KINDS for kind in ProjectClass)
    assert WIDE.contains(EVERYWHERE)
