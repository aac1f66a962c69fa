"""The map of an import's preview: what would be loaded, and each repair before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.maps.embedding import EmbeddedMap, live_map
from app.maps.legend import Legend
from gis_layers.crs import Bounds


@dataclass(frozen=True, slots=True)
class ImportsMapView:
    """View of the map before a file is chosen: its key, the town's ``bounds`` in degrees, and the ``titles`` of columns.

    ``known`` are the words of the rulebook by column: of each key its name in Chinese and English.
    """

    legend: Legend
    bounds: Bounds
    titles: Mapping[str, str]
    known: Mapping[str, Mapping[str, tuple[str, str]]]
    module: str = "js/pages/imports.js"


def draw_imports_map(view: ImportsMapView) -> EmbeddedMap:
    """The Folium map of ``view`` in three parts; the page's module draws the preview on it."""
    options = {"legend": view.legend.as_options(), "titles": dict(view.titles), "known": view.known}
    return live_map("imports", view.bounds, view.module, options)
