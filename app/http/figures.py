"""Figures in words: counts, areas, lengths and shares as they are read, each magnitude in one unit.

``static/js/core/figures.js`` writes them alike; a test holds the two together.
"""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from app.platform.clock import CHINA
from risk_model.message import Message, msg

UNKNOWN: Final = "—"
HECTARE_M2: Final = 1e4
SQUARE_KM_M2: Final = 1e6
FROM_HECTARES_M2: Final = 9_999.5
FROM_SQUARE_KM_M2: Final = 999_950.0
FROM_KM_M: Final = 9_999.5
"""From so much on the next unit is used: what would be rounded up to 10,000 of the smaller one is already one of it."""


def count_words(number: float | None) -> str:
    """A count: a whole number, thousands parted by commas."""
    return UNKNOWN if number is None else _rounded(number, 0)


def tenth_words(number: float | None) -> str:
    """A measure in tenths, thousands parted by commas."""
    return UNKNOWN if number is None else _rounded(number, 1)


def amount_words(number: float | None) -> str:
    """An amount of a substance, to the millionth, thousands parted by commas."""
    return UNKNOWN if number is None else _rounded(number, 6)


def area_words(area_m2: float | None) -> str | Message:
    """An area (m²) in square metres, hectares or square kilometres."""
    if area_m2 is None:
        return UNKNOWN
    if area_m2 >= FROM_SQUARE_KM_M2:
        return f"{_rounded(area_m2 / SQUARE_KM_M2, 2)} km²"
    if area_m2 >= FROM_HECTARES_M2:
        return msg("{n} 公顷", n=_rounded(area_m2 / HECTARE_M2, 2))
    return f"{'<1' if 0 < area_m2 < 1 else _rounded(area_m2, 0)} m²"


def length_words(length_m: float | None) -> str:
    """A length (m) in metres or kilometres."""
    if length_m is None:
        return UNKNOWN
    return f"{_rounded(length_m / 1e3, 2)} km" if length_m >= FROM_KM_M else f"{_rounded(length_m, 0)} m"


def share_words(share: float | None) -> str:
    """A share (0-1) in per cent; never 0 or 100 % of what is only nearly so."""
    if share is None:
        return UNKNOWN
    per_cent = share * 100
    if 0 < per_cent < 0.1:
        return "<0.1%"
    if 99.9 < per_cent < 100:
        return ">99.9%"
    return f"{_rounded(per_cent, 1)}%"


def scale_words(scale: int | None) -> str | Message:
    """The scale of a survey, the n of 1:n."""
    return f"1:{count_words(scale)}" if scale else msg("比例尺未注明")


def _rounded(value: float, places: int) -> str:
    """``value`` with at most so many places, thousands parted by commas, halves away from nought."""
    told = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, rest = f"{told:,f}".partition(".")
    rest = rest.rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def clock_words(moment: str) -> str:
    """A moment as answers write it, as people read it: day, hour and minute in Beijing."""
    return datetime.datetime.fromisoformat(moment).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
