"""Sample projects, about half well sited and half not, each placed by what its footprint must touch."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.demo.land import Land
from gis_layers.demo.layers import HazardLayer
from gis_layers.demo.noise import Field
from risk_model.vocabulary import Geometries

_DRAWS = 1600
_ANYWHERE = ""

Wish = tuple[str, str | None, float, float]
"""Hazard key, grade word (None: any zone of it), least and greatest share of the footprint inside."""

_SAFE: tuple[Wish, ...] = (
    ("declared_geological", None, 0, 0), ("flood", None, 0, 0), ("flash_flood", None, 0, 0), ("dam_break", None, 0, 0),
    ("river_management", None, 0, 0), ("hazmat_distance", None, 0, 0), ("protection_corridor", None, 0, 0),
    ("geological", "低", 1, 1), ("wildfire", None, 0, 0), ("composite", "高", 0, 0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    project_class: str
    seismic_class: str | None
    village: str
    hectares: float
    wishes: tuple[Wish, ...]
    fault_m: tuple[float, float] = (900.0, 1e6)


_PLANS = (
    _Plan("南寨子村示范小学迁建", "K2", "乙", "南寨子村", 1.8, (("declared_geological", None, 0.06, 0.35),)),
    _Plan("南华示范化工原料库", "K1", "乙", "先锋村", 4.2, (("declared_geological", None, 0, 0),), (30.0, 180.0)),
    _Plan("小海子示范安置小区", "K4", "丙", "小海子村", 3.1, (("dam_break", "15", 0.5, 1.0),)),
    _Plan("墩仁示范机械加工厂", "K5", "丙", "墩仁村", 2.6, (("geological", "中", 0.5, 1.0), ("declared_geological", None, 0, 0))),
    _Plan("明水示范养老服务中心", "K2", "乙", "明水村", 1.2, (("geological", "低", 1, 1), ("flash_flood", None, 0, 0))),
    _Plan("山前示范养殖合作社圈舍", "K6", "丁", _ANYWHERE, 2.2, (("composite", "高", 1.0, 1.0), ("declared_geological", None, 0, 0), ("flash_flood", None, 0, 0))),
    _Plan("沿河示范物流仓库", "K5", "丙", "成号村", 5.4, (("flood", "高", 0.2, 0.9),)),
    _Plan("园区示范职工公寓", "K4", "丙", "义和村", 1.6, (("hazmat_distance", None, 0.15, 0.8),)),
    _Plan("南苑示范九年制学校", "K2", "乙", "南苑社区", 3.0, _SAFE),
    _Plan("南华示范消防救援站", "K3", "乙", "南苑社区", 0.6, _SAFE),
    _Plan("胜利村示范安置区", "K4", "丙", "胜利村", 2.8, _SAFE),
    _Plan("大庄示范番茄加工厂", "K5", "丙", "大庄村", 3.6, _SAFE),
    _Plan("智号村示范日光温室", "K6", "丁", "智号村", 5.8, _SAFE),
    _Plan("礼号村示范卫生院", "K2", "乙", "礼号村", 0.9, _SAFE),
)  # fmt: skip


def place_projects(land: Land, layers: tuple[HazardLayer, ...]) -> gpd.GeoDataFrame:
    """Fourteen fictional projects: name, project_class, seismic_class, synthetic, geometry (Polygon, metric CRS).

    With the default seed every wish in the plans is met; other seeds come as near as their ground allows.
    """
    faults = shapely.unary_union(next(layer for layer in layers if layer.hazard == "fault").zones.geometry.to_numpy())
    taken: list[shapely.Polygon] = []
    for number, plan in enumerate(_PLANS):
        rng = land.rng(8000 + number)
        candidates = _candidates(land, plan, rng)
        candidates = candidates[_far_enough(candidates, plan, faults, taken)]
        taken.append(_best_fit(candidates, plan, layers))
    rows = {
        "name": [plan.name for plan in _PLANS],
        "project_class": [plan.project_class for plan in _PLANS],
        "seismic_class": [plan.seismic_class for plan in _PLANS],
        "synthetic": [True] * len(_PLANS),
    }
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=np.array(taken, dtype=object), crs=DEFAULT_METRIC_CRS)


def _candidates(land: Land, plan: _Plan, rng: np.random.Generator) -> Geometries:
    """Footprints scattered over a village, nearest its seat first."""
    area, seat = land.boundary, land.grid.place(14.0, 14.0)[0]
    if plan.village != _ANYWHERE:
        number = land.villages.index(plan.village)
        area, seat = land.villages.area[number], land.villages.seat[number]
    west, south, east, north = area.bounds
    middles = np.column_stack([rng.uniform(west, east, _DRAWS), rng.uniform(south, north, _DRAWS)])
    middles = middles[np.argsort(np.hypot(*(middles - seat).T), kind="stable")]
    shapes = np.array([_footprint(middle, plan.hectares, rng) for middle in middles], dtype=object)
    shapely.prepare(area)
    roads, waters = shapely.multilinestrings(land.roads.line), shapely.union_all([s for _, s in land.reservoirs])
    shapely.prepare(np.array([roads, waters], dtype=object))
    near = shapely.dwithin(roads, shapely.points(middles), 1500.0)
    clear = shapely.disjoint(waters, shapes) & shapely.contains(area, shapes) & shapely.disjoint(roads, shapes)
    return shapes[near & clear]


def _footprint(middle: Field, hectares: float, rng: np.random.Generator) -> shapely.Polygon:
    """A plot with a yard cut from one corner, turned to the lie of the fields."""
    ratio, notch, turn = rng.uniform(0.55, 0.9), rng.uniform(0.2, 0.4), np.radians(rng.normal(4.0, 9.0))
    long = np.sqrt(hectares * 10_000.0 / (ratio * (1.0 - notch**2)))
    wide = long * ratio
    corners = np.array([(0, 0), (1, 0), (1, 1 - notch), (1 - notch, 1 - notch), (1 - notch, 1), (0, 1)]) - 0.5
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return shapely.Polygon(middle + (corners * np.array([long, wide])) @ turned)


def _far_enough(
    candidates: Geometries, plan: _Plan, faults: shapely.Geometry, taken: list[shapely.Polygon]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    away = shapely.distance(candidates, faults)
    apart = (
        shapely.distance(candidates, shapely.unary_union(taken)) > 150.0 if taken else np.full(len(candidates), True)
    )
    kept: np.ndarray[tuple[int], np.dtype[np.bool_]] = (away >= plan.fault_m[0]) & (away <= plan.fault_m[1]) & apart
    return kept


def _best_fit(candidates: Geometries, plan: _Plan, layers: tuple[HazardLayer, ...]) -> shapely.Polygon:
    """The first footprint that meets all wishes; where none does, the first that meets the most."""
    met = np.zeros(len(candidates))
    for hazard, word, least, most in plan.wishes:
        share = shapely.area(shapely.intersection(candidates, _ground(layers, hazard, word))) / shapely.area(candidates)
        met += (share >= least - 1e-9) & (share <= most + 1e-9)
    best: shapely.Polygon = candidates[int(np.argmax(met))]
    return best


def _ground(layers: tuple[HazardLayer, ...], hazard: str, word: str | None) -> shapely.Geometry:
    """The union of a hazard's zones; ``word`` narrows it to a grade, or to an arrival time in minutes."""
    zones = next(layer.zones for layer in layers if layer.hazard == hazard)
    if word is not None:
        zones = zones[zones["arrival_min"] == float(word)] if word.isdigit() else zones[zones["grade"] == word]
    return shapely.unary_union(zones.geometry.to_numpy())
