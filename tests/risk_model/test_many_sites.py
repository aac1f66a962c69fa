"""Many sites at once: the same opinions as one by one, as columns too, and what a slow program of its own reckons."""

import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from risk_model.siting import Screened, review_sites, screen_sites
from tests.recomputed.ground import Published, Zone
from tests.recomputed.siting import WORDS, Judge
from tests.risk_model.ground import BOOK, ON, WIDE, extents, judged, zones
from tests.risk_model.many_kinds import lay
from tests.risk_model.screened import rows_of, rows_told

CALM = settings(max_examples=8, deadline=None)
NOISE_M = 0.02
SEEDS = st.integers(0, 100_000)


@CALM
@given(SEEDS)
def test_many_sites_are_judged_as_each_alone(seed):
    rows, survey, sites = lay(seed)
    together = review_sites(sites, zones(*rows), extents(*survey), BOOK, ON)
    assert together == [judged(one, *rows, ground=extents(*survey)) for one in sites]


@CALM
@given(SEEDS, st.integers(1, 13))
def test_columns_say_what_opinions_say_in_parts_as_in_one(seed, first):
    rows, survey, sites = lay(seed)
    published = zones(*rows), extents(*survey), BOOK, ON
    told = rows_told(review_sites(sites, *published))
    assert rows_of(screen_sites(sites, *published)) == told
    parts = [screen_sites(some, *published, threads=1) for some in (sites[:first], sites[first:])]
    assert rows_of(Screened.joined(parts)) == told


def test_no_sites_have_columns_without_rows():
    screened = screen_sites([], zones(), extents(), BOOK, ON)
    assert rows_of(screened) == ([], [])
    assert len(screened.shifts_m) == 2 * len(BOOK.terms.shifts_m)


def hidden_m(footprint):
    """How deep the sharpest corner may reach into ground before more of it than noise lies there: so far the program sees nothing."""
    sharpest = np.pi
    for line in shapely.get_parts(shapely.boundary(footprint)):
        corner = shapely.get_coordinates(line)[:-1]
        sides = np.roll(corner, 1, axis=0) - corner, np.roll(corner, -1, axis=0) - corner
        along = (sides[0] * sides[1]).sum(axis=1) / np.prod([np.hypot(*side.T) for side in sides], axis=0)
        sharpest = min(sharpest, np.arccos(np.clip(along, -1, 1)).min())
    return NOISE_M + np.sqrt(1e-6 * footprint.length / np.tan(max(sharpest, 1e-3) / 2))


def program(rows, survey):
    """The same ground for the program that draws every severity's ground and lays each site over it."""
    drawn = [
        Zone(row["hazard"], "hazard", row["scheme"], row["grade"], None, None, None, None, None, 1, row["geometry"])
        for row in rows
    ]
    own = shapely.union_all([row["geometry"] for row in rows if row["hazard"] == "river_management"])
    surveys = {(hazard, product): own if ground is None else ground for _, hazard, product, _, ground in survey}
    return Judge(Published(drawn, surveys, [], [], dict.fromkeys(BOOK.constraints, WIDE), []), ON)


@CALM
@given(SEEDS)
@example(34_878)  # a star whose tip comes within a rule's reach by less than the program sees
def test_a_slow_program_of_its_own_reckons_the_same_verdicts_wherever_borders_lie(seed):
    rows, survey, sites = lay(seed)
    screened = screen_sites(sites, zones(*rows), extents(*survey), BOOK, ON)
    judge = program(rows, survey)
    for number, one in list(enumerate(sites))[seed % 2 :: 2]:  # the other half is another seed's
        seismic = BOOK.seismic_class(one)
        footprint = judge.footprint(one.geometry, one.project_class)
        floor = judge.floor(footprint, one.project_class, seismic)
        grounds = judge.grounds(footprint, one.project_class, seismic)
        off_m = hidden_m(footprint)
        ladder = [(0.0, screened.sites.severity[number])]
        ladder += zip(screened.shifts_m, screened.sites.shifted[number], strict=True)
        for shift, severity in ladder:
            mine = {judge.worst(footprint, grounds, floor, shift + off) for off in (-off_m, 0.0, off_m)}
            assert WORDS[severity] in {WORDS[one] for one in mine}, (number, shift, footprint.wkt)


@CALM
@given(SEEDS)
def test_findings_share_with_their_zones_what_shapely_says(seed):
    rows, survey, sites = lay(seed)
    screened = screen_sites(sites, zones(*rows), extents(*survey), BOOK, ON)
    found = screened.findings
    shapes = {row["zone"]: row["geometry"] for row in rows}
    listed = {}
    for number, zone, overlap, away in zip(found.site, found.zone, found.overlap_m2, found.distance_m, strict=True):
        footprint = review_sites([sites[number]], zones(), extents(), BOOK, ON)[0].footprint
        shared, apart = shapely.intersection(shapes[zone], footprint).area, shapely.distance(shapes[zone], footprint)
        assert abs(overlap - shared) <= 1e-6 * max(1.0, footprint.area)
        assert abs(away - apart) <= 1e-9
        listed.setdefault(int(number), set()).add(zone)
    for number, one in enumerate(sites):
        if shapely.get_dimensions(one.geometry) == 2:
            met = {zone for zone, shape in shapes.items() if shapely.intersection(shape, one.geometry).area > 1e-2}
            assert met <= listed.get(number, set())
