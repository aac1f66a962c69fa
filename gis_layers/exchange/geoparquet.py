"""GeoParquet, for bulk results and exchange between programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from pyarrow import parquet
from pyarrow.lib import ArrowException

from gis_layers.errors import CountsDiffer, UnreadableFile
from gis_layers.exchange.counting import Declared
from gis_layers.exchange.formats import Format, WritingOptions
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.provenance import ABOUT, with_provenance
from gis_layers.exchange.raw import RawLayer
from gis_layers.exchange.signatures import begins_with
from risk_model.said import said

_read_metadata: Any = parquet.read_metadata  # pyarrow is untyped


def read_geoparquet(path: Path, options: ReadingOptions) -> RawLayer:
    """Read a GeoParquet file; its metadata names the CRS. Raises UnreadableFile."""
    try:
        frame = gpd.read_parquet(path, to_pandas_kwargs={"integer_object_nulls": True})
    except (ValueError, ArrowException, OSError, shapely.errors.GEOSException) as error:
        raise UnreadableFile(
            f"{path.name} is no readable GeoParquet ({error}); write it again with geometry"
        ) from error
    attributes = frame.drop(columns=frame.geometry.name).astype(object).reset_index(drop=True)
    return RawLayer(
        format="geoparquet",
        layer=options.layer or path.stem,
        geometries=frame.geometry.to_numpy(),
        attributes=attributes.where(attributes.notna(), None),
        encoding="UTF-8",
        declared=frame.crs,
    )


def count_rows(path: Path, _: RawLayer) -> Declared:
    """Count the rows of all groups. Raises CountsDiffer where they are not as many as the file says in all."""
    about = _read_metadata(path)
    groups = sum(about.row_group(number).num_rows for number in range(about.num_row_groups))
    if groups != about.num_rows:
        raise CountsDiffer(
            said(
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
