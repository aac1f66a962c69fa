"""Surveyed ground: one answer for siting, grading, guidance and map, also for the theme that is made of all others."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.grading import grading_terms, lay_grounds
from risk_model.siting import ProjectProfile, review_sites, withheld_ground
from risk_model.surveys import surveyed_ground
from risk_model.vocabulary import ExtentSet, ProjectClass, SeismicClass, ThemeStatus, Verdict
from tests.risk_model.ground import BOOK, ON, THEMES, extents, judged, site, theme_of, zones
from tests.risk_model.test_siting_laws import drawn_extents, drawn_zones

CALM = settings(max_examples=50, deadline=None)
WITHIN = shapely.box(-400, -400, 600, 600)


@st.composite
def small_sites(draw):
    x, y = draw(st.integers(-250, 350)), draw(st.integers(-250, 350))
    return shapely.box(x, y, x + draw(st.integers(2, 150)), y + draw(st.integers(2, 150)))


@CALM
@given(drawn_zones(), drawn_extents(), small_sites())
def test_a_site_is_covered_as_far_as_the_one_answer_says(rows, ground, shape):
    opinion = judged(site(shape), *rows, ground=extents(*ground))
    whole = surveyed_ground(zones(*rows), extents(*ground), BOOK, ON)
    for theme in THEMES:
        share = shapely.area(shapely.intersection(whole.whole(theme), shape)) / shapely.area(shape)
        assert abs(theme_of(opinion, theme).covered_share - share) < 1e-6


@CALM
@given(drawn_zones(), drawn_extents(), small_sites())
def test_what_is_made_of_all_others_is_known_nowhere_that_one_of_them_is_not(rows, ground, shape):
    opinion = judged(site(shape), *rows, ground=extents(*ground))
    composite = theme_of(opinion, "composite")
    published = {row[1] for row in ground}
    for theme in published - {"composite"}:
        assert composite.covered_share <= theme_of(opinion, theme).covered_share + 1e-9
        if theme_of(opinion, theme).covered_share < 0.99:
            assert composite.status is ThemeStatus.NO_DATA


def test_a_hazard_surveyed_elsewhere_was_surveyed():
    """Its ground lies outside what was read around the site: the composite theme is unknown here all the same."""
    there = extents(*((1, theme, "hazard", False, WITHIN) for theme in THEMES if theme != "flood"))
    elsewhere = ExtentSet(
        np.append(there.extent_id, 9),
        np.append(there.hazard, "flood"),
        np.append(there.product, "hazard"),
        np.append(there.own_zones, False),
        np.append(there.geometry, None),
    )
    assert theme_of(judged(site(), ground=there), "composite").status is ThemeStatus.NOT_CONCERNED
    assert theme_of(judged(site(), ground=elsewhere), "composite").status is ThemeStatus.NO_DATA


@CALM
@given(drawn_zones(), drawn_extents())
def test_grading_knows_the_ground_that_siting_knows(rows, ground):
    rows = [row for row in rows if row["hazard"] in THEMES]
    laid = lay_grounds(zones(*rows), extents(*ground), BOOK, ON, threads=1)
    for terms, of_hazard in zip(grading_terms(BOOK).hazards, laid, strict=True):
        one = surveyed_ground(
            zones(*rows),
            extents(*ground),
            BOOK,
            ON,
            lambda key, product, h=of_hazard: (key, product) == (h.hazard, h.product),
        )
        ungraded = [row["geometry"] for row in rows if row["hazard"] == terms.key and not row["rank"]]
        known = shapely.difference(one.whole(terms.key), shapely.union_all(ungraded)) if terms.not_prone else None
        if known is not None and of_hazard.product is not None:
            assert abs(shapely.area(shapely.union_all(of_hazard.shapes)) - shapely.area(known)) < 1e-3


@settings(max_examples=40, deadline=None)
@given(
    drawn_zones(), drawn_extents(), st.sampled_from(["K1", "K2", "K4", "K5", "K6"]), st.randoms(use_true_random=False)
)
def test_no_place_that_is_not_withheld_is_judged_anything_but_permitted(rows, ground, kind, chance):
    """Receiving ground is what the judgement itself leaves: also at its very edge, where advice points to."""
    asker = ProjectProfile(ProjectClass(kind), BOOK.terms.seismic_class[ProjectClass(kind)], ON)
    withheld = withheld_ground(WITHIN, zones(*rows), extents(*ground), BOOK, asker)
    left = shapely.difference(WITHIN, shapely.union_all([one.ground for one in withheld]))
    places = [*shapely.get_parts(shapely.points(shapely.get_coordinates(left)))][:12]
    places += [
        point
        for point in (shapely.Point(chance.uniform(-400, 600), chance.uniform(-400, 600)) for _ in range(25))
        if shapely.dwithin(left, point, 0)
    ]
    sites = [site(place, kind) for place in places]
    if sites:
        told = review_sites(sites, zones(*rows), extents(*ground), BOOK, ON, threads=1)
        assert {opinion.verdict for opinion in told} == {Verdict.PERMITTED}


@settings(max_examples=25, deadline=None)
@given(drawn_zones(), drawn_extents(), st.randoms(use_true_random=False))
def test_what_is_withheld_is_withheld_for_a_reason(rows, ground, chance):
    asker = ProjectProfile(ProjectClass.K4, SeismicClass.C, ON)
    withheld = withheld_ground(WITHIN, zones(*rows), extents(*ground), BOOK, asker)
    for one in withheld:
        assert one.reason.zh
        assert one.reason.en
        assert one.verdict is not Verdict.PERMITTED
        deep = shapely.buffer(one.ground, -0.5)
        if not shapely.is_empty(deep):
            place = shapely.point_on_surface(deep)
            assert judged(site(place), *rows, ground=extents(*ground)).verdict is not Verdict.PERMITTED
