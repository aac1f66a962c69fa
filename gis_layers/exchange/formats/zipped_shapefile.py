"""Shapefiles as they are handed over: one archive with all the parts. Reading archives is the work of ``opening``."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd

from gis_layers.exchange.formats.registry import Format, WritingOptions
from gis_layers.exchange.formats.shapefile import write_shapefile


def write_zipped_shapefile(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write a shapefile and pack its parts into one archive."""
    with TemporaryDirectory() as folder:
        notes = write_shapefile(frame, Path(folder) / f"{options.layer_name}.shp", options)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
    return notes


FORMAT = Format("zipped_shapefile", (".zip",), None, write_zipped_shapefile)
