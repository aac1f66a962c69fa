"""Esri file geodatabase, a folder named .gdb."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.provenance import ABOUT, table_of_provenance
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.formats.containers import read_container
from gis_layers.exchange.formats.geodatabase_counts import count_feature_class
from gis_layers.exchange.formats.registry import Format, WritingOptions
from gis_layers.exchange.formats.signatures import head_of, refused
from risk_model.message import msg

_write: Any = pyogrio.write_dataframe  # pyogrio is untyped
_CATALOGUE = "a00000001.gdbtable"
_VERSIONS = (b"\x03\0\0\0", b"\x04\0\0\0")
"""Of the table format: releases 9 and 10, and the one with 64-bit numbers."""


def read_file_geodatabase(path: Path, options: ReadingOptions) -> RawLayer:
    """Read one feature class of a geodatabase."""
    return read_container(path, options, name="file_geodatabase")


def check_geodatabase(path: Path) -> None:
    """The signature of a geodatabase: a folder of nothing but files, whose first is the table of its tables."""
    catalogue = path / _CATALOGUE
    if not path.is_dir() or not catalogue.is_file() or head_of(catalogue, 4) not in _VERSIONS:
        raise refused(path, "File Geodatabase")
    for part in path.iterdir():
        if part.is_symlink() or not part.is_file():
            raise UnreadableFile(
                msg(
                    "{name} 里的 {part} 不是文件，没有打开；请重新导出 File Geodatabase 后提交",
                    name=path.name,
                    part=part.name,
                )
            )


def write_file_geodatabase(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write one feature class, and a table of what it rests on. Coordinates come to lie on the grid of the format: 1e-9° or 0.1 mm."""
    _write(frame, path, layer=options.layer_name, driver="OpenFileGDB", TARGET_ARCGIS_VERSION="ALL")
    if options.provenance:
        _write(table_of_provenance(options.provenance), path, layer=ABOUT, driver="OpenFileGDB", append=True)
    return ()


FORMAT = Format(
    "file_geodatabase",
    (".gdb",),
    read_file_geodatabase,
    write_file_geodatabase,
    signature=check_geodatabase,
    drivers=("OpenFileGDB",),
    count=count_feature_class,
)
