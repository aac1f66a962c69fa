"""Files of zones as they leave: written by GDAL apart from the service, several parts packed into one archive."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

import geopandas as gpd
import shapely

from app.platform.errands import STORED, reckon
from app.platform.errors import Refused
from app.reports.workbook import BookSheet, write_book
from gis_layers.exchange import Provenance, write_layer
from gis_layers.sandbox import reading_with
from risk_model.message import msg

FileFormat = Literal["shp", "gpkg", "gdb"]
TextEncoding = Literal["utf8", "gb18030"]

MEDIA: Final = {"shp": "application/zip", "gdb": "application/zip", "gpkg": "application/geopackage+sqlite3"}
DRIVERS: Final = {"shp": "ESRI Shapefile", "gdb": "OpenFileGDB", "gpkg": "GPKG"}
SUFFIXES: Final = {"shp": ".shp.zip", "gdb": ".gdb.zip", "gpkg": ".gpkg"}


LONGEST_TEXT: Final = 254
"""Bytes a text of a shapefile may have."""
CODECS: Final = {"utf8": "utf-8", "gb18030": "gb18030"}


@dataclass(frozen=True, slots=True)
class FileAsked:
    """What a file is to be: its format, the layer's name in it, the CRS (None: the stored one), the encoding of a shapefile."""

    kind: FileFormat
    layer: str
    crs: str | None = None
    encoding: TextEncoding = "utf8"


def file_of(frame: gpd.GeoDataFrame, asked: FileAsked, about: Provenance) -> bytes:
    """Bytes of a file of these rows. Refused where its format would cut a text or has no sign for it."""
    if asked.kind == "shp":
        _require_room(frame, asked.encoding)
    size = len(frame) + int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum()) // STORED
    return reckon(size, written, frame, asked, about, profile=reading_with(DRIVERS[asked.kind]))


def book_of(sheets: Sequence[BookSheet], rows: int) -> bytes:
    """Bytes of a workbook of these sheets, which have so many rows."""
    return reckon(rows, write_book, sheets)


def _require_room(frame: gpd.GeoDataFrame, encoding: TextEncoding) -> None:
    for name in frame.columns.drop([frame.geometry.name]):
        for value in frame[name]:
            if isinstance(value, str) and _bytes_of(value, encoding) > LONGEST_TEXT:
                raise Refused(
                    msg(
                        "「{start}…」有文字在 Shapefile 中放不下（最多 {most} 字节）；请改用 GeoPackage 或 File Geodatabase",
                        start=value[:20],
                        most=LONGEST_TEXT,
                    ),
                    code="unready",
                )


def _bytes_of(text: str, encoding: TextEncoding) -> int:
    return len(text.encode(CODECS[encoding], errors="surrogatepass"))


def written(frame: gpd.GeoDataFrame, asked: FileAsked, about: Provenance) -> bytes:
    """Work of the confined process."""
    with TemporaryDirectory(prefix="anzhi-zones-") as folder:
        path = Path(folder) / f"{asked.layer}.{asked.kind}"
        encoding = CODECS[asked.encoding] if asked.kind == "shp" else None
        write_layer(frame, path, crs=asked.crs, encoding=encoding, layer_name=asked.layer, provenance=about)
        return path.read_bytes() if asked.kind == "gpkg" else packed(path, sorted(Path(folder).iterdir()))


def packed(path: Path, parts: Sequence[Path]) -> bytes:
    """An archive of the parts, those of a folder under its name."""
    archive = path.with_name("packed.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for part in parts:
            for member in sorted(part.iterdir()) if part.is_dir() else [part]:
                out.write(member, member.relative_to(path.parent))
    return archive.read_bytes()
