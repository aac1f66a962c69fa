"""The map on which zones are edited: the ground alone, the page's module draws the zones of the draft."""

from __future__ import annotations

from app.maps.embedding import EmbeddedMap, live_map
from app.maps.legend import Legend
from gis_layers.crs import Bounds


def draw_zone_editor_map(legend: Legend, bounds: Bounds) -> EmbeddedMap:
    """The Folium map in three parts, over the town's ``bounds`` in degrees."""
    return live_map("zone_editor", bounds, "js/pages/zoneedit.js", {"legend": legend.as_options()})
