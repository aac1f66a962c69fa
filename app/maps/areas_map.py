"""Maps of graded areas: live on a page, side by side with another run, or in one file that needs no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.maps.embedding import EmbeddedMap, TownMap, embed
from app.maps.legend import Legend
from app.maps.standalone import STYLES, Attached, SingleFile, render_single_file
from gis_layers.crs import Bounds

AREA_SHEETS = ("caution", "area-list", "grade-reasons", "charts")
AREA_STYLES = (*STYLES, *(f"css/{name}.css" for name in AREA_SHEETS))


@dataclass(frozen=True, slots=True)
class AreasMapView:
    """View of the map: its key, the town's ``bounds`` in degrees, the number of the run (None: never graded).

    ``product`` is hazard or risk; ``joined`` says that there are too many areas to draw one by one; ``figures`` are what
    the charts beside the map show; ``cell_m`` is the side of the cells of a grid.
    """

    legend: Legend
    bounds: Bounds
    unit: str
    run: int | None
    product: str = "hazard"
    joined: bool = False
    figures: Mapping[str, object] | None = None
    cell_m: float | None = None
    module: str = "js/pages/areas.js"

    def as_options(self) -> dict[str, object]:
        """The view as plain values for the page's script."""
        return {
            "legend": self.legend.as_options(),
            "unit": self.unit,
            "run": self.run,
            "product": self.product,
            "joined": self.joined,
            "cell_m": self.cell_m,
            "figures": self.figures,
        }


@dataclass(frozen=True, slots=True)
class ComparedView:
    """Two runs of the same units to be drawn under one divider; ``moved`` as the comparison tells it."""

    legend: Legend
    bounds: Bounds
    first: int
    second: int
    joined: bool
    moved: Sequence[object]
    module: str = "js/pages/compare.js"


def draw_areas_map(view: AreasMapView) -> EmbeddedMap:
    """The Folium map of ``view`` in three parts, without data."""
    drawn = TownMap("areas", view.bounds)
    drawn.hand_to(view.module, view.as_options())
    return embed(drawn)


def draw_compared_map(view: ComparedView) -> EmbeddedMap:
    """The Folium map of two runs in three parts, without data."""
    drawn = TownMap("compared", view.bounds)
    options = {
        "legend": view.legend.as_options(),
        "runs": [view.first, view.second],
        "joined": view.joined,
        "moved": view.moved,
    }
    drawn.hand_to(view.module, options)
    return embed(drawn)


def draw_areas_file(view: AreasMapView, language: str, /, **context: object) -> str:
    """The whole HTML document of ``view`` with everything it shows inside; ``context`` as the template needs it."""
    drawn = TownMap("areas", view.bounds)
    drawn.add_child(Attached(view.as_options()))
    file = SingleFile("areas_standalone.html", "js/pages/areas-standalone.js", AREA_STYLES, language)
    return render_single_file(file, drawn, legend=view.legend, **context)
