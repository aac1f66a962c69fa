"""Esri file geodatabase, a folder named .gdb; read only."""

from __future__ import annotations

from pathlib import Path

from gis_layers.exchange.containers import read_container
from gis_layers.exchange.formats import Format
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer


def read_file_geodatabase(path: Path, options: ReadingOptions) -> RawLayer:
    """Read one feature class of a geodatabase."""
    return read_container(path, options, name="file_geodatabase")


FORMAT = Format("file_geodatabase", (".gdb",), read_file_geodatabase)
