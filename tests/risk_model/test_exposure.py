"""Who and what stands on a piece of ground: touching, unknown, and the laws of cutting, growing and joining."""

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.exposure import (
    Inventory,
    Things,
    count_exposure,
    exposure_under,
    find_shares,
    lay_disjoint,
    lay_grounds,
    list_exposed,
)
from risk_model.people import DwellingFootprints, Settlements, find_residents
from tests.risk_model.ground import column

FIELD = shapely.box(0, 0, 100, 100)
TOWN = shapely.box(-500, -500, 500, 500)
NO_DWELLINGS = DwellingFootprints(column([]), np.empty(0))


def things(*shapes, kinds=()):
    count = len(shapes)
    names = [str(number) for number in range(count)]
    return Things(column(names), column(names), column(shapes), column(kinds or [""] * count))


def settled(*villages, homes=()):
    shapes, people = zip(*villages, strict=True) if villages else ((), ())
    return (
        Settlements(column(shapes), np.array(people, dtype=float)),
        DwellingFootprints(column(homes), np.ones(len(homes))),
    )


def inventory(*villages, homes=(), **registers):
    return Inventory(*settled(*villages, homes=homes), {name: things(*some) for name, some in registers.items()})


def stands(*shapes, ground=FIELD):
    return find_shares(lay_grounds([[ground]]), column(shapes)).stands.tolist()


def test_what_shares_ground_stands_on_it_and_what_touches_does_not():
    beside, reaching = shapely.box(100, 0, 120, 20), shapely.box(99, 0, 120, 20)
    assert stands(beside) == [False]
    assert stands(reaching, shapely.Point(50, 50), shapely.Point(100, 50)) == [True, True, True]
    # The middle of a plant says nothing: a corner of it is enough.
    assert stands(shapely.box(90, 90, 400, 400)) == [True]
    assert stands(shapely.LineString([(100, -50), (100, 0)]), shapely.LineString([(50, 50), (50, 400)])) == [
        False,
        True,
    ]


def test_a_hair_that_bent_edges_overlap_by_is_a_touch_and_a_small_thing_stands_by_half():
    assert stands(shapely.box(99.99, 0, 120, 20)) == [False]
    assert stands(shapely.box(99.7, 0, 100.2, 0.5)) == [True]
    assert stands(shapely.box(99.9, 0, 100.4, 0.5)) == [False]


def test_what_is_not_on_record_is_unknown_and_never_zero():
    told = exposure_under([FIELD], inventory(plants=[], shops=[shapely.Point(900, 900)]))
    assert (told.people.number, told.people.at_least) == (None, None)
    assert (told.things["plants"].number, told.things["shops"].number) == (None, 0)


def test_ground_in_an_uncounted_village_has_unknown_people_though_others_are_counted_elsewhere():
    elsewhere = (shapely.box(200, 0, 300, 100), 70.0)
    told = exposure_under([FIELD], inventory((TOWN.intersection(FIELD), math.nan), elsewhere)).people
    assert (told.number, told.at_least, told.uncounted) == (None, None, 1)


def test_counted_neighbours_of_an_uncounted_village_are_told_as_at_least():
    west, east = shapely.box(0, 0, 50, 100), shapely.box(50, 0, 100, 100)
    told = exposure_under([FIELD], inventory((west, 30.0), (east, math.nan))).people
    assert (told.number, told.at_least, told.uncounted) == (None, 30.0, 1)


def test_an_uncounted_village_that_only_touches_leaves_the_count_known():
    beside = shapely.box(99.999999, 0, 200, 100)
    told = exposure_under([FIELD], inventory((FIELD, 30.0), (beside, math.nan))).people
    assert told.number == 30.0


def test_ground_outside_of_all_villages_is_unknown_and_no_ground_holds_nobody():
    village = (shapely.box(900, 900, 1000, 1000), 50.0)
    assert exposure_under([FIELD], inventory(village)).people.number is None
    assert exposure_under([], inventory(village)).people.number == 0.0


def test_a_village_whose_houses_stand_elsewhere_has_nobody_on_the_ground():
    homes = [shapely.box(300, 300, 310, 310)]
    told = exposure_under([FIELD], inventory((TOWN, 80.0), homes=homes)).people
    assert (told.number, told.uncounted) == (0.0, 0)
    assert exposure_under([FIELD], inventory((TOWN, math.nan), homes=homes)).people.number == 0.0


def test_a_neighbours_house_by_the_border_does_not_house_a_village():
    """A house drawn to the border reaches over it by a hair in metres; the village beyond stays told by area."""
    west, east = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
    settlements, homes = settled((west, 10.0), (east, 40.0), homes=[shapely.box(90, 0, 100.00001, 10)])
    found = find_residents(column([shapely.box(150, 0, 200, 100)]), settlements, homes)
    assert (found.people.tolist(), found.by_dwellings.tolist()) == ([20.0], [False])


def test_overlapping_parts_of_one_warning_count_everybody_once():
    village = shapely.box(0, 0, 4000, 2500)
    parts = [shapely.box(0, 0, 1000, 2500), shapely.box(600, 0, 1600, 2500)]
    told = exposure_under(parts, inventory((village, 1200.0), roads=[shapely.LineString([(0, 10), (4000, 10)])]))
    assert told.people.number == pytest.approx(480.0)
    assert told.things["roads"].shared == pytest.approx(1600.0)


