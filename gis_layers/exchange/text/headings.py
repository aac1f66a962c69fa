"""Headings as people write them: units in brackets, spaces, stars, two languages in one cell; read as the word they hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_BRACKETED = re.compile(r"[(\[{【〔〈《]([^()\[\]{}【】〔〕〈〉《》]*)[)\]}】〕〉》]")
_OTHER_DATUM = re.compile(r"gcj|bd-?0?9|火星|百度|高德|腾讯|搜狗|西安|xi'?an|北京|beijing|墨卡托|mercator|54|80")
"""What a bracket may say that is no unit: another datum makes another column of it."""
_UNSEEN = re.compile("[\\s\u200b-\u200f\u2060\ufeff]+")
_UNIT_AT_THE_END = re.compile(r"(?:[/、_-]?°|[/、](?:度|米|m|deg|degrees?|十进制度?))$")
_SIGNS = "*:#'\"·"
_PIECES = re.compile(r"[㐀-鿿豈-﫿]+|[a-z_]+[0-9]*")


def key_of(heading: str) -> str:
    """The word a heading holds: half-width, lower case, without spaces, signs and the unit in brackets."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", heading)).lower()
    text = _BRACKETED.sub(lambda found: found[0] if _OTHER_DATUM.search(found[1]) else "", text)
    return _UNIT_AT_THE_END.sub("", text.strip(_SIGNS)).strip(_SIGNS)


def called(columns: Sequence[str], names: Iterable[str]) -> list[str]:
    """The columns whose heading holds one of ``names`` (lower case), or nothing but several of them (``经度/Lon``)."""
    known = frozenset(names)
    held = [column for column in columns if key_of(column) in known]
    return held or [column for column in columns if _says_twice(key_of(column), known)]


def _says_twice(key: str, known: frozenset[str]) -> bool:
    pieces = _PIECES.findall(key)
    return len(pieces) > 1 and known.issuperset(pieces) and not re.sub(r"[/|、·,;-]", "", _PIECES.sub("", key))
