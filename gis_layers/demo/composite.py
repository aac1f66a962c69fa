"""Composite risk: every village cut into a few parts, each graded by how much of which hazard lies in it."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely

from gis_layers.demo.land import Land
from gis_layers.demo.layers import GRADES, HazardLayer, SurveyTitle, ZoneSketch, layer_of
from gis_layers.demo.noise import Field, Warp
from gis_layers.demo.overlay import GRAIN_M
from gis_layers.demo.villages import bent_cells
from risk_model.vocabulary import Geometries

# What an area counts for where its whole ground lies in the worst grade of a hazard.
_WEIGHTS = {
    "geological": 1.0, "declared_geological": 1.6, "flood": 0.9, "flash_flood": 1.2, "dam_break": 1.0,
    "earthquake": 0.5, "wildfire": 0.3, "hazmat_distance": 1.0,
}  # fmt: skip
_PART_AREA_M2 = 7_500_000.0
_SHARES = (0.10, 0.27, 0.52, 0.78)


def composite_layer(land: Land, others: tuple[HazardLayer, ...]) -> HazardLayer:
    """The comp5 mosaic over the township; grades are cut at fixed shares of the parts, worst tenth first."""
    survey = SurveyTitle(
        "composite", "risk_all", "普查综合风险区划", "示范数据（合成）普查综合风险评估", date(2024, 8, 8), 10_000
    )
    names, parts = _parts(land)
    exposure = sum(_weight(layer) * _exposure(layer, parts) for layer in others if layer.product != "susceptibility")
    place = np.argsort(np.argsort(-np.asarray(exposure), kind="stable"), kind="stable") / len(parts)
    ranks = 1 + np.searchsorted(np.array(_SHARES), place, side="right")
    zones = [
        ZoneSketch(f"{name}普查综合风险{GRADES['comp5'][rank - 1]}区", part, "comp5", int(rank))
        for name, part, rank in zip(names, parts, ranks, strict=True)
    ]
    return layer_of(survey, zones, extent_kind="zones")


def _parts(land: Land) -> tuple[list[str], Geometries]:
    """The villages cut into parts of about seven square kilometres with shared, bent borders."""
    rng = land.rng(70)
    warp = Warp(rng, length_m=1900.0, octaves=4, strength=0.26)
    names, parts = [], []
    for village, area in zip(land.villages.name, land.villages.area, strict=True):
        count = max(1, round(area.area / _PART_AREA_M2))
        cells = bent_cells(area, _scattered(area, count, rng), warp, least_m2=300_000.0) if count > 1 else [area]
        names += [f"{village}第{number}片" for number in range(1, len(cells) + 1)]
        parts += list(cells)
    return names, _noded_together(np.array(parts, dtype=object))


def _scattered(area: shapely.Polygon, count: int, rng: np.random.Generator) -> Field:
    """``count`` points inside ``area``, each the farthest of many draws from those before it."""
    west, south, east, north = area.bounds
    draws = np.column_stack([rng.uniform(west, east, 400), rng.uniform(south, north, 400)])
    draws = draws[shapely.contains_xy(area, draws[:, 0], draws[:, 1])]
    chosen = [draws[0]]
    while len(chosen) < count:
        gap = np.min([np.hypot(*(draws - point).T) for point in chosen], axis=0)
        chosen.append(draws[int(np.argmax(gap))])
    return np.array(chosen)


def _noded_together(parts: Geometries) -> Geometries:
    """The same parts with the vertices their neighbours added on shared edges, so that they tile exactly."""
    edges = shapely.get_parts(shapely.unary_union(shapely.boundary(parts), grid_size=GRAIN_M))
    faces = shapely.get_parts(shapely.polygonize(edges))
    owner = shapely.STRtree(parts).query(shapely.point_on_surface(faces), predicate="within")
    labels = np.full(len(faces), -1)
    labels[owner[0]] = owner[1]
    merged = [shapely.unary_union(faces[labels == number]) for number in range(len(parts))]
    return np.array(merged, dtype=object)


def _weight(layer: HazardLayer) -> float:
    return _WEIGHTS.get(layer.hazard, 0.0)


def _exposure(layer: HazardLayer, parts: Geometries) -> Field:
    """The share of each part under the layer's zones, each zone counted by how bad its grade is (worst 1)."""
    zones = layer.zones
    total = np.zeros(len(parts))
    for shape, rank, scheme in zip(zones.geometry, zones["grade_rank"], zones["grade_scheme"], strict=True):
        if "Line" in shape.geom_type:
            continue
        steps = len(GRADES[scheme]) if isinstance(scheme, str) else 1
        worth = (steps - int(rank)) / max(steps - 1, 1) if steps > 1 else 1.0
        if worth > 0:
            total += worth * shapely.area(shapely.intersection(parts, shape))
    return total / shapely.area(parts)
