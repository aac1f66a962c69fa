"""Rules on screen: the parts of a message before its numbers are known, and rows in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping


def pieces(message: str) -> list[tuple[str, str]]:
    """A message in parts as it is shown before its numbers are known: plain text, and the code of what is missing."""
    cut = re.split(r"\{(\w+)[^}]*\}", message)
    return [(text, name) for text, name in zip(cut[::2], [*cut[1::2], ""], strict=True)]


def in_other_languages(names: Collection[str], language: str) -> frozenset[str]:
    """Those of ``names`` that say in another language what one of them says in ``language``."""
    english = {name for name in names if name.endswith("_en")}
    if language != "en":
        return frozenset(english)
    bare = {name.removesuffix("_en") for name in english}
    return frozenset(name for one in bare for name in (one, f"{one}_zh"))


def told_in(row: Mapping[str, object], language: str) -> dict[str, object]:
    """Part of a row of rules told to readers of ``language``: of what stands in both languages, theirs."""
    left_out = in_other_languages(row, language)
    return {key: value for key, value in row.items() if key not in left_out}
