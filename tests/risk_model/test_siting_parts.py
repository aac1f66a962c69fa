"""Parts of a site: what is answered of them is what each would be answered alone, joined by the gravest."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from risk_model.errors import UnreadableSite
from risk_model.siting import review_site, review_sites, screen_sites
from risk_model.siting.by_class import as_every_class, site_by_class_of
from risk_model.siting.parts import find_part_trouble, is_ground, without_strips
from risk_model.vocabulary import ProjectClass, SeismicClass, Site, ThemeStatus, Verdict
from tests.risk_model.ground import BOOK, FIELD, ON, extents, zones
from tests.risk_model.test_neighbours import objects, road
from tests.risk_model.test_siting_by_class import land
from tests.risk_model.test_siting_laws import drawn_extents, drawn_zones
from tests.risk_model.test_siting_own_scale import scaled_zones

CALM = settings(max_examples=40, deadline=None)
CLASSES = st.sampled_from(list(ProjectClass))
WEST, SOUTH, EAST, NORTH = (int(edge) for edge in shapely.bounds(FIELD))


@st.composite
def settings_of(draw):
    beside = [road(draw(st.integers(0, 400)))] * draw(st.booleans())
    ground = zones(*draw(drawn_zones(most=6))), extents(*draw(drawn_extents()))
    return (*ground, BOOK, ON), {"objects": objects(*beside), "constraints": draw(land())}


@st.composite
def divided(draw, most=3):
    """The field in strips from west to east, each of a class; the last is what the parts leave."""
    cuts = draw(st.lists(st.integers(WEST + 1, EAST - 1), min_size=1, max_size=most, unique=True).map(sorted))
    strips = [shapely.box(a, SOUTH, b, NORTH) for a, b in zip([WEST, *cuts], [*cuts, EAST], strict=True)]
    kinds = [draw(CLASSES) for _ in strips]
    parts = [Site(one, kind, name=f"P{n}") for n, (one, kind) in enumerate(zip(strips, kinds, strict=True))]
    return Site(FIELD, kinds[-1], parts=(*parts[:-1], replace(parts[-1], name="")))


def bare(opinion):
    """All that an opinion finds and asks, whatever part it names."""
    return {
        "findings": sorted(repr(replace(one, part=None)) for theme in opinion.themes for one in theme.findings),
        "conditions": sorted(repr(replace(one, part=None)) for one in opinion.conditions),
        "notes": sorted(repr(replace(one, part=None)) for one in opinion.notes),
        "gaps": sorted(opinion.data_gaps),
        "verdict": opinion.verdict,
        "borderline": opinion.borderline,
        "sensitivity": opinion.sensitivity,
    }


@CALM
@given(settings_of(), divided())
def test_what_is_answered_is_what_each_part_would_be_answered_alone(ground, site):
    (judged_by, beside) = ground
    alone = [review_site(part, *judged_by, **beside) for part in site.parts]
    whole = review_site(site, *judged_by, **beside)
    assert whole.verdict is Verdict.worst([one.verdict for one in alone])
    assert [opinion for _, opinion in whole.parts] == alone
    assert set(whole.data_gaps) == {gap for one in alone for gap in one.data_gaps}
    for place, shift in enumerate(whole.sensitivity):
        assert shift.verdict is Verdict.worst([one.sensitivity[place].verdict for one in alone])
    for theme in whole.themes:
        states = [one.status for of in alone for one in of.themes if one.theme == theme.theme]
        first = next(
            one for one in (ThemeStatus.CONCERNED, ThemeStatus.NO_DATA, ThemeStatus.NOT_CONCERNED) if one in states
        )
        assert theme.status is first
        for name in {part.name for part in site.parts}:
            own = next(one for part, one in zip(site.parts, alone, strict=True) if part.name == name)
            told = [replace(one, part=None) for one in theme.findings if one.part == name]
            assert told == [one for report in own.themes if report.theme == theme.theme for one in report.findings]
    unasked = {one.theme for one in whole.not_asked}
    assert unasked == set.intersection(*({one.theme for one in of.not_asked} for of in alone))
    assert all(
        one.covered_share <= 1.0 and bool(one.reason) >= (one.status is ThemeStatus.NO_DATA) for one in whole.themes
    )


@CALM
@given(settings_of(), CLASSES, CLASSES)
def test_one_part_that_covers_the_whole_is_a_site_of_its_class(ground, kind, whole_kind):
    judged_by, beside = ground
    part = Site(FIELD, kind, name="all")
    told = review_site(Site(FIELD, whole_kind, parts=(part,)), *judged_by, by_class=True, **beside)
    alone = review_site(replace(part, name=""), *judged_by, **beside)
    assert bare(told) == bare(alone)
    assert told.by_class == ()
    assert told.not_asked == alone.not_asked
    strip = [
        (one.theme, one.status, one.covered_share, one.reach_m, one.reach_share, one.mandatory) for one in told.themes
    ]
    assert strip == [(one.theme, one.status, one.covered_share, one.reach_m, one.reach_share, one.mandatory) for one in alone.themes]  # fmt: skip


@CALM
@given(settings_of(), divided(), st.randoms(use_true_random=False))
def test_the_order_of_parts_changes_nothing(ground, site, chance):
    judged_by, beside = ground
    parts = list(site.parts)
    chance.shuffle(parts)
    other = replace(site, parts=tuple(parts))
    assert bare(review_site(other, *judged_by, **beside)) == bare(review_site(site, *judged_by, **beside))


@CALM
@given(settings_of(), CLASSES, st.integers(WEST + 1, EAST - 1))
def test_ground_divided_in_two_of_one_class_is_no_milder(ground, kind, at):
    judged_by, beside = ground
    halves = [shapely.box(WEST, SOUTH, at, NORTH), shapely.box(at, SOUTH, EAST, NORTH)]
    parts = tuple(Site(one, kind, name=str(n)) for n, one in enumerate(halves))
    whole = review_site(Site(FIELD, kind), *judged_by, **beside)
    told = review_site(Site(FIELD, kind, parts=parts), *judged_by, **beside)
    if whole.verdict.severity >= Verdict.RESTRICTED.severity:
        assert told.verdict.severity >= whole.verdict.severity


@CALM
@given(settings_of(), CLASSES, CLASSES)
def test_what_decides_one_part_that_covers_the_whole_decides_the_site(ground, kind, whole_kind):
    judged_by, beside = ground
    part = Site(FIELD, kind, name="all")
    told = review_site(Site(FIELD, whole_kind, parts=(part,)), *judged_by, firmness=True, **beside)
    alone = review_site(part, *judged_by, firmness=True, **beside)
    for one, other in zip(told.sensitivity, alone.sensitivity, strict=True):
        assert (one.shift_m, one.verdict, set(one.deciders)) == (other.shift_m, other.verdict, set(other.deciders))
    assert (told.own_scale is None) == (alone.own_scale is None)
    if told.own_scale and alone.own_scale:
        assert (told.own_scale.outward.verdict, told.own_scale.inward.verdict) == (alone.own_scale.outward.verdict, alone.own_scale.inward.verdict)  # fmt: skip
        assert set(told.own_scale.errors) == set(alone.own_scale.errors)
        assert set(told.own_scale.unscaled) == set(alone.own_scale.unscaled)


@CALM
@given(settings_of(), divided())
def test_what_decides_a_shift_is_what_decides_it_for_some_part(ground, site):
    judged_by, beside = ground
    told = review_site(site, *judged_by, firmness=True, **beside)
    assert [opinion for _, opinion in told.parts] == [review_site(part, *judged_by, firmness=True, **beside) for part in site.parts]  # fmt: skip
    for place, shift in enumerate(told.sensitivity):
        own = {one for _, opinion in told.parts for one in opinion.sensitivity[place].deciders}
        assert set(shift.deciders) <= own
        assert bool(shift.deciders) == (shift.verdict is not told.verdict)
    if told.own_scale:
        for way in ("outward", "inward"):
            each = [getattr(opinion.own_scale, way) for _, opinion in told.parts]
            sure = Verdict.worst([one.least for one in each])
            certain = all(one.most.severity <= sure.severity for one in each)
            assert getattr(told.own_scale, way).verdict is (sure if certain else None)


@CALM
@given(scaled_zones(), drawn_extents(), divided())
def test_by_own_scale_a_site_is_certain_where_no_unknown_error_makes_it_another(rows, ground, site):
    def own(scale=None):
        off = [row | {"geometry": translate(row["geometry"], 0.137, 0.211)} for row in rows]  # no edge is shared
        told = [row | {"scale": scale} if scale and np.isnan(row["scale"]) else row for row in off]
        return review_site(site, zones(*told), extents(*ground), BOOK, ON, firmness=True).own_scale

    told, none, most = own(), own(1e-6), own(100_000)
    assert told.outward.verdict is (none.outward.verdict if none.outward.verdict is most.outward.verdict else None)
    assert told.inward.verdict in (None, none.inward.verdict)
    assert bool(told.unscaled) == (None in (told.outward.verdict, told.inward.verdict))


@settings(max_examples=12, deadline=None)
@given(settings_of(), divided(), st.integers(0, 3))
def test_a_part_of_another_class_makes_of_the_site_what_a_check_of_it_says(ground, site, number):
    judged_by, beside = ground
    number = min(number, len(site.parts) - 1)
    told = review_site(site, *judged_by, by_class=True, **beside)
    whole, own = site_by_class_of(told)[number], told.parts[number][1].by_class
    for one, mine, declared in zip(whole, own, as_every_class(site.parts[number], BOOK), strict=True):
        parts = (*site.parts[:number], declared, *site.parts[number + 1 :])
        again = review_site(replace(site, parts=parts), *judged_by, **beside)
        assert one.project_class is mine.project_class is declared.project_class
        assert (one.verdict, mine.verdict) == (again.verdict, again.parts[number][1].verdict)
        assert one.seismic_class is mine.seismic_class is again.parts[number][1].seismic_class


def test_sites_beside_one_with_parts_keep_their_places():
    parted = Site(FIELD, ProjectClass.K4, parts=(Site(FIELD, ProjectClass.K1, name="all"),))
    plain = Site(FIELD, ProjectClass.K5, SeismicClass.C)
    first, second, third = review_sites([plain, parted, plain], zones(), extents(), BOOK, ON)
    assert first == third == review_site(plain, zones(), extents(), BOOK, ON)
    assert second.parts
    assert not first.parts


def test_columns_tell_of_no_parts_and_say_so():
    parted = Site(FIELD, ProjectClass.K4, name="院", parts=(Site(FIELD, ProjectClass.K1, name="all"),))
    with pytest.raises(UnreadableSite, match="院"):
        screen_sites([parted], zones(), extents(), BOOK, ON)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.2, 30))
def test_parts_lie_within_the_outline_and_on_no_other(first, second, off):
    outline = shapely.box(0, 0, 100, 50)
    left, right = shapely.box(0, 0, first, 50), shapely.box(first, 0, first + second, 50)
    beyond = first + second > 100
    trouble = find_part_trouble(outline, [left, right])
    assert (trouble is not None and (trouble.kind, trouble.part) == ("outside", 1)) == beyond
    over = find_part_trouble(shapely.box(-50, 0, 200, 50), [left, shapely.box(first - off, 0, first + second, 50)])
    assert over is not None
    assert (over.kind, over.part, over.other) == ("overlap", 0, 1)
    x, y = over.place
    assert first - off <= x <= first
    assert 0 <= y <= 50


def test_a_bay_of_the_outline_is_outside_of_it():
    outline = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 100))
    trouble = find_part_trouble(outline, [shapely.box(0, 0, 100, 100)])
    assert trouble is not None
    assert shapely.box(40, 40, 60, 100).contains(shapely.Point(trouble.place))


def test_how_outlines_are_drawn_is_no_ground():
    shapes = [
        shapely.box(0, 0, 100, 0.04),
        shapely.box(0, 0, 0.9, 0.9),
        shapely.box(0, 0, 100, 0.2),
        shapely.box(0, 0, 2, 2),
    ]
    assert is_ground(shapely.multipolygons([[one] for one in shapes])).tolist() == [False, False, True, True]


@given(
    st.lists(st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(1, 60)] * 2), min_size=1, max_size=5),
    st.floats(0.001, 0.2),
)
def test_a_strip_that_hangs_on_the_rest_is_none_of_it_and_nothing_else_is_lost(boxes, width):
    ground = shapely.union_all([shapely.box(x, y, x + wide, y + high) for x, y, wide, high in boxes])
    west = shapely.bounds(ground)[0]
    at = max(y for x, y in shapely.get_coordinates(ground) if x == west) - 0.5
    hung = shapely.union(ground, shapely.box(west - 40, at, west + 0.1, at + width))
    kept = hung if width > 0.0501 else ground
    if not 0.0499 < width < 0.0501:
        assert shapely.area(without_strips(hung) ^ kept) < 1e-6 * shapely.area(ground)
