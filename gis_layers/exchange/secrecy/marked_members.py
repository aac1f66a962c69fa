"""The members of GeoJSON and TopoJSON in which marks are looked for: all but coordinates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from gis_layers.exchange.secrecy.marking import (
    Mark,
    Told,
    marks_of_column,
    marks_of_text,
    told_by_columns,
    told_by_titles,
)
from gis_layers.exchange.secrecy.secrecy_words import may_speak, tells_secrecy
from risk_model.message import msg

_SHAPES: Final = frozenset({"coordinates", "arcs", "bbox", "transform"})
_ROWS: Final = "properties"


class Pairs(list[tuple[str, Any]]):
    """A JSON object as it is written, a member that is named twice with both its values."""


def look_at_members(text: str, name: str) -> tuple[list[Mark], Told]:
    """The marks and the handing over that a document tells of. Raises ValueError where it is none."""
    if not may_speak(text):
        return [], {}
    document = json.loads(text, object_pairs_hook=Pairs)
    columns: dict[str, set[str]] = {}
    told: list[tuple[str, str]] = []
    for inside, key, value in _members(document):
        if inside:
            columns.setdefault(key, set()).add(value)
        else:
            told.append((key, value))
    where = msg("{name} 的成员", name=name)
    marks = [mark for key, value in told for mark in _of_member(key, value, where)]
    marks += [mark for key in columns if not tells_secrecy(key) for mark in marks_of_text(key, "title", where)]
    marks += [mark for key, values in columns.items() for mark in marks_of_column(key, values)]
    own = [(key, [value]) for key, value in told]
    said_so = {**told_by_columns(columns.items()), **told_by_titles(value for _, value in told)}
    return marks, {**said_so, **told_by_columns(own)}


def _of_member(key: str, value: str, where: str) -> list[Mark]:
    if tells_secrecy(key):
        return list(marks_of_column(key, [value]))
    return marks_of_text(key, "metadata", where) + marks_of_text(value, "metadata", where)


def _members(document: Any) -> Iterator[tuple[bool, str, str]]:
    """Every text of a document with the key it stands under, and whether it is a property of a feature.

    Objects within properties count as properties; no call within a call, for documents may be deep.
    """
    left: list[tuple[bool, str, Any]] = [(False, "", document)]
    while left:
        inside, key, value = left.pop()
        if isinstance(value, Pairs):
            left += [(inside or own == _ROWS, own, each) for own, each in value if inside or own not in _SHAPES]
        elif isinstance(value, list):
            left += [(inside, key, each) for each in value]
        elif isinstance(value, str) or (tells_secrecy(key) and value is not None):
            yield inside, key, str(value)
