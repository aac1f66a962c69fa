"""Esri shapefiles: loose or zipped, with text in whatever encoding and names cut to ten bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import shapely

from gis_layers.crs import is_inside_china
from gis_layers.errors import UnreadableFile, UnwritableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.provenance import sidecar_of
from gis_layers.exchange.delivery.raw import RawLayer, read_undecoded
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.formats.dbf_values import unreadable_days, with_written_values
from gis_layers.exchange.formats.declared_counts import Declared
from gis_layers.exchange.formats.registry import Format, WritingOptions
from gis_layers.exchange.formats.shape_counts import check_tables, count_shapes
from gis_layers.exchange.formats.signatures import head_of, refused
from gis_layers.exchange.systems.projection_files import read_projection
from gis_layers.exchange.text.column_names import cut_names
from gis_layers.exchange.text.dbf import DbfHeader, read_header
from gis_layers.exchange.text.text_decoding import decode_table
from gis_layers.exchange.text.text_encoding import Claims, known_name
from risk_model.message import msg

_WIDEST_BYTES = 254
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SHAPE, _SHAPE_VERSION = b"\x00\x00\x27\x0a", b"\xe8\x03\0\0"
_TABLE_VERSION, _TABLE_VERSIONS = 0b111, (2, 3, 4, 5)
"""The lowest three bits of the first byte: dBASE II to 5; the others tell of memos."""
_NO_TABLE = DbfHeader(0, ())
_WITHOUT_TABLE = Problem(
    None,
    msg("没有同名的 .dbf，所有属性都缺失"),
    None,
    msg("向资料提供单位索取同一次导出的全部文件（.shp .shx .dbf .prj）"),
)

_SUFFIX_OF_DIMENSION = {2: "", 1: "_lines", 0: "_points"}
_WORD_OF_DIMENSION = {2: msg("面"), 1: msg("线"), 0: msg("点")}


def read_shapefile(path: Path, options: ReadingOptions) -> RawLayer:
    """Read a .shp with the files beside it; the encoding is decided from .cpg, language byte and the bytes."""
    index, table = _beside(path, ".shx"), _beside(path, ".dbf")
    if index is None:
        raise without_index(path.name, [part.name for part in parts_of_shapefile(path)])
    check_tables(path, index, table)
    header = read_header(table) if table else _NO_TABLE
    claims = Claims(options.encoding, _code_page(path), header.language, is_inside_china(options.metric_crs))
    with _with_readable_projection(path) as readable:
        columns = _readable_columns(table, header)
        found = read_undecoded(readable, numbered=True, columns=columns)
        widths = [
            width for name, width in zip(header.names, header.widths, strict=True) if not columns or name in columns
        ]
        raw = decode_table(found, claims, widths=widths)
    if table and found.numbers is not None:
        raw = with_written_values(table, header, raw, found.numbers.tolist())
    projection = _beside(path, ".prj")
    declared = read_projection(projection.read_bytes() if projection else None, raw.declared)
    told = () if table else (_WITHOUT_TABLE,)
    return replace(
        raw, format="shapefile", layer=path.stem, declared=declared.crs, stated=declared.stated,
        problems=(*told, *raw.problems),
    )  # fmt: skip


def _readable_columns(table: Path | None, header: DbfHeader) -> list[str] | None:
    """The fields GDAL is asked for where it trips over the others: those of days in which something else stands."""
    unreadable = unreadable_days(table, header) if table else []
    return [name for name in header.names if name not in unreadable] if unreadable else None


def count_records(path: Path, _: RawLayer) -> Declared:
    """Count the shapes, their index and their rows. Raises CountsDiffer where they disagree."""
    index = _beside(path, ".shx")
    assert index, "the reader asks for it"
    return count_shapes(path, index, _beside(path, ".dbf"))


def without_index(name: str, parts: list[str]) -> UnreadableFile:
    """The error of a shapefile that came without its index, with what did come."""
    return UnreadableFile(
        msg(
            "{name} 缺少同名的 .shx；请索取 Shapefile 的全部文件（.shp .shx .dbf .prj）后一起提交；现有：{parts}",
            name=name,
            parts=parts,
        )
    )


def write_shapefile(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write .shp and what belongs to it, UTF-8 unless another encoding is asked for; loose.

    A shapefile holds one kind of geometry: beside areas, lines go to ``…_lines.shp`` and points to ``…_points.shp``. The
    notes tell of these and name the columns whose names had to be cut to ten bytes.
    """
    dimensions = shapely.get_dimensions(frame.geometry.to_numpy())
    kinds = [dimension for dimension in _SUFFIX_OF_DIMENSION if (dimensions == dimension).any()]
    notes: tuple[str, ...] = ()
    for number, dimension in enumerate(kinds):
        beside = path if number == 0 else path.with_name(f"{path.stem}{_SUFFIX_OF_DIMENSION[dimension]}{path.suffix}")
        notes += _write_one_kind(frame[dimensions == dimension], beside, options)
        notes += (msg("{what}在 {name} 中", what=_WORD_OF_DIMENSION[dimension], name=beside.name),) if number else ()
    return notes if kinds else _write_one_kind(frame, path, options)


