"""Search for marks in what a file says: in its titles and metadata, in the cells of its tables."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from gis_layers.exchange.delivery.handover import LONGEST_TEXT, Handover, Secrecy
from gis_layers.exchange.secrecy.secrecy_words import level_in, named_level, squeezed, stamped_level, tells_secrecy
from risk_model.message import msg

_SIGN: Final = "密"
"""Every word for a state secret has it, so that cells without it need no closer look."""
_HEAD_ROWS: Final = 15
_SHARE: Final = 0.6
_COLUMNS: Final = {
    "provider": ("提供单位", "资料提供单位", "数据提供单位", "provider"),
    "document_number": ("文号", "来文文号", "document_number"),
    "handed_over_by": ("交接人", "移交人", "handed_over_by"),
    "received_on": ("接收日期", "移交日期", "交接日期", "received_on"),
}
_OF_TITLE: Final = re.compile(
    r"(?:资料|数据)?(提供单位|来文文号|文号|交接人|移交人|接收日期|移交日期|交接日期)\s*[:：]\s*([^\s;；,，]+)"
)
Told = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: its level, how it was known (``option name metadata title column stamp``), and the place in words."""

    secrecy: Secrecy
    kind: str
    where: str


def marks_of_text(text: str, kind: str, where: str) -> list[Mark]:
    """The mark in a title, in the name of a layer, in metadata."""
    level = level_in(text)
    return [Mark(level, kind, where)] if level else []


def marks_of_column(heading: str, values: Iterable[Any]) -> Iterator[Mark]:
    """The marks of a column's different values: all that stands below 密级, elsewhere what is a stamp and nothing else.

    A word below 密级 that nobody knows counts as a secret: unknown is never safe.
    """
    telling = tells_secrecy(heading)
    for value in values:
        text = "" if value is None else str(value)
        if telling and squeezed(text):
            level = named_level(text)
            yield Mark(level or Secrecy.CONFIDENTIAL, "column", _column(heading, None if level else text))
        elif _SIGN in text and (level := stamped_level(text)):
            yield Mark(level, "stamp", msg("列「{column}」的单元格", column=heading[:40]))


def _column(heading: str, unknown: str | None) -> str:
    if unknown is None:
        return msg("列「{column}」", column=heading[:40])
    return msg("列「{column}」里有不认识的密级「{word}」", column=heading[:40], word=unknown[:20])


def look_at_rows(rows: Iterable[Sequence[Any]], where: str) -> tuple[list[Mark], Told]:
    """The marks of a table, and what it tells of its handing over: in titles above it, in its heading, in its cells."""
    coming = iter(rows)
    head = [["" if cell is None else str(cell) for cell in row] for row in islice(coming, _HEAD_ROWS)]
    at = _heading_at(head)
    titles = [cell for row in head[:at] for cell in row]
    headings = head[at] if head else []
    marks = [mark for title in titles for mark in marks_of_text(title, "title", msg("{where} 的标题行", where=where))]
    marks += [
        mark
        for heading in headings
        if not tells_secrecy(heading)
        for mark in marks_of_text(heading, "title", msg("{where} 的表头", where=where))
    ]
    columns = _different(headings, head[at + 1 :], coming)
    marks += [mark for heading, values in columns for mark in marks_of_column(heading, values)]
    return marks, {**told_by_columns(columns), **told_by_titles(titles)}


def _heading_at(head: list[list[str]]) -> int:
    """Row of the heading: the first that fills most of the width."""
    filled = [sum(1 for cell in row if cell.strip()) for row in head]
    widest = max(filled, default=0)
    return next((number for number, count in enumerate(filled) if count >= max(2, _SHARE * widest)), 0)


def _different(
    headings: Sequence[str], first: Sequence[Sequence[str]], coming: Iterable[Sequence[Any]]
) -> list[tuple[str, set[str]]]:
    """Of each column the values worth a look: all below a heading that tells something, elsewhere those with 密."""
    width = len(headings)
    wanted = [tells_secrecy(heading) or _meaning(heading) is not None for heading in headings]
    found = [set[str]() for _ in range(width + 1)]
    for row in (*first, *coming):
        for place, cell in enumerate(row):
            column = min(place, width)
            if cell is not None and ((column < width and wanted[column]) or _SIGN in str(cell)):
                found[column].add(str(cell))
    return list(zip([*headings, ""], found, strict=True))


def _meaning(heading: str) -> str | None:
    plain = squeezed(heading).lower()
    return next((ours for ours, names in _COLUMNS.items() if plain in names), None)


def told_by_columns(columns: Iterable[tuple[str, Iterable[Any]]]) -> Told:
    """Statements columns of these names make of every row alike; what differs by row is of the rows, not the file."""
    told: dict[str, str] = {}
    for heading, values in columns:
        meaning = _meaning(heading)
        different = {str(value).strip() for value in values if value is not None and str(value).strip()}
        if meaning and len(different) == 1:
            told.setdefault(meaning, different.pop())
    return told


def told_by_titles(texts: Iterable[str]) -> Told:
    """Handing over as titles tell it: 提供单位：县水务局."""
    found = [match for text in texts for match in _OF_TITLE.findall(text)]
    return {meaning: value for name, value in found if (meaning := _meaning(name))}


def handover_of_texts(told: Iterable[Told]) -> Handover:
    """The handing over that the parts of a file tell of; the first that says something is believed."""
    whole: dict[str, str] = {}
    for each in told:
        whole = {**each, **whole}
    return Handover(
        provider=_fitting(whole.get("provider")),
        document_number=_fitting(whole.get("document_number")),
        handed_over_by=_fitting(whole.get("handed_over_by")),
        received_on=_day(whole.get("received_on")),
    )


def _fitting(text: str | None) -> str | None:
    plain = "".join(letter for letter in " ".join((text or "").split()) if letter.isprintable())
    return plain[:LONGEST_TEXT] or None


def _day(text: str | None) -> datetime.date | None:
    found = re.match(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})", (text or "").strip())
    try:
        day = datetime.date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
    return day if day is None or day <= datetime.datetime.now(tz=datetime.UTC).date() else None
