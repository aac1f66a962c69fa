"""The map of the dispatcher: the ground, the incident, and the ways to it."""

from __future__ import annotations

from dataclasses import dataclass

from app.maps.embedding import EmbeddedMap, live_map
from app.maps.legend import Legend
from gis_layers.crs import Bounds


@dataclass(frozen=True, slots=True)
class DispatchMapView:
    """View of the map before anything happened: its key and the town's ``bounds`` in degrees."""

    legend: Legend
    bounds: Bounds
    module: str = "js/pages/dispatch.js"


def draw_dispatch_map(view: DispatchMapView) -> EmbeddedMap:
    """The Folium map of ``view`` in three parts; the page's module draws incident, forces and routes on it."""
    return live_map("dispatch", view.bounds, view.module, {"legend": view.legend.as_options()})
