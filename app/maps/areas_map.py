"""The map of graded areas: the page's module asks for the areas of its run by address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.maps.embedding import Bounds, EmbeddedMap, Module, TownMap, embed
from app.maps.legend import Legend


@dataclass(frozen=True, slots=True)
class AreasMapView:
    """What the map shows: its key, the town's ``bounds`` in degrees, the number of the run (None: never graded)."""

    legend: Legend
    bounds: Bounds
    unit: str
    run: int | None
    module: str = "/static/js/pages/areas.js"


def draw_areas_map(view: AreasMapView) -> EmbeddedMap:
    """The Folium map of ``view`` in three parts, without data."""
    drawn = TownMap("areas", view.bounds)
    options: dict[str, Any] = {"legend": view.legend.as_options(), "unit": view.unit, "run": view.run}
    drawn.add_child(Module(view.module, options))
    return embed(drawn)
