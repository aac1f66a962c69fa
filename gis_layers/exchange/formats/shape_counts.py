"""The parts of a shapefile, counted one by one: shapes, their index and the rows of their table are to be as many."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gis_layers.errors import CountsDiffer
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.formats.declared_counts import Declared
from risk_model.message import msg

_HEADER: Final = 100
_RECORD: Final = struct.Struct(">ii")
_WITH_PARTS: Final = frozenset({3, 5, 13, 15, 23, 25})
_POINTS_AT: Final = 40
"""In the content of a line or an area: its kind, its box, the number of its parts, then that of its points."""
_UNCOUNTED: Final = -1
_DELETED: Final = ord("*")


@dataclass(frozen=True, slots=True)
class RowTable:
    """Rows of a dBASE table: the number in its head, whole rows there are bytes for, and those marked as deleted."""

    said: int
    found: int
    deleted: frozenset[int]


def check_tables(shape: Path, index: Path, table: Path | None) -> None:
    """Pass by a shapefile whose index and table are as long as they say. Raises CountsDiffer."""
    listed = len(_listed(index.read_bytes()))
    rows = count_table(table) if table else RowTable(listed, listed, frozenset())
    if rows.said != listed or rows.found < rows.said:
        raise _disagreeing(shape, (len(_read_records(shape)), listed, min(rows.said, rows.found)))


def count_shapes(shape: Path, index: Path, table: Path | None) -> Declared:
    """Count the shapes of a shapefile whose tables were checked. Raises CountsDiffer where its index is another one's."""
    listed = _listed(index.read_bytes())
    records = _read_records(shape)
    rows = count_table(table) if table else RowTable(len(listed), len(listed), frozenset())
    if len(listed) not in {len(records), len({number for number, _ in records.values()})}:
        raise _disagreeing(shape, (len(records), len(listed), rows.said))
    strayed = [number for number, at in enumerate(listed) if at not in records]
    if strayed:
        raise CountsDiffer(
            msg(
                "{name}：.shx 第 {number} 条指向的地方不是一个图形，它不是这个 .shp 的索引；请向资料提供单位索取同一次导出的全部文件",
                name=shape.name,
                number=strayed[0],
            )
        )
    vertices = [records[at][1] for number, at in enumerate(listed) if number not in rows.deleted]
    return Declared(len(vertices), vertices=vertices, problems=_given_up(rows))


def count_table(path: Path) -> RowTable:
    """Count the rows of a table by its head and by its bytes."""
    content = path.read_bytes()
    if len(content) < 12:
        return RowTable(0, 0, frozenset())
    rows, head, width = struct.unpack_from("<IHH", content, 4)
    found = max(len(content) - head, 0) // width if width else 0
    marks = content[head::width] if width else b""
    return RowTable(rows, found, frozenset(number for number, mark in enumerate(marks[:rows]) if mark == _DELETED))


def _listed(index: bytes) -> list[int]:
    """Place in the .shp of each shape's start, in bytes, in the order of the index."""
    return [place * 2 for place, _ in _RECORD.iter_unpack(index[_HEADER : _HEADER + (len(index) - _HEADER) // 8 * 8])]


def _read_records(shape: Path) -> dict[int, tuple[int, int]]:
    with shape.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _records(content)


def _records(content: mmap.mmap) -> dict[int, tuple[int, int]]:
    """By place the number of each record and how many vertices it says it has."""
    found: dict[int, tuple[int, int]] = {}
    at = _HEADER
    while at + _RECORD.size <= len(content):
        number, words = _RECORD.unpack_from(content, at)
        if words < 0:
            break
        found[at] = (number, _vertices(content, at + _RECORD.size, words * 2))
        at += _RECORD.size + words * 2
    return found


def _vertices(content: mmap.mmap, at: int, length: int) -> int:
    if length < _POINTS_AT or at + _POINTS_AT > len(content):
        return _UNCOUNTED
    kind, points = struct.unpack_from("<i", content, at)[0], struct.unpack_from("<i", content, at + _POINTS_AT - 4)[0]
    return points if kind in _WITH_PARTS and points >= 0 else _UNCOUNTED


def _disagreeing(shape: Path, counts: Sequence[int]) -> CountsDiffer:
    shapes, listed, rows = counts
    return CountsDiffer(
        msg(
            "{name}：.shp 有 {shapes} 个图形，.shx 列出 {listed} 个，.dbf 有 {rows} 行，无法判断哪一行属于哪个图形；请向资料提供单位索取同一次导出的全部文件",
            name=shape.name,
            shapes=shapes,
            listed=listed,
            rows=rows,
        )
    )


def _given_up(rows: RowTable) -> tuple[Problem, ...]:
    if not rows.deleted:
        return ()
    return (
        Problem(
            None,
            msg("有 {n} 个要素在 .dbf 中标记为已删除，没有读取", n=len(rows.deleted)),
            None,
            msg("核对这些要素是否确已作废；仍有效的请在源软件中恢复后重新导出"),
        ),
    )
