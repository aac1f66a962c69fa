"""Zones of drafts theme by theme, and as the model of edits takes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import shapely

from gis_layers.crs import Bounds, to_metric
from gis_layers.stores.draft_zones import SeenZone
from risk_model.editing.values import EditedZone
from risk_model.shapes import as_array

Theme = tuple[str, str]
"""Hazard and product."""
MOST_WINDOWS = 2_000
"""Beyond so many, one around all of them is looked through sooner than each by itself."""


def windows_around(zones: Collection[SeenZone], beside: float) -> list[Bounds]:
    """Windows that reach ``beside`` (degrees) beyond each of some zones; of very many, one beyond all of them."""
    shapes = as_array([one.geometry for one in zones])
    bounds = shapely.bounds(shapes) if len(shapes) <= MOST_WINDOWS else shapely.total_bounds(shapes)[None]
    apart = dict.fromkeys(map(tuple, bounds.tolist()))
    return [(w - beside, s - beside, e + beside, n + beside) for w, s, e, n in apart]


def by_theme(zones: Mapping[int, SeenZone]) -> dict[Theme, dict[int, SeenZone]]:
    """The zones of each theme, by number."""
    themes: dict[Theme, dict[int, SeenZone]] = {}
    for zone, one in zones.items():
        themes.setdefault(one.theme, {})[zone] = one
    return themes


def edited_zones(zones: Mapping[int, SeenZone], metric_crs: str) -> dict[int, EditedZone]:
    """The zones in the metric CRS, by number."""
    shapes = to_metric(as_array([one.geometry for one in zones.values()]), metric_crs)
    return {zone: EditedZone(shape, zones[zone].attributes) for zone, shape in zip(zones, shapes, strict=True)}
