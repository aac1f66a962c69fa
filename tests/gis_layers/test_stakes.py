"""Reading stakes and measuring roads."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.stakes import Origin, StakeAsked, measure_road, read_stake, road_reference, stake_label


def lines(*coordinates):
    return np.array([shapely.LineString(corners) for corners in coordinates], dtype=object)


@pytest.mark.parametrize(
    ("text", "road", "at_m"),
    [
        ("G312 K12+300", "G312", 12_300),
        ("g312k12", "g312", 12_000),
        ("312国道12公里", "312国道", 12_000),
        ("３１２国道　Ｋ１２＋３００", "312国道", 12_300),
        ("高南公路K5.2", "高南公路", 5_200),
        ("G312线 12公里300米处", "G312线", 12_300),
        ("X210, K0+050", "X210", 50),
    ],
)
def test_a_stake_is_read_however_it_is_said(text, road, at_m):
    assert read_stake(text) == StakeAsked(road, pytest.approx(at_m))


@pytest.mark.parametrize("text", ["小海子村", "K12", "G312", "99.80,39.33", "", "12公里"])
def test_what_names_no_road_or_no_stake_is_none(text):
    assert read_stake(text) is None


def test_only_numbered_roads_have_a_reference():
    assert [road_reference(name) for name in ("X210 高南公路", "g30", "明水互通匝道", None, "G31234")] == [
        "X210", "G30", None, None, None,
    ]  # fmt: skip


@given(st.integers(0, 4_000_000))
def test_a_label_reads_back_as_the_stake_it_was_made_of(at_m):
    assert read_stake(stake_label("G30", at_m)) == StakeAsked("G30", pytest.approx(at_m))


def test_pieces_in_any_order_and_direction_are_one_road_from_the_west():
    road = measure_road(lines([(2000, 0), (1000, 0)], [(2000, 0), (3500, 0)], [(1000, 0), (0, 0)]), Origin())
    assert road.length_m == pytest.approx(3500)
    assert road.whole_kilometres() == [0, 1, 2, 3]
    assert road.point_at(1300.0).equals_exact(shapely.Point(1300, 0), 1e-6)


@pytest.mark.parametrize("meeting", [True, False])
def test_two_carriageways_are_measured_once(meeting):
    north = [(0, 0), (100, 20), (4900, 20), (5000, 0)] if meeting else [(0, 20), (5000, 20)]
    road = measure_road(lines(north, [(0, 0), (5000, 0)]), Origin())
    assert road.length_m == pytest.approx(5000, rel=0.01)
    assert road.whole_kilometres()[-1] in (4, 5)


def test_nothing_is_placed_where_the_road_is_not_drawn():
    road = measure_road(lines([(0, 0), (1500, 0)], [(3500, 0), (5000, 0)]), Origin())
    assert road.whole_kilometres() == [0, 1, 4, 5]
    assert road.point_at(2000.0) is None
    assert road.point_at(4000.0).equals(shapely.Point(4000, 0))
    assert road.point_at(-1.0) is None
    assert road.point_at(5001.0) is None


def test_stakes_may_begin_elsewhere_and_grow_to_the_west():
    straight = lines([(0, 0), (10_000, 0)])
    east = measure_road(straight, Origin(2_510_200.0))
    assert east.whole_kilometres() == list(range(2511, 2521))
    assert east.point_at(2_512_200.0).equals(shapely.Point(2000, 0))
    west = measure_road(straight, Origin(10_000.0, eastward=False))
    assert west.point_at(7_000.0).equals(shapely.Point(3000, 0))


def test_a_mere_ring_has_no_stakes():
    ring = measure_road(lines([(0, 0), (100, 0), (100, 100), (0, 0)]), Origin())
    assert (ring.length_m, ring.whole_kilometres(), ring.point_at(0.0)) == (0.0, [], None)


@given(st.lists(st.tuples(st.floats(200, 900), st.floats(-300, 300)), min_size=2, max_size=8), st.randoms())
def test_cutting_a_road_to_pieces_does_not_move_its_stakes(steps, chance):
    corners = np.vstack([(0, 0), np.cumsum(np.asarray(steps), axis=0)])
    pieces = [corners[place : place + 2] for place in range(len(corners) - 1)]
    chance.shuffle(pieces)
    whole = measure_road(lines(corners), Origin())
    cut = measure_road(lines(*(piece[::-1] if chance.random() < 0.5 else piece for piece in pieces)), Origin())
    assert cut.length_m == pytest.approx(whole.length_m)
    middle = whole.length_m / 2
    assert cut.point_at(middle).distance(whole.point_at(middle)) < 0.5
