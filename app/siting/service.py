"""A site as it was handed in, made ready to be judged: read, placed, refused with the place of the mistake."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry import mapping

from app.errors import BadGeometry
from app.placing import place_shape, read_shape
from app.siting.schemas import SiteFeature
from gis_layers.crs import same_place, to_metric
from gis_layers.geometry import as_array, explain_invalid, propose_repair
from risk_model.said import said
from risk_model.vocabulary import Site

TYPES = ("Polygon", "MultiPolygon", "Point", "LineString", "MultiLineString", "MultiPoint")
AREA = 2


def read_site(feature: SiteFeature, metric_crs: str) -> tuple[Site, bool]:
    """The site in the metric CRS and whether an accepted repair was applied.

    Raises BadGeometry with ``location`` (lon, lat) for an outline that is not valid, empty, or lies elsewhere.
    """
    drawn, asked = read_shape(feature.geometry, TYPES), feature.properties
    placed = place_shape(drawn, feature.crs, metric_crs)
    geometry, repaired = _sound(placed, accept_repair=asked.accept_repair, metric_crs=metric_crs)
    handed_in_metric = feature.crs is not None and same_place(feature.crs, metric_crs)
    metric = drawn if handed_in_metric and not repaired else to_metric(as_array([geometry]), metric_crs)[0]
    drawn_area = geometry if shapely.get_dimensions(geometry) == AREA else None
    return Site(metric, asked.project_class, asked.seismic_class, asked.name, drawn_area), repaired


def _sound(geometry: Any, *, accept_repair: bool, metric_crs: str) -> tuple[Any, bool]:
    trouble = explain_invalid(geometry)
    if trouble is None:
        return geometry, False
    reason, place = trouble
    repair = propose_repair(geometry, metric_crs=metric_crs)
    if repair is None:
        raise BadGeometry(said("红线{reason}，且没有可用的修复；请重新绘制", reason=reason), location=list(place))
    if accept_repair:
        return repair.geometry, True
    proposal = {
        "geometry": mapping(repair.geometry),
        "area_before_m2": repair.area_before_m2,
        "area_after_m2": repair.area_after_m2,
    }
    advice = said("红线{reason}；请改正后重交，或核对面积变化后接受所附的修复", reason=reason)
    raise BadGeometry(advice, location=list(place), repair=proposal)
