"""Laws of the judgement that hold on any ground: order, cutting, growing, forgetting."""

import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from risk_model.siting import review_sites
from risk_model.vocabulary import Verdict
from tests.risk_model.ground import (
    BOOK,
    FIELD,
    ON,
    THEMES,
    extent,
    extents,
    judged,
    site,
    surveyed,
    theme_of,
    zone,
    zones,
)

CLASSES = st.sampled_from([f"K{number}" for number in range(1, 8)])
GRADES = {
    "geological": ("极高", "高", "中", "低", ""),
    "flood": ("极高", "高", "中", "低"),
    "flash_flood": ("极高危险", "高危险", "危险"),
    "wildfire": ("高", "中高", "低", ""),
    "composite": ("高", "中"),
    "dam_break": ("",),
    "river_management": ("",),
    "fault": ("",),
    "sinkhole": ("",),
}
CALM = settings(max_examples=60, deadline=None)
SAFETY = [Verdict.PROHIBITED, Verdict.RESTRICTED, Verdict.INSUFFICIENT_DATA, Verdict.PERMITTED]


@st.composite
def boxes(draw):
    x, y = draw(st.integers(-200, 200)), draw(st.integers(-200, 200))
    return shapely.box(x, y, x + draw(st.integers(1, 300)), y + draw(st.integers(1, 300)))


@st.composite
def drawn_zones(draw, most=8):
    rows = []
    for number in range(draw(st.integers(0, most))):
        hazard = draw(st.sampled_from(sorted(GRADES)))
        grade, shape = draw(st.sampled_from(GRADES[hazard])), draw(boxes())
        if hazard == "fault":
            shape = shapely.boundary(shape)
        minutes = draw(st.sampled_from([10.0, 90.0, np.nan]))
        rows.append(zone(f"z{number}", hazard, shape, grade, arrival_min=minutes, extent_id=draw(st.integers(1, 3))))
    return rows


@st.composite
def drawn_extents(draw):
    rows = []
    for theme in THEMES:
        kind = draw(st.sampled_from(["none", "wide", "wide", "part", "own"]))
        if kind in ("wide", "part"):
            rows.append(extent(theme, draw(boxes()) if kind == "part" else FIELD.buffer(6000)))
        elif kind == "own":
            rows.append(extent(theme, own=True, number=draw(st.integers(1, 3))))
    return rows


def safety(verdict):
    return SAFETY.index(verdict)


@CALM
@given(drawn_zones(), drawn_extents(), CLASSES, st.randoms())
def test_the_order_of_zones_and_extents_is_irrelevant(rows, ground, kind, chance):
    first = judged(site(project_class=kind), *rows, ground=extents(*ground))
    chance.shuffle(rows)
    chance.shuffle(ground)
    again = judged(site(project_class=kind), *rows, ground=extents(*ground))
    assert [(t.theme, t.status, t.findings) for t in first.themes] == [
        (t.theme, t.status, t.findings) for t in again.themes
    ]
    assert (first.verdict, first.borderline, first.sensitivity) == (again.verdict, again.borderline, again.sensitivity)


@CALM
@given(drawn_zones(most=5), CLASSES, st.integers(-150, 250))
def test_cutting_zones_in_two_changes_no_verdict(rows, kind, x):
    pieces = []
    for row in rows:
        for side, half in (("w", shapely.box(-999, -999, x, 999)), ("e", shapely.box(x, -999, 999, 999))):
            part = shapely.intersection(row["geometry"], half)
            dimension = shapely.get_dimensions(row["geometry"])
            if (
                not part.is_empty
                and shapely.get_dimensions(part) == dimension
                and part.geom_type != "GeometryCollection"
            ):
                pieces.append(row | {"zone": row["zone"] + side, "geometry": part})
    whole, cut = judged(site(project_class=kind), *rows), judged(site(project_class=kind), *pieces)
    assert whole.verdict is cut.verdict
    assert [t.status for t in whole.themes] == [t.status for t in cut.themes]


