"""Distances kept by law or calculation: hazardous plants, expressway, railway and power line. All fictional lines."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely

from gis_layers.demo.land import Land
from gis_layers.demo.layers import HazardLayer, SurveyTitle, ZoneSketch, layer_of
from gis_layers.demo.noise import Noise
from gis_layers.demo.overlay import common, less, merged

_PLANTS = (("示范硅材精细化工厂", (22.85, 17.85), 520.0), ("示范硝盐储运站", (21.7, 17.72), 330.0))
_POWER_LINE_KM = ((5.0, 13.9), (9.5, 14.4), (13.0, 14.1), (17.5, 14.9), (21.0, 14.3), (25.2, 14.8))


def corridor_layers(land: Land) -> tuple[HazardLayer, ...]:
    """External safety distances of two invented plants, and protection strips along three lines (all ungraded)."""
    return _plants(land), _strips(land)


def _plants(land: Land) -> HazardLayer:
    survey = SurveyTitle(
        "hazmat_distance", "zoning_prevention", "危险化学品外部安全防护距离", "示范数据（合成）定量风险评价成果",
        date(2024, 1, 18), 2_000,
    )  # fmt: skip
    noise, zones, taken = Noise(land.rng(60)), [], shapely.MultiPolygon()
    for name, (east_km, north_km), reach_m in _PLANTS:
        middle = land.grid.place(east_km, north_km)[0]
        angle = np.linspace(0.0, 2.0 * np.pi, 121)[:-1]
        rim = np.column_stack([np.cos(angle), np.sin(angle)])
        swing = noise.fractal(*(middle[:, None] + 0.8 * reach_m * rim.T), length_m=620.0, octaves=3)
        lee = 1.0 + 0.30 * np.cos(angle - np.radians(-25.0)) + 0.12 * np.cos(2 * angle)
        contour = shapely.Polygon(middle + rim * (reach_m * lee * (1.0 + 0.4 * swing))[:, None])
        shape = less(common(contour, land.boundary), taken)
        taken = merged([taken, shape])
        zones.append(ZoneSketch(f"{name}外部安全防护距离", shape))
    return layer_of(survey, zones, extent_kind="boundary")


def _strips(land: Land) -> HazardLayer:
    survey = SurveyTitle(
        "protection_corridor",
        "zoning_prevention",
        "公路铁路电力线路控制区",
        "示范数据（合成）线路保护区划界",
        date(2022, 6, 1),
        5_000,
    )
    corners = np.array(_POWER_LINE_KM)
    power = shapely.LineString(land.grid.place(corners[:, 0], corners[:, 1]))
    strips = (
        ("G30建筑控制区", "road", shapely.buffer(land.motorway, 45.0)),
        ("铁路线路安全保护区", "railway", shapely.buffer(land.railway, 20.0)),
        ("330千伏示范线路保护区", "power", shapely.buffer(power, 22.0, join_style="mitre")),
    )
    zones = [ZoneSketch(name, common(strip, land.boundary), corridor_kind=kind) for name, kind, strip in strips]
    return layer_of(survey, zones, extent_kind="boundary")
