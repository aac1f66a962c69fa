"""GeoParquet, for bulk results and exchange between programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyarrow import parquet
from pyarrow.lib import ArrowException

from gis_layers.errors import CountsDiffer, UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.provenance import ABOUT, with_provenance
from gis_layers.exchange.delivery.raw import RawLayer, parse_wkb
from gis_layers.exchange.formats.declared_counts import Declared
from gis_layers.exchange.formats.registry import Format, WritingOptions
from gis_layers.exchange.formats.signatures import begins_with
from gis_layers.exchange.systems.geoparquet_metadata import GeometryColumn, describe_geometry
from gis_layers.exchange.text.cell_kinds import in_one_cell
from gis_layers.exchange.text.text_decoding import unique_names
from risk_model.message import msg
from risk_model.vocabulary import Geometries

_read_metadata: Any = parquet.read_metadata  # pyarrow is untyped
_read_table: Any = parquet.read_table
_write_table: Any = parquet.write_table
_arrow: Any = pa


def read_geoparquet(path: Path, options: ReadingOptions) -> RawLayer:
    """Read a GeoParquet file; its metadata name column, encoding and CRS. Raises UnreadableFile."""
    try:
        table = _read_table(path)
        column = describe_geometry(table.schema.metadata or {}, path, options.layer)
        geometries, broken, traces = _geometries(table, column, path)
        kept = [number for number, name in enumerate(table.column_names) if name not in {column.name, *column.aside}]
        attributes = table.select(kept).to_pandas(integer_object_nulls=True, ignore_metadata=True)
    except (ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(
            msg("{name} 不是可读的 GeoParquet（{error}）；请带几何重新导出", name=path.name, error=error)
        ) from error
    attributes = attributes.set_axis(unique_names([str(name) for name in attributes.columns]), axis=1).astype(object)
    for name in attributes.columns:
        attributes[name] = pd.Series([in_one_cell(cell) for cell in attributes[name]], attributes.index, dtype=object)
    return RawLayer(
        format="geoparquet", layer=options.layer or path.stem, geometries=geometries, encoding="UTF-8",
        attributes=attributes.where(attributes.notna(), None), broken=broken, traces=traces,
        declared=column.crs.crs, implied=column.crs.implied, stated=column.crs.stated, problems=column.problems,
    )  # fmt: skip


def _geometries(table: Any, column: GeometryColumn, path: Path) -> tuple[Geometries, dict[int, str], dict[int, Any]]:
    """The shapes one by one where they are written as well-known binary, else as geopandas reads all of them."""
    if table.column_names.count(column.name) != 1:
        raise UnreadableFile(
            msg("{name} 没有唯一的「{name_2}」列；请重新导出为 GeoParquet", name=path.name, name_2=column.name)
        )
    values = table.column(column.name).combine_chunks()
    if column.encoding == "WKB":
        binary = getattr(values, "storage", values)
        if not (_arrow.types.is_binary(binary.type) or _arrow.types.is_large_binary(binary.type)):
            raise UnreadableFile(
                msg(
                    "{name_2} 的「{name}」列是 {type}，不是 WKB；请用 WKB 重新导出",
                    name=column.name,
                    name_2=path.name,
                    type=binary.type,
                )
            )
        return parse_wkb(np.array([*binary.to_pylist(), None], dtype=object)[:-1])
    bare = {key: value for key, value in column.described.items() if key == "encoding"} | {"crs": None}
    geo = {"version": "1.1.0", "primary_column": column.name, "columns": {column.name: {**bare, "geometry_types": []}}}
    alone = table.select([column.name]).replace_schema_metadata({"geo": json.dumps(geo)})
    written = _arrow.BufferOutputStream()
    _write_table(alone, written)
    try:
        found: Geometries = gpd.read_parquet(_arrow.BufferReader(written.getvalue())).geometry.to_numpy()
    except (ValueError, TypeError, AttributeError, KeyError, ArrowException, shapely.errors.GEOSException) as error:
        raise UnreadableFile(
            msg(
                "{name_2} 的「{name}」列不是元数据所说的「{encoding}」（{error}）；请用 WKB 重新导出",
                name=column.name,
                name_2=path.name,
                encoding=column.encoding,
                error=error,
            )
        ) from error
    return found, {}, {}


def count_rows(path: Path, _: RawLayer) -> Declared:
    """Count the rows of all groups. Raises CountsDiffer where they are not as many as the file says in all."""
    about = _read_metadata(path)
    groups = sum(about.row_group(number).num_rows for number in range(about.num_row_groups))
    if groups != about.num_rows:
        raise CountsDiffer(
            msg(
                "{name} 写有 {declared} 行，各组合计却是 {found} 行；请重新导出后提交",
                name=path.name,
                declared=about.num_rows,
                found=groups,
            )
        )
    return Declared(about.num_rows)


def write_geoparquet(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write one table; the format knows neither layer names nor encodings.

    What it rests on is said twice: in columns, as in CSV, and of the table itself, which says it also without rows.
    """
    told = gpd.GeoDataFrame(with_provenance(frame, options.provenance))
    told.attrs = {ABOUT: dict(options.provenance)} if options.provenance else {}
    told.to_parquet(path, index=False)
    return ()


FORMAT = Format(
    "geoparquet", (".parquet", ".geoparquet"), read_geoparquet, write_geoparquet,
    signature=begins_with(b"PAR1", kind="GeoParquet"), count=count_rows,
)  # fmt: skip
