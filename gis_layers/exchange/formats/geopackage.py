"""GeoPackage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.provenance import ABOUT, Provenance, table_of_provenance
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.formats.containers import read_container
from gis_layers.exchange.formats.declared_counts import Declared
from gis_layers.exchange.formats.geopackage_schema import check_geopackage, count_table, settled
from gis_layers.exchange.formats.geopackage_values import with_stored_values
from gis_layers.exchange.formats.registry import Format, WritingOptions
from gis_layers.exchange.systems.geopackage_systems import contradictions
from gis_layers.exchange.text.zero_bytes import with_zero_bytes

_write: Any = pyogrio.write_dataframe  # pyogrio is untyped


def read_geopackage(path: Path, options: ReadingOptions) -> RawLayer:
    """Read one layer of a GeoPackage; where it declares several systems for it, all are stated."""
    with settled(path) as whole:
        raw = read_container(whole, options, name="geopackage", stored=with_stored_values)
        return replace(
            raw,
            attributes=with_zero_bytes(raw.attributes, whole, raw.layer),
            stated=contradictions(whole, raw.layer, raw.declared),
        )


def count_rows(path: Path, raw: RawLayer) -> Declared:
    """Count the rows of the table."""
    return Declared(count_table(path, raw.layer))


def write_geopackage(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write one layer; coordinates are kept to the last bit."""
    return write_layers({options.layer_name: frame}, path, options.provenance)


def write_layers(tables: Mapping[str, pd.DataFrame], path: Path, provenance: Provenance) -> tuple[str, ...]:
    """Write tables with and without geometry in their order, and last one without, of what they rest on, where given.

    The same facts are the metadata of the file.
    """
    about = {ABOUT: table_of_provenance(provenance)} if provenance else {}
    for number, (name, table) in enumerate({**tables, **about}.items()):
        _write(
            table,
            path,
            layer=name,
            driver="GPKG",
            append=number > 0,
            dataset_metadata=dict(provenance) or None,
            use_arrow=_of_words(table),
        )
    return ()


def _of_words(table: pd.DataFrame) -> bool:
    """Whether every object in the columns is a word: such a table is the same through Arrow, in half of the time.

    Other objects would be given other types than words.
    """
    objects = [column for _, column in table.items() if column.dtype == object]
    return all(pd.api.types.infer_dtype(column, skipna=True) in ("string", "empty") for column in objects)


def _with_log(path: Path) -> tuple[Path, ...]:
    """The file, and what a program that has it open has written beside it so far."""
    return (path, *(beside for end in ("-wal",) if (beside := path.with_name(path.name + end)).exists()))


FORMAT = Format(
    "geopackage", (".gpkg",), read_geopackage, write_geopackage,
    signature=check_geopackage, drivers=("GPKG",), parts=_with_log, count=count_rows,
)  # fmt: skip
