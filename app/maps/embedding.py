"""A Folium map as three strings, to stand natively in our own page instead of in a frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import folium
import orjson
from branca.element import Figure, MacroElement
from folium.template import Template

from app.http.static_files import asset, preloads
from app.maps.assets import OutsideAsset, outside_assets, serve_assets_locally
from app.platform.once import Once
from gis_layers.crs import Bounds


@dataclass(frozen=True, slots=True)
class EmbeddedMap:
    """The parts of a drawn map: links for ``<head>``, the container, and the script without its tag."""

    header: str
    html: str
    script: str


class TownMap(folium.Map):
    """A Folium map that brings no tiles and leaves the page's own style alone; its name is the same every time."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }} role="application" tabindex="0"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: {{ this.location|tojson }}, crs: L.CRS.{{ this.crs }}, ...{{ this.options|tojavascript }}
            });
        {% endmacro %}
        """
    )

    def __init__(self, name: str, bounds: Bounds) -> None:
        west, south, east, north = bounds
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2],
            tiles=None,
            zoom_start=12,
            zoom_control=False,
            zoom_snap=0.25,
            zoom_delta=0.5,
            min_zoom=8,
            max_zoom=18,
            attribution_control=False,
        )
        self._id = name
        self.module = ""

    def hand_to(self, module: str, options: Mapping[str, object]) -> None:
        """Let an ES module of ours (its path below static/) draw on it what the page shows."""
        self.module = module
        self.add_child(Module(module, options))


class Module(MacroElement):
    """Hands the map to ``attach(map, options)`` of one of our ES modules (its path below static/) once that has loaded."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            import({{ this.address|tojson }}).then((module) => module.attach({{ this._parent.get_name() }}, {{ this.options|tojson }}));
        {% endmacro %}
        """
    )

    def __init__(self, path: str, options: Mapping[str, object]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Module"
        self.address = asset(path)
        self.options = options


_live: Once[bytes, EmbeddedMap] = Once(64)
"""Maps by all they are drawn of: Folium compiles its templates anew with every map, and most requests want the same."""


def live_map(name: str, bounds: Bounds, module: str, options: Mapping[str, object]) -> EmbeddedMap:
    """The map called ``name`` in three parts, without data: the page's module asks for each layer by address.

    ``bounds`` in degrees; ``module`` is the ES module that draws the page, ``options`` (JSON) what it is handed.
    """

    def draw() -> EmbeddedMap:
        drawn = TownMap(name, bounds)
        drawn.hand_to(module, options)
        return embed(drawn)

    return _live.get(orjson.dumps([name, bounds, module, options], default=str, option=orjson.OPT_NON_STR_KEYS), draw)


def embed(drawn: folium.Map) -> EmbeddedMap:
    """Render ``drawn`` into its three parts; raises OutsideAsset where any part would load from another host."""
    figure = drawn.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("a map must stand in a Figure before it is embedded")
    figure.render()
    ahead = preloads(drawn.module) if isinstance(drawn, TownMap) else ""
    embedded = EmbeddedMap(f"{figure.header.render()}\n{ahead}", figure.html.render(), figure.script.render())
    if "://" in embedded.header:
        raise OutsideAsset(f"{type(drawn).__name__} asks for {outside_assets(type(drawn)) or embedded.header}")
    return embedded


serve_assets_locally()
