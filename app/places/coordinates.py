"""Coordinates as people type them into a search box."""

from __future__ import annotations

import re
import unicodedata

from gis_layers.crs import Bounds

Point = tuple[float, float]

_EAST, _NORTH = ("东经", "经度", "e"), ("北纬", "纬度", "n")
_NUMBER = r"\d{1,3}(?:\.\d+)?"
_ANGLE = re.compile(
    rf"(?P<before>东经|经度|北纬|纬度|[en])?[:\s]*(?P<sign>-)?(?P<degrees>{_NUMBER})\s*"
    rf"(?:[°度:]\s*(?:(?P<minutes>{_NUMBER})\s*(?:['分:]\s*(?:(?P<seconds>{_NUMBER})\s*(?:[\"秒]|'')?)?)?)?)?"
    r"\s*(?P<after>[en])?"
)
_APART = re.compile(r"[\s,;、/]+")
_TOUCHING = re.compile(r"(?<=[en\"秒'分°度])(?=[\d东北经纬en])")
_SIGNS = str.maketrans({"º": "°", "′": "'", "’": "'", "″": '"', "”": '"'})


def read_coordinates(text: str, likely: Bounds) -> list[Point]:
    """Every lon, lat (degrees) that ``text`` may mean; empty where it is no pair of coordinates.

    Letters or words for the axes decide the order. Without them both orders are tried: those inside ``likely`` (west,
    south, east, north) count, and where neither is inside, every order that exists on earth.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip().casefold().strip("()[]")
    pair = _split(plain)
    if pair is None:
        return []
    (first, first_axis), (second, second_axis) = pair
    if first_axis and first_axis == second_axis:
        return []
    swapped = first_axis == "lat" or second_axis == "lon"
    orders = [(second, first)] if swapped else [(first, second)]
    if first_axis is None and second_axis is None:
        orders.append((second, first))
    possible = list(dict.fromkeys(point for point in orders if abs(point[0]) <= 180 and abs(point[1]) <= 90))
    west, south, east, north = likely
    return [point for point in possible if west <= point[0] <= east and south <= point[1] <= north] or possible


def _split(plain: str) -> tuple[tuple[float, str | None], tuple[float, str | None]] | None:
    """The two angles of ``plain`` with their axes, wherever the first may end."""
    for between in (*_APART.finditer(plain), *_TOUCHING.finditer(plain)):
        first, second = _angle(plain[: between.start()]), _angle(plain[between.end() :])
        if first and second:
            return first, second
    return None


def _angle(text: str) -> tuple[float, str | None] | None:
    found = _ANGLE.fullmatch(text.strip())
    if found is None or (found["before"] and found["after"]):
        return None
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    word = found["before"] or found["after"]
    axis = "lon" if word in _EAST else "lat" if word in _NORTH else None
    angle = float(found["degrees"]) + minutes / 60 + seconds / 3600
    return (-angle if found["sign"] else angle), axis
