"""Sites for stations: greedy is no more than the best, the best no more than the bound, and the best is that of trying all."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.dispatch.due import find_due, without
from risk_model.dispatch.gaps import LEAST_HAZARD, rank_gaps
from risk_model.dispatch.moving_up import rank_moves
from risk_model.dispatch.station_sites import exact_plan, gains_of, greedy_plan, join_demand

TABLES = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.integers(1, 7), st.integers(0, 30), st.integers(0, 4))
def test_greedy_is_no_more_than_the_best_and_the_best_is_that_of_trying_every_choice(chance, candidates, points, add):
    covers = chance.random((candidates, points)) < chance.uniform(0.1, 0.6)
    weight = chance.integers(0, 40, points).astype(float)
    demand = join_demand(covers, weight)
    greedy, exact = greedy_plan(demand, add), exact_plan(demand, add, within_s=20)
    tried = [
        weight[covers[list(sites)].any(axis=0)].sum() for sites in combinations(range(candidates), min(add, candidates))
    ]
    best = max(tried)
    assert greedy.total <= exact.total + 1e-6
    assert exact.total == pytest.approx(best)
    assert exact.total <= exact.bound + 1e-6
    assert best <= greedy.bound + 1e-6
    assert exact.gap == pytest.approx(0, abs=1e-6)
    for plan in (greedy, exact):
        assert len(set(plan.sites)) == len(plan.sites) <= add
        assert plan.gains == pytest.approx(gains_of(demand, plan.sites))
        assert list(plan.gains) == sorted(plan.gains, reverse=True)
        assert plan.total == pytest.approx(weight[covers[list(plan.sites)].any(axis=0)].sum())


@settings(max_examples=60)
@given(TABLES, st.integers(0, 5), st.integers(1, 12))
def test_the_second_is_never_sooner_than_the_first_and_more_forces_never_uncover(chance, forces, points):
    seconds = chance.uniform(0, 1000, (forces, points))
    seconds[chance.random(seconds.shape) < 0.3] = np.inf
    due = find_due(seconds)
    assert (due.second >= due.first).all()
    assert due.first.tolist() == [min(column, default=np.inf) for column in seconds.T.tolist()]
    assert due.second.tolist() == [sorted([*column, np.inf, np.inf])[1] for column in seconds.T.tolist()]
    for force in range(forces):
        left = without(seconds, due, np.arange(forces) == force)
        assert left.tolist() == np.delete(seconds, force, axis=0).min(axis=0, initial=np.inf).tolist()
        assert (left >= due.first).all()


@settings(max_examples=60)
@given(TABLES, st.integers(1, 4), st.integers(0, 3), st.integers(1, 10))
def test_a_move_restores_what_covering_anew_from_there_does(chance, forces, posts, points):
    seconds, from_posts = chance.uniform(0, 1200, (forces, points)), chance.uniform(0, 1200, (posts, points))
    turnouts, people = chance.choice([60.0, 180.0], forces), chance.integers(0, 50, points).astype(float)

    def covered(table):
        return people[table.min(axis=0, initial=np.inf) <= 600].sum()

    gets_there = chance.random((forces, posts)) < 0.8
    moves = rank_moves(seconds, from_posts, turnouts, people, gets_there=gets_there, minutes=10, most=9)
    tried = {
        force: max(
            (
                covered(np.vstack([np.delete(seconds, force, axis=0), post + turnouts[force]]))
                for post, gets in zip(from_posts, gets_there[force], strict=True)
                if gets
            ),
            default=0.0,
        )
        - covered(seconds)
        for force in range(forces)
    }
    assert {move.force: move.gained for move in moves} == pytest.approx(
        {f: gain for f, gain in tried.items() if gain > 0}
    )
    assert [move.gained for move in moves] == sorted((move.gained for move in moves), reverse=True)


def test_gaps_are_ranked_by_people_times_the_hazard_they_live_under():
    seconds = np.array([[100.0, 900.0, 1000.0, 2000.0, np.inf], [300.0, 800.0, np.inf, 1900.0, np.inf]])
    people, hazard = np.array([50.0, 30.0, 10.0, 20.0, 20.0]), np.array([1.0, 0.0, 0.0, 1.0, 0.6])
    village, at = np.array([0, 0, 0, 1, 2]), np.array([[0, 0], [10, 0], [40, 0], [5, 5], [9, 9]], dtype=float)
    gaps = rank_gaps(find_due(seconds), people, hazard, village, at=at, minutes=10)
    assert [(gap.village, gap.people, gap.force, gap.home) for gap in gaps] == [
        (1, 20, 1, 3),
        (2, 20, -1, 4),
        (0, 40, 1, 1),
    ]
    assert [gap.weight for gap in gaps] == pytest.approx([20, 12, 40 * LEAST_HAZARD])
    assert [gap.first_s for gap in gaps] == [1900, np.inf, 1000]
    assert rank_gaps(find_due(seconds[:, :1]), people[:1], hazard[:1], village[:1], at=at[:1], minutes=10) == []
