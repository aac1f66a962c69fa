"""Databases of layers (GeoPackage, file geodatabase): choose one, read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from gis_layers.crs import is_inside_china
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer, layers_of, read_undecoded
from gis_layers.exchange.formats.registry import choose_layer
from gis_layers.exchange.text.text_decoding import decode_table
from gis_layers.exchange.text.text_encoding import UTF8, Claims

Stored = Callable[[Path, RawLayer, Sequence[int]], RawLayer]
"""Puts the values in place that GDAL changes, given the features' own numbers."""


def read_container(path: Path, options: ReadingOptions, *, name: str, stored: Stored | None = None) -> RawLayer:
    """Read one layer of a database whose format promises UTF-8. Raises UnreadableFile, AmbiguousLayer."""
    layer = choose_layer(layers_of(path), options.layer, path=path)
    claims = Claims(options.encoding, UTF8, in_china=is_inside_china(options.metric_crs))
    table = read_undecoded(path, layer, numbered=True)
    raw = replace(decode_table(table, claims), format=name, layer=layer)
    return raw if stored is None or table.numbers is None else stored(path, raw, table.numbers.tolist())
