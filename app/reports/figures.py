"""Figures in words: areas, lengths and shares as they are read, with their units."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from risk_model.message import Message, msg

UNKNOWN: Final = "—"
HECTARE_M2: Final = 1e4
SQUARE_KM_M2: Final = 1e6
LONG_M: Final = 1e4
"""From so many metres on a length is read in kilometres."""


def area_words(area_m2: float | None) -> str | Message:
    """An area (m²) in square metres, hectares or square kilometres."""
    if area_m2 is None:
        return UNKNOWN
    if area_m2 >= SQUARE_KM_M2:
        return f"{_rounded(area_m2 / SQUARE_KM_M2, 2)} km²"
    if area_m2 >= HECTARE_M2:
        return msg("{n} 公顷", n=_rounded(area_m2 / HECTARE_M2, 2))
    return f"{'<1' if 0 < area_m2 < 1 else _rounded(area_m2, 0)} m²"


def length_words(length_m: float | None) -> str:
    """A length (m) in metres or kilometres."""
    if length_m is None:
        return UNKNOWN
    return f"{_rounded(length_m / 1e3, 2)} km" if length_m >= LONG_M else f"{_rounded(length_m, 0)} m"


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


def _rounded(value: float, places: int) -> str:
    """``value`` with at most so many places, thousands parted by commas, halves away from nought."""
    told = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, rest = f"{told:,f}".partition(".")
    rest = rest.rstrip("0")
    return f"{whole}.{rest}" if rest else whole
