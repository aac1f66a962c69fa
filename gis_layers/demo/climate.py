"""Weather and fire: rainstorm hazard in a few broad cells, crop risk by village, fire hazard in woods and dry grass."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely

from gis_layers.demo.isolines import region_above
from gis_layers.demo.land import Land
from gis_layers.demo.layers import GRADES, HazardLayer, SurveyTitle, ZoneSketch, bands, by_village, layer_of
from gis_layers.demo.noise import Field, Noise, Warp
from gis_layers.demo.villages import bent_cells

_WEATHER = "示范数据（合成）气象灾害风险普查"

# Middle of a rainstorm cell in kilometres, its name and its met4 rank; more rain falls towards the hills.
_CELLS = (
    ((9.0, 5.5), "西南山区", 1), ((16.5, 5.0), "南部山区", 1), ((22.5, 8.0), "东南山前", 2), ((12.5, 11.5), "中部戈壁", 2),
    ((8.0, 15.5), "明水片", 3), ((19.0, 15.0), "东部绿洲", 3), ((15.0, 20.5), "镇区片", 3), ((22.5, 21.5), "礼义片", 4),
    ((9.5, 24.0), "西北灌区", 4), ((15.5, 26.0), "沿河片", 4),
)  # fmt: skip


def climate_layers(land: Land) -> tuple[HazardLayer, ...]:
    """Rainstorm hazard (met4), crop risk (met5) and wildfire hazard (fire5)."""
    return _rainstorm(land), _crop_risk(land), _wildfire(land)


def _rainstorm(land: Land) -> HazardLayer:
    survey = SurveyTitle("meteorological", "hazard", "暴雨灾害危险性", _WEATHER, date(2023, 3, 31), 50_000)
    rng = land.rng(50)
    middles = np.array([cell[0] for cell in _CELLS]) + rng.uniform(-0.3, 0.3, (len(_CELLS), 2))
    warp = Warp(rng, length_m=5200.0, octaves=5, strength=0.27)
    areas = bent_cells(land.boundary, land.grid.place(middles[:, 0], middles[:, 1]), warp, least_m2=400_000.0)
    zones = [
        ZoneSketch(f"{name}暴雨危险性{GRADES['met4'][rank - 1]}区", area, "met4", rank)
        for (_, name, rank), area in zip(_CELLS, areas, strict=True)
    ]
    return layer_of(survey, zones, extent_kind="zones")


def _crop_risk(land: Land) -> HazardLayer:
    """Drought and hot-wind risk of crops by village: worse the farther up the fan, away from canal water."""
    survey = SurveyTitle("meteorological", "risk_crop", "干旱灾害农作物风险", _WEATHER, date(2023, 3, 31), 50_000)
    canals = shapely.unary_union([canal.line for canal in land.canals])
    dryness = shapely.distance(shapely.points(land.villages.seat), canals) / 1000.0
    dryness += 0.12 * (29.0 - (land.villages.seat[:, 1] - land.grid.south) / 1000.0)
    order = np.argsort(np.argsort(-dryness, kind="stable"), kind="stable")
    zones = []
    for place, name, area in zip(order, land.villages.name, land.villages.area, strict=True):
        rank = 1 + int(place) * 5 // len(order)
        zones.append(ZoneSketch(f"{name}农作物干旱风险{GRADES['met5'][rank - 1]}区", area, "met5", rank))
    return layer_of(survey, zones, extent_kind="zones")


def _wildfire(land: Land) -> HazardLayer:
    """Patches of riverside wood, shelter belt and hill grass, graded from their middles outwards."""
    survey = SurveyTitle(
        "wildfire", "hazard", "森林草原火灾危险性", "示范数据（合成）森林草原火灾风险普查", date(2023, 10, 12), 25_000
    )
    fuel = _fuel(land)
    nested = [region_above(land.grid, fuel, level) for level in (0.78, 0.62, 0.48, 0.36, 0.25)]
    zones = []
    for rank, band in enumerate(bands(nested), start=1):
        word = GRADES["fire5"][rank - 1]
        for village, part in by_village(land, band, least_m2=25_000.0):
            zones.append(ZoneSketch(f"{village}林草火灾{word}危险区", part, "fire5", rank))
    return layer_of(survey, zones, extent_kind="boundary")


def _fuel(land: Land) -> Field:
    grid, noise = land.grid, Noise(land.rng(51))
    river = grid.distance_to(np.array([land.ground.river], dtype=object), reach_m=5000.0)
    clumps = noise.fractal(grid.x, grid.y, length_m=1900.0, octaves=4)
    grass_km = (grid.north_km - land.ground.front_km[None, :] + 1.2) / 1.5
    woods = np.exp(-(((river - 500.0) / 700.0) ** 2)) * (0.45 + 0.9 * clumps)
    grass = np.exp(-(grass_km**2)) * (0.30 + 1.0 * np.roll(clumps, 60, axis=1))
    belts = 0.95 * np.roll(clumps, 120, axis=0) * np.exp(-(((grid.north_km - 20.5) / 4.5) ** 2))
    fuel: Field = np.maximum(np.maximum(woods, grass), belts)
    return fuel
