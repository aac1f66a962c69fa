"""The map beside a delivery: the ground alone, the page's module draws what the delivery changes."""

from __future__ import annotations

from app.maps.embedding import EmbeddedMap, live_map
from app.maps.legend import Legend
from gis_layers.crs import Bounds


def draw_delivery_map(legend: Legend, bounds: Bounds) -> EmbeddedMap:
    """The Folium map in three parts, over the town's ``bounds`` in degrees."""
    return live_map("delivery", bounds, "js/pages/delivery.js", {"legend": legend.as_options()})
