"""The map of published hazard zones: live on a page, its layers loaded by address."""

from __future__ import annotations

from dataclasses import dataclass

from app.judgement.town_facts import TownFacts
from app.maps.embedding import EmbeddedMap, live_map
from app.maps.legend import Legend
from gis_layers.crs import Bounds


@dataclass(frozen=True, slots=True)
class HazardMapView:
    """First view of the map: its key, the layers of the overview, and the town's ``bounds`` in degrees.

    ``overview`` is the answer of ``GET /api/overview``; ``module`` the ES module that draws the page.
    """

    legend: Legend
    overview: TownFacts
    bounds: Bounds
    module: str = "js/pages/overview.js"


def draw_hazard_map(view: HazardMapView) -> EmbeddedMap:
    """The Folium map of ``view`` in three parts, without data: the page's module asks for each layer by address."""
    options = {"legend": view.legend.as_options(), "overview": dict(view.overview)}
    return live_map("hazards", view.bounds, view.module, options)
