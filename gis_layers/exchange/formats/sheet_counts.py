"""The cells of a sheet, counted in the sheet's own XML: rows a reader passes over, rows nobody sees, merged cells."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZipFile

from gis_layers.errors import CountsDiffer
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.formats.declared_counts import ALL_SAVED_ANEW, Declared
from risk_model.message import msg

_BOOK: Final = "xl/workbook.xml"
_SHOWN: Final = 5
_TRUE: Final = frozenset({"1", "true"})


@dataclass(slots=True)
class SheetCount:
    """Counts of a sheet's XML: cells with a value, rows of them that are hidden, merged ranges."""

    cells: int = 0
    hidden: int = 0
    merged: list[str] = field(default_factory=list)


def count_cells(path: Path, raw: RawLayer) -> Declared:
    """Count the cells of the sheet that was read. Raises CountsDiffer where the reader came by fewer of them."""
    with ZipFile(path) as archive, archive.open(_part_of(archive, raw.layer)) as sheet:
        count = count_sheet(sheet)
    if raw.met is not None and raw.met < count.cells:
        raise CountsDiffer(
            msg(
                "{name} 的工作表「{sheet}」写有 {written} 格内容，能按行列读出的只有 {read} 格（行号或列号重复、颠倒）；{advice}",
                name=path.name,
                sheet=raw.layer,
                written=count.cells,
                read=raw.met,
                advice=ALL_SAVED_ANEW,
            )
        )
    return Declared(len(raw.geometries), problems=(*_told_of_hidden(count), *_told_of_merged(count)))


def count_sheet(file: IO[bytes]) -> SheetCount:
    """Count what the XML of a sheet holds."""
    count = SheetCount()
    for _, element in _elements(file):
        match _local(element.tag):
            case "row":
                cells = sum(_values(element))
                count.cells += cells
                count.hidden += cells > 0 and element.get("hidden") in _TRUE
                element.clear()
            case "mergeCell":
                count.merged.append(str(element.get("ref")))
    return count


def _values(row: Any) -> Iterator[bool]:
    """For each cell whether something stands in it."""
    for cell in row:
        yield any(part.text for part in cell.iter() if _local(part.tag) in {"v", "t"})


def _elements(file: IO[bytes]) -> Iterator[tuple[Any, Any]]:
    """Every element of the XML with its event, once it is whole."""
    from openpyxl.xml.functions import iterparse  # noqa: PLC0415

    yield from iterparse(file)


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _part_of(archive: ZipFile, sheet: str) -> str:
    """The part of the archive in which a sheet of this name lies. Raises KeyError."""
    with archive.open(_BOOK) as book:
        named = {one.get("name"): one for _, one in _elements(book) if _local(one.tag) == "sheet"}
    number = next(value for name, value in named[sheet].attrib.items() if name.endswith("}id"))
    with archive.open(f"xl/_rels/{posixpath.basename(_BOOK)}.rels") as links:
        targets = {one.get("Id"): str(one.get("Target")) for _, one in _elements(links)}
    target = targets[number]
    return target.removeprefix("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _told_of_hidden(count: SheetCount) -> Iterator[Problem]:
    if count.hidden:
        yield Problem(
            None,
            msg("有 {n} 行在表格中被隐藏或筛选掉，也一并读取了", n=count.hidden),
            None,
            msg("核对这些行是否应当导入；不应导入的请删除后重新导入"),
        )


def _told_of_merged(count: SheetCount) -> Iterator[Problem]:
    spread = [one for one in count.merged if _over_several_rows(one)]
    if spread:
        yield Problem(
            None,
            msg(
                "有 {n} 处单元格跨行合并（{ranges}），只有最上一行有值，其余各行按空白处理",
                n=len(spread),
                ranges=spread[:_SHOWN],
            ),
            None,
            msg("取消合并并在每一行填上值后重新导入"),
        )


def _over_several_rows(merged: str) -> bool:
    from openpyxl.utils import range_boundaries  # noqa: PLC0415

    try:
        _, top, _, bottom = range_boundaries(merged)
    except (ValueError, TypeError):
        return False
    return bool(bottom and top and bottom > top)
