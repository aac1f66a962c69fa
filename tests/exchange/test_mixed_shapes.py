"""A shapefile holds one kind of geometry; a layer of several kinds becomes several files and says so."""

import zipfile
from pathlib import Path

import geopandas as gpd
import shapely

from gis_layers.exchange import write_layer

MIXED = gpd.GeoDataFrame(
    {"name": ["面", "线"]},
    geometry=[shapely.box(99, 39, 99.1, 39.1), shapely.LineString([(99, 39), (99.2, 39.2)])],
    crs=4490,
)


def test_lines_stand_in_a_file_beside_the_areas(tmp_path: Path):
    notes = write_layer(MIXED, tmp_path / "zones.shp", layer_name="zones")
    assert gpd.read_file(tmp_path / "zones.shp")["name"].tolist() == ["面"]
    assert gpd.read_file(tmp_path / "zones_lines.shp")["name"].tolist() == ["线"]
    assert any("zones_lines.shp" in note for note in notes)


def test_the_archive_holds_both(tmp_path: Path):
    write_layer(MIXED, tmp_path / "zones.zip", layer_name="zones")
    with zipfile.ZipFile(tmp_path / "zones.zip") as archive:
        assert {"zones.shp", "zones_lines.shp"} <= set(archive.namelist())


def test_lines_alone_keep_the_name_that_was_asked_for(tmp_path: Path):
    write_layer(MIXED.iloc[1:], tmp_path / "faults.shp", layer_name="faults")
    assert gpd.read_file(tmp_path / "faults.shp")["name"].tolist() == ["线"]
