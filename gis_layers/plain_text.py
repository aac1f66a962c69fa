"""Storable values: text without NUL and half characters, whole numbers of 64 bits; and what nobody sees of it."""

from __future__ import annotations

import re

LARGEST_WHOLE = 2**53 - 1
"""The largest whole number that JSON, PostGIS and browsers all keep to the last digit."""

LAST_DIGIT = 10**15
"""Whole numbers below this keep every digit in a spreadsheet, which knows fifteen, and in any program that knows doubles."""

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Signs without width: joiners, marks of direction and of the order of bytes. Selectors of a character's variant are none."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def has_unstorable(text: str) -> bool:
    """Whether ``text`` holds a NUL or a lone surrogate, which no database and no file in UTF-8 can hold."""
    return _UNSTORABLE.search(text) is not None


def visible(text: str) -> str:
    """``text`` without the signs that have no width."""
    return _INVISIBLE.sub("", text)


def invisible_signs(text: str) -> list[str]:
    """The signs without width in ``text``, by their code points: ``U+200B``."""
    return [f"U+{ord(sign):04X}" for sign in dict.fromkeys(_INVISIBLE.findall(text))]
