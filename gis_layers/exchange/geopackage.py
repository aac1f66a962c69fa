"""GeoPackage."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from gis_layers.exchange.containers import read_container
from gis_layers.exchange.formats import Format, WritingOptions
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer


def read_geopackage(path: Path, options: ReadingOptions) -> RawLayer:
    """Read one layer of a GeoPackage."""
    return read_container(path, options, name="geopackage")


def write_geopackage(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write one layer; coordinates are kept to the last bit."""
    frame.to_file(path, driver="GPKG", layer=options.layer_name, engine="pyogrio", index=False)
    return ()


FORMAT = Format("geopackage", (".gpkg",), read_geopackage, write_geopackage)
