"""The .prj beside a shapefile: well-known text of Esri as a rule, and whatever else people write into it."""

from __future__ import annotations

from pyproj import CRS

from gis_layers.crs import parse_crs, refuse_unsafe, same_place
from gis_layers.errors import UnknownCrs, UnsafeDatum
from gis_layers.exchange.systems.geojson_crs import DeclaredCrs

_LONGEST = 80


def read_projection(content: bytes | None, understood: CRS | None) -> DeclaredCrs:
    """The CRS of a .prj (None: there is none), which GDAL has ``understood`` so; what it did not is read here.

    Where both read it and differ, or neither can read it, its words are stated and nothing is assumed.
    """
    text = _decoded(content or b"").strip()
    if not text:
        return DeclaredCrs(None, implied=False)
    own = _parsed(text)
    if understood is None:
        return DeclaredCrs(own, implied=False, stated=() if own else (text[:_LONGEST],))
    differs = own is not None and _is_safe(understood) and not same_place(own, understood)
    return DeclaredCrs(understood, implied=False, stated=(own.name,) if own and differs else ())


def _is_safe(crs: CRS) -> bool:
    """Whether places in a CRS can be compared with others at all; where not, it is refused by its own name."""
    try:
        refuse_unsafe(crs)
    except (UnknownCrs, UnsafeDatum):
        return False
    return True


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _parsed(text: str) -> CRS | None:
    try:
        return parse_crs(text)
    except UnknownCrs:
        return None
