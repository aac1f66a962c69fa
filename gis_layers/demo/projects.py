"""Sample projects, some well sited and some not, each placed by what its footprint must touch."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.demo.land import Land
from gis_layers.demo.layers import HazardLayer
from gis_layers.demo.noise import Field
from gis_layers.demo.project_plans import ANYWHERE, PLANS, ProjectPlan
from risk_model.vocabulary import Geometries

_DRAWS = 1600
_INTERFACE_M = 60.0
"""Projects that wish to keep off fire hazard keep this far from it."""


def place_projects(land: Land, layers: tuple[HazardLayer, ...], occupied: Geometries) -> gpd.GeoDataFrame:
    """Fictional projects off ``occupied`` plots: name, project_class, seismic_class, synthetic, geometry (Polygon).

    Linear works are strips of ground as wide as their works. Everything is in the metric CRS.

    With the default seed every wish in the plans is met; other seeds come as near as their ground allows.
    """
    faults = shapely.unary_union(next(layer for layer in layers if layer.hazard == "fault").zones.geometry.to_numpy())
    taken: list[shapely.Polygon] = []
    for number, plan in enumerate(PLANS):
        rng = land.rng(8000 + number)
        candidates = _candidates(land, plan, rng)
        candidates = candidates[_far_enough(candidates, plan, faults, [*occupied, *taken])]
        taken.append(_best_fit(candidates, plan, layers))
    rows = {
        "name": [plan.name for plan in PLANS],
        "project_class": [plan.project_class for plan in PLANS],
        "seismic_class": [plan.seismic_class for plan in PLANS],
        "synthetic": [True] * len(PLANS),
    }
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=np.array(taken, dtype=object), crs=DEFAULT_METRIC_CRS)


def _candidates(land: Land, plan: ProjectPlan, rng: np.random.Generator) -> Geometries:
    """Footprints scattered over a village, nearest its seat first."""
    area, seat = land.boundary, land.grid.place(14.0, 14.0)[0]
    if plan.village != ANYWHERE:
        number = land.villages.index(plan.village)
        area, seat = land.villages.area[number], land.villages.seat[number]
    west, south, east, north = area.bounds
    middles = np.column_stack([rng.uniform(west, east, _DRAWS), rng.uniform(south, north, _DRAWS)])
    middles = middles[np.argsort(np.hypot(*(middles - seat).T), kind="stable")]
    draw = _strip if plan.strip_m else _footprint
    shapes = np.array([draw(middle, plan, rng) for middle in middles], dtype=object)
    shapely.prepare(area)
    roads, waters = shapely.multilinestrings(land.roads.line), shapely.union_all([s for _, s in land.reservoirs])
    shapely.prepare(np.array([roads, waters], dtype=object))
    near = shapely.dwithin(roads, shapely.points(middles), 1500.0)
    clear = shapely.disjoint(waters, shapes) & shapely.contains(area, shapes)
    if not plan.strip_m:
        clear &= shapely.disjoint(roads, shapes)
    return shapes[near & clear]


def _strip(middle: Field, plan: ProjectPlan, rng: np.random.Generator) -> shapely.Polygon:
    """A gently bent strip of works ``plan.strip_m`` wide and as long as its area asks."""
    length = plan.hectares * 10_000.0 / plan.strip_m
    turn, bow = np.radians(rng.uniform(0.0, 180.0)), rng.uniform(-0.12, 0.12)
    share = np.linspace(-0.5, 0.5, 25)
    path = np.column_stack([share * length, bow * length * np.cos(np.pi * share)])
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return shapely.LineString(middle + path @ turned).buffer(plan.strip_m / 2.0, cap_style="flat")


def _footprint(middle: Field, plan: ProjectPlan, rng: np.random.Generator) -> shapely.Polygon:
    """A plot with a yard cut from one corner, turned to the lie of the fields."""
    ratio, notch, turn = rng.uniform(0.55, 0.9), rng.uniform(0.2, 0.4), np.radians(rng.normal(4.0, 9.0))
    long = np.sqrt(plan.hectares * 10_000.0 / (ratio * (1.0 - notch**2)))
    wide = long * ratio
    corners = np.array([(0, 0), (1, 0), (1, 1 - notch), (1 - notch, 1 - notch), (1 - notch, 1), (0, 1)]) - 0.5
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return shapely.Polygon(middle + (corners * np.array([long, wide])) @ turned)


def _far_enough(
    candidates: Geometries, plan: ProjectPlan, faults: shapely.Geometry, taken: list[shapely.Polygon]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    away = shapely.distance(candidates, faults)
    apart = (
        shapely.distance(candidates, shapely.unary_union(taken)) > 150.0 if taken else np.full(len(candidates), True)
    )
    kept: np.ndarray[tuple[int], np.dtype[np.bool_]] = (away >= plan.fault_m[0]) & (away <= plan.fault_m[1]) & apart
    return kept


def _best_fit(candidates: Geometries, plan: ProjectPlan, layers: tuple[HazardLayer, ...]) -> shapely.Polygon:
    """The first footprint that meets all wishes; where none does, the first that meets the most."""
    met = np.zeros(len(candidates))
    for hazard, word, least, most in plan.wishes:
        share = shapely.area(shapely.intersection(candidates, _ground(layers, hazard, word))) / shapely.area(candidates)
        met += (share >= least - 1e-9) & (share <= most + 1e-9)
    best: shapely.Polygon = candidates[int(np.argmax(met))]
    return best


def _ground(layers: tuple[HazardLayer, ...], subject: str, word: str | None) -> shapely.Geometry:
    """The union of a hazard's zones (``hazard`` or ``hazard:product``); ``word`` narrows it to a grade or arrival time."""
    hazard, _, product = subject.partition(":")
    zones = next(layer.zones for layer in layers if layer.hazard == hazard and product in ("", layer.product))
    if word is not None:
        zones = zones[zones["arrival_min"] == float(word)] if word.isdigit() else zones[zones["grade"] == word]
    ground = shapely.unary_union(zones.geometry.to_numpy())
    return ground.buffer(_INTERFACE_M) if hazard == "wildfire" else ground
