"""Databases of layers (GeoPackage, file geodatabase): choose one, read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyogrio

from gis_layers.crs import is_inside_china
from gis_layers.errors import UnreadableFile
from gis_layers.exchange.decoding import decode_table
from gis_layers.exchange.formats import choose_layer
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer, for_gdal, read_undecoded, told
from gis_layers.exchange.text_encoding import UTF8, Claims

_list_layers: Any = pyogrio.list_layers  # pyogrio is untyped


def read_container(path: Path, options: ReadingOptions, *, name: str) -> RawLayer:
    """Read one layer of a database whose format promises UTF-8. Raises UnreadableFile, AmbiguousLayer."""
    try:
        with for_gdal(path) as plain:
            listed = _list_layers(plain)
    except RuntimeError as error:
        raise UnreadableFile(
            f"{path.name} cannot be opened ({told(error, path)}); check that the file is complete"
        ) from error
    drawn = [str(layer) for layer, kind in listed if kind is not None]
    layer = choose_layer(drawn, options.layer, path=path)
    claims = Claims(options.encoding, UTF8, in_china=is_inside_china(options.metric_crs))
    raw = decode_table(read_undecoded(path, layer), claims)
    return replace(raw, format=name, layer=layer)
