"""What the suite tries with a few, tried with many: imports killed in the middle, and a township of another seed."""

from pathlib import Path

import numpy as np
import shapely

from gis_layers.demo.township import Township, build_township
from tests.gis_layers.test_demo import HAZARDS, frames, metric
from tests.journeys.test_a_killed_import_loses_nothing import data_dir, deliveries, kill_imports

__all__ = ["data_dir"]


def test_twenty_imports_killed_at_random_moments_lose_nothing(tmp_path: Path, data_dir: Path):
    kill_imports(deliveries(tmp_path, 20), data_dir)


def test_another_seed_gives_another_township_as_sound_as_the_first(township: Township):
    other = build_township(7)
    assert not shapely.equals(metric(township.boundary)[0], metric(other.boundary)[0])
    assert not np.array_equal(township.terrain.elevation, other.terrain.elevation)
    assert shapely.coverage_is_valid(other.villages.geometry.to_numpy())
    assert {one.hazard for one in other.layers} == HAZARDS
    for frame in frames(other):
        assert frame.geometry.is_valid.all()
        assert not frame.geometry.is_empty.any()


def test_the_same_seed_gives_the_same_bytes_again(township: Township):
    again = build_township()
    for first, second in zip(frames(township), frames(again), strict=True):
        assert list(first.geometry.to_wkb()) == list(second.geometry.to_wkb())
        attributes = first.columns.drop("geometry")
        assert first[attributes].equals(second[attributes])
    assert township.terrain.elevation.tobytes() == again.terrain.elevation.tobytes()
    assert township.relief.content == again.relief.content
