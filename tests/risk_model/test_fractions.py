"""Cells of a grid measured along edges agree with cut polygons, for any ground, and in any part of the grid to the bit."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.crs import DEFAULT_METRIC_CRS, to_metric, to_storage
from risk_model.grading import Figures, Plot, Units, grade_areas, lay_cells, lay_grounds, measure_units
from risk_model.grading.cells import find_whole_cells
from risk_model.grading.fractions import Window, covered_fractions, edges_of
from tests.risk_model.ground import BOOK, ON, column, extent, extents, zone, zones

CELL_M = 100.0
WEST, SOUTH = 533_300.0, 4_355_100.0
TOWN = shapely.box(WEST, SOUTH, WEST + 800, SOUTH + 700)
GRADES = ["低", "中", "高", "极高"]

on_the_lines = st.integers(-2, 9).map(lambda number: number * CELL_M)
anywhere = st.one_of(on_the_lines, st.floats(-200, 900, allow_nan=False, width=32))
sizes = st.one_of(st.sampled_from([1e-6, 0.01, 50.0, 100.0, 300.0]), st.floats(0.5, 600, width=32))
boxes = st.builds(
    lambda x, y, w, h: shapely.box(WEST + x, SOUTH + y, WEST + x + w, SOUTH + y + h), anywhere, anywhere, sizes, sizes
)
triangles = st.builds(
    lambda corners: shapely.Polygon([(WEST + x, SOUTH + y) for x, y in corners]),
    st.lists(st.tuples(anywhere, anywhere), min_size=3, max_size=3),
)
rounds = st.builds(
    lambda x, y, r: shapely.Point(WEST + x, SOUTH + y).buffer(r, quad_segs=5), anywhere, anywhere, st.floats(1, 400)
)
plain = st.one_of(boxes, triangles, rounds).filter(lambda shape: shape.is_valid and shape.area > 0)
ways = st.sampled_from([shapely.union, shapely.difference, shapely.symmetric_difference])
joined = st.builds(lambda way, one, other: way(one, other), ways, plain, plain)
shapes = st.one_of(plain, joined).filter(lambda shape: shape.area > 0 and shape.is_valid)
laid = st.lists(st.tuples(shapes, st.integers(0, 4)), min_size=1, max_size=6)


def ground_of(rows, survey=TOWN):
    drawn = [zone(f"z{n}", "flood", shape, GRADES[level] if level < 4 else "") for n, (shape, level) in enumerate(rows)]
    return lay_grounds(zones(*drawn), extents(extent("flood", survey)), BOOK, ON)[:1]


def measured(grounds, geometry, cell_m=None, threads=1):
    return measure_units(Plot(geometry, cell_m), grounds, least_known=0.95, threads=threads)


@settings(max_examples=60, deadline=None)
@given(laid)
def test_whole_cells_measured_along_edges_agree_with_cells_that_are_cut(rows):
    grounds, cells = ground_of(rows), lay_cells(TOWN.buffer(150), CELL_M)
    [fast], [cut] = measured(grounds, cells.geometry, CELL_M), measured(grounds, cells.geometry)
    assert np.abs(fast.area_m2 - cut.area_m2).max() <= 1e-9 * CELL_M**2
    assert np.abs(fast.known - cut.known).max() <= 1e-9
    assert (np.isnan(fast.score) == np.isnan(cut.score)).all()
    assert np.nan_to_num(np.abs(fast.score - cut.score)).max() <= 1e-9


@settings(max_examples=40, deadline=None)
@given(laid, st.randoms(use_true_random=False))
def test_any_part_of_a_grid_is_measured_to_the_same_bit_as_the_whole(rows, chance):
    grounds, cells = ground_of(rows), lay_cells(TOWN, CELL_M)
    [whole] = measured(grounds, cells.geometry, CELL_M, threads=2)
    some = np.array(chance.sample(range(len(cells)), chance.randint(1, len(cells))))
    [part] = measured(grounds, cells.geometry[some], CELL_M)
    for name in ("area_m2", "known", "score"):
        assert getattr(part, name).tobytes() == getattr(whole, name)[some].tobytes()


@settings(max_examples=80, deadline=None)
@given(shapes)
def test_a_cell_no_edge_crosses_is_covered_by_exactly_nothing_or_everything(shape):
    parts = shapely.get_parts(column([shape]))
    parts = parts[shapely.get_dimensions(parts) == 2]
    window = Window(int(SOUTH // CELL_M), 7, int(WEST // CELL_M), 8)
    [share] = covered_fractions(edges_of(parts, np.zeros(len(parts), np.int64), CELL_M), window, 1)
    x, y = (side.ravel() for side in np.meshgrid(np.arange(8), np.arange(7)))
    cells = shapely.box(WEST + x * 100, SOUTH + y * 100, WEST + (x + 1) * 100, SOUTH + (y + 1) * 100)
    edge = shapely.boundary(shape)
    crossed = shapely.intersects(edge, cells)
    assert set(share.ravel()[~crossed]) <= {0.0, 1.0}
    cut = shapely.area(shapely.intersection(shape, cells)) / CELL_M**2
    assert np.abs(share.ravel() - cut).max() <= 1e-9


def test_a_cell_stored_in_degrees_is_still_whole_and_one_that_was_moved_or_clipped_is_not():
    cells = lay_cells(TOWN.buffer(150), CELL_M)
    stored = to_metric(to_storage(cells.geometry, DEFAULT_METRIC_CRS), DEFAULT_METRIC_CRS)
    whole = find_whole_cells(stored, CELL_M)
    assert len(whole.unit) == 10 * 9
    assert [f"r{row}c{column}" for row, column in zip(whole.row, whole.column, strict=True)] == [
        cells.key[unit] for unit in whole.unit
    ]
    square = shapely.box(0, 0, 100, 100)
    for other in (
        shapely.box(1e-3, 0, 100 + 1e-3, 100),
        shapely.box(0, 0, 100, 99),
        shapely.Polygon([(0, 0), (100, 0), (100, 100), (0, 50)]),
        square.buffer(-10),
        shapely.box(0, 0, 200, 100),
        None,
    ):
        assert find_whole_cells(column([square, other]), CELL_M).unit.tolist() == [0]


def test_a_band_of_rows_is_as_good_as_all_rows_at_once(monkeypatch):
    rows = [(shapely.Point(WEST + 400, SOUTH + 300).buffer(290), 2), (TOWN.buffer(-120), 0)]
    grounds, cells = ground_of(rows), lay_cells(TOWN, 10.0)
    [at_once] = measured(grounds, cells.geometry, 10.0)
    monkeypatch.setattr("risk_model.grading.measurements.NUMBERS_A_BAND", 240)
    heard: list[float] = []
    [banded] = measure_units(Plot(cells.geometry, 10.0), grounds, least_known=0.95, threads=2, progress=heard.append)
    assert banded.area_m2.tobytes() == at_once.area_m2.tobytes()
    assert len(heard) > 50
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)


def test_a_grid_is_graded_as_its_cells_are_one_by_one():
    rows = [(shapely.Point(WEST + 400, SOUTH + 300).buffer(290), 2), (TOWN.buffer(-120), 0)]
    drawn = [zone(f"z{n}", "flood", shape, GRADES[level]) for n, (shape, level) in enumerate(rows)]
    hazards = ("flood", "flash_flood", "geological", "wildfire")
    grounds = lay_grounds(zones(*drawn), extents(*(extent(hazard, TOWN) for hazard in hazards)), BOOK, ON)
    town = TOWN.difference(shapely.Point(WEST, SOUTH).buffer(333))
    cells = lay_cells(town, 50.0)
    unknown = Figures(*(np.full(len(cells), np.nan) for _ in range(4)))
    fast = grade_areas(cells, grounds, unknown, BOOK)
    slow = grade_areas(Units(cells.key, cells.name, cells.geometry), grounds, unknown, BOOK)
    assert [area.grade_rank for area in fast] == [area.grade_rank for area in slow]
    for one, other in zip(fast, slow, strict=True):
        flooded = [area.measurements["hazards"]["flood"] for area in (one, other)]
        assert flooded[0]["surveyed_share"] == pytest.approx(flooded[1]["surveyed_share"])
        areas = [[row["area_m2"] for row in told["by_grade"]] for told in flooded]
        assert areas[0] == pytest.approx(areas[1], abs=0.0011)


def test_ground_of_very_many_vertices_is_cut_into_small_pieces_that_are_the_same_ground():
    turn = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    far = 3000 + 200 * np.cos(97 * turn)
    star = shapely.Polygon(np.column_stack((WEST + far * np.cos(turn), SOUTH + far * np.sin(turn))))
    [ground] = ground_of([(star, 3)], survey=star.buffer(100))
    pieces, level = ground.pieces
    assert shapely.get_num_coordinates(pieces).max() < 1024
    assert shapely.area(pieces[level == 0]).sum() == pytest.approx(star.area, rel=1e-12)
    assert shapely.area(shapely.intersection_all(pieces[:2])) == pytest.approx(0, abs=1e-6)
