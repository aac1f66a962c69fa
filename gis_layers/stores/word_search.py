"""Search by words, as every register is searched: each word must stand somewhere, in whatever order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, or_


def holding_every_word(words: str, columns: Sequence[ColumnElement[str]]) -> Iterator[ColumnElement[bool]]:
    """One condition a word: it stands in one of ``columns``, in small letters or capitals. Words end at any white space."""
    for word in words.split():
        yield or_(*(column.icontains(word, autoescape=True) for column in columns))
