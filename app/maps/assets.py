"""Source of the scripts and styles of Folium maps: always this server, never an outside host."""

from __future__ import annotations

from collections.abc import Iterator

from folium.elements import JSCSSMixin

from app.http.static_files import asset

LOCAL_ASSETS = {
    "leaflet": asset("vendor/leaflet/leaflet.js"),
    "leaflet_css": asset("vendor/leaflet/leaflet.css"),
}
"""Folium's name of an asset we serve, and its address here."""

NEVER_USED = frozenset(
    {
        "jquery",
        "bootstrap",
        "bootstrap_css",
        "glyphicons_css",
        "awesome_markers",
        "awesome_markers_font_css",
        "awesome_markers_css",
        "awesome_rotate_css",
    }
)
"""Assets Folium asks for on every map and only ``folium.Icon`` needs; we draw our own pins."""


class OutsideAsset(Exception):
    """A map asks for a file from another host; add the library to static/package.json and to LOCAL_ASSETS."""


def serve_assets_locally() -> None:
    """Point the assets of every Folium class at this server and drop those never used; safe to call again."""
    for element in _descendants(JSCSSMixin):
        element.default_js = _relinked(element.default_js)
        element.default_css = _relinked(element.default_css)


def outside_assets(element: type[JSCSSMixin]) -> list[str]:
    """Names of the assets ``element`` would still load from another host."""
    return [name for name, address in [*element.default_js, *element.default_css] if "://" in address]


def _relinked(links: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, LOCAL_ASSETS.get(name, address)) for name, address in links if name not in NEVER_USED]


def _descendants(element: type[JSCSSMixin]) -> Iterator[type[JSCSSMixin]]:
    for child in element.__subclasses__():
        yield child
        yield from _descendants(child)
