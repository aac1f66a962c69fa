"""Blocks of an .osm.pbf as they lie in the file: measured before a library unpacks them, and the driven ways in them counted."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.reading_limits import ALWAYS_BYTES, ReadingLimits
from risk_model.message import msg

_MOST_HEADER: Final = 64 * 1024
_MOST_BLOB: Final = 32 * 1024**2
"""What the format itself allows a header, and a block before and after it is packed."""
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
Field = tuple[int, int | memoryview]


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its kind, its bytes as they are packed, and how many they become."""

    kind: bytes
    packed: memoryview
    is_plain: bool
    size: int

    def content(self) -> memoryview:
        """The block unpacked, never to more than it says."""
        if self.is_plain:
            return self.packed
        return memoryview(zlib.decompressobj().decompress(self.packed, self.size))


def check_blocks(path: Path, limits: ReadingLimits) -> None:
    """Pass a file by whose blocks stay within the limits. Raises UnreadableFile for any other, also for a shorter one than it says."""
    held = sum(block.size for block in blocks_of(path))
    most = max(min(limits.unpacked_bytes, limits.ratio * path.stat().st_size), ALWAYS_BYTES)
    if held > most:
        raise UnreadableFile(msg("{name} 解开后超过上限，没有打开；请截取本地范围后重新导入", name=path.name))


def blocks_of(path: Path) -> Iterator[Block]:
    """Every block from the first to the end of the file. Raises UnreadableFile where one is cut off or oversized."""
    content = memoryview(path.read_bytes())
    at = 0
    try:
        while at < len(content):
            head = int.from_bytes(content[at : at + 4], "big")
            told = dict(fields_of(_taken(content, at + 4, head, _MOST_HEADER)))
            size = _number(told[3])
            yield _block(bytes(told[1]), _taken(content, at + 4 + head, size, _MOST_BLOB))
            at += 4 + head + size
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise UnreadableFile(msg("{name} 不完整或已损坏；请重新下载后再导入", name=path.name)) from error


def count_ways(path: Path, driven: frozenset[str]) -> int:
    """The ways of a file whose ``highway`` is one of ``driven``, counted in its blocks. Raises UnreadableFile."""
    words = {word.encode() for word in driven}
    try:
        return sum(_driven_in(block.content(), words) for block in blocks_of(path) if block.kind == b"OSMData")
    except (zlib.error, IndexError, ValueError, TypeError) as error:
        raise UnreadableFile(msg("{name} 不完整或已损坏；请重新下载后再导入", name=path.name)) from error


def fields_of(content: memoryview) -> Iterator[Field]:
    """The fields of a message, each its number and its value. Raises ValueError, IndexError where it is none."""
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(content, at)
            yield key >> 3, value
        elif kind in (_BYTES, _FIXED32, _FIXED64):
            size, at = _varint(content, at) if kind == _BYTES else (8 if kind == _FIXED64 else 4, at)
            yield key >> 3, _taken(content, at, size, len(content))
            at += size
        else:
            raise ValueError(kind)


def _block(kind: bytes, blob: memoryview) -> Block:
    told = dict(fields_of(blob))
    if 1 in told:
        return Block(kind, told[1], True, len(told[1]))  # type: ignore[arg-type]
    size = _number(told[2])
    if size > _MOST_BLOB:
        raise ValueError(size)
    return Block(kind, told[3], False, size)  # type: ignore[arg-type]


def _driven_in(content: memoryview, driven: set[bytes]) -> int:
    table: list[bytes] = []
    groups: list[memoryview] = []
    for number, value in fields_of(content):
        if number == 1:
            table = [bytes(word) for _, word in fields_of(value)]  # type: ignore[arg-type]
        elif number == 2:
            groups.append(value)  # type: ignore[arg-type]
    if b"highway" not in table:
        return 0
    key = table.index(b"highway")
    values = {at for at, word in enumerate(table) if word in driven}
    ways = [way for group in groups for number, way in fields_of(group) if number == 3]
    return sum(_is_driven(way, key, values) for way in ways)  # type: ignore[arg-type]


def _is_driven(way: memoryview, key: int, values: set[int]) -> bool:
    told = {number: value for number, value in fields_of(way) if number in (2, 3)}
    if len(told) < 2:
        return False
    keys, words = (_packed(told[number]) for number in (2, 3))
    return any(one == key and word in values for one, word in zip(keys, words, strict=True))


def _packed(value: int | memoryview) -> Iterator[int]:
    assert isinstance(value, memoryview)
    at = 0
    while at < len(value):
        number, at = _varint(value, at)
        yield number


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = content[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at
        if shift > 63:
            raise ValueError(number)


def _taken(content: memoryview, at: int, size: int, most: int) -> memoryview:
    if size > most or at + size > len(content):
        raise ValueError(size)
    return content[at : at + size]


def _number(value: int | memoryview) -> int:
    assert isinstance(value, int)
    return value
