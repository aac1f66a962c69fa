"""How firm a grade is: boundaries moved out and in leave no gap and invent no survey; what would change a grade is named."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.grading import Figures, Units, grade_areas, grading_terms, lay_grounds
from risk_model.grading.stability import alternatives_of, contested_by, move_boundaries
from tests.risk_model.ground import BOOK, ON, column, extent, extents, zone, zones

TERMS = grading_terms(BOOK)
HAZARDS = [hazard.key for hazard in TERMS.hazards]
NEAR = shapely.box(-2000, -2000, 3000, 3000)
CORE, RING = shapely.box(300, 300, 700, 700), shapely.box(100, 100, 900, 900)


def ground_of(hazard, *rows, by=NEAR):
    laid = lay_grounds(zones(*rows), extents(extent(hazard, by)), BOOK, ON)
    return next(one for one in laid if one.hazard == hazard)


def areas(ground):
    pairs = zip(ground.levels, shapely.area(ground.shapes), strict=True)
    return {(level.grade.name if level.grade else None): float(area) for level, area in pairs}


def grade(village, *rows, count=1):
    unknown = np.full(count, np.nan)
    everywhere = [zone(f"{key}-all", key, NEAR, "低") for key in ("earthquake", "meteorological")]
    grounds = lay_grounds(zones(*everywhere, *rows), extents(*(extent(key, NEAR) for key in HAZARDS)), BOOK, ON)
    units = Units(["v"], ["村"], column([village]))
    return grade_areas(units, grounds, Figures(unknown, unknown, unknown, unknown), BOOK)[0]


def test_worse_ground_grows_outwards_and_shrinks_inwards_by_the_shift():
    ground = ground_of("flood", zone("a", "flood", CORE, "高"))
    out, back = areas(move_boundaries(ground, 20.0)), areas(move_boundaries(ground, -20.0))
    corners = (4 - np.pi) * 20**2
    assert out["高"] == pytest.approx(440**2 - corners, abs=40)
    assert back["高"] == pytest.approx(360**2, abs=1e-3)


def test_nested_grades_move_together_and_leave_no_gap_between_them():
    ground = ground_of("flood", zone("a", "flood", CORE, "极高"), zone("b", "flood", RING, "中"))
    whole = sum(areas(ground).values())
    for shift in (-20.0, 20.0):
        moved = areas(move_boundaries(ground, shift))
        assert sum(moved.values()) == pytest.approx(whole)
    assert areas(move_boundaries(ground, -20.0))["中"] == pytest.approx(760**2 - 360**2)


def test_where_the_survey_ends_nothing_moves():
    survey = shapely.box(300, 300, 1300, 700)
    ground = ground_of("flood", zone("a", "flood", CORE, "高"), by=survey)
    assert areas(move_boundaries(ground, -20.0))["高"] == pytest.approx(380 * 400)
    assert areas(move_boundaries(ground, 20.0))["高"] == pytest.approx(420 * 400)


def test_a_hazard_that_reaches_everywhere_keeps_its_outer_edge():
    ground = ground_of("earthquake", zone("a", "earthquake", CORE, "高"), zone("b", "earthquake", RING, "低"))
    back = areas(move_boundaries(ground, -20.0))
    assert sum(back.values()) == pytest.approx(800**2)
    assert back["高"] == pytest.approx(360**2)


def test_a_ground_of_one_level_or_none_has_no_boundary():
    alone = ground_of("earthquake", zone("a", "earthquake", CORE, "高"))
    assert move_boundaries(alone, 20.0) is alone


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 800), st.integers(0, 800), st.integers(30, 600), st.sampled_from(["极高", "高", "中", "低"])
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([5.0, 20.0, 60.0]),
)
def test_further_out_is_never_better_and_further_in_never_worse(squares, shift):
    rows = [
        zone(f"z{n}", "flood", shapely.box(x, y, x + side, y + side), word)
        for n, (x, y, side, word) in enumerate(squares)
    ]
    ground = ground_of("flood", *rows)
    known = shapely.area(shapely.union_all(ground.shapes))
    score = {}
    for metres in (-shift, 0.0, shift):
        moved = move_boundaries(ground, metres) if metres else ground
        assert shapely.area(moved.shapes).sum() == pytest.approx(known)
        values = np.array([level.score for level in moved.levels])
        score[metres] = float((shapely.area(moved.shapes) * values).sum())
    assert score[-shift] <= score[0.0] + 1e-3
    assert score[0.0] <= score[shift] + 1e-3


def test_a_grade_that_hangs_on_where_a_boundary_lies_is_contested_and_names_it():
    village = shapely.box(0, 0, 1000, 1000)
    edge = shapely.box(-10, -10, 1010, 810)
    told = grade(village, zone("a", "flood", edge, "极高"))
    assert told.stability == "contested"
    [doubt] = [one for one in told.contested_by if one["by"] == "boundary"]
    assert (doubt["hazard"], doubt["change"]) == ("flood", -20.0)
    assert doubt["grade_rank"] == told.grade_rank + 1


def test_a_grade_far_from_every_bound_is_stable_and_nothing_speaks_against_it():
    told = grade(shapely.box(0, 0, 1000, 1000))
    assert (told.grade, told.stability, told.contested_by) == ("低", "stable", [])


def test_a_weight_that_would_change_the_grade_is_named_with_the_other_grade():
    geological = HAZARDS.index("geological")
    weight = TERMS.weights[geological]
    scores = np.full((1, len(HAZARDS)), (0.1985 - 0.35 * weight) / (1.0 - weight))
    scores[0, geological] = 0.35
    told = contested_by(0, 5, alternatives_of(scores, [], TERMS))
    assert ("weight", "geological", TERMS.swing, 4) in {
        (one.by, one.hazard, one.change, int(one.rank[0])) for one in told
    }
    assert ("geological", -TERMS.swing) not in {(one.hazard, one.change) for one in told}


def test_boundaries_all_at_once_are_named_only_where_no_single_one_decides():
    width = len(HAZARDS)
    base, there = np.full((1, width), 0.1), np.full((1, width), 0.3)
    together = contested_by(0, 5, alternatives_of(base, [(20.0, there)], TERMS))
    assert [(one.by, one.hazard) for one in together] == [("boundary", None)]
    there[0, 0] = 1.0
    single = contested_by(0, 5, alternatives_of(base, [(20.0, there)], TERMS))
    assert [one.hazard for one in single if one.by == "boundary"] == [HAZARDS[0]]


def test_what_nobody_surveyed_is_not_moved():
    unknown = np.full((1, len(HAZARDS)), np.nan)
    known = np.zeros((1, len(HAZARDS)))
    ranks = {int(one.rank[0]) for one in alternatives_of(unknown, [(20.0, known)], TERMS) if one.by == "boundary"}
    assert ranks == {1}


def test_without_a_shift_only_weights_are_tried():
    text = BOOK.texts["grading.toml"].replace("shift_m = 20.0", "shift_m = 0.0")
    book = BOOK.reload({**BOOK.texts, "grading.toml": text})
    assert grading_terms(book) == replace(TERMS, shift_m=0.0)
    told = []
    grounds = lay_grounds(zones(), extents(*(extent(key, NEAR) for key in HAZARDS)), book, ON)
    unknown = np.array([np.nan])
    units = Units(["v"], ["村"], column([CORE]))
    grade_areas(units, grounds, Figures(unknown, unknown, unknown, unknown), book, progress=told.append)
    assert told[-1] == 1.0
    assert len(told) == len(HAZARDS) + 1


def test_what_progress_raises_ends_the_grading():
    class Enough(Exception):
        pass

    def stop(share):
        raise Enough

    grounds = lay_grounds(zones(), extents(*(extent(key, NEAR) for key in HAZARDS)), BOOK, ON)
    unknown = np.array([np.nan])
    with pytest.raises(Enough):
        grade_areas(
            Units(["v"], ["村"], column([CORE])),
            grounds,
            Figures(unknown, unknown, unknown, unknown),
            BOOK,
            progress=stop,
        )
