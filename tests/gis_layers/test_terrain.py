"""Shaded relief: what is lit, what is tinted, where the picture lies."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gis_layers.raster import write_png
from gis_layers.terrain import ElevationModel, draw_relief, shade, tint

CELL = 50.0
METRIC = "EPSG:4542"


def read_png(content: bytes) -> np.ndarray:
    picture = Image.open(BytesIO(content))
    assert (picture.format, picture.mode) == ("PNG", "RGB")
    return np.asarray(picture)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), rows=st.integers(1, 9), columns=st.integers(1, 9))
def test_a_png_holds_the_pixels_it_was_written_with(seed: int, rows: int, columns: int):
    pixels = np.random.default_rng(seed).integers(0, 256, (rows, columns, 3)).astype(np.uint8)
    assert (read_png(write_png(pixels)) == pixels).all()


def test_slopes_towards_the_north_west_are_bright_and_those_behind_dark():
    up_to_the_east = np.tile(np.arange(30.0), (30, 1)) * 4.0
    up_to_the_south = up_to_the_east.T.copy()
    level = shade(np.full((30, 30), 1500.0), CELL)
    assert level == pytest.approx(np.sin(np.radians(45.0)))
    facing_north_west = shade(up_to_the_east + up_to_the_south, CELL)[5:-5, 5:-5]
    facing_south_east = shade(-up_to_the_east - up_to_the_south, CELL)[5:-5, 5:-5]
    assert facing_north_west.min() > level.max() > facing_south_east.max()


def test_a_fan_of_one_per_cent_shows_and_a_cliff_is_not_burnt_out():
    gentle = np.tile(np.arange(30.0), (30, 1)) * CELL * 0.01
    steep = np.tile(np.arange(30.0), (30, 1)) * CELL * 0.7
    flat = shade(np.zeros((30, 30)), CELL)[15, 15]
    assert shade(gentle, CELL)[15, 15] - flat > 0.02
    assert 0.7 < shade(steep, CELL)[15, 15] <= 1.0
    assert shade(-steep, CELL)[15, 15] > 0.0


def test_the_tint_is_light_everywhere_and_differs_between_oasis_and_crest():
    colours = tint(np.linspace(1300.0, 1900.0, 50).reshape(5, 10))
    assert colours.min() > 180.0
    assert np.abs(colours[0, 0] - colours[-1, -1]).max() > 10.0
    assert (tint(np.full((2, 2), 1300.0)) == tint(np.full((2, 2), 1300.0))[0, 0]).all()


def test_the_picture_lies_inside_its_model_with_north_above():
    """A ridge in the north of the model: the dark side of it is in the upper half of the picture."""
    north_m = np.linspace(15_000.0, 0.0, 300)[:, None]
    height = 1400.0 + 400.0 * np.exp(-(((north_m - 12_000.0) / 900.0) ** 2)) + np.zeros((1, 300))
    west, north = 560_000.0, 4_365_000.0
    model = ElevationModel(height.astype(np.float32), (CELL, 0.0, west, 0.0, -CELL, north), METRIC)
    picture = draw_relief(model, width=200)
    pixels = read_png(picture.content)
    assert pixels.shape == (picture.height, picture.width, 3)
    assert picture.bounds[0] < picture.bounds[2]
    assert 39.2 < picture.bounds[1] < picture.bounds[3] < 39.5
    darkest = np.argmin(pixels.mean(axis=(1, 2))) / picture.height
    assert darkest < 0.4
