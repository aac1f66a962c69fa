"""How sure a verdict is: laws of each zone's own error, and of what is named as deciding where borders move."""

from dataclasses import replace

import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from risk_model.siting import review_site, review_sites
from risk_model.siting.own_scale import zone_errors
from risk_model.vocabulary import Site, Verdict
from tests.recomputed.ground import Published, Zone
from tests.recomputed.own_scale import OwnScale
from tests.recomputed.siting import Judge
from tests.risk_model.ground import BOOK, FIELD, ON, THEMES, WIDE, extents, site, surveyed, zone, zones
from tests.risk_model.set_aside import area, set_aside, survey
from tests.risk_model.test_border_laws import ALIKE, grounds, sites
from tests.risk_model.test_neighbours import objects, road
from tests.risk_model.test_siting_laws import CLASSES, GRADES, drawn_extents, drawn_zones, safety

CALM = settings(max_examples=30, deadline=None)
SCALES = st.sampled_from([1_000, 10_000, 25_000, 50_000, 100_000, 250_000, np.nan])
HAIR_M = 0.02


@st.composite
def scaled_zones(draw, most=6):
    return [row | {"scale": draw(SCALES)} for row in draw(drawn_zones(most=most))]


def told(one, *rows, ground=None, **beside):
    ground = surveyed() if ground is None else ground
    return review_site(one, zones(*rows), ground, BOOK, ON, firmness=True, **beside)


def verdicts(opinion):
    return opinion.own_scale.outward.verdict, opinion.own_scale.inward.verdict


@CALM
@given(scaled_zones(), drawn_extents(), CLASSES)
def test_who_asks_how_sure_it_is_gets_the_same_verdict_and_others_get_no_more(rows, ground, kind):
    one, around = site(project_class=kind), (zones(*rows), extents(*ground), BOOK, ON)
    asked = review_site(one, *around, firmness=True)
    bare = replace(asked, own_scale=None, sensitivity=tuple(replace(shift, deciders=()) for shift in asked.sensitivity))
    assert bare == review_site(one, *around) == review_sites([one], *around)[0]


@CALM
@given(scaled_zones(), CLASSES, st.integers(2, 5))
def test_a_larger_error_is_never_milder_further_out_nor_graver_further_in(rows, kind, times):
    rows = [row | {"scale": min(row["scale"], 100_000 / times)} for row in rows]
    one = site(project_class=kind)
    finer, coarser = told(one, *rows), told(one, *(row | {"scale": row["scale"] * times} for row in rows))
    for (fine_out, fine_in), (out, inner) in ((verdicts(finer), verdicts(coarser)),):
        if fine_out and out:
            assert safety(out) <= safety(fine_out) <= safety(finer.verdict)
        if fine_in and inner:
            assert safety(inner) >= safety(fine_in) >= safety(finer.verdict)


@CALM
@given(scaled_zones(most=5), CLASSES, st.integers(0, 4), st.sampled_from([500, 20_000, 60_000, 100_000]))
def test_what_is_said_without_a_scale_holds_whatever_the_scale_is(rows, kind, which, scale):
    assume(rows)
    at, one = which % len(rows), site(project_class=kind)
    unsaid, said = list(rows), list(rows)
    unsaid[at], said[at] = rows[at] | {"scale": np.nan}, rows[at] | {"scale": scale}
    without, known = told(one, *unsaid), told(one, *said)
    for unknown, verdict in zip(verdicts(without), verdicts(known), strict=True):
        assert unknown is None or unknown is verdict
    if None in verdicts(without):
        assert without.own_scale.unscaled
    else:
        assert not without.own_scale.unscaled


@CALM
@given(st.sampled_from(sorted(ALIKE)), grounds(), sites())
def test_ground_nobody_told_the_scale_of_makes_no_verdict_firm(kind, ground, shape):
    (hazard, project_class), (whole, _) = kind, ground
    row = zone("z", hazard, whole, ALIKE[kind][0])
    opinion = told(site(shape, project_class), row)
    if opinion.verdict is not Verdict.PERMITTED:
        assert opinion.own_scale.inward.verdict is None
        assert [one.zone for one in opinion.own_scale.unscaled] == ["z"]
    too_coarse = told(site(shape, project_class), row | {"scale": 250_000})
    assert verdicts(too_coarse) == verdicts(opinion)


