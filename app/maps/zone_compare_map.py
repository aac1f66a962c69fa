"""The map on which two editions lie under one divider; the page's module draws the zones of both."""

from __future__ import annotations

from collections.abc import Mapping

from app.maps.embedding import EmbeddedMap, live_map
from gis_layers.crs import Bounds


def draw_zone_compare_map(options: Mapping[str, object], bounds: Bounds) -> EmbeddedMap:
    """The Folium map in three parts, over the town's ``bounds`` in degrees; ``options`` go to the page's module."""
    return live_map("zone_compare", bounds, "js/pages/zonecompare.js", dict(options))
