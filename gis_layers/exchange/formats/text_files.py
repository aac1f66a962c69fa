"""Files that only say they are text: boundary-point lists of land offices, else tables like any CSV."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.formats.boundary_points import NAME, count_plots, is_boundary_list, read_boundary_list
from gis_layers.exchange.formats.csv import count_rows, decoded, table_of_text, write_csv
from gis_layers.exchange.formats.declared_counts import Declared, all_met
from gis_layers.exchange.formats.registry import Format
from gis_layers.exchange.formats.signatures import check_table


def read_text_file(path: Path, options: ReadingOptions) -> RawLayer:
    """Read a list of boundary points as the box for pasted coordinates does, anything else as a table."""
    encoding, text = decoded(path, options)
    if is_boundary_list(text):
        return replace(read_boundary_list(text, path), encoding=encoding)
    return table_of_text(text, path, options, encoding)


def count_features(path: Path, raw: RawLayer) -> Declared:
    """Count the plots of a list or the rows of a table. Raises CountsDiffer."""
    if raw.format != NAME:
        return count_rows(path, raw)
    written = count_plots(decoded(path, ReadingOptions(encoding=raw.encoding))[1])
    return all_met(written, raw, path)


FORMAT = Format("text", (".txt",), read_text_file, write_csv, signature=check_table, count=count_features)
