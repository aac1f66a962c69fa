"""The rows of a feature class, counted in the index of its table and not by whoever reads the rows."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from gis_layers.exchange.delivery.raw import RawLayer, read_undecoded
from gis_layers.exchange.formats.declared_counts import Declared

_CATALOGUE: Final = "GDB_SystemCatalog"
_HEAD: Final = struct.Struct("<4i")
"""Of the index: version, blocks of rows there are, rows ever written, bytes of an offset."""
_BLOCK: Final = 1024
_KNOWN: Final = 3
"""Version 4, with 64-bit numbers, tells them elsewhere: there the number of rows is taken as read."""


def count_feature_class(path: Path, raw: RawLayer) -> Declared:
    """Count the rows of a feature class. Raises UnreadableFile."""
    index = path / f"a{_number_of(path, raw.layer):08x}.gdbtablx"
    content = index.read_bytes() if index.is_file() else b""
    if len(content) < _HEAD.size:
        return Declared(0)
    version, blocks, _, width = _HEAD.unpack_from(content)
    if version != _KNOWN:
        return Declared(len(raw.geometries))
    offsets = content[_HEAD.size : _HEAD.size + blocks * _BLOCK * width]
    empty = bytes(width)
    return Declared(sum(offsets[at : at + width] != empty for at in range(0, len(offsets), width)))


def _number_of(path: Path, layer: str) -> int:
    """The number of a table, which is the place of its name in the catalogue of all tables."""
    catalogue = read_undecoded(path, _CATALOGUE, numbered=True)
    names = catalogue.columns[0].tolist()
    assert catalogue.numbers is not None
    return int(catalogue.numbers[names.index(layer.encode().decode("latin-1"))])
