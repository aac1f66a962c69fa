"""The smallest cut of a site with parts: each loses the ground that decides its own, and what is left is judged as any site."""

from dataclasses import replace

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.siting import review_site
from risk_model.siting.alternatives import JudgedBy
from risk_model.siting.cuts import NoCut, OutlineCut, smallest_cut
from risk_model.vocabulary import ProjectClass, Site, Verdict
from tests.risk_model.ground import BOOK, FIELD, ON, surveyed, zone, zones
from tests.risk_model.test_siting_parts import divided

WEST_BANK = zone("Z1", "flash_flood", shapely.box(-10, -10, 20, 200), "极高")
WARD, PARK = ProjectClass.K2, ProjectClass.K6


def cut(site, judged_by):
    original = review_site(site, judged_by.zones, judged_by.extents, BOOK, ON)
    return original, smallest_cut(site, original, judged_by.zones, judged_by.judge)


def ward_and_park(at, *, ward, park):
    """The field with a ward and a park in it, and what they leave of it."""
    parts = [Site(shapely.box(*at[0]), ward, name="病房"), Site(shapely.box(*at[1]), park, name="花园")]
    left = shapely.difference(FIELD, shapely.union_all([one.geometry for one in parts]))
    return Site(FIELD, ward, parts=(*parts, Site(left, ward)))


def test_a_part_loses_what_forbids_it_and_its_neighbour_stays_in_it():
    site = ward_and_park([(0, 0, 100, 40), (0, 40, 100, 80)], ward=WARD, park=PARK)
    original, found = cut(site, JudgedBy(zones(WEST_BANK), surveyed(), BOOK, ON))
    by_name = {part.name: opinion.verdict for part, opinion in original.parts}
    assert by_name["病房"] is Verdict.PROHIBITED
    assert by_name["花园"] is not Verdict.PROHIBITED
    assert isinstance(found, OutlineCut)
    left = {part.name: shapely.area(part.geometry) for part, _ in found.opinion.parts}
    assert left["花园"] == pytest.approx(4000)
    assert left["病房"] == pytest.approx(40 * 79.95)
    assert left[""] == pytest.approx(20 * 79.95)
    assert found.cut_m2 == pytest.approx(60 * 20.05)


def test_no_cut_is_offered_that_takes_a_part_away():
    for east, offered in ((50, True), (24, False), (20, False)):
        site = ward_and_park([(0, 0, east, 40), (0, 40, 100, 100)], ward=WARD, park=PARK)
        _, found = cut(site, JudgedBy(zones(WEST_BANK), surveyed(), BOOK, ON))
        assert isinstance(found, OutlineCut) if offered else found is NoCut.TOO_LITTLE


def kept(site, original, judged_by):
    """Of each part what is left of it, drawn anew: its ground off the zones that decide it, within the largest piece of what stays."""
    numbers = {(one, of): number for number, (one, of) in enumerate(zip(judged_by.zones.zone, judged_by.zones.product, strict=True))}  # fmt: skip
    lost = {}
    for part, opinion in original.parts:
        found = [one for theme in opinion.themes for one in theme.findings if one.rule and one.zone]
        deciding = {(one.zone, one.product) for one in found if one.verdict is original.verdict}
        ground = [judged_by.zones.geometry[numbers[mark]].buffer(0.05) for mark in deciding]
        lost[part.name] = shapely.union_all(ground).intersection(part.geometry)
    stays = max(shapely.get_parts(site.geometry - shapely.union_all([*lost.values()])), key=shapely.area)
    return stays, {part.name: (part.geometry - lost[part.name]) & stays for part, _ in original.parts}


@st.composite
def narrow_zones(draw):
    """Zones of few kinds that cover a corner or a strip of the field."""
    rows = []
    for number in range(draw(st.integers(1, 3))):
        x, y, wide, high = (draw(st.integers(low, most)) for low, most in ((-20, 90), (-20, 90), (5, 40), (5, 120)))
        hazard, grade = draw(st.sampled_from([("flash_flood", "极高"), ("flash_flood", "高"), ("flood", "极高")]))
        rows.append(zone(f"Z{number}", hazard, shapely.box(x, y, x + wide, y + high), grade))
    return rows


@settings(max_examples=60, deadline=None)
@given(narrow_zones(), divided(most=2))
def test_a_cut_is_judged_as_what_is_left_would_be_and_takes_no_more(rows, site):
    judged_by = JudgedBy(zones(*rows), surveyed(), BOOK, ON)
    original, found = cut(site, judged_by)
    if not isinstance(found, OutlineCut):
        assert (found is NoCut.NOT_NEEDED) == (original.verdict is Verdict.PERMITTED)
        return
    assert found.opinion.verdict.severity < original.verdict.severity
    assert found.opinion.verdict is not Verdict.INSUFFICIENT_DATA
    stays, left = kept(site, original, judged_by)
    assert shapely.area(found.geometry ^ stays) < 0.1
    for part, _ in found.opinion.parts:
        assert shapely.area(part.geometry ^ left[part.name]) < 1.0
        before = next(one for one in site.parts if one.name == part.name)
        assert shapely.area(part.geometry) >= 0.3 * shapely.area(before.geometry)
    assert {part.name for part, _ in found.opinion.parts} == {part.name for part in site.parts}
    parts = tuple(part for part, _ in found.opinion.parts)
    again = review_site(
        replace(site, geometry=found.geometry, parts=parts), judged_by.zones, judged_by.extents, BOOK, ON
    )
    assert again.verdict is found.opinion.verdict
