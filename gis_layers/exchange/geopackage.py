"""GeoPackage."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from gis_layers.exchange.containers import read_container
from gis_layers.exchange.formats import Format, WritingOptions
from gis_layers.exchange.geopackage_schema import check_geopackage, settled
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer


def read_geopackage(path: Path, options: ReadingOptions) -> RawLayer:
    """Read one layer of a GeoPackage."""
    with settled(path) as whole:
        return read_container(whole, options, name="geopackage")


def write_geopackage(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write one layer; coordinates are kept to the last bit."""
    frame.to_file(path, driver="GPKG", layer=options.layer_name, engine="pyogrio", index=False)
    return ()


def _with_log(path: Path) -> tuple[Path, ...]:
    """The file, and what a program that has it open has written beside it so far."""
    return (path, *(beside for end in ("-wal",) if (beside := path.with_name(path.name + end)).exists()))


FORMAT = Format(
    "geopackage", (".gpkg",), read_geopackage, write_geopackage,
    signature=check_geopackage, drivers=("GPKG",), parts=_with_log,
)  # fmt: skip
