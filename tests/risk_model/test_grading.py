"""Areas graded by exact ground: the worst counts where zones overlap, and what nobody surveyed is never low."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.errors import InvalidRule, UnsoundWeights
from risk_model.grading import Figures, Units, grade_areas, grading_terms, hidden_extremes, lay_cells, lay_grounds
from risk_model.grading.composite import compose
from risk_model.grading.stability import alternatives_of, contested_by
from risk_model.rulebook import load_rulebook, packaged_rules
from tests.risk_model.ground import BOOK, ON, WIDE, column, extent, extents, zone, zones
from tests.saying import refusing

TERMS = grading_terms(BOOK)
HAZARDS = [hazard.key for hazard in TERMS.hazards]
ZONED_THROUGHOUT = {"earthquake": "低", "meteorological": "低"}
VILLAGE = shapely.box(0, 0, 1000, 1000)
WEST, EAST = shapely.box(0, 0, 500, 1000), shapely.box(500, 0, 1000, 1000)


def units(*shapes):
    return Units([f"v{n}" for n in range(len(shapes))], [f"村{n}" for n in range(len(shapes))], column(shapes))


def figures(count=1, **known):
    unknown = np.full(count, np.nan)
    names = ("population", "building_m2", "fragile_m2", "shelter_places")
    return Figures(*(np.asarray(known.get(name, unknown), dtype=float) for name in names))


def throughout():
    """The least of what every place has: low shaking and low wind."""
    return [zone(f"{hazard}-all", hazard, WIDE, grade) for hazard, grade in ZONED_THROUGHOUT.items()]


def surveys(*missing, by=WIDE):
    return [extent(hazard, by) for hazard in HAZARDS if hazard not in missing]


def graded(*rows, over=(VILLAGE,), ground=None, known=None, book=BOOK):
    laid = lay_grounds(zones(*rows), extents(*(surveys() if ground is None else ground)), book, ON)
    return grade_areas(units(*over), laid, known or figures(len(over)), book)


def part_of(area, hazard):
    return next(part for part in area.contributions if part["hazard"] == hazard)


def by_grade(area, hazard):
    return {row["grade"]: row["area_m2"] for row in area.measurements["hazards"][hazard]["by_grade"]}


def test_a_hazard_scores_the_area_weighted_mean_of_its_zones_over_the_whole_village():
    [area] = graded(zone("a", "flood", WEST, "高"), *throughout())
    assert by_grade(area, "flood") == {"高": 500_000.0, None: 500_000.0}
    assert part_of(area, "flood")["value"] == pytest.approx(0.75 / 2)


def test_a_zone_that_holds_no_centre_still_counts_to_the_square_decimetre():
    sliver = shapely.box(990, 0, 2000, 123.4)
    [area] = graded(zone("a", "flood", sliver, "极高"), *throughout())
    assert by_grade(area, "flood")["极高"] == pytest.approx(1234.0)
    assert part_of(area, "flood")["value"] == pytest.approx(0.001234)


def test_where_zones_of_one_hazard_overlap_the_worst_counts_once():
    [area] = graded(zone("a", "flood", VILLAGE, "低"), zone("b", "flood", WEST, "极高"), *throughout())
    assert by_grade(area, "flood") == {"极高": 500_000.0, "低": 500_000.0}
    assert part_of(area, "flood")["value"] == pytest.approx((1.0 + 0.25) / 2)


def test_surveyed_ground_without_a_flood_zone_scores_nothing_but_without_a_quake_zone_it_is_unknown():
    [area] = graded(zone("a", "meteorological", WIDE, "低"))
    assert part_of(area, "flood")["value"] == 0
    assert part_of(area, "earthquake")["value"] is None
    assert area.data_gaps == ["earthquake"]


def test_a_village_half_outside_a_mandatory_survey_has_no_grade_and_says_what_lacks():
    ground = [*surveys("flood"), extent("flood", WEST)]
    [area] = graded(zone("a", "flood", WEST, "低"), *throughout(), ground=ground)
    assert (area.grade, area.grade_rank, area.score, area.stability) == (None, None, None, None)
    assert area.data_gaps == ["flood"]
    assert part_of(area, "flood")["value"] is None
    assert area.measurements["hazards"]["flood"]["surveyed_share"] == pytest.approx(0.5)


def test_a_remnant_nobody_surveyed_counts_at_its_worst():
    nearly_all = shapely.box(0, 0, 960, 1000)
    ground = [*surveys("flood"), extent("flood", nearly_all)]
    [area] = graded(*throughout(), ground=ground)
    assert area.grade is not None
    assert part_of(area, "flood")["value"] == pytest.approx(0.04)


def test_a_zone_without_a_grade_is_ground_nobody_knows_even_over_a_graded_one():
    [area] = graded(zone("a", "flood", VILLAGE, "高"), zone("b", "flood", WEST), *throughout())
    assert area.measurements["hazards"]["flood"]["surveyed_share"] == pytest.approx(0.5)
    assert area.data_gaps == ["flood"]


def test_a_layer_that_speaks_for_its_own_zones_leaves_the_rest_unknown():
    ground = [*surveys("geological"), extent("geological", own=True, number=7)]
    row = zone("a", "geological", WEST, "低", extent_id=7)
    [area] = graded(row, *throughout(), ground=ground)
    assert area.data_gaps == ["geological"]
    [area] = graded(row, zone("b", "geological", EAST, "中", extent_id=7), *throughout(), ground=ground)
    assert area.data_gaps == []
    assert part_of(area, "geological")["value"] == pytest.approx((0.25 + 0.5) / 2)


def test_the_first_published_product_is_read_and_no_other():
    rows = [
        zone("a", "flood", VILLAGE, "低", product="susceptibility"),
        zone("b", "flood", VILLAGE, "极高", product="zoning_risk"),
        *throughout(),
    ]
    ground = [
        *surveys("flood"),
        extent("flood", product="susceptibility"),
        extent("flood", product="zoning_risk"),
    ]
    [area] = graded(*rows, ground=ground)
    assert part_of(area, "flood")["product"] == "susceptibility"
    assert part_of(area, "flood")["value"] == pytest.approx(0.25)


def test_a_hazard_that_was_never_published_is_a_gap_in_every_village():
    areas = graded(*throughout(), over=(WEST, EAST), ground=surveys("geological"))
    assert [area.data_gaps for area in areas] == [["geological"]] * 2
    assert [area.grade for area in areas] == [None, None]
    assert part_of(areas[0], "geological")["product"] is None


def test_grades_of_different_schemes_meet_as_scores():
    rows = [
        zone("a", "flash_flood", WEST, "危险"),
        zone("b", "flash_flood", EAST, "高", scheme="flood4"),
        *throughout(),
    ]
    [area] = graded(*rows)
    assert part_of(area, "flash_flood")["value"] == pytest.approx((1 / 3 + 3 / 4) / 2)


def test_the_composite_recomputed_by_hand():
    rows = [zone("a", "flood", VILLAGE, "极高"), zone("b", "geological", WEST, "高"), *throughout()]
    [area] = graded(*rows)
    weights = {part["hazard"]: part["weight"] for part in area.contributions}
    assert weights["flood"] == pytest.approx(0.4030 / 2, abs=5e-5)
    assert sum(weights.values()) == pytest.approx(1)
    by_hand = (
        weights["flood"] * 1.0
        + weights["geological"] * 0.375
        + weights["earthquake"] * 0.2
        + weights["meteorological"] * 0.25
    )
    assert area.score == pytest.approx(by_hand)
    assert area.maximum == 1.0
    assert area.measurements["composite"] == {"by_weighted": "中低", "by_maximum": "高"}
    assert (area.grade, area.grade_rank, area.grade_scheme) == ("中高", 2, "comp5")
    assert sum(part["share"] for part in area.contributions) == pytest.approx(1)
    assert part_of(area, "flood")["weighted"] == pytest.approx(part_of(area, "flood")["share"] * by_hand)


def test_one_extreme_hazard_is_not_averaged_away():
    five = replace(TERMS, hazards=tuple(
        replace(TERMS.hazards[0], key=f"h{n}", weight=weight)
        for n, weight in enumerate([0.4030, 0.2444, 0.1367, 0.1367, 0.0791])
    ))  # fmt: skip
    found = compose(np.array([[0.8, 0.4, 0.6, 0.5, 0.2]]), five)
    assert found.weighted == pytest.approx([0.5864], abs=5e-5)
    assert found.maximum == pytest.approx([0.8])
    assert found.rank.tolist() == [2]


def test_a_missing_hazard_that_is_not_mandatory_leaves_only_grades_it_could_not_change():
    everything_extreme = [zone(h, h, VILLAGE, g) for h, g in
                          {"flood": "极高", "flash_flood": "极高危险", "geological": "极高", "wildfire": "高"}.items()]  # fmt: skip
    quake = zone("q", "earthquake", VILLAGE, "高")
    [grave] = graded(*everything_extreme, quake, ground=surveys("meteorological"))
    assert (grave.grade, grave.data_gaps) == ("高", ["meteorological"])
    [calm] = graded(*throughout(), ground=surveys("meteorological"))
    assert (calm.grade, calm.data_gaps) == (None, ["meteorological"])


def test_a_grade_near_a_bound_is_contested_and_one_far_from_it_is_stable():
    weights = np.array(TERMS.weights)
    level = np.full(len(HAZARDS), 0.5)
    far = compose(level[np.newaxis], TERMS)
    assert (far.rank.tolist(), contested_by(0, 3, alternatives_of(far.counted, [], TERMS))) == ([3], [])
    tilted = level.copy()
    tilted[HAZARDS.index("geological")] = 0.7
    tilted *= 0.6001 / (tilted @ weights)
    near = compose(tilted[np.newaxis], TERMS)
    assert near.rank.tolist() == [2]
    assert {doubt.by for doubt in contested_by(0, 2, alternatives_of(near.counted, [], TERMS))} == {"weight"}


def test_no_grade_is_neither_stable_nor_contested():
    [area] = graded(ground=[])
    assert area.stability is None
    assert area.data_gaps == HAZARDS


def test_people_nobody_counted_leave_the_risk_unknown_and_named_but_not_the_grade():
    known = figures(2, population=[1000, np.nan], building_m2=[5e3, 9e3], fragile_m2=[1e3, 8e3])
    counted, uncounted = graded(*throughout(), over=(WEST, EAST), known=known)
    assert counted.risk["score"] is not None
    assert uncounted.risk["score"] is None
    assert uncounted.risk["grade"] is None
    assert "population_density" in uncounted.risk["data_gaps"]
    assert uncounted.grade is not None
    assert uncounted.measurements["population"] is None


def test_without_a_register_of_buildings_nobody_is_said_to_be_safe():
    [area] = graded(*throughout(), known=figures(population=[500]))
    assert area.risk["score"] is None
    assert area.risk["data_gaps"] == ["building_share", "fragile_share", "capacity"]


def test_risk_recomputed_by_hand():
    known = figures(3, population=[100, 300, 200], building_m2=[1e3, 1e3, 2e3], fragile_m2=[500, 250, 2e3],
                    shelter_places=[0, 150, 400])  # fmt: skip
    thirds = [shapely.box(x, 0, x + 100, 100) for x in (0, 100, 200)]
    areas = graded(zone("f", "flood", WIDE, "高"), *throughout(), over=thirds, known=known)
    exposure = [0.1 + 0.9 * scaled for scaled in (0.0, 0.6 * 1.0, 0.6 * 0.5 + 0.4 * 1.0)]
    fragile, capacity = [0.5, 0.25, 1.0], [0.0, 0.5, 1.0]
    for area, exposed, weak, able in zip(areas, exposure, fragile, capacity, strict=True):
        risk = (area.score * exposed * weak) ** (1 / 3) * (1 - 0.5 * able)
        assert area.risk["score"] == pytest.approx(risk)
        assert area.risk["exposure"] == pytest.approx(exposed)
        assert area.risk["capacity"] == pytest.approx(able)


def test_cells_tile_the_boundary_exactly_and_are_cut_at_its_edge():
    town = shapely.Polygon([(3, 3), (997, 40), (930, 1010), (40, 950)], [[(300, 300), (420, 300), (380, 410)]])
    cells = lay_cells(town, 100.0)
    assert shapely.area(cells.geometry).sum() == pytest.approx(town.area)
    assert len(set(cells.key)) == len(cells)
    assert shapely.area(cells.geometry).max() == 100.0**2
    assert not shapely.difference(shapely.union_all(cells.geometry), town.buffer(1e-6)).area


def test_a_cell_keeps_its_key_when_the_boundary_moves():
    before = lay_cells(shapely.box(150, 150, 750, 750), 100.0)
    after = lay_cells(shapely.box(220, 90, 900, 750), 100.0)
    place = dict(zip(before.key, shapely.centroid(before.geometry), strict=True))
    inner = "r4c5"
    assert place[inner].equals(dict(zip(after.key, shapely.centroid(after.geometry), strict=True))[inner])


def test_villages_and_their_cells_agree_on_the_ground():
    rows = [zone("a", "flood", shapely.Point(480, 520).buffer(333), "高"), *throughout()]
    [village] = graded(*rows)
    cells = lay_cells(VILLAGE, 70.0)
    known = figures(len(cells))
    areas = grade_areas(cells, lay_grounds(zones(*rows), extents(*surveys()), BOOK, ON), known, BOOK)
    assert sum(by_grade(area, "flood").get("高", 0) for area in areas) == pytest.approx(
        by_grade(village, "flood")["高"], abs=1.0
    )


def test_the_answer_does_not_depend_on_threads():
    rows = [zone(f"z{n}", "flood", shapely.box(n, 0, n + 5, 1000), "中") for n in range(0, 1000, 3)]
    laid = lay_grounds(zones(*rows, *throughout()), extents(*surveys()), BOOK, ON)
    one, two = (grade_areas(units(WEST, EAST), laid, figures(2), BOOK, threads=count) for count in (1, 2))
    assert one == two


def test_whoever_asks_hears_how_far_the_grading_is_and_may_stop_it():
    laid = lay_grounds(zones(*throughout()), extents(*surveys()), BOOK, ON)
    heard: list[float] = []
    told = grade_areas(units(WEST, EAST), laid, figures(2), BOOK, progress=heard.append)
    assert heard == sorted(heard)
    assert len(heard) > len(HAZARDS)
    assert heard[-1] == 1.0
    assert told == grade_areas(units(WEST, EAST), laid, figures(2), BOOK)

    def enough(_share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        grade_areas(units(WEST, EAST), laid, figures(2), BOOK, progress=enough)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('["1/2", "1", "2", "2", "3"]', '["1/2", "1", "2", "2", "one"]', "fractions in quotes"),
        ("lower_bounds = [0.8, 0.6, 0.4, 0.2]", "lower_bounds = [0.2, 0.4, 0.6, 0.8]", "falling"),
        ("lower_bounds = [0.8, 0.6, 0.4, 0.2]", "lower_bounds = [0.8, 0.4, 0.2]", "4 falling"),
        ("share = 0.5", "share = 0.6", "must sum to 1"),
        ('key = "flash_flood"', 'key = "flood"', "once"),
        ('key = "flash_flood"', 'key = "landslip"', "no word for 'key'"),
        ("swing = 0.1", "swing = 0.1\nsway = 1", "unknown key 'sway'"),
        ("least_surveyed_share = 0.95", "least_surveyed_share = 1.95", "must not exceed 1"),
    ],
)
def test_a_wrong_rule_of_grading_is_named_with_its_mend(old, new, words):
    files = packaged_rules()
    files["grading.toml"] = files["grading.toml"].replace(old, new)
    with refusing(InvalidRule, match=words):
        grading_terms(load_rulebook(files))


def test_contradictory_judgements_stop_the_grading():
    files = packaged_rules()
    text = files["grading.toml"].replace('["1", "2", "3", "3", "4"]', '["1", "2", "3", "3", "1/4"]')
    files["grading.toml"] = text.replace('["1/4", "1/3", "1/2", "1/2", "1"]', '["4", "1/3", "1/2", "1/2", "1"]')
    with refusing(UnsoundWeights, match=r"0\.3478"):
        grading_terms(load_rulebook(files))


GRADES = {"flood": ["低", "中", "高", "极高"], "geological": ["低", "中", "高", "极高"]}
squares = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    st.integers(-200, 900), st.integers(-200, 900), st.integers(20, 900), st.integers(20, 900),
)  # fmt: skip
rows = st.lists(st.tuples(st.sampled_from(sorted(GRADES)), squares, st.integers(0, 3)), min_size=1, max_size=6)


def drawn(laid):
    return [zone(f"z{n}", hazard, shape, GRADES[hazard][level]) for n, (hazard, shape, level) in enumerate(laid)]


@settings(max_examples=60, deadline=None)
@given(rows, st.data())
def test_raising_the_grade_of_one_zone_never_makes_a_village_better(laid, data):
    number = data.draw(st.integers(0, len(laid) - 1))
    hazard, shape, level = laid[number]
    worse = [*laid[:number], (hazard, shape, min(level + 1, 3)), *laid[number + 1 :]]
    [before], [after] = graded(*drawn(laid), *throughout()), graded(*drawn(worse), *throughout())
    assert after.score >= before.score - 1e-9
    assert after.grade_rank <= before.grade_rank
    for one, other in zip(before.contributions, after.contributions, strict=True):
        assert other["value"] >= one["value"] - 1e-9


@settings(max_examples=40, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_zones_changes_nothing(laid, chance):
    shuffled = drawn(laid)
    chance.shuffle(shuffled)
    [one], [other] = graded(*drawn(laid), *throughout()), graded(*shuffled, *throughout())
    assert other.score == pytest.approx(one.score, abs=1e-11)
    assert by_grade(other, "flood") == pytest.approx(by_grade(one, "flood"), abs=0.002)


@settings(max_examples=40, deadline=None)
@given(rows, st.integers(0, 5), st.floats(0.1, 0.9))
def test_splitting_a_zone_in_two_changes_nothing(laid, place, share):
    hazard, shape, level = laid[place % len(laid)]
    west, south, east, north = shape.bounds
    middle = west + (east - west) * share
    halves = [(hazard, shapely.box(west, south, middle, north), level), (hazard, shapely.box(middle, south, east, north), level)]  # fmt: skip
    rest = [row for n, row in enumerate(laid) if n != place % len(laid)]
    [whole], [split] = graded(*drawn(laid), *throughout()), graded(*drawn([*rest, *halves]), *throughout())
    assert split.score == pytest.approx(whole.score, abs=1e-9)
    assert split.grade == whole.grade or min(abs(whole.score - bound) for bound in TERMS.lower_bounds) < 1e-9


@settings(max_examples=60, deadline=None)
@given(rows, st.sampled_from(HAZARDS), st.floats(0.0, 1.0))
def test_dropping_a_survey_gives_a_gap_and_never_a_better_grade(laid, dropped, kept):
    left = [extent(dropped, shapely.box(0, 0, 1000 * kept, 1000))] if kept > 0.01 else []
    [full] = graded(*drawn(laid), *throughout())
    [less] = graded(*drawn(laid), *throughout(), ground=[*surveys(dropped), *left])
    if less.grade is None:
        assert less.data_gaps == [dropped]
    else:
        assert less.grade_rank <= full.grade_rank


HECTARES = st.floats(0.0, 60.0)


@given(HECTARES, HECTARES, st.sampled_from(["极高", "高"]))
def test_ground_of_a_worst_grade_is_named_wherever_the_mean_hides_it(flood_ha, slide_ha, mild):
    """However little of it there is, the unit says what it holds, in hectares measured independently of the grading."""
    flood = shapely.box(0, 0, 1000, 10 * flood_ha)
    slide = shapely.box(0, 1000 - 10 * slide_ha, 1000, 1000)
    rows = [zone("f", "flood", flood, "极高"), zone("g", "geological", slide, mild)]
    [area] = graded(*[row for row in rows if shapely.area(row["geometry"]) > 0], *throughout())
    told = {one["hazard"]: one["area_m2"] for one in hidden_extremes(area.measurements, area.grade_rank)}
    held = {"flood": flood_ha * 1e4, "geological": slide_ha * 1e4 if mild == "极高" else 0.0}
    expected = {hazard: pytest.approx(m2, abs=0.01) for hazard, m2 in held.items() if m2 >= 100.5}
    assert area.grade_rank == 1 or expected.items() <= told.items()
    assert all(held[hazard] >= 99.5 for hazard in told)


def test_a_unit_without_a_grade_says_what_it_holds_all_the_same():
    [area] = graded(zone("f", "flood", WEST, "极高"), *throughout(), ground=surveys("geological"))
    assert area.grade is None
    assert [one["grade"] for one in hidden_extremes(area.measurements, area.grade_rank)] == ["极高"]
