"""Plain text: words of headings and cells folded, so that spellings of one word are found alike."""

from __future__ import annotations

import unicodedata

from gis_layers.plain_text import LAST_DIGIT, visible


def plain(value: object) -> str:
    """Text as it is compared: full-width signs half-width (NFKC), none without width, no space around; 3.0 is 3."""
    if isinstance(value, float) and value.is_integer() and abs(value) < LAST_DIGIT:
        return str(int(value))
    text = "" if value is None else str(value)
    return text.strip() if text.isascii() else visible(unicodedata.normalize("NFKC", text)).strip()
