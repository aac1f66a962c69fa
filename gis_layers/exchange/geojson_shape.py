"""Whether an object is GeoJSON: JSON says many things, and some of them are programs that read other files."""

from __future__ import annotations

import re
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

    Only its own members count, not those of what lies in it. Names are compared as they are written: an escaped one is
    none that a program writes.
    """
    depth, found = 0, []
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
            case _ if depth == 1 and _KEY.match(text, token.end()) and token[1] == "type":
                value = _STRING_VALUE.match(text, token.end())
                found.append(value[1] if value else None)
    return found[0] if len(found) == 1 else None