def test_facilities_are_counted_by_kind():
    some = things(shapely.Point(1, 1), shapely.Point(2, 2), shapely.Point(900, 0), kinds=["school", "clinic", "school"])
    told = exposure_under([FIELD], Inventory(*settled(), {"facilities": some})).things["facilities"]
    assert (told.number, told.by_kind) == (2, {"clinic": 1, "school": 1})


def test_what_stands_on_the_ground_is_listed_with_how_much_of_it():
    roads = [shapely.LineString([(100, -10), (100, -5)]), shapely.LineString([(-50, 50), (50, 50)])]
    known = inventory(roads=roads, plants=[shapely.Point(10, 10)])
    listed = list_exposed(FIELD, known, ("roads", "plants"))
    assert [(one.register, one.key, one.shared) for one in listed.things] == [
        ("roads", "1", 50.0),
        ("plants", "0", 0.0),
    ]
    assert listed.exposure == exposure_under([FIELD], known)
    assert list_exposed(shapely.Polygon(), known, ("roads",)).things == ()


def test_a_road_along_the_cut_of_two_pieces_is_as_long_as_it_is():
    halves = lay_disjoint(column([shapely.box(0, 0, 50, 100), shapely.box(50, 0, 100, 100)]), np.zeros(2, int), 1)
    found = find_shares(halves, column([shapely.LineString([(50, 0), (50, 100)])]))
    assert found.shared.tolist() == [100.0]


# Laws -----------------------------------------------------------------------------------------------------------------

SPOT = st.tuples(st.floats(-480, 480), st.floats(-480, 480))
CORNERS = st.tuples(st.floats(-480, 0), st.floats(-480, 0), st.floats(5, 480), st.floats(5, 480))


@st.composite
def towns(draw):
    """Two villages, the second perhaps uncounted, with houses, works, roads and points strewn over them."""
    spots = draw(st.lists(SPOT, min_size=1, max_size=10))
    boxes = [shapely.box(x, y, x + 15, y + 15) for x, y in spots]
    roads = [shapely.LineString([one, other]) for one, other in pairwise(spots) if one != other]
    east = draw(st.sampled_from([50.0, math.nan]))
    return inventory(
        (shapely.box(-500, -500, 0, 500), 400.0),
        (shapely.box(0, -500, 500, 500), east),
        homes=boxes if draw(st.booleans()) else (),
        works=boxes,
        points=[shapely.Point(*spot) for spot in spots],
        roads=roads,
    )


def figures(exposure):
    people = exposure.people
    counts = {name: (count.number, count.by_kind) for name, count in exposure.things.items()}
    shared = {name: pytest.approx(count.shared, abs=1e-4) for name, count in exposure.things.items()}
    return pytest.approx(people.counted, abs=1e-6), people.uncounted, people.reached, counts, shared


@settings(max_examples=20, deadline=None)
@given(towns(), CORNERS, st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_cutting_the_ground_changes_nothing(town, corners, along, down):
    west, south, east, north = corners
    x, y = west + along * (east - west), south + down * (north - south)
    parts = [(west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)]
    whole = exposure_under([shapely.box(*corners)], town)
    assert figures(whole) == figures(exposure_under([shapely.box(*part) for part in parts], town))
    pieces = lay_disjoint(column([shapely.box(*part) for part in parts]), np.zeros(4, int), 1)
    assert figures(whole) == figures(count_exposure(pieces, town)[0])


@settings(max_examples=20, deadline=None)
@given(towns(), CORNERS, st.floats(0, 300))
def test_growing_ground_never_lessens(town, corners, more_m):
    west, south, east, north = corners
    small = exposure_under([shapely.box(*corners)], town)
    large = exposure_under([shapely.box(west - more_m, south - more_m, east + more_m, north + more_m)], town)
    assert large.people.counted >= small.people.counted - 1e-6
    assert large.people.uncounted >= small.people.uncounted
    assert large.people.reached >= small.people.reached
    for name, count in small.things.items():
        if count.number is not None:
            assert large.things[name].number >= count.number
            assert large.things[name].shared >= count.shared - 1e-4


@settings(max_examples=10, deadline=None)
@given(towns(), st.lists(CORNERS, min_size=1, max_size=4))
def test_grounds_counted_together_are_counted_as_each_alone(town, boxes):
    together = count_exposure(lay_grounds([[shapely.box(*corners)] for corners in boxes]), town)
    assert [figures(one) for one in together] == [figures(exposure_under([shapely.box(*c)], town)) for c in boxes]


def test_ground_of_very_many_vertices_is_counted_as_a_plain_one():
    """Cut into pieces or not, the answer is the same: a disc of eight thousand corners against plain shapely."""
    disc = shapely.Point(0, 0).buffer(400, quad_segs=2_000)
    rng = np.random.default_rng(7)
    spots = rng.uniform(-480, 480, (200, 2))
    works = [shapely.box(x, y, x + 15, y + 15) for x, y in spots]
    told = exposure_under([disc], inventory((TOWN, 1000.0), works=works, roads=[shapely.LineString(spots)]))
    shared = shapely.area(shapely.intersection(column(works), disc))
    assert told.things["works"].number == int((shared >= 1.0).sum())
    assert told.things["works"].shared == pytest.approx(shared[shared >= 1.0].sum())
    assert told.things["roads"].shared == pytest.approx(shapely.LineString(spots).intersection(disc).length)
    assert told.people.number == pytest.approx(1000.0 * disc.area / TOWN.area)
