"""Coordinates as people type, paste and photograph them: lines of text become rings of pairs, still without a meaning.

What is understood: decimal degrees; degrees, minutes and seconds with signs, colons, words or spaces; hemisphere
letters and words; metres; point numbers and ring numbers before a pair (the boundary-point lists of land surveys),
a height after it; several pairs on one line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from risk_model.message import Message, msg

Axis = Literal["lon", "lat"]

_LON, _LAT = (
    ("东经", "西经", "经度", "longitude", "lon", "e", "w"),
    ("北纬", "南纬", "纬度", "latitude", "lat", "n", "s"),
)
_NEGATIVE = ("西经", "南纬", "w", "s")
_VALUE = re.compile(
    r"""(?:(?P<before>东经|西经|北纬|南纬|经度|纬度|longitude|latitude|lon|lat|[EWNSXY])\s*[=:]?\s*)?
    (?P<sign>[+-]?)
    (?:(?P<whole>\d+)\s*(?P<mark>[°度:])\s*(?P<minutes>\d+(?:\.\d*)?)(?![\d.°度])
       (?:\s*['分:]\s*(?:(?P<seconds>\d+(?:\.\d*)?)(?![\d.°度:])\s*(?:["秒])?)?)?
      |(?P<number>\d+(?:\.\d*)?|\.\d+)(?:\s*(?P<sign_after>[°度]|米|m\b))?)
    (?:\s*(?P<after>[EWNS])(?![A-Za-z\d.]))?""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,、/|()\[\]]*")
_LABEL = re.compile(
    r"\s*(?!东经|西经|北纬|南纬|经度|纬度|lon|lat|[EWNSXY]\s*[=:]?\s*[+-]?\d)[^\W\d_]+(?:[-_#]?\d*|\s+[-_#]?\d{0,5})(?:-\d+)?\s*(?:\.(?!\d)|[,:)、\s])\s*",
    re.IGNORECASE,
)
_TELLS_OF_ALL = re.compile(
    r"\s*(?:坐标系|坐标基准|大地基准|中央|带号|几度分带|分带|投影|[^\s,:]*\d[^\s,:]*坐标系?统?\s*$|[^\s,:]*坐标系?统?\s*$)"
)
"""A line about the system of all points, whatever numbers are in it."""
_PAIRS = re.compile(r"(?:[+-]?\d+(?:\.\d*)?,[+-]?\d+(?:\.\d*)?)(?:\s+[+-]?\d+(?:\.\d*)?,[+-]?\d+(?:\.\d*)?)+")
_ALIKE = str.maketrans(
    {"º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "ʹ": "'", "`": "'", "″": '"', "”": '"', "“": '"'}
)
_SIXTY = 60
_LARGEST_POINT_NUMBER = 100_000
_MOST_RINGS = 100


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Text that could not be read, and its line (from 1; None: the text as a whole)."""

    line: int | None
    said: Message


@dataclass(frozen=True, slots=True)
class Value:
    """One coordinate: degrees where it was written in minutes or marked as an angle, else a bare number."""

    number: float
    axis: Axis | None
    sexagesimal: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Two coordinates of one point in the order they were written."""

    line: int
    ring: int
    first: Value
    second: Value


@dataclass(frozen=True, slots=True)
class WrittenPoints:
    """Plots of rows, parted by empty lines or by the ``@`` lines of survey lists, and what could not be read."""

    plots: list[list[Row]]
    problems: list[LineProblem]


def read_points(text: str) -> WrittenPoints:
    """Read every line that holds coordinates; headings without any are passed over, anything else is a problem."""
    plots: list[list[Row]] = [[]]
    problems: list[LineProblem] = []
    for number, line in enumerate(normalise(text).splitlines(), start=1):
        if not line.strip() or line.rstrip(", ").endswith("@"):
            plots.append([])
            continue
        for piece in _pieces(line):
            row = _read_row(piece, number)
            if isinstance(row, Row):
                plots[-1].append(row)
            elif row is not None:
                problems.append(row)
    return WrittenPoints([plot for plot in plots if plot], problems)


def normalise(text: str) -> str:
    """Full-width signs made half-width, the many degree, minute and second signs made one each."""
    return unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE).replace("''", '"')


def read_value(text: str) -> Value | None:
    """The one coordinate that ``text`` is, None where it is none or several."""
    found = _VALUE.fullmatch(normalise(text).strip())
    return _value_of(found) if found else None


def _pieces(line: str) -> list[str]:
    """The points of a line: parted by semicolons, or by spaces where each has its own comma."""
    pieces = [piece for piece in line.split(";") if piece.strip()]
    return [pair for piece in pieces for pair in (piece.split() if _PAIRS.fullmatch(piece.strip()) else [piece])]


def _read_row(piece: str, line: int) -> Row | LineProblem | None:
    if _TELLS_OF_ALL.match(piece):
        return None
    label = _LABEL.match(piece)
    values = _read_values(piece[label.end() :] if label else piece)
    if values is None:
        if _is_heading(piece):
            return None
        return LineProblem(line, msg("第 {n} 行读不懂：{text}", n=line, text=piece.strip()[:60]))
    row = _as_row(values, line, labelled=label is not None)
    if row is None:
        unclear = msg("第 {n} 行有 {count} 个数，看不出哪两个是坐标。", n=line, count=len(values))
        return LineProblem(line, unclear)
    return row


def _is_heading(piece: str) -> bool:
    """Whether a line tells about the coordinates rather than being one: no digit, or a setting such as 带号=33."""
    return not any(letter.isdigit() for letter in piece) or bool(re.match(r"\s*[^\W\d_]+\s*=", piece))


def _read_values(text: str) -> list[Value] | None:
    values, at = [], _end(_BETWEEN.match(text))
    while at < len(text):
        found = _VALUE.match(text, at)
        value = _value_of(found) if found else None
        if found is None or value is None:
            return None
        values.append(value)
        between = _BETWEEN.match(text, found.end())
        at = _end(between)
        touching = at == found.end() and at < len(text)
        if touching and not (found["after"] or found["mark"] or found["sign_after"]):
            return None
    return values or None


def _end(found: re.Match[str] | None) -> int:
    return found.end() if found else 0


def _value_of(found: re.Match[str]) -> Value | None:
    """None for minutes or seconds that are none."""
    mark = (found["before"] or found["after"] or "").lower()
    axis: Axis | None = "lon" if mark in _LON else "lat" if mark in _LAT else None
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    if minutes >= _SIXTY or seconds >= _SIXTY:
        return None
    size = float(found["whole"] or found["number"]) + minutes / 60 + seconds / 3600
    negative = (found["sign"] == "-") != (mark in _NEGATIVE)
    whole = found["number"] is not None and found["number"].isdigit()
    return Value(-size if negative else size, axis, found["whole"] is not None, whole)


def _as_row(values: list[Value], line: int, *, labelled: bool) -> Row | None:
    """A pair, with a point number, a ring number or a height beside it, or two angles in six numbers."""
    count, ring = len(values), 1
    if count in (6, 7) and _six_numbers(values[-6:]):
        return Row(line, 1, _angle(values[-6:-3]), _angle(values[-3:]))
    if count == 4 and values[0].whole and _is_ring(values[1]):
        values, ring = values[2:], int(values[1].number)
    elif count == 3 and labelled and _is_ring(values[0]):
        values, ring = values[1:], int(values[0].number)
    elif count == 3:
        numbered = values[0].whole and values[0].number < _LARGEST_POINT_NUMBER
        values = values[1:] if numbered else values[:2]
    return Row(line, ring, values[0], values[1]) if len(values) == 2 else None


def _is_ring(value: Value) -> bool:
    return value.whole and 1 <= value.number < _MOST_RINGS


def _six_numbers(values: list[Value]) -> bool:
    small = all(0 <= values[i].number < _SIXTY for i in (1, 2, 4, 5))
    return small and all(values[i].whole for i in (0, 1, 3, 4)) and not any(value.sexagesimal for value in values)


def _angle(values: list[Value]) -> Value:
    degrees, minutes, seconds = (value.number for value in values)
    return Value(degrees + minutes / 60 + seconds / 3600, values[0].axis, sexagesimal=True, whole=False)
