"""The verdict by class: of each class what a check of that class answers on the same ground and day."""

from dataclasses import replace

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.siting import review_site
from risk_model.siting.by_class import as_every_class
from risk_model.vocabulary import ProjectClass, SeismicClass, Site
from tests.risk_model.ground import BOOK, FIELD, ON, extents, zones
from tests.risk_model.set_aside import KINDS, area, set_aside, survey
from tests.risk_model.test_neighbours import objects, road
from tests.risk_model.test_siting_laws import boxes, drawn_extents, drawn_zones, safety

CALM = settings(max_examples=40, deadline=None)
OUTLINES = st.sampled_from(
    [FIELD, shapely.Point(40, 40), shapely.LineString([(-100, 20), (90, 80)]), shapely.box(150, 150, 152, 151)]
)
DECLARED = st.sampled_from([None, *SeismicClass])
BUILDINGS = st.sampled_from([None, *BOOK.terms.building_types])


@st.composite
def land(draw):
    areas = [area(draw(st.sampled_from(KINDS)), draw(boxes()), number=n) for n in range(draw(st.integers(0, 2)))]
    missing = draw(st.sets(st.sampled_from(KINDS)))
    return set_aside(*areas, surveys=[survey(kind) for kind in KINDS if kind not in missing])


@st.composite
def settings_of(draw):
    beside = [road(draw(st.integers(0, 400)))] * draw(st.booleans())
    if draw(st.booleans()):
        beside.append(("facilities", "school", shapely.Point(draw(st.integers(100, 900)), 50)))
    ground = zones(*draw(drawn_zones())), extents(*draw(drawn_extents()))
    return ground, {"objects": objects(*beside), "constraints": draw(land())}


@CALM
@given(settings_of(), OUTLINES, st.sampled_from(list(ProjectClass)), DECLARED, BUILDINGS)
def test_each_verdict_is_that_of_a_check_of_its_class(ground, outline, kind, seismic, building):
    (surveyed, beside), site = ground, Site(outline, kind, seismic, building_type=building)
    opinion = review_site(site, *surveyed, BOOK, ON, by_class=True, **beside)
    assert [one.project_class for one in opinion.by_class] == list(ProjectClass)
    for one, declared in zip(opinion.by_class, as_every_class(site, BOOK), strict=True):
        alone = review_site(declared, *surveyed, BOOK, ON, **beside)
        assert (one.verdict, one.seismic_class) == (alone.verdict, alone.seismic_class)
    assert replace(opinion, by_class=()) == review_site(site, *surveyed, BOOK, ON, **beside)


@CALM
@given(drawn_zones(most=6), drawn_zones(most=2), drawn_extents(), OUTLINES)
def test_worse_ground_is_milder_for_no_class(rows, more, ground, outline):
    site, more = Site(outline, ProjectClass.K4), [one | {"zone": f"more {one['zone']}", "extent_id": 9} for one in more]

    def told(*all_rows):
        return review_site(site, zones(*all_rows), extents(*ground), BOOK, ON, by_class=True).by_class

    for before, after in zip(told(*rows), told(*rows, *more), strict=True):
        assert safety(after.verdict) <= safety(before.verdict)


@given(st.sampled_from(list(ProjectClass)), DECLARED, BUILDINGS)
def test_a_project_of_another_class_is_declared_as_the_standard_allows(kind, seismic, building):
    site = Site(FIELD, kind, seismic, building_type=building)
    for one in as_every_class(site, BOOK):
        if one.project_class is kind:
            assert one == site
            continue
        assert one.building_type is None
        assert one.seismic_class in (None, seismic)
        assert BOOK.terms.trouble_with_declaration(one.project_class, one.seismic_class, None) is None


def test_nobody_is_told_who_does_not_ask():
    assert review_site(Site(FIELD, ProjectClass.K4), zones(), extents(), BOOK, ON).by_class == ()
