"""The ``crs`` member of GeoJSON, older than RFC 7946: what it says of the coordinates, and what nobody understands of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyproj import CRS

from gis_layers.crs import WGS84_CRS, parse_crs, same_place
from gis_layers.exchange.systems.stated_systems import Kind, read_system
from gis_layers.exchange.text.geojson_shape import members_called

_COLON = re.compile(r"\s*:\s*")
_TOP = 1
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class DeclaredCrs:
    """The CRS an object declares, or the one its format implies; ``stated`` is what it says that is not understood."""

    crs: CRS | None
    implied: bool
    stated: tuple[str, ...] = ()


def read_declared(text: str) -> DeclaredCrs:
    """The CRS of a GeoJSON object: WGS 84 only where it says nothing at all.

    A member that is null, a link or no known name leaves it open. The one of the object itself holds for all that lies in
    it; those of features and geometries (an object with a type, unlike an attribute of that name) have to agree with it.
    """
    own: list[Any] = []
    inner: list[Any] = []
    for depth, value in _values(text):
        if depth == _TOP:
            own.append(value)
        elif isinstance(value, dict) and "type" in value:
            inner.append(value)
    if not own:
        return _agreeing(parse_crs(WGS84_CRS), inner, implied=True)
    crs = _understood(own[0]) if len(own) == 1 else None
    if crs is None:
        return DeclaredCrs(None, implied=False, stated=tuple(_written(value) for value in own))
    return _agreeing(crs, inner, implied=False)


def _agreeing(crs: CRS, inner: list[Any], *, implied: bool) -> DeclaredCrs:
    others = [value for value in inner if not _says(value, crs)]
    return DeclaredCrs(crs, implied, tuple(dict.fromkeys(_written(value) for value in others)))


def _says(value: Any, crs: CRS) -> bool:
    understood = _understood(value)
    return understood is not None and same_place(understood, crs)


def _values(text: str) -> Iterator[tuple[int, Any]]:
    decoder = json.JSONDecoder()
    for depth, end in members_called("crs", text):
        colon = _COLON.match(text, end)
        try:
            yield depth, decoder.raw_decode(text, colon.end() if colon else end)[0]
        except ValueError:
            continue  # the object as a whole is no JSON, and whoever reads it says so


def _understood(value: Any) -> CRS | None:
    stated = read_system(name) if (name := _name_in(value)) else None
    return stated.crs if stated and stated.kind is not Kind.SHIFTED else None


def _name_in(value: Any) -> str | None:
    """Name in a member: ``{"type": "name", "properties": {"name": …}}``, and the older forms of a code or a text."""
    if isinstance(value, str):
        return value
    properties = value.get("properties") if isinstance(value, dict) else None
    if not isinstance(properties, dict):
        return None
    match value.get("type"), properties.get("name"), properties.get("code"):
        case "name", str(name), _:
            return name
        case "EPSG" | "epsg", _, int() | str() as code:
            return f"EPSG:{code}"
    return None


def _written(value: Any) -> str:
    return (_name_in(value) or json.dumps(value, ensure_ascii=False))[:_LONGEST]
