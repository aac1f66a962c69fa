"""The tools the synthetic township is built with: erosion, isolines, cuts, noise."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_layers.demo.erosion import drainage_cells, erode, receivers, upstream_order
from gis_layers.demo.grid import Grid
from gis_layers.demo.isolines import absorb_slivers, dissolve, faces_between, isolines, region_above
from gis_layers.demo.land import lay_land
from gis_layers.demo.layers import bands, graded_mosaic, ribbon
from gis_layers.demo.noise import Noise, Warp
from gis_layers.demo.overlay import common, less, polygons_of


def test_rivers_cut_valleys_that_drain_every_cell():
    rng = np.random.default_rng(3)
    start = rng.uniform(0.0, 1.0, (40, 50))
    fixed = np.zeros(start.shape, dtype=bool)
    fixed[0] = True
    height = erode(start, np.where(fixed, 0.0, 1.0), fixed, cell_m=75.0, rounds=60)
    assert (height[0] == start[0]).all()
    receiver = receivers(height, fixed)
    drained = drainage_cells(receiver, upstream_order(receiver))
    outlets = receiver == np.arange(height.size)
    assert drained[outlets].sum() == height.size
    assert (outlets.reshape(height.shape)[1:].sum()) <= 4


def test_isolines_of_a_cone_are_circles():
    grid = Grid(0.0, 0.0, 10.0, 101, 101)
    cone = 1000.0 - np.hypot(grid.x - 500.0, grid.y - 500.0)
    (line,) = isolines(grid, cone, 700.0)
    assert line.is_ring
    assert line.length == pytest.approx(2 * np.pi * 300.0, rel=0.01)
    assert region_above(grid, cone, 700.0, tolerance_m=2.0).area == pytest.approx(np.pi * 300.0**2, rel=0.01)
    assert len(isolines(grid, cone, 5000.0)) == 0


def test_a_region_that_runs_off_the_grid_is_closed_at_its_edge():
    grid = Grid(0.0, 0.0, 10.0, 21, 21)
    area = region_above(grid, grid.x, 100.0, tolerance_m=1.0)
    assert area.is_valid
    assert area.area == pytest.approx(100.0 * 200.0, rel=0.15)


def test_a_mosaic_says_of_the_ground_what_the_score_says():
    land = lay_land(620724102)
    score = -land.height
    ranks = 1 + np.searchsorted([1360.0, 1420.0, 1500.0], land.height)
    for _, rank, shape in graded_mosaic(land, score, (-1500.0, -1420.0, -1360.0), least_m2=90_000.0):
        inside = land.grid.covers(shape)
        assert abs(np.median(ranks[inside]) - rank) < 0.5 or inside.sum() < 20


def test_slivers_join_the_neighbour_they_share_most_edge_with():
    lines = np.array([shapely.LineString([(-1, 5), (11, 5)]), shapely.LineString([(-1, 5.2), (11, 5.2)])], dtype=object)
    faces = faces_between(shapely.box(0, 0, 10, 10), lines)
    labels = absorb_slivers(faces, np.arange(len(faces)), least_m2=3.0)
    merged = dissolve(faces, labels)
    assert len(merged) == 2
    assert shapely.coverage_is_valid(np.array(list(merged.values()), dtype=object))
    assert sum(area.area for area in merged.values()) == pytest.approx(100.0)


def test_bands_are_disjoint_and_together_make_the_outermost():
    discs = [polygons_of(shapely.Point(0, 0).buffer(radius)) for radius in (10.0, 20.0, 30.0)]
    rings = bands(discs)
    assert [round(ring.area) for ring in rings] == [
        round(disc.area) for disc in (discs[0], less(discs[1], discs[0]), less(discs[2], discs[1]))
    ]
    assert common(rings[0], rings[2]).is_empty


def test_a_ribbon_holds_its_line_and_keeps_about_its_width():
    line = shapely.LineString([(0, 0), (2000, 300), (4000, 0)])
    strip = ribbon(line, 50.0, Noise(np.random.default_rng(5)), rough=0.3)
    assert strip.buffer(6.0).contains(line)
    assert 60.0 < strip.area / line.length < 140.0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), x=st.floats(-1e6, 1e6), y=st.floats(-1e6, 1e6))
def test_noise_is_smooth_bounded_and_a_function_of_place(seed: int, x: float, y: float):
    noise = Noise(np.random.default_rng(seed))
    here, near = np.array([x]), np.array([x + 0.5])
    value = noise.fractal(here, np.array([y]), length_m=500.0)
    assert abs(value[0]) < 2.0
    assert abs(noise.fractal(near, np.array([y]), length_m=500.0) - value)[0] < 0.05
    assert noise.fractal(here, np.array([y]), length_m=500.0) == value


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_bent_square_stays_a_simple_ring(seed: int):
    warp = Warp(np.random.default_rng(seed), length_m=2600.0, octaves=4, strength=0.26)
    square = shapely.segmentize(shapely.box(0, 0, 8000, 8000), 60.0)
    assert shapely.transform(square, warp.bend).is_valid
