"""The map beside a siting check: the ground, the site, and the zones that speak against it."""

from __future__ import annotations

from dataclasses import dataclass

from app.maps.embedding import EmbeddedMap, live_map
from app.maps.legend import Legend
from gis_layers.crs import Bounds


@dataclass(frozen=True, slots=True)
class SitingMapView:
    """View of the map before a site is judged: its key and the town's ``bounds`` in degrees."""

    legend: Legend
    bounds: Bounds
    module: str = "js/pages/siting.js"


def draw_siting_map(view: SitingMapView) -> EmbeddedMap:
    """The Folium map of ``view`` in three parts; the page's module draws sites and zones on it."""
    return live_map("siting", view.bounds, view.module, {"legend": view.legend.as_options()})
