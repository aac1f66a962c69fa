"""One layer as it stands in a file, and GDAL's part in reading it."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import shapely
from pyogrio import raw as gdal
from pyproj import CRS

from gis_layers.crs import parse_crs
from gis_layers.errors import UnknownCrs, UnreadableFile
from gis_layers.exchange.delivery.report import Problem
from risk_model.message import msg
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

BYTE_TRANSPARENT = "ISO-8859-1"
"""Every byte has one character in it, so text passes through GDAL undecoded and can be judged afterwards."""


_PLAIN_STEM = "the-layer"
_read: Any = gdal.read  # pyogrio is untyped
_list_layers: Any = pyogrio.list_layers


@dataclass(frozen=True, slots=True)
class RawLayer:
    """n features as the file has them: geometries in its own CRS, attributes with one row a feature.

    ``broken`` tells by feature why no geometry could be made of what is there. ``implied`` marks a CRS that the format
    assumes rather than the file declares. ``traces`` are what remains of broken geometries, good only to show where they
    lie. ``undecidable`` says why its text cannot be read at all, ``untrusted`` (problem and advice) why none of it can be.
    ``met`` is how many cells with something in them the reader of a sheet came by. ``besides`` are the rows of a table that
    are no features (titles, the heading), counted from 0 without the empty ones, and ``separator`` parts its columns.
    ``stated`` is what else the file says of its coordinate system, as it is written: a declaration nobody understood, the
    heading of a column. ``epoch`` is the day from which a workbook counts its days; None for all other files.
    """

    format: str
    layer: str
    geometries: Geometries
    attributes: pd.DataFrame
    encoding: str | None = None
    declared: CRS | None = None
    implied: bool = False
    broken: dict[int, str] = field(default_factory=dict)
    traces: dict[int, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    undecidable: str | None = None
    untrusted: tuple[str, str] | None = None
    met: int | None = None
    besides: frozenset[int] = frozenset({0})
    separator: str = ","
    stated: tuple[str, ...] = ()
    epoch: date | None = None


@dataclass(frozen=True, slots=True)
class UndecodedTable:
    """Table as GDAL found it: field names and text as raw bytes in BYTE_TRANSPARENT, well-known binary, CRS.

    ``numbers`` are the features' own, which need not begin with 0, where they were asked for.
    """

    fields: list[str]
    columns: list[npt.NDArray[Any]]
    wkb: npt.NDArray[np.object_]
    crs: CRS | None
    numbers: npt.NDArray[Any] | None = None


def read_undecoded(
    path: Path,
    layer: str | None = None,
    *,
    numbered: bool = False,
    columns: Sequence[str] | None = None,
    **opening: str,
) -> UndecodedTable:
    """Read a layer through GDAL without letting it decode text, with open options of its driver. Raises UnreadableFile.

    ``columns`` are those that are read, by their raw names; None for all.
    """
    try:
        with for_gdal(path) as plain, warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", RuntimeWarning
            )  # what GDAL grumbles at is refused by feature, with a reason
            options = {"layer": layer, "encoding": BYTE_TRANSPARENT, "datetime_as_string": True, **opening}
            meta, numbers, wkb, cells = _read(plain, return_fids=True, columns=columns, **options)
            cells = [
                _exact(column, kind, partial(_read, plain, columns=[name], read_geometry=False, **options), numbers)
                for name, kind, column in zip(meta["fields"], meta["dtypes"], cells, strict=True)
            ]
    except (RuntimeError, ValueError, OSError, NameError) as error:  # pyogrio trips over a CRS it cannot decode
        raise UnreadableFile(
            msg(
                "{name} 无法打开（{error}）；请检查文件是否完整，用 QGIS 打开看看它是什么",
                name=path.name,
                error=told(error, path),
            )
        ) from error
    if wkb is None:
        wkb = np.full(len(cells[0]) if cells else 0, None, dtype=object)
    return UndecodedTable(
        list(meta["fields"]), list(cells), wkb, _crs_or_none(meta["crs"]), numbers if numbered else None
    )


def layers_of(path: Path) -> list[str]:
    """The names of the layers that hold shapes. Raises UnreadableFile."""
    try:
        with for_gdal(path) as plain:
            listed = _list_layers(plain)
    except RuntimeError as error:
        raise UnreadableFile(
            msg("{name} 无法打开（{error}）；请检查文件是否完整", name=path.name, error=told(error, path))
        ) from error
    return [str(layer) for layer, kind in listed if kind is not None]


def _exact(column: npt.NDArray[Any], kind: str, read_again: Any, fids: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A column as the file has it: pyogrio makes floats of whole and of truth values where some are missing."""
    if column.dtype.kind != "f" or not (kind == "bool" or kind.startswith(("int", "uint"))):
        return column
    there = np.flatnonzero(~np.isnan(column))
    exact = np.full(len(column), np.nan, dtype=object)
    exact[there] = column[there].astype(bool if kind == "bool" else np.int64).astype(object)
    if kind.endswith("64") and len(there) > 0:
        exact[there] = read_again(fids=fids[there])[3][0].astype(object)
    return exact


