"""Place of a table's heading: below titles, in two rows, or in two languages one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gis_layers.exchange.delivery.report import Problem, UntrustedFile
from gis_layers.exchange.formats.tabular import coordinate_columns
from gis_layers.exchange.text.plain_text import plain
from risk_model.message import msg

_DEEPEST: Final = 30
"""Rows a heading is looked for in; what stands deeper is no heading."""
_MOST_QUOTED: Final = 60
_ENOUGH: Final = 2
_UNITS: Final = frozenset({"°", "度", "米", "m", "deg", "degree", "degrees", "十进制度", "dd", "wgs84", "cgcs2000"})
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class HeadedTable:
    """A heading, the rows of features below it, and what has to be told about the rows that are neither.

    ``besides`` are the numbers of the rows that are no features.
    """

    heading: list[str]
    rows: list[Row]
    besides: frozenset[int] = frozenset({0})
    problems: tuple[Problem, ...] = field(default=())


def below_heading(rows: Sequence[Row], fields: Mapping[str, str]) -> HeadedTable:
    """Part the non-empty ``rows`` of a table; the heading is the first row that names coordinates.

    A row without any such below it is the heading where at least two of its cells are filled, so that a refusal can
    tell the columns. Cells of the heading that are blank take what stands above them in a row of headings.
    """
    at = next((at for at in range(min(len(rows), _DEEPEST)) if _names_coordinates(rows, at, fields)), None)
    if at is None:
        at = next((at for at, row in enumerate(rows[:_DEEPEST]) if len(_filled(row)) >= _ENOUGH), 0)
        return HeadedTable(_heading(rows, at), list(rows[at + 1 :]), frozenset(range(at + 1)))
    again = 1 if len(rows) > at + 1 and _says_the_same(rows[at + 1], _heading(rows, at), fields) else 0
    above = [row for row in rows[:at] if not _is_heading(row, rows[at])]
    first = at + 1 + again
    passed_over = [*above, *rows[at + 1 : first]]
    return HeadedTable(_heading(rows, at), list(rows[first:]), frozenset(range(first)), _told(passed_over, at))


def names_coordinates(rows: Sequence[Row], fields: Mapping[str, str]) -> bool:
    """Whether one of the first rows is a heading of coordinates."""
    return any(_names_coordinates(rows, at, fields) for at in range(min(len(rows), _DEEPEST)))


def _names_coordinates(rows: Sequence[Row], at: int, fields: Mapping[str, str]) -> bool:
    return _has_coordinates(_heading(rows, at), fields)


def _has_coordinates(heading: Sequence[str], fields: Mapping[str, str]) -> bool:
    """Whether a heading names coordinates; one that names them twice does, and is refused when it is read."""
    try:
        lon, lat, wkt = coordinate_columns(heading, fields)
    except UntrustedFile:
        return True
    return bool(wkt) or bool(lon and lat)


def _heading(rows: Sequence[Row], at: int) -> list[str]:
    heading = [plain(cell) for cell in rows[at]]
    above = [plain(cell) for cell in rows[at - 1]] if at and _is_heading(rows[at - 1], rows[at]) else []
    wide = max(len(heading), len(above))
    pairs = zip(_padded(heading, wide), _padded(above, wide), strict=True)
    return [own or upper for own, upper in pairs]


def _is_heading(above: Row, row: Row) -> bool:
    """Whether ``above`` is the upper half of a heading in two rows: it names a column that ``row`` leaves blank."""
    wide = max(len(above), len(row))
    pairs = zip(
        _padded([plain(cell) for cell in above], wide), _padded([plain(cell) for cell in row], wide), strict=True
    )
    return len(_filled(above)) >= _ENOUGH and any(upper and not own for upper, own in pairs)


def _says_the_same(row: Row, heading: Sequence[str], fields: Mapping[str, str]) -> bool:
    """Whether a row below a heading names its coordinates again, in another language or by their unit."""
    try:
        lon, lat, wkt = coordinate_columns(heading, fields)
    except UntrustedFile:
        return False
    said_again = [
        plain(row[heading.index(name)]) for name in (wkt, lon, lat) if name and heading.index(name) < len(row)
    ]
    if not said_again or not all(said_again):
        return False
    if all(word.strip("()[]【】").lower() in _UNITS for word in said_again):
        return True
    return _has_coordinates([plain(cell) for cell in row], {})


def _told(rows: Sequence[Row], at: int) -> tuple[Problem, ...]:
    if not rows:
        return ()
    text = " / ".join(" ".join(_filled(row)) for row in rows)
    quoted = text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}…"
    problem = msg("表头在第 {n} 行（空行不计）；不是数据的行没有读入：{text}", n=at + 1, text=quoted)
    return (Problem(None, problem, None, "核对表头与数据的起止；不对则删去标题行后重新导入"),)


def _filled(row: Row) -> list[str]:
    return [text for cell in row if (text := plain(cell))]


def _padded(cells: list[str], wide: int) -> list[str]:
    return [*cells, *[""] * (wide - len(cells))]
