"""GeoJSON (RFC 7946, and the older form that names a CRS)."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd

from gis_layers.crs import WGS84_CRS, is_inside_china, parse_crs, transform
from gis_layers.errors import UnreadableFile
from gis_layers.exchange.decoding import decode_table
from gis_layers.exchange.formats import Format, WritingOptions
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.raw import RawLayer, read_undecoded
from gis_layers.exchange.text_encoding import UTF8, Claims, RawText, decide_encoding, decode

_HEAD_AND_TAIL = 4096
_SIXTEEN_DIGITS = 15


def read_geojson(path: Path, options: ReadingOptions) -> RawLayer:
    """Read a GeoJSON file; without a ``crs`` member its coordinates are implied to be longitude and latitude."""
    content = path.read_bytes()
    encoding, text = _text_of(content, path, options)
    with tempfile.TemporaryDirectory() as folder:
        readable = path if encoding == UTF8 and content[:3] != b"\xef\xbb\xbf" else Path(folder) / "layer.geojson"
        if readable is not path:
            readable.write_bytes(text.encode())
        raw = decode_table(read_undecoded(readable), Claims(UTF8))
    implied = '"crs"' not in text[:_HEAD_AND_TAIL] + text[-_HEAD_AND_TAIL:]
    declared = parse_crs(WGS84_CRS) if implied else raw.declared
    return replace(raw, format="geojson", layer=path.stem, encoding=encoding, declared=declared, implied=implied)


def write_geojson(frame: gpd.GeoDataFrame, path: Path, options: WritingOptions) -> tuple[str, ...]:
    """Write longitude and latitude in degrees, whatever the frame's CRS: the format knows no other."""
    flat = frame.set_geometry(
        gpd.GeoSeries(
            transform(frame.geometry.to_numpy(), frame.crs or WGS84_CRS, WGS84_CRS), index=frame.index, crs=WGS84_CRS
        )
    )
    flat.to_file(
        path,
        driver="GeoJSON",
        engine="pyogrio",
        index=False,
        layer=options.layer_name,
        COORDINATE_PRECISION=_SIXTEEN_DIGITS,
    )
    return ()


def _text_of(content: bytes, path: Path, options: ReadingOptions) -> tuple[str, str]:
    raw = RawText(content.removeprefix(b"\xef\xbb\xbf"))
    claims = Claims(options.encoding, in_china=is_inside_china(options.metric_crs))
    decided = decide_encoding([] if content.isascii() else [raw], claims).name or UTF8
    text, _ = decode(raw, decided)
    if text is None:
        raise UnreadableFile(f"{path.name} cannot be decoded as {decided}; name its encoding with --encoding")
    return decided, text


FORMAT = Format("geojson", (".geojson", ".json"), read_geojson, write_geojson)