@contextmanager
def for_gdal(path: Path) -> Iterator[Path]:
    """The file, and those beside it that share its stem, under names in which GDAL can read no address and no archive."""
    with TemporaryDirectory() as folder:
        plain = Path(folder) / f"{_PLAIN_STEM}{path.suffix.lower()}"
        plain.symlink_to(path.absolute(), target_is_directory=path.is_dir())
        for beside in () if path.is_dir() else _of_the_same_stem(path):
            other = Path(folder) / f"{_PLAIN_STEM}{beside.suffix.lower()}"
            if not other.is_symlink():
                other.symlink_to(beside.absolute())
        yield plain


def _of_the_same_stem(path: Path) -> list[Path]:
    """The files beside ``path`` that share its stem, whatever the case of its letters; those that share it exactly first."""
    alike = [beside for beside in path.parent.iterdir() if beside.stem.lower() == path.stem.lower()]
    return sorted(alike, key=lambda beside: (beside.stem != path.stem, beside.name))


def told(error: Exception, path: Path) -> str:
    """Message of GDAL on a file, under the name the file has."""
    return re.sub(rf"\S*/{_PLAIN_STEM}(?=\.)", path.stem, str(error))


def parse_wkb(wkb: npt.NDArray[np.object_]) -> tuple[Geometries, dict[int, str], dict[int, Any]]:
    """Make geometries of well-known binary one by one, so that a broken one does not hide its neighbours.

    Also tells why the broken ones are, and what GEOS can still make of them (not to be loaded).
    """
    with contextlib.suppress(shapely.errors.GEOSException):
        whole: Geometries = np.asarray(shapely.from_wkb(wkb), dtype=object)
        return whole, {}, {}
    geometries: list[Any] = []
    broken: dict[int, str] = {}
    traces: dict[int, Any] = {}
    for feature, content in enumerate(wkb):
        try:
            geometries.append(None if content is None else shapely.from_wkb(content))
        except shapely.errors.GEOSException as error:
            geometries.append(None)
            broken[feature] = reason_of(error)
            traces[feature] = shapely.from_wkb(content, on_invalid="fix")
    return as_array(geometries), broken, traces


def reason_of(error: shapely.errors.GEOSException) -> str:
    """Say in Chinese why no geometry could be made."""
    text = str(error)
    if "closed linestring" in text:
        return msg("环没有闭合")
    if "number of points" in text.lower():
        return msg("环或线的顶点太少")
    return msg("几何无法解析（{reason}）", reason=text)


def _crs_or_none(text: str | None) -> CRS | None:
    try:
        crs = parse_crs(text) if text else None
    except UnknownCrs:
        return None
    return None if crs is None or crs.name.lower().startswith(("undefined", "unknown engineering")) else crs