@CALM
@given(st.sampled_from(sorted(ALIKE)), grounds(), sites(), SCALES)
def test_cutting_a_zone_changes_no_verdict_by_its_own_scale(kind, ground, shape, scale):
    (hazard, project_class), (whole, pieces) = kind, ground
    rows = [zone(f"p{n}", hazard, part, ALIKE[kind][0], scale=scale) for n, part in enumerate(pieces)]
    one = site(shape, project_class)
    cut, drawn = told(one, *rows), told(one, zone("z", hazard, whole, ALIKE[kind][0], scale=scale))
    assert verdicts(cut) == verdicts(drawn)


@CALM
@given(scaled_zones(), CLASSES)
def test_without_what_is_named_the_verdict_is_not_what_it_was_said_to_become(rows, kind):
    one = site(project_class=kind)
    opinion = told(one, *rows)
    own = opinion.own_scale
    shifts = [(one.shift_m, one.verdict, one.deciders) for one in opinion.sensitivity]
    shifts += [("out", own.outward.verdict, own.outward.deciders), ("in", own.inward.verdict, own.inward.deciders)]
    for shift, verdict, deciders in shifts:
        if verdict is opinion.verdict:
            assert deciders == ()
            continue
        assert deciders or verdict is None
        if not deciders:
            continue
        named = {decider.zone for decider in deciders}
        rest = told(one, *(row for row in rows if row["zone"] not in named))
        assert [*map(safety, (d.verdict for d in deciders))] == sorted(safety(d.verdict) for d in deciders)
        if shift == "in" or (shift != "out" and shift < 0):
            assert safety(rest.verdict) > safety(opinion.verdict)
        elif verdict is not None:
            assert deciders[0].verdict is verdict
            moved = {s.shift_m: s.verdict for s in rest.sensitivity} | {"out": rest.own_scale.outward.verdict}
            assert moved[shift] in (opinion.verdict, None)


def program(rows):
    drawn = [
        Zone(
            row["hazard"], "hazard", row["scheme"], row["grade"], row["arrival_min"], None, None, None, None, 1,
            row["geometry"], row["zone"], 1, "", None if np.isnan(row["scale"]) else int(row["scale"]),
        )
        for row in rows
    ]  # fmt: skip
    surveys = {(theme, "hazard"): WIDE for theme in THEMES}
    return Judge(Published(drawn, surveys, [], [], dict.fromkeys(BOOK.constraints, WIDE), []), ON)


@CALM
@given(scaled_zones(), CLASSES)
def test_a_slow_program_of_its_own_reckons_the_same_by_each_zones_scale(rows, kind):
    graded = [row for row in rows if row["grade"] or GRADES[row["hazard"]] == ("",)]
    rows = [row | {"arrival_min": 10.0} for row in graded]
    one, judge = site(project_class=kind), program(rows)
    seismic = BOOK.seismic_class(one)
    mine = [OwnScale(judge, FIELD, kind, seismic, off_m=off).verdicts() for off in (-HAIR_M, 0.0, HAIR_M)]
    for found, drawn in zip(verdicts(told(one, *rows)), zip(*mine, strict=True), strict=True):
        assert found in drawn or (found is None and len({*drawn}) > 1)


def test_land_set_aside_and_objects_have_no_scale_and_are_named_as_what_they_are():
    land = set_aside(area("farmland", shapely.box(110, 0, 200, 100), number=7), surveys=[survey("farmland")])
    opinion = told(site(project_class="K4"), constraints=land, objects=objects())
    out = {shift.shift_m: shift.deciders for shift in opinion.sensitivity}[20.0]
    assert [(one.zone, one.object.kind, one.object.id) for one in out] == [(None, "farmland", 7)]
    assert opinion.own_scale.unscaled == out
    assert verdicts(opinion)[0] is None
    beside = told(Site(FIELD, site(project_class="K1").project_class), objects=objects(road(120)))
    assert {one.object.kind for shift in beside.sensitivity for one in shift.deciders} <= {"roads"}


def test_a_book_from_before_tells_nothing_by_scale_and_no_scale_is_no_error():
    older = replace(BOOK, terms=replace(BOOK.terms, map_error_mm=None))
    row = zone("z", "flood", FIELD.buffer(-20), "极高", scale=10_000)
    opinion = review_site(site(), zones(row), surveyed(), older, ON, firmness=True)
    assert opinion.own_scale is None
    assert any(shift.deciders for shift in opinion.sensitivity)
    scales = zones(*(row | {"scale": scale} for scale in (10_000, 0, -5, np.nan)))
    assert zone_errors(scales, 0.5).tolist()[0] == 5.0
    assert np.isnan(zone_errors(scales, 0.5)[1:]).all()
    assert np.isnan(zone_errors(replace(scales, scale=None), 0.5)).all()
