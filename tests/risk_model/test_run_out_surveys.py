"""A survey that has run out supports no ground from the day after its last; what it published stays published."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from risk_model.grading import lay_grounds
from risk_model.siting import ProjectProfile, read_point, review_sites, screen_sites, withheld_ground
from risk_model.surveys import layers_under, run_out, surveyed_ground
from risk_model.vocabulary import ConstraintSet, ExtentSet, ProjectClass, SeismicClass, ThemeStatus, Verdict
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
)  # fmt: skip
from tests.risk_model.test_siting_laws import CLASSES, drawn_extents, drawn_zones

CALM = settings(max_examples=40, deadline=None)
YESTERDAY, TOMORROW = ON - timedelta(days=1), ON + timedelta(days=1)
WITHIN = shapely.box(-400, -400, 600, 600)
NO_LAND = ConstraintSet(zones(), extents())


def until(row, day):
    return (*row[:5], day)


@st.composite
def some_run_out(draw):
    """Extents as they were drawn, and the same with some that ran out yesterday."""
    rows = draw(drawn_extents())
    gone = draw(st.sets(st.sampled_from(range(len(rows))))) if rows else set()
    return rows, [until(row, YESTERDAY) if number in gone else row for number, row in enumerate(rows)]


def told(opinion):
    return (
        opinion.verdict,
        opinion.borderline,
        opinion.data_gaps,
        opinion.themes,
        opinion.sensitivity,
        opinion.conditions,
    )


@CALM
@given(drawn_zones(), some_run_out(), CLASSES)
def test_a_survey_that_runs_out_makes_nothing_milder_and_nothing_better_known(rows, ground, kind):
    before, after = (judged(site(project_class=kind), *rows, ground=extents(*one)) for one in ground)
    assert after.verdict.severity >= before.verdict.severity
    assert findings_of(after) == findings_of(before)
    for one, other in zip(before.themes, after.themes, strict=True):
        assert other.covered_share <= one.covered_share + 1e-9
        assert other.reach_share <= one.reach_share + 1e-9
        if one.status is ThemeStatus.NO_DATA or other.status is not one.status:
            assert other.status is ThemeStatus.NO_DATA


@CALM
@given(drawn_zones(), drawn_extents(), CLASSES, st.integers(0, 400))
def test_up_to_its_last_day_a_survey_answers_as_one_without_a_last_day(rows, ground, kind, days):
    held = [until(row, ON + timedelta(days=days)) for row in ground]
    unsaid = replace(extents(*ground), valid_until=None)
    for one in (extents(*held), unsaid):
        assert told(judged(site(project_class=kind), *rows, ground=one)) == told(
            judged(site(project_class=kind), *rows, ground=extents(*ground))
        )


@CALM
@given(drawn_zones(), some_run_out())
def test_the_ground_that_is_known_is_that_of_the_layers_that_hold(rows, ground):
    """By hand: of each hazard the union of extents that hold; a composed theme where all are known that were published."""
    _, after = ground
    areal = [row for row in rows if row["geometry"].area]
    own = {theme: [] for theme in THEMES}
    for number, theme, product, is_own, shape, day in ((*row, None)[:6] for row in after):
        if BOOK.is_survey(theme, product) and not (day is not None and day < ON):
            mine = [row for row in areal if (row["hazard"], row.get("extent_id", 0)) == (theme, number)]
            mine = [row["geometry"] for row in mine if row.get("product", "hazard") == product]
            own[theme] += mine if is_own else [shape]
    whole = {theme: shapely.union_all(shapes) for theme, shapes in own.items()}
    found = surveyed_ground(zones(*rows), extents(*after), BOOK, ON)
    published = {
        row[1]
        for row in after
        if BOOK.is_survey(row[1], row[2]) and not (row[3] and BOOK.hazards[row[1]].geometry == "line")
    }
    for theme, hazard in BOOK.hazards.items():
        asked = [theme, *sorted(published - {"composite"})] if hazard.composed else [theme]
        by_hand = shapely.intersection_all([whole[one] for one in asked])
        assert shapely.area(shapely.symmetric_difference(by_hand, found.whole(theme))) < 1e-3


@CALM
@given(drawn_zones(), some_run_out(), st.integers(-300, 500), st.integers(-300, 500))
def test_points_grades_and_what_is_withheld_know_no_more_than_the_layers_that_hold(rows, ground, x, y):
    rows = [row for row in rows if row["hazard"] in THEMES]
    asker = ProjectProfile(ProjectClass.K4, SeismicClass.C, ON)
    drawn, point = zones(*rows), shapely.Point(x, y)
    shut, laid, read = [], [], []
    for one in (extents(*ground[0]), extents(*ground[1])):
        laid.append(lay_grounds(drawn, one, BOOK, ON, threads=1))
        read.append(read_point(point, (drawn, one), NO_LAND, (BOOK, ON), reach_m=500)[0])
        shut.append(shapely.union_all([of.ground for of in withheld_ground(WITHIN, drawn, one, BOOK, asker)]))
    assert shapely.area(shapely.difference(*shut)) < 1e-3
    for before, after in zip(*laid, strict=True):
        assert after.product == before.product
        beyond = shapely.difference(shapely.union_all(after.shapes), shapely.union_all(before.shapes))
        assert shapely.area(beyond) < 1e-3
    for before, after in zip(*read, strict=True):
        assert before.surveyed or not after.surveyed


def test_sites_in_bulk_and_one_by_one_read_the_same_of_surveys_that_ran_out():
    ground = [extent(theme, until=YESTERDAY if theme in ("flood", "wildfire") else TOMORROW) for theme in THEMES]
    rows = zone("1", "flood", FIELD.buffer(-20), "极高"), zone("2", "geological", WIDE.buffer(-19_000), "低")
    sites = [site(shapely.box(x, 0, x + 40, 40), kind) for x in (0, 90, 400) for kind in ("K1", "K4", "K6")]
    many = screen_sites(sites, zones(*rows), extents(*ground), BOOK, ON)
    opinions = review_sites(sites, zones(*rows), extents(*ground), BOOK, ON)
    assert [one.verdict.severity for one in opinions] == many.sites.severity.tolist()
    assert [one.data_gaps for one in opinions] == many.sites.data_gaps.tolist()
    assert all({"flood", "wildfire", "composite"} <= set(one.data_gaps) for one in opinions)


def test_a_theme_says_until_when_its_survey_held_and_what_is_known_apart_from_it():
    gone = theme_of(judged(site(), ground=ran_out("flood", WIDE)), "flood")
    assert (gone.status, gone.reason) == (ThemeStatus.NO_DATA, f"成果有效期至 {YESTERDAY}，已过")
    assert gone.reason_en == f"the survey was valid until {YESTERDAY} and has run out"
    half = extent("flood", shapely.box(-20_000, -20_000, 40, 20_000))
    partly = theme_of(judged(site(), ground=ran_out("flood", WIDE, half)), "flood")
    assert partly.reason == f"成果有效期至 {YESTERDAY}，已过；除此之外只调查了用地的 40 %"
    far = theme_of(judged(site(), ground=ran_out("flood", shapely.box(5000, 0, 9000, 100))), "flood")
    assert far.reason == "用地范围内从未调查"
    whole = theme_of(judged(site(), ground=ran_out("flood", WIDE)), "composite")
    assert whole.reason.startswith("成果有效期至")


def ran_out(theme, by, *others):
    held = [extent(one) for one in THEMES if one != theme]
    return extents(*held, extent(theme, by, until=YESTERDAY, number=7), *others)


def test_of_two_surveys_of_one_ground_the_one_that_holds_is_enough():
    ground = extents(*(extent(theme) for theme in THEMES), extent("flood", until=YESTERDAY, number=7))
    assert told(judged(site(), ground=ground)) == told(judged(site(), ground=surveyed()))


def test_a_zone_of_a_survey_that_ran_out_counts_as_before():
    drawn = zone("1", "flood", FIELD, "极高", extent_id=7)
    own = extents(
        *(extent(theme) for theme in THEMES if theme != "flood"), extent("flood", own=True, until=YESTERDAY, number=7)
    )
    opinion = judged(site(project_class="K1"), drawn, ground=own)
    assert opinion.verdict is Verdict.PROHIBITED
    assert theme_of(opinion, "flood").status is ThemeStatus.NO_DATA
    assert theme_of(opinion, "flood").reason == f"成果有效期至 {YESTERDAY}，已过"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.dates(date(1950, 1, 1), date(9999, 12, 31)))), st.dates(date(1950, 1, 1)))
def test_a_layer_runs_out_on_the_day_after_its_last(days, on):
    ground = extents(*(extent("flood", until=day) for day in days))
    assert run_out(ground, on).tolist() == [day is not None and on > day for day in days]
    assume(days)
    silent = ExtentSet(ground.extent_id, ground.hazard, ground.product, ground.own_zones, ground.geometry)
    assert not np.any(run_out(silent, on))


@CALM
@given(drawn_zones(), some_run_out(), st.integers(-300, 500), st.integers(-300, 500))
def test_a_site_lies_on_the_layers_that_hold_and_whose_own_ground_meets_it(rows, ground, x, y):
    numbered = [(number, *row[1:]) for number, row in enumerate(ground[1])]
    of_layer = {
        (row["hazard"], row.get("extent_id", 0)): number
        for number, row in enumerate(rows)
        if row["geometry"].area and row.get("product", "hazard") == "hazard"
    }
    drawn = [{**row, "extent_id": 100 + number} for number, row in enumerate(rows)]
    own = [(100 + number, key[0], "hazard", True, None) for key, number in of_layer.items()]
    footprint = shapely.box(x, y, x + 50, y + 50)
    found = layers_under(footprint, zones(*drawn), extents(*[row for row in numbered if not row[3]], *own), ON)
    by_hand = {row[0] for row in numbered if not row[3] and len(row) == 5 and row[4].intersects(footprint)}
    by_hand |= {
        row["extent_id"]
        for row in drawn
        if row["extent_id"] in {one[0] for one in own} and row["geometry"].intersects(footprint)
    }
    assert found == sorted(by_hand)
