"""Whether an object is GeoJSON: JSON says many things, and some of them are programs that read other files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

GEOJSON_TYPES: Final = frozenset({
    "FeatureCollection", "Feature", "Topology", "GeometryCollection", "Point", "MultiPoint", "LineString",
    "MultiLineString", "Polygon", "MultiPolygon",
})  # fmt: skip
_TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|[{}\[\]]', re.DOTALL)
_STRING_VALUE: Final = re.compile(r'\s*:\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_KEY: Final = re.compile(r"\s*:")


def type_of(text: str) -> str | None:
    """The ``type`` of the object that ``text`` is; None where it has none, or more than one.

    Only its own members count, not those of what lies in it.
    """
    values = [_STRING_VALUE.match(text, end) for depth, end in members_called("type", text) if depth == 1]
    return values[0][1] if len(values) == 1 and values[0] else None


def members_called(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Members of that name: how deep each lies (1: in the object itself), and where in ``text`` its name ends."""
    depth = 0
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
            case _ if _spelt(token[1]) == name and _KEY.match(text, token.end()):
                yield depth, token.end()


def _spelt(written: str) -> str:
    """A name without the escapes it may be written with."""
    try:
        return str(json.loads(f'"{written}"')) if "\\" in written else written
    except ValueError:
        return written
