"""Laws of problems: a clean coverage has none, each kind is found where it was planted, and looking around an edit finds the same."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from risk_model.editing import EditedZone, Thresholds, find_problems, packaged_terms, thresholds_of
from risk_model.editing.values import read_terms
from tests.recomputed.zones import sampled_problems
from tests.risk_model.coverages import EAST, NORTH, SIDE, coverages, grid, square, with_island
from tests.risk_model.ground import BOOK

CALM = settings(max_examples=30, deadline=None)
ANY = Thresholds()
LIMITS = packaged_terms().limits
SCHEME = BOOK.default_scheme("geological", "hazard")
GRADED = {
    "hazard": "geological",
    "product": "hazard",
    "grade": BOOK.grade(SCHEME, 1).name,
    "grade_scheme": SCHEME,
    "grade_rank": 1,
}


def layer(shapes, attributes=GRADED):
    return {key: EditedZone(shape, attributes) for key, shape in shapes.items()}


def found(shapes, kind=None, boundary=None, thresholds=ANY):
    problems = find_problems(layer(shapes), boundary, thresholds)
    return [one for one in problems if kind in {None, one.kind}]


def four(seed=1, side=2):
    return grid(side, side, 3, np.random.default_rng(seed))


@CALM
@given(coverages())
def test_a_clean_coverage_has_no_problem(zones):
    boundary = shapely.union_all(list(zones.values()))
    assert found(zones, boundary=shapely.envelope(boundary), thresholds=thresholds_of(BOOK, "geological")) == []


@settings(max_examples=15, deadline=None)
@given(coverages(largest=2), st.floats(0.5, 6), st.floats(0, 6.3), st.data())
def test_a_moved_zone_overlaps_and_gapes_as_a_second_count_has_it(zones, far_m, heading, data):
    key = data.draw(st.sampled_from(sorted(zones)))
    torn = zones | {key: affinity.translate(zones[key], far_m * np.cos(heading), far_m * np.sin(heading))}
    problems = found(torn)
    overlaps = {tuple(sorted(one.zones)): 0.0 for one in problems if one.kind == "overlap"}
    for one in problems:
        if one.kind == "overlap":
            overlaps[tuple(sorted(one.zones))] += one.size
    counted = sampled_problems(torn, step_m=1.0)
    for pair, area in counted.items():
        assert overlaps.get(pair, 0.0) == pytest.approx(area, abs=0.1 * area + 60)
    for pair, area in overlaps.items():
        assert counted.get(pair, 0.0) == pytest.approx(area, abs=0.1 * area + 60)
    for one in problems:
        if one.kind == "gap":
            assert not any(shape.intersects(one.place) for shape in torn.values())
            assert all(torn[zone].distance(one.shape) < 0.01 for zone in one.zones)
        if one.kind == "overlap":
            assert all(torn[zone].buffer(1e-6).contains(one.place) for zone in one.zones)


@CALM
@given(coverages(), st.data())
def test_the_order_of_zones_does_not_matter_to_their_problems(zones, data):
    key = data.draw(st.sampled_from(sorted(zones)))
    torn = zones | {key: affinity.translate(zones[key], 1.5, 0.5)}
    backward = dict(reversed(torn.items()))
    assert [(one.mark, one.level, one.zones) for one in found(torn)] == [
        (one.mark, one.level, one.zones) for one in found(backward)
    ]


@CALM
@given(coverages(), st.data())
def test_looking_around_an_edit_finds_what_looking_everywhere_finds_there(zones, data):
    keys = sorted(zones)
    torn = {
        key: affinity.translate(shape, data.draw(st.sampled_from([0.0, 0.0, 1.0])), 0.4) for key, shape in zones.items()
    }
    asked = set(data.draw(st.lists(st.sampled_from(keys), max_size=3)))
    boundary = shapely.envelope(torn[keys[0]])
    everywhere = find_problems(layer(torn), boundary, ANY)
    around = find_problems(layer(torn), boundary, ANY, touched=asked)
    assert [one.mark for one in around] == [one.mark for one in everywhere if asked & set(one.zones)]


@CALM
@given(coverages(), st.data())
def test_what_an_edit_brings_is_found_around_it_though_the_zone_went_away(zones, data):
    """Whatever is wrong everywhere after an edit and was not before is found around it, on ground it left too."""
    changed = data.draw(st.lists(st.sampled_from(sorted(zones)), min_size=1, max_size=3, unique=True))
    after = dict(zones)
    for key in changed:
        far = data.draw(st.sampled_from([None, 0.0, 1.0, 2.5, 4000.0]))
        if far is None:
            del after[key]
        else:
            after[key] = affinity.translate(zones[key], far, -far / 3)
    left = [zones[key] for key in changed]
    stood = {marked(one) for one in found(zones)}
    everywhere = found(after)
    around = {one.mark for one in find_problems(layer(after), None, ANY, touched=changed, left=left)}
    assert {one.mark for one in everywhere if marked(one) not in stood} <= around <= {one.mark for one in everywhere}
    again = {one.mark for one in everywhere if {*changed} & {*one.zones} or lies_on(one, left)}
    assert around == again


def marked(one):
    """A problem told apart with all that is beside it."""
    return one.mark, one.zones, round(one.size, 3)


def lies_on(one, left):
    """Whether free ground has a point that a zone covered before, looked for by its corners and its middle."""
    if one.kind not in {"gap", "tiny_hole"}:
        return False
    corners = shapely.points([*one.shape.exterior.coords, *one.place.coords])
    return any(shapely.dwithin(shape, corners, 1e-9).any() for shape in left)


@pytest.mark.parametrize("far_m", [None, 4000.0])
def test_a_small_zone_that_goes_away_from_between_others_leaves_a_gap(far_m):
    zones = {"a": square(0, 0), "gone": square(1, 0, 0.02, 1), "b": square(1.02, 0), "c": square(0, 1, 2.02, 1),
             "d": square(0, -1, 2.02, 1)}  # fmt: skip
    after = zones | {"gone": affinity.translate(zones["gone"], 0, far_m)} if far_m else {**zones}
    if far_m is None:
        del after["gone"]
    told = find_problems(layer(after), None, ANY, touched=["gone"], left=[zones["gone"]])
    (gap,) = [one for one in told if one.kind == "gap"]
    assert (set(gap.zones), gap.shape.equals(zones["gone"])) == ({"a", "b", "c", "d"}, True)


def test_the_largest_comes_first():
    torn = {"a": square(0, 0), "b": square(0.9, 0), "c": square(0, 0.98), "twice": square(0, 0)}
    sizes = [one.size for one in found(torn)]
    assert len(sizes) > 3
    assert sizes == sorted(sizes, reverse=True)


def test_a_zone_drawn_twice_is_a_double_and_no_overlap():
    (double,) = found({"a": square(0, 0), "b": shapely.segmentize(square(0, 0), 20)})
    assert (double.kind, double.level, set(double.zones)) == ("duplicate", "blocking", {"a", "b"})
    assert {one.kind for one in found({"a": square(0, 0), "b": square(0, 0, 0.9)})} == {"overlap"}
    (nested,) = found({"a": square(0, 0), "b": square(0.2, 0.2, 0.3, 0.3)})
    assert (nested.kind, nested.size) == ("overlap", pytest.approx((0.3 * SIDE) ** 2))


def test_a_sliver_is_a_thin_and_small_part_of_a_zone():
    thin = square(3, 0, 0.01, 1)
    (one,) = found({"a": square(0, 0), "b": shapely.multipolygons([square(1, 0), thin])}, "sliver")
    assert (one.zones, one.size) == (("b",), pytest.approx(SIDE))
    assert thin.contains(one.place)
    assert found({"path": square(0, 0, 0.03, 1), "field": square(2, 0)}, "sliver") == []


@pytest.mark.parametrize("tip_m", [3, 60])
def test_a_spike_is_found_at_its_tip(tip_m):
    ring = [
        (EAST, NORTH),
        (EAST + 50, NORTH),
        (EAST + 50.01, NORTH - tip_m),
        (EAST + 50.02, NORTH),
        (EAST + 100, NORTH),
        (EAST + 50, NORTH + 80),
    ]
    (one,) = found({"a": shapely.Polygon(ring)}, "spike")
    assert one.place.coords[0] == ring[2]
    assert (one.size, one.unit) == (pytest.approx(tip_m, rel=0.01), "m")
    notch = shapely.Polygon([*ring[:2], (EAST + 50.01, NORTH + tip_m), *ring[3:]])
    assert len(found({"a": notch}, "spike")) == 1


def test_a_hole_is_a_problem_where_it_is_tiny_or_touches_its_shell():
    tiny = shapely.Polygon(square(0, 0).exterior, [square(0.5, 0.5, 0.04, 0.04).exterior])
    (one,) = found({"a": tiny})
    assert (one.kind, one.zones, one.size) == ("tiny_hole", ("a",), pytest.approx(16))
    assert found({"a": tiny, "b": square(0.5, 0.5, 0.04, 0.04)}, "tiny_hole") == []
    touching = shapely.Polygon(
        square(0, 0).exterior, [[(EAST, NORTH + 50), (EAST + 40, NORTH + 40), (EAST + 40, NORTH + 60)]]
    )
    (one,) = found({"a": touching}, "hole_touching_shell")
    assert one.place.coords[0] == (EAST, NORTH + 50)
    assert found(with_island({"a": square(0, 0)}, "a", filled=False)) == []


def test_a_gap_names_the_zones_beside_it_that_with_most_of_its_border_first():
    zones = four()
    gap = square(0.98, 0.2, 0.04, 0.5)
    torn = {key: shapely.difference(shape, gap) for key, shape in zones.items()}
    (one,) = found(torn, "gap")
    assert set(one.zones) == {"0-0", "1-0"}
    assert one.size == pytest.approx(gap.area, rel=1e-6)
    length = {key: one.shape.boundary.intersection(torn[key].buffer(1e-6)).length for key in one.zones}
    assert list(one.zones) == sorted(length, key=lambda key: -length[key])


def test_two_clean_layers_laid_over_each_other_overlap_everywhere():
    under = {f"u{key}": shape for key, shape in four(seed=1).items()}
    over = {f"o{key}": affinity.translate(shape, 30, 20) for key, shape in four(seed=2).items()}
    told = {tuple(sorted(one.zones)) for one in found(under | over, "overlap")}
    shared = {(b, a) for a, one in under.items() for b, two in over.items() if one.intersection(two).area > 1}
    assert told == shared


def test_ground_left_out_on_purpose_is_no_gap():
    zones = four(side=3)
    zones.pop("1-1")
    assert found(zones) == []


def test_thin_overlaps_and_gaps_of_bent_edges_are_none():
    bent = shapely.Polygon(
        [
            (EAST, NORTH),
            (EAST + SIDE, NORTH),
            (EAST + SIDE, NORTH + SIDE),
            (EAST + SIDE / 2, NORTH + SIDE + 0.004),
            (EAST, NORTH + SIDE),
        ]
    )
    assert found({"a": bent, "b": square(0, 1)}) == []


def test_ground_outside_of_the_boundary_is_told_with_its_area():
    zones = {"in": square(0, 0), "out": square(1, 0), "far": square(5, 5)}
    problems = {one.zones: one.size for one in found(zones, "outside_boundary", boundary=square(0, 0, 1.5, 1))}
    assert problems == {("out",): pytest.approx(SIDE**2 / 2), ("far",): pytest.approx(SIDE**2)}


def test_what_a_zone_must_say_and_what_grade_it_may_have():
    asked = thresholds_of(BOOK, "geological")
    other = next(scheme for scheme in BOOK.schemes if scheme not in BOOK.hazard("geological").schemes)
    tellings = {
        "well": GRADED,
        "bare": {"hazard": "geological", "product": "hazard"},
        "empty": GRADED | {"product": ""},
        "beyond": GRADED | {"grade_rank": 99},
        "word": GRADED | {"grade": "无此级"},
        "foreign": GRADED | {"grade_scheme": other, "grade_rank": 1, "grade": BOOK.grade(other, 1).name},
        "unschemed": GRADED | {"grade_scheme": None, "grade_rank": None},
    }
    zones = {key: EditedZone(square(3 * number, 0), told) for number, (key, told) in enumerate(tellings.items())}
    told = {(one.zones[0], one.kind, one.field) for one in find_problems(zones, None, asked)}
    assert told == {
        ("bare", "missing_attribute", "grade"),
        ("empty", "missing_attribute", "product"),
        *((key, "grade_out_of_scheme", "grade") for key in ("beyond", "word", "foreign", "unschemed")),
    }
    assert {one.level for one in find_problems(zones, None, asked)} == {"blocking"}
    assert "grade" not in thresholds_of(BOOK, "fault").required


def test_lines_are_asked_for_their_attributes_alone():
    fault = shapely.LineString([(EAST, NORTH), (EAST + 50, NORTH)])
    zones = {
        "line": EditedZone(fault, {"hazard": "fault"}),
        "same": EditedZone(fault, {"hazard": "fault", "product": "hazard"}),
    }
    (one,) = find_problems(zones, square(9, 9), thresholds_of(BOOK, "fault"))
    assert (one.kind, one.field, one.zones) == ("missing_attribute", "product", ("line",))
    assert find_problems({}, square(0, 0), ANY) == []
    assert find_problems(zones, None, ANY, touched=["gone"]) == []


def test_an_outline_that_crosses_itself_by_a_hair_is_still_looked_at():
    hair = shapely.Polygon(
        [
            (EAST, NORTH),
            (EAST + 100, NORTH),
            (EAST + 100, NORTH + 100),
            (EAST, NORTH + 100),
            (EAST + 1e-7, NORTH + 50),
            (EAST, NORTH + 49.9999),
        ]
    )
    crossed = shapely.Polygon([(EAST, NORTH), (EAST + 50, NORTH + 100), (EAST + 50, NORTH), (EAST, NORTH + 100)])
    assert not crossed.is_valid
    kinds = {one.kind for one in found({"hair": hair, "crossed": crossed})}
    assert "overlap" in kinds


def test_levels_and_limits_are_data():
    tables = {
        "edits": {"node_m": 0.001},
        "problems": {
            "missing_attribute": {"level": "warning", "required": ["name"]},
            "gap": {"level": "blocking", "width_m": 2.0},
        },
    }
    terms = read_terms(tables)
    assert (terms.levels["gap"], terms.limits["gap"]["width_m"], terms.required) == ("blocking", 2.0, ("name",))
    for wrong in (
        {"level": "grave"},
        {"level": "warning", "width_m": 0},
        {"level": "warning", "width_m": float("nan")},
    ):
        with pytest.raises(ValueError, match=r"problems\.toml"):
            read_terms({**tables, "problems": tables["problems"] | {"gap": wrong}})
    strict = Thresholds(replace(packaged_terms(), levels=dict.fromkeys(LIMITS, "warning")))
    assert {one.level for one in found({"a": square(0, 0), "b": square(0.5, 0)}, thresholds=strict)} == {"warning"}
