"""Place of a table's heading: below titles, in two rows, or in two languages one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gis_layers.exchange.delivery.report import Problem, UntrustedFile
from gis_layers.exchange.formats.tabular import (
    LATITUDE,
    LONGITUDE,
    WELL_KNOWN_TEXT,
    coordinate_columns,
    read_coordinate,
)
from gis_layers.exchange.text.headings import called
from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.quantities import UNITS
from gis_layers.exchange.text.usual_headings import USUAL
from gis_layers.exchange.text.written import is_nothing
from risk_model.message import msg

_DEEPEST: Final = 30
"""Rows a heading is looked for in; what stands deeper is no heading."""
_MOST_QUOTED: Final = 60
_ENOUGH: Final = 2
_UNITS: Final = frozenset({"°", "度", "米", "m", "deg", "degree", "degrees", "十进制度", "dd", "wgs84", "cgcs2000"})
_METRES: Final = 100_000
_LARGEST_DEGREE: Final = 180
_NAMES: Final = tuple(
    frozenset({ours, *names})
    for ours, names in (*USUAL.items(), ("lon", LONGITUDE), ("lat", LATITUDE), ("wkt", WELL_KNOWN_TEXT))
)
"""What each column that is ours may be called."""
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
    tell the columns; so it is where rows of coordinates stand above that row, which are no titles. Cells of the heading
    that are blank take what stands above them in a row of headings.
    """
    at = _place_of_heading(rows, fields)
    if at is None or any(map(_holds_coordinates, rows[:at])):
        at = next((at for at, row in enumerate(rows[:_DEEPEST]) if len(_filled(row)) >= _ENOUGH), 0)
        return HeadedTable(_heading(rows, at), list(rows[at + 1 :]), frozenset(range(at + 1)))
    again = 1 if len(rows) > at + 1 and _says_the_same(rows[at + 1], _heading(rows, at), fields) else 0
    above = [row for row in rows[:at] if row is not rows[at - 1] or not _is_heading(row, rows[at])]
    first = at + 1 + again
    passed_over = [*above, *rows[at + 1 : first]]
    return HeadedTable(_heading(rows, at), list(rows[first:]), frozenset(range(first)), _told(passed_over, at))


def _place_of_heading(rows: Sequence[Row], fields: Mapping[str, str]) -> int | None:
    return next((at for at in range(min(len(rows), _DEEPEST)) if _names_coordinates(rows, at, fields)), None)


def _holds_coordinates(row: Row) -> bool:
    """Whether two cells of a row are numbers as places have them: with a fraction, in degrees and minutes, or of metres."""
    return sum(map(_is_coordinate, row)) >= _ENOUGH


def _is_coordinate(cell: Any) -> bool:
    try:
        number = read_coordinate(cell)
    except ValueError:
        return False
    return (number % 1 != 0 and abs(number) <= _LARGEST_DEGREE) or abs(number) >= _METRES


def names_coordinates(rows: Sequence[Row], fields: Mapping[str, str]) -> bool:
    """Whether one of the first rows is a heading of coordinates."""
    return _place_of_heading(rows, fields) is not None


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
    """Whether a row below a heading says nothing but its headings again, in another language or by their units.

    Its coordinates alone are no proof, nor one word nobody knows beside them: in doubt a row is a feature, and counted.
    """
    try:
        coordinates = [name for name in coordinate_columns(heading, fields) if name]
    except UntrustedFile:
        return False
    pairs = [(name, plain(cell)) for name, cell in zip(heading, row, strict=False) if not is_nothing(cell)]
    if not coordinates or not {name for name, _ in pairs} >= set(coordinates) or _filled(row[len(heading) :]):
        return False
    if all(cell.strip("()[]【】").lower() in _UNITS | UNITS for _, cell in pairs):
        return True
    besides = any(name not in coordinates for name, _ in pairs)
    return besides and all(_is_called(name, cell) for name, cell in pairs)


def _is_called(heading: str, cell: str) -> bool:
    """Whether a cell is another name of the column it stands in."""
    return any(called([heading], names) and called([cell], names) for names in _NAMES)


def _told(rows: Sequence[Row], at: int) -> tuple[Problem, ...]:
    if not rows:
        return ()
    text = " / ".join(" ".join(_filled(row)) for row in rows)
    quoted = text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}…"
    problem = msg("表头在第 {n} 行（空行不计）；不是数据的行没有读入：{text}", n=at + 1, text=quoted)
    return (Problem(None, problem, None, msg("核对表头与数据的起止；不对则删去标题行后重新导入")),)


def _filled(row: Row) -> list[str]:
    return [text for cell in row if (text := plain(cell))]


def _padded(cells: list[str], wide: int) -> list[str]:
    return [*cells, *[""] * (wide - len(cells))]