@CALM
@given(drawn_zones(most=5), CLASSES, st.integers(0, 4), st.floats(0.5, 80))
def test_a_larger_zone_is_never_milder(rows, kind, which, by):
    assume(rows)
    grown = list(rows)
    at = which % len(rows)
    grown[at] = rows[at] | {"geometry": shapely.buffer(rows[at]["geometry"], by, join_style="mitre")}
    small, large = judged(site(project_class=kind), *rows), judged(site(project_class=kind), *grown)
    assert safety(large.verdict) <= safety(small.verdict)


@CALM
@given(drawn_zones(), drawn_extents(), CLASSES, st.integers(0, 12))
def test_forgetting_a_survey_never_makes_a_site_look_safer(rows, ground, kind, which):
    assume(ground)
    knowing = judged(site(project_class=kind), *rows, ground=extents(*ground))
    left = [*ground[: which % len(ground)], *ground[which % len(ground) + 1 :]]
    forgot = judged(site(project_class=kind), *rows, ground=extents(*left))
    assert safety(forgot.verdict) <= safety(knowing.verdict)
    # The composite theme is made of the hazards that have a layer; with its last layer a hazard leaves it, and is a gap itself.
    gone = {hazard for _, hazard, *_ in ground} - {hazard for _, hazard, *_ in left}
    assert set(knowing.data_gaps) - ({"composite"} if gone else set()) <= set(forgot.data_gaps)
    assert gone <= set(forgot.data_gaps)


@CALM
@given(CLASSES, st.sampled_from(THEMES), st.floats(0.05, 0.95))
def test_a_site_half_outside_the_survey_never_reads_as_clear(kind, theme, share):
    half = extent(theme, shapely.box(-9000, -9000, 100 * share, 9000))
    opinion = judged(site(project_class=kind), ground=extents(*(extent(key) for key in THEMES if key != theme), half))
    assert theme in opinion.data_gaps
    assert theme_of(opinion, theme).covered_share < 1
    mandatory = theme in BOOK.mandatory_themes(site(project_class=kind).project_class)
    assert opinion.verdict is (Verdict.INSUFFICIENT_DATA if mandatory else Verdict.PERMITTED)


@CALM
@given(drawn_zones(), CLASSES)
def test_wider_boundaries_never_read_safer(rows, kind):
    opinion = judged(site(project_class=kind), *rows)
    ladder = [shift.verdict for shift in opinion.sensitivity]
    ladder.insert(3, opinion.verdict)
    assert [safety(verdict) for verdict in ladder] == sorted((safety(verdict) for verdict in ladder), reverse=True)


@CALM
@given(drawn_zones(), drawn_extents())
def test_judging_together_is_judging_each_alone_on_any_number_of_threads(rows, ground):
    sites = [site(shapely.box(n * 20, -n * 9, n * 20 + 60, 70), f"K{n % 7 + 1}") for n in range(9)]
    ground = extents(*ground)
    alone = [judged(one, *rows, ground=ground) for one in sites]
    assert review_sites(sites, zones(*rows), ground, BOOK, ON, threads=1) == alone
    assert review_sites(sites, zones(*rows), ground, BOOK, ON, threads=2) == alone


@CALM
@given(drawn_zones(), CLASSES)
def test_every_overlapped_zone_is_listed_and_every_objection_has_its_ground(rows, kind):
    opinion = judged(site(project_class=kind), *rows, ground=surveyed())
    found = {finding.zone: finding for theme in opinion.themes for finding in theme.findings}
    for row in rows:
        if shapely.intersection(FIELD, row["geometry"]).area > 1e-3:
            assert row["zone"] in found
    for finding in found.values():
        assert bool(finding.rule) == bool(finding.basis) == (finding.basis_kind is not None)
        assert (finding.verdict in (Verdict.PROHIBITED, Verdict.RESTRICTED)) == bool(finding.rule)
    assert opinion.verdict is Verdict.worst(finding.verdict for finding in found.values())
