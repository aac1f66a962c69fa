"""Layers and tables out of the house, in the format the file name asks for, all or nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from gis_layers.crs import CrsLike, parse_crs, transform
from gis_layers.errors import UnreadableFile, UnwritableFile
from gis_layers.exchange.delivery.provenance import ABOUT, Provenance, table_of_provenance
from gis_layers.exchange.formats.excel import write_sheets
from gis_layers.exchange.formats.geopackage import write_layers
from gis_layers.exchange.formats.registry import WritingOptions, format_of, writer_of
from gis_layers.exchange.text.cells import table_of
from risk_model.message import msg

_GDAL_TROUBLE = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)


def write_layer(
    frame: gpd.GeoDataFrame,
    path: Path,
    *,
    crs: CrsLike | None = None,
    encoding: str | None = None,
    layer_name: str,
    provenance: Provenance | None = None,
    inputs: Sequence[Path] = (),
) -> tuple[str, ...]:
    """Write a frame by the suffix of ``path``, in ``crs`` where given; returns notes (column names that were cut).

    What it rests on goes where the format has room beside the features, else into columns behind all others. The file appears whole or not at all, and in the place of none of ``inputs``. Raises UnwritableFile.
    """
    write = writer_of(path)
    with _beside(path, inputs) as target:
        try:
            return write(_in_crs(frame, crs), target, WritingOptions(layer_name, encoding, provenance or {}))
        except _GDAL_TROUBLE as error:
            raise UnwritableFile(msg("{name} 没能写出：{error}", name=path.name, error=error)) from error


def write_tables(
    tables: Mapping[str, pd.DataFrame],
    path: Path,
    *,
    provenance: Provenance | None = None,
    inputs: Sequence[Path] = (),
) -> tuple[str, ...]:
    """Write several tables into one file: the sheets of an .xlsx or the layers of a .gpkg; last, what they rest on.

    Raises UnwritableFile, also for a path that is one of ``inputs``.
    """
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".gpkg"):
        raise UnwritableFile(msg("{name} 放不下几张表；请用以 .xlsx 或 .gpkg 结尾的文件名", name=path.name))
    with _beside(path, inputs) as target:
        if suffix == ".gpkg":
            return write_layers(tables, target, provenance or {})
        about = {ABOUT: table_of_provenance(provenance)} if provenance else {}
        return write_sheets({name: table_of(table) for name, table in {**tables, **about}.items()}, target)


def refuse_overwriting(path: Path, inputs: Sequence[Path]) -> None:
    """Raises UnwritableFile where ``path`` is one of the files that are read, or a part of one.

    Links to it are it, and so is its name in other letters, which many disks do not tell apart.
    """
    for given in inputs:
        for part in _parts_of(given):
            if _is_same(path, part):
                raise UnwritableFile(
                    msg("{out} 会覆盖输入文件 {given}，没有写出；请换一个输出文件名", out=path.name, given=part.name)
                )


def _parts_of(given: Path) -> tuple[Path, ...]:
    """The file and those that belong to it; of a folder also the folder."""
    try:
        return (given, *format_of(given).parts(given))
    except UnreadableFile:
        return (given,)


def _is_same(path: Path, part: Path) -> bool:
    if path.exists() and part.exists() and path.samefile(part):
        return True
    if part.is_dir() and part.resolve() in path.resolve().parents:
        return True
    same_folder = path.resolve().parent == part.resolve().parent
    return same_folder and _as_disks_see(path.name) == _as_disks_see(part.name)


def _as_disks_see(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _in_crs(frame: gpd.GeoDataFrame, crs: CrsLike | None) -> gpd.GeoDataFrame:
    if crs is None or frame.crs is None:
        return frame
    carried = transform(frame.geometry.to_numpy(), frame.crs, crs)
    return frame.set_geometry(gpd.GeoSeries(carried, index=frame.index, crs=parse_crs(crs)))


@contextmanager
def _beside(path: Path, inputs: Sequence[Path]) -> Iterator[Path]:
    """A path in a folder beside the target; what was written there takes its place when all went well."""
    refuse_overwriting(path, inputs)
    if not path.parent.is_dir():
        raise UnwritableFile(msg("没有文件夹 {parent}；请先建立", parent=path.parent))
    with TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        target = Path(folder) / path.name
        yield target
        for part in sorted(Path(folder).iterdir()):
            refuse_overwriting(path.parent / part.name, inputs)
        for part in sorted(Path(folder).iterdir()):
            part.replace(path.parent / part.name)
