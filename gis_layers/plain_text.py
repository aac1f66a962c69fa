"""What can be kept at all: text without NUL and half characters, whole numbers that 64 bits hold."""

from __future__ import annotations

import re

LARGEST_WHOLE = 2**53 - 1
"""The largest whole number that JSON, PostGIS and browsers all keep to the last digit."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def has_unstorable(text: str) -> bool:
    """Whether ``text`` holds a NUL or a lone surrogate, which no database and no file in UTF-8 can hold."""
    return _UNSTORABLE.search(text) is not None
