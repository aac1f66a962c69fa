"""The lines of a table of text, counted without the library that reads them: what a cell swallows is a line lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from gis_layers.errors import CountsDiffer
from gis_layers.exchange.formats.declared_counts import Declared
from risk_model.message import Message, msg

_BREAK: Final = re.compile(r"\r\n|\r|\n")
_WELL_KNOWN_TEXT: Final = re.compile(r"\s*(?:SRID=\d+;\s*)?[A-Z]+(?:\s+[ZM]{1,2})?\s*\(", re.IGNORECASE)
"""It may go over several lines and is full of commas."""
_MARK: Final = "\x1f"
_SWALLOWED: Final = msg("一个单元格里有换行，换行之后像是另外一行数据，可能是引号没有闭合；请检查这一行的引号")
_MOST_TOLD: Final = 80
_MANY: Final = 3


def count_lines(text: str, delimiter: str, name: str, *, width: int, besides: Collection[int] = (0,)) -> Declared:
    """Count the lines that hold something; broken are those with more cells than the ``width`` of the heading.

    ``besides`` are lines that are no features, counted from 0 without the empty ones: titles and the heading.

    Raises CountsDiffer where most have more: then it is the heading that lacks a column.
    """
    held = [line for line in _BREAK.split(_plain(text, delimiter, width - 1)) if line.strip(delimiter)]
    lines = [line for number, line in enumerate(held) if number not in besides]
    longer = {number: surplus for number, line in enumerate(lines) if any(surplus := line.split(delimiter)[width:])}
    if len(longer) >= _MANY and len(longer) * 2 > len(lines):
        first = min(longer)
        raise CountsDiffer(
            msg(
                "{name} 的标题行有 {width} 列，第 {line} 行数据却有 {cells} 列，大多数行都是这样；请给每一列补上标题，单元格里有「{delimiter}」的加上引号",
                name=name,
                width=width,
                line=first + 1,
                cells=len(lines[first].split(delimiter)),
                delimiter=delimiter,
            )
        )
    broken: dict[int, str] = {number: _longer(surplus, width) for number, surplus in longer.items()}
    broken |= {number: _SWALLOWED for number, line in enumerate(lines) if _MARK in line}
    return Declared(len(lines), broken=broken)


def _plain(text: str, delimiter: str, width: int) -> str:
    """The text with a space for every break and delimiter within quotes, and a mark where a line may stand in them."""

    def without_breaks(quoted: re.Match[str]) -> str:
        cell = quoted[0][1:-1]
        if not (_BREAK.search(cell) or delimiter in cell):
            return cell
        inner = _BREAK.split(cell)[1:]
        swallowing = (
            width > 0 and not _WELL_KNOWN_TEXT.match(cell) and any(line.count(delimiter) >= width for line in inner)
        )
        return _BREAK.sub(" ", cell.replace(delimiter, " ")) + (_MARK if swallowing else "")

    at_the_start = rf'(?:\A|(?<=[\r\n{re.escape(delimiter)}]))"[^"]*(?:""[^"]*)*"'
    return re.sub(at_the_start, without_breaks, text)


def _longer(surplus: Sequence[str], width: int) -> Message:
    return msg(
        "这一行比标题行多出「{surplus}」（标题只有 {width} 列），各列可能已经错位；单元格里的分隔符要加引号",
        surplus="｜".join(surplus)[:_MOST_TOLD],
        width=width,
    )
