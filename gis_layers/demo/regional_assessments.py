"""Regional assessments of the synthetic township: one of the industrial park, one at the foot of the hills, one that has expired."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.demo.constraints import ConstraintLayer
from gis_layers.demo.land import Land
from gis_layers.demo.layers import HazardLayer
from gis_layers.demo.overlay import common

_WIDE_M, _NEAR_M = 900.0, 250.0
_ASSESSED = ("中", "高")


def regional_assessments(
    land: Land, layers: tuple[HazardLayer, ...], constraints: tuple[ConstraintLayer, ...]
) -> gpd.GeoDataFrame:
    """``number name kinds authority valid_from valid_to synthetic`` with areas in the metric CRS."""
    urban = next(layer.areas for layer in constraints if layer.kind == "urban_boundary")
    park = shapely.buffer(urban.geometry.to_numpy()[-1], _NEAR_M, quad_segs=2)
    hills, old = (shapely.buffer(place, _WIDE_M, quad_segs=4) for place in _deep_in_hazard(layers)[:2])
    columns = {
        "number": ["示范区评〔2025〕1号", "示范区评〔2025〕2号", "示范区评〔2019〕7号"],
        "name": ["示范工业园区域评估（合成）", "山前新居区域评估（合成）", "山前旧区域评估（合成）"],
        "kinds": [["geological", "flood"], ["geological"], ["geological"]],
        "authority": ["示范县自然资源局（合成）"] * 3,
        "valid_from": [date(2025, 3, 1), date(2025, 6, 1), date(2019, 6, 1)],
        "valid_to": [date(2030, 2, 28), date(2030, 5, 31), date(2024, 5, 31)],
        "synthetic": [True] * 3,
    }
    areas = [shapely.MultiPolygon([*shapely.get_parts(common(area, land.boundary))]) for area in (park, hills, old)]
    return gpd.GeoDataFrame(columns, geometry=np.array(areas, dtype=object), crs=DEFAULT_METRIC_CRS)


def _deep_in_hazard(layers: tuple[HazardLayer, ...]) -> list[shapely.Point]:
    """A place deep inside each zone of medium or high geological hazard, the largest zone first."""
    zones = next(layer.zones for layer in layers if layer.hazard == "geological")
    shapes = zones.geometry.to_numpy()[np.isin(zones["grade"].astype(str), _ASSESSED)]
    largest = shapes[np.argsort(-shapely.area(shapes), kind="stable")]
    return [shapely.point_on_surface(shape) for shape in largest]
