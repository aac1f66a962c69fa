"""Lines by stake: what is inside adds up to what lies inside, and a line cut in two tells the same stretches."""

from itertools import pairwise

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from risk_model.siting.stakes import stake_out

REACH_M = 10.0
metres = st.integers(-2000, 2000).map(float)
corners = st.lists(st.tuples(metres, metres), min_size=3, max_size=7, unique=True)


@st.composite
def grounds(draw):
    x, y = draw(metres), draw(metres)
    return shapely.box(x, y, x + draw(st.integers(5, 900)), y + draw(st.integers(5, 900)))


@settings(max_examples=60, deadline=None)
@given(corners, grounds())
def test_what_is_inside_adds_up_to_the_line_within_the_ground(drawn, ground):
    line = shapely.LineString(drawn)
    (one,) = stake_out(line, [ground], REACH_M)
    each_segment = sum(shapely.LineString(pair).intersection(ground).length for pair in pairwise(drawn))
    assert sum(part.inside_m for part in one.stretches) == pytest.approx(each_segment, abs=1e-6)
    ends = [end for part in one.stretches for end in (part.from_m, part.to_m)]
    assert ends == sorted(ends)
    assert all(0 <= end <= line.length + 1e-6 for end in ends)
    assert (one.nearest_m is None) == bool(one.stretches)
    if one.nearest_m is not None:
        assert line.interpolate(one.nearest_m).distance(ground) == pytest.approx(line.distance(ground), abs=1e-6)
        assert line.distance(ground) > REACH_M - 0.1


@settings(max_examples=60, deadline=None)
@given(corners, grounds(), st.integers(1, 5))
def test_a_line_cut_in_two_tells_the_same_stretches(drawn, ground, cut):
    assume(cut < len(drawn) - 1)
    whole = shapely.LineString(drawn)
    first, second = shapely.LineString(drawn[: cut + 1]), shapely.LineString(drawn[cut:])
    (told,), (parts,) = (
        stake_out(whole, [ground], REACH_M),
        stake_out(shapely.MultiLineString([first, second]), [ground], REACH_M),
    )
    assert parts == told
    (before,), (after,) = stake_out(first, [ground], REACH_M), stake_out(second, [ground], REACH_M)
    joined = [(one.from_m, one.to_m) for one in before.stretches]
    for one in after.stretches:
        low, high = one.from_m + first.length, one.to_m + first.length
        if joined and low <= joined[-1][1] + 1e-6:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    assert [end for one in told.stretches for end in (one.from_m, one.to_m)] == pytest.approx(
        [end for one in joined for end in one], abs=1e-5
    )


def test_a_line_that_crosses_its_own_way_is_told_twice():
    loop = shapely.LineString([(-500, 0), (500, 0), (500, 500), (0, 500), (0, -500)])
    (one,) = stake_out(loop, [shapely.box(-20, -20, 20, 20)], REACH_M)
    assert [(round(part.from_m), round(part.to_m), round(part.inside_m)) for part in one.stretches] == [
        (470, 530, 40), (2470, 2530, 40),
    ]  # fmt: skip