def _write_one_kind(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    encoding = known_name(options.encoding or "utf-8")
    if encoding is None:
        raise UnwritableFile(msg("「{encoding}」不是文字编码；请用 gb18030 或 utf-8", encoding=options.encoding))
    short, notes = cut_names([str(name) for name in frame.columns if name != frame.geometry.name], encoding)
    notes += _check_text(frame, encoding)
    frame.rename(columns=short).to_file(path, driver="ESRI Shapefile", engine="pyogrio", index=False, encoding=encoding)
    path.with_suffix(".cpg").write_text(encoding, encoding="ascii")
    if options.provenance:
        path.with_name(f"{path.name}.xml").write_bytes(sidecar_of(options.provenance))
    return notes


def _check_text(frame: gpd.GeoDataFrame, encoding: str) -> tuple[str, ...]:
    """Refuse text that GDAL would replace by question marks; tell of text that it cuts at the widest field there is."""
    notes = []
    for name in frame.columns:
        texts = [value for value in frame[name] if isinstance(value, str)]
        try:
            longest = max((len(text.encode(encoding)) for text in [str(name), *texts]), default=0)
        except UnicodeEncodeError as error:
            raise UnwritableFile(
                msg("有的文字无法用 {encoding} 表示（{error}）；请改写 UTF-8", encoding=encoding, error=error)
            ) from error
        if longest > _WIDEST_BYTES:
            notes.append(
                msg(
                    "{name} 列中有 {longest} 字节的文字，shapefile 只能保留 {widest_bytes} 字节",
                    name=name,
                    longest=longest,
                    widest_bytes=_WIDEST_BYTES,
                )
            )
    return tuple(notes)


@contextmanager
def _with_readable_projection(path: Path) -> Iterator[Path]:
    """The shapefile itself, or a copy whose .prj is UTF-8: GDAL gives up on systems that someone named in GBK."""
    projection = _beside(path, ".prj")
    content = projection.read_bytes() if projection else b""
    try:
        content.decode()
    except UnicodeDecodeError:
        with TemporaryDirectory() as folder:
            for suffix in (".shp", ".shx", ".dbf"):
                part = _beside(path, suffix)
                if part:
                    shutil.copy(part, Path(folder) / f"{path.stem}{suffix}")
            (Path(folder) / f"{path.stem}.prj").write_text(
                content.decode("gb18030", errors="replace"), encoding="utf-8"
            )
            yield Path(folder) / f"{path.stem}.shp"
    else:
        yield path


def _code_page(path: Path) -> str | None:
    page = _beside(path, ".cpg")
    return page.read_text(encoding="ascii", errors="replace").strip() or None if page else None


def _beside(path: Path, suffix: str) -> Path | None:
    """The file of the same stem and another suffix, whatever the case of its letters; no link to another folder."""
    wanted = f"{path.stem}{suffix}".lower()
    home = path.resolve().parent
    named = [found for found in path.parent.iterdir() if found.name.lower() == wanted]
    named.sort(key=lambda found: (found.stem != path.stem, found.name))
    return next((found for found in named if found.resolve().parent == home), None)


def check_shapefile(path: Path) -> None:
    """The signature of a shapefile, of its index and of its table. Raises UnreadableFile."""
    for suffix, is_right in ((".shp", _is_shape), (".shx", _is_shape), (".dbf", _is_table)):
        part = _beside(path, suffix)
        if part and not is_right(head_of(part, 32)):
            raise refused(part, "Shapefile")


def _is_shape(head: bytes) -> bool:
    return head.startswith(_SHAPE) and head[28:32] == _SHAPE_VERSION


def _is_table(head: bytes) -> bool:
    return len(head) == 32 and head[0] & _TABLE_VERSION in _TABLE_VERSIONS


def parts_of_shapefile(path: Path) -> tuple[Path, ...]:
    """The .shp and what belongs to it in the same folder."""
    return tuple(part for suffix in _PARTS if (part := _beside(path, suffix)))


FORMAT = Format(
    "shapefile", (".shp",), read_shapefile, write_shapefile,
    signature=check_shapefile, drivers=("ESRI Shapefile",), parts=parts_of_shapefile, count=count_records,
)  # fmt: skip
