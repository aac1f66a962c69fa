"""The map of enterprises in their colours: the page's module asks for them by address."""

from __future__ import annotations

from dataclasses import dataclass

from app.maps.embedding import EmbeddedMap, live_map
from app.maps.legend import Legend
from gis_layers.crs import Bounds


@dataclass(frozen=True, slots=True)
class EnterprisesMapView:
    """View of the map: its key, the town's ``bounds`` in degrees, the id of the enterprise it opens with."""

    legend: Legend
    bounds: Bounds
    chosen: int | None = None
    module: str = "js/pages/enterprises.js"


def draw_enterprises_map(view: EnterprisesMapView) -> EmbeddedMap:
    """The Folium map of ``view`` in three parts, without data."""
    options: dict[str, object] = {"legend": view.legend.as_options(), "chosen": view.chosen}
    return live_map("enterprises", view.bounds, view.module, options)
