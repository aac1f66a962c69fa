"""KMZ: an archive whose document is its first .kml; pictures and whatever else lies in it are not opened."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.formats.archive_limits import check_archive
from gis_layers.exchange.formats.declared_counts import Declared
from gis_layers.exchange.formats.kml import count_in, layer_of_document
from gis_layers.exchange.formats.registry import Format
from gis_layers.exchange.formats.signatures import begins_with
from risk_model.message import msg

_MAIN: Final = "doc.kml"
_SHOWN: Final = 12


def read_kmz(path: Path, options: ReadingOptions) -> RawLayer:
    """Read the placemarks of the document in an archive. Raises UnreadableFile, AmbiguousLayer."""
    names = _members(path, options)
    raw = layer_of_document(_content(path, names[0]), path, options, "kmz")
    if len(names) == 1:
        return raw
    others = Problem(
        None,
        msg("压缩包里还有别的 KML，没有读取：{names}", names=names[1:_SHOWN]),
        None,
        msg("要读取的解压后单独提交"),
    )
    return replace(raw, problems=(*raw.problems, others))


def count_placemarks(path: Path, raw: RawLayer) -> Declared:
    """Count the placemarks of the document. Raises CountsDiffer where not all were met."""
    return count_in(_content(path, _members(path, None)[0]), path, raw)


def _members(path: Path, options: ReadingOptions | None) -> list[str]:
    """The documents of the archive, the one that is read first."""
    try:
        with ZipFile(path) as archive:
            if options is not None:
                check_archive(archive, path, options.limits)
            held = archive.namelist()
    except (BadZipFile, ValueError) as error:
        raise UnreadableFile(
            msg("{name} 无法解压（{error}）；请重新导出为 KML", name=path.name, error=error)
        ) from error
    names = [name for name in held if PurePosixPath(name).suffix.lower() == ".kml"]
    if not names:
        raise UnreadableFile(msg("{name} 里没有 KML；里面有：{members}", name=path.name, members=held[:_SHOWN]))
    return sorted(names, key=lambda name: name.lower() != _MAIN)


def _content(path: Path, name: str) -> bytes:
    try:
        with ZipFile(path) as archive:
            return archive.read(name)
    except (BadZipFile, RuntimeError, EOFError, zlib.error, ValueError) as error:
        raise UnreadableFile(
            msg("{name} 无法解压（{error}）；请重新导出为 KML", name=path.name, error=error)
        ) from error


FORMAT = Format(
    "kmz", (".kmz",), read_kmz, None, signature=begins_with(b"PK\x03\x04", kind="KMZ"), count=count_placemarks
)
