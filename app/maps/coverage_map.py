"""The map of coverage: live on a page, or in one file that needs no network."""

from __future__ import annotations

from dataclasses import dataclass

from app.maps.embedding import EmbeddedMap, TownMap, live_map
from app.maps.legend import Legend
from app.maps.standalone import STYLES, Attached, SingleFile, render_single_file
from gis_layers.crs import Bounds

COVERAGE_SHEETS = ("caution", "tables", "arrivals", "bands")
COVERAGE_STYLES = (*STYLES, *(f"css/{name}.css" for name in COVERAGE_SHEETS))


@dataclass(frozen=True, slots=True)
class CoverageMapView:
    """View of the map: its key and the town's ``bounds`` in degrees."""

    legend: Legend
    bounds: Bounds
    module: str = "js/pages/coverage.js"

    def as_options(self) -> dict[str, object]:
        """The view as plain values for the page's script."""
        return {"legend": self.legend.as_options()}


def draw_coverage_map(view: CoverageMapView) -> EmbeddedMap:
    """The Folium map of ``view`` in three parts, without data: the page's module asks for each answer by address."""
    return live_map("coverage", view.bounds, view.module, view.as_options())


def draw_coverage_file(view: CoverageMapView, language: str, /, **context: object) -> str:
    """The whole HTML document of ``view`` with every answer it shows inside; ``context`` as the template needs it."""
    drawn = TownMap("coverage", view.bounds)
    drawn.add_child(Attached(view.as_options()))
    file = SingleFile("coverage_standalone.html", "js/pages/coverage-standalone.js", COVERAGE_STYLES, language)
    return render_single_file(file, drawn, legend=view.legend, **context)
