"""Laws of single vertices, and the cases that the model and the page answer alike."""

import json

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from risk_model.editing import node_coverage
from risk_model.editing.rings import points_of
from risk_model.editing.vertices import insert_vertex, move_vertex, remove_vertex
from risk_model.errors import ZonesUnsound
from tests.risk_model.coverages import EAST, NORTH, SIDE, area, coverages, square, vertices
from tests.topology_cases import FILE, after, shapes_of, written

CALM = settings(max_examples=40, deadline=None)
CASES = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


def test_the_file_of_cases_is_what_the_model_answers():
    assert FILE.read_text(encoding="utf-8") == written()


def test_every_operation_has_cases_of_its_own():
    assert {case["op"]["op"] for case in CASES} == {"node", "move", "insert", "remove", "split", "merge"}
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)) > 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_keeps_the_laws_of_its_operation(case):
    zones, expected, op = shapes_of(case["zones"]), shapes_of(case["expect"]["zones"]), case["op"]
    assert {key: shapely.normalize(one) for key, one in after(zones, op).items()} == {
        key: shapely.normalize(one) for key, one in expected.items()
    }
    assert shapely.is_valid(list(expected.values())).all()
    assert node_coverage(expected) == {}
    if op["op"] in {"node", "split", "merge"}:
        assert area(expected.values()) == pytest.approx(area(zones.values()), abs=1e-6)
    if op["op"] in {"node", "split"}:
        assert vertices(zones) <= vertices(expected)


def corner_of(zones, data):
    key = data.draw(st.sampled_from(sorted(zones)))
    ring = points_of(shapely.get_coordinates(zones[key])[:-1])
    place = complex(data.draw(st.sampled_from(ring.tolist())))
    return place.real, place.imag


@CALM
@given(coverages(), st.data())
def test_a_moved_vertex_moves_in_every_zone_and_moved_back_all_is_as_before(zones, data):
    place = corner_of(zones, data)
    to = place[0] + data.draw(st.floats(-3, 3)), place[1] + data.draw(st.floats(0.1, 3))
    try:
        moved = zones | move_vertex(zones, place, to)
    except ZonesUnsound:
        assume(False)
    assert complex(*place) not in vertices(moved)
    assert vertices(moved) - vertices(zones) == {complex(*to)}
    assert moved | move_vertex(moved, to, place) == zones
    assert area(moved.values()) == pytest.approx(area([shapely.union_all(list(moved.values()))]), abs=1e-6)


@CALM
@given(coverages(), st.data())
def test_a_vertex_put_in_and_taken_out_leaves_the_coverage_as_it_was(zones, data):
    key = data.draw(st.sampled_from(sorted(zones)))
    one, other = shapely.get_coordinates(zones[key])[:2].tolist()
    at = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    wider = zones | insert_vertex(zones, (tuple(one), tuple(other)), at)
    sides = sum(complex(*at) in vertices([shape]) for shape in wider.values())
    assert sides == sum(
        {complex(*one), complex(*other)} <= vertices([shape])
        and shapely.LineString([one, other]).length
        == pytest.approx(shape.boundary.intersection(shapely.LineString([one, other])).length)
        for shape in zones.values()
    )
    assert node_coverage(wider) == {}
    again = wider | remove_vertex(wider, at)
    assert {name: shapely.normalize(shape) for name, shape in again.items()} == {
        name: shapely.normalize(shape) for name, shape in zones.items()
    }


def test_a_ring_of_three_vertices_loses_none():
    zone = shapely.Polygon([(EAST, NORTH), (EAST + 9, NORTH), (EAST, NORTH + 9)])
    with pytest.raises(ZonesUnsound):
        remove_vertex({"zone": zone}, (EAST, NORTH))


def test_a_border_dragged_over_itself_is_refused():
    with pytest.raises(ZonesUnsound):
        move_vertex({"zone": square(0, 0)}, (EAST, NORTH), (EAST + 2 * SIDE, NORTH + SIDE / 2))


def test_lines_have_no_ground_and_are_passed_over():
    line = shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)])
    assert remove_vertex({"fault": line}, (EAST, NORTH)) == {}
    assert insert_vertex({"zone": square(0, 0)}, ((0.0, 0.0), (1.0, 1.0)), (0.5, 0.5)) == {}
