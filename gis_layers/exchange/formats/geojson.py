"""GeoJSON (RFC 7946, and the older form that names a CRS)."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_layers.crs import WGS84_CRS, is_inside_china, transform
from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.provenance import ABOUT
from gis_layers.exchange.delivery.raw import RawLayer, layers_of, read_undecoded
from gis_layers.exchange.formats.declared_counts import Declared
from gis_layers.exchange.formats.geojson_members import check_whole, count_geojson
from gis_layers.exchange.formats.registry import Format, WritingOptions, choose_layer
from gis_layers.exchange.formats.signatures import check_object, refused
from gis_layers.exchange.systems.geojson_crs import read_declared
from gis_layers.exchange.text.geojson_shape import GEOJSON_TYPES, type_of
from gis_layers.exchange.text.text_decoding import decode_table
from gis_layers.exchange.text.text_encoding import UTF8, Claims, RawText, decide_encoding, decode
from risk_model.message import msg

_TOPOLOGY = "Topology"


def read_geojson(path: Path, options: ReadingOptions) -> RawLayer:
    """Read the shapes of a GeoJSON file; without a ``crs`` member its coordinates are implied to be longitude and latitude.

    Its attributes are those its counter finds, each of the kind that is written.
    """
    content = path.read_bytes()
    encoding, text = _text_of(content, path, options)
    kind = type_of(text)
    if kind not in GEOJSON_TYPES:
        check_whole(text, path)
        raise refused(path, "GeoJSON")
    with tempfile.TemporaryDirectory() as folder:
        as_it_is = encoding == UTF8 and content[:3] != b"\xef\xbb\xbf"
        readable = path if as_it_is else Path(folder) / f"{path.stem}.geojson"
        if readable is not path:
            readable.write_bytes(text.encode())
        layer = choose_layer(layers_of(readable), options.layer, path=path) if kind == _TOPOLOGY else None
        raw = decode_table(read_undecoded(readable, layer, columns=[]), Claims(UTF8))
    declared = read_declared(text)
    return replace(
        raw, format="geojson", layer=layer or path.stem, encoding=encoding,
        declared=declared.crs, implied=declared.implied, stated=declared.stated,
    )  # fmt: skip


def count_members(path: Path, raw: RawLayer) -> Declared:
    """Count the members of the document and take down their attributes. Raises UnreadableFile."""
    text, _ = decode(RawText(path.read_bytes().removeprefix(b"\xef\xbb\xbf")), raw.encoding or UTF8)
    return count_geojson(text or "", path, raw.layer)


def write_geojson(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write longitude and latitude to the last bit, whatever the frame's CRS: the format knows no other.

    GDAL rounds what it writes, so the features are written here, one a line; behind them, what they rest on.
    """
    degrees = transform(frame.geometry.to_numpy(), frame.crs or WGS84_CRS, WGS84_CRS)
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for number, (row, geometry) in enumerate(zip(rows, shapely.to_geojson(degrees), strict=True)):
            properties = json.dumps({str(name): _cell(value) for name, value in row.items()}, ensure_ascii=False)
            file.write(f'{"," if number else ""}\n{{"type": "Feature", "properties": {properties}, ')
            file.write(f'"geometry": {geometry or "null"}}}')
        about = f', "{ABOUT}": {json.dumps(dict(options.provenance), ensure_ascii=False)}' if options.provenance else ""
        file.write(f"\n]{about}}}\n")
    return ()


def _cell(value: Any) -> Any:
    """A value as JSON has it: no NaN, days in ISO 8601, what it does not know as text."""
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is None or plain is pd.NaT or (isinstance(plain, float) and not math.isfinite(plain)):
        return None
    if isinstance(plain, date):
        return plain.isoformat()
    return plain if isinstance(plain, str | int | float | list | dict) else str(plain)


def _text_of(content: bytes, path: Path, options: ReadingOptions) -> tuple[str, str]:
    raw = RawText(content.removeprefix(b"\xef\xbb\xbf"))
    claims = Claims(options.encoding, in_china=is_inside_china(options.metric_crs))
    decided = decide_encoding([] if content.isascii() else [raw], claims).name or UTF8
    text, _ = decode(raw, decided)
    if text is None:
        raise UnreadableFile(
            msg("{name} 无法按 {decided} 解码；请用 --encoding 指明编码", name=path.name, decided=decided)
        )
    return decided, text


FORMAT = Format(
    "geojson", (".geojson", ".json"), read_geojson, write_geojson,
    signature=check_object, drivers=("GeoJSON", "TopoJSON"), count=count_members,
)  # fmt: skip
