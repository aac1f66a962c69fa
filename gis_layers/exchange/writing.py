"""Layers and tables out of the house, in the format the file name asks for, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from gis_layers.crs import CrsLike, parse_crs, transform
from gis_layers.errors import UnwritableFile
from gis_layers.exchange.cells import table_of
from gis_layers.exchange.excel import write_sheets
from gis_layers.exchange.formats import WritingOptions, writer_of
from gis_layers.exchange.geopackage import write_layers
from gis_layers.exchange.provenance import ABOUT, Provenance, table_of_provenance

_GDAL_TROUBLE = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)


def write_layer(
    frame: gpd.GeoDataFrame,
    path: Path,
    *,
    crs: CrsLike | None = None,
    encoding: str | None = None,
    layer_name: str,
    provenance: Provenance | None = None,
) -> tuple[str, ...]:
    """Write a frame by the suffix of ``path``, in ``crs`` where given; returns notes (column names that were cut).

    What it rests on goes where the format has room beside the features, else into columns behind all others. The file appears whole or not at all. Raises UnwritableFile.
    """
    write = writer_of(path)
    with _beside(path) as target:
        try:
            return write(_in_crs(frame, crs), target, WritingOptions(layer_name, encoding, provenance or {}))
        except _GDAL_TROUBLE as error:
            raise UnwritableFile(f"{path.name} could not be written: {error}") from error


def write_tables(
    tables: Mapping[str, pd.DataFrame], path: Path, *, provenance: Provenance | None = None
) -> tuple[str, ...]:
    """Write several tables into one file: the sheets of an .xlsx or the layers of a .gpkg; last, what they rest on.

    Raises UnwritableFile.
    """
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".gpkg"):
        raise UnwritableFile(f"{path.name} cannot hold several tables; name a file that ends in .xlsx or .gpkg")
    with _beside(path) as target:
        if suffix == ".gpkg":
            return write_layers(tables, target, provenance or {})
        about = {ABOUT: table_of_provenance(provenance)} if provenance else {}
        return write_sheets({name: table_of(table) for name, table in {**tables, **about}.items()}, target)


def _in_crs(frame: gpd.GeoDataFrame, crs: CrsLike | None) -> gpd.GeoDataFrame:
    if crs is None or frame.crs is None:
        return frame
    carried = transform(frame.geometry.to_numpy(), frame.crs, crs)
    return frame.set_geometry(gpd.GeoSeries(carried, index=frame.index, crs=parse_crs(crs)))


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A path in a folder beside the target; what was written there takes its place when all went well."""
    if not path.parent.is_dir():
        raise UnwritableFile(f"there is no folder {path.parent}; make it first")
    with TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        target = Path(folder) / path.name
        yield target
        for part in sorted(Path(folder).iterdir()):
            part.replace(path.parent / part.name)
