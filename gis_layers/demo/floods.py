"""Water hazards: river flood, flash flood on the fans, dam break, and the river management strips."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely

from gis_layers.demo.isolines import region_above
from gis_layers.demo.land import Land
from gis_layers.demo.layers import GRADES, HazardLayer, SurveyTitle, ZoneSketch, bands, by_village, layer_of, ribbon
from gis_layers.demo.noise import Field, Noise, smoothstep
from gis_layers.demo.overlay import common, less, merged, polygons_of, stretch

UNSURVEYED_VILLAGE = "明水村"
"""The one village the flood survey never reached."""

RETURN_YEARS = ("5年一遇", "20年一遇", "50年一遇", "100年一遇")
ARRIVAL_MINUTES = (15.0, 30.0, 60.0, 110.0)
_WATER = "示范数据（合成）水旱灾害风险普查"


def water_layers(land: Land) -> tuple[HazardLayer, ...]:
    """Flood (flood4), flash flood (flash3), dam break (arrival minutes) and river management (ungraded)."""
    return _flood(land), _flash_flood(land), _dam_break(land), _river_management(land)


def surveyed_for_flood(land: Land) -> shapely.MultiPolygon:
    """The township without the village the flood survey left out, metric CRS."""
    return less(land.boundary, land.villages.area[land.villages.index(UNSURVEYED_VILLAGE)])


def _flood(land: Land) -> HazardLayer:
    """Bands along 黑河 by height above its bed, and narrow ones along the main canals, nested by return period."""
    survey = SurveyTitle("flood", "hazard", "洪水风险区划", _WATER, date(2023, 9, 15), 10_000)
    extent, noise = surveyed_for_flood(land), Noise(land.rng(30))
    depth = _closeness_to_river(land, noise)
    canals = [canal.line for canal in land.canals if "支渠" not in canal.name]
    nested = []
    for level, half_m in zip((0.78, 0.60, 0.44, 0.28), (0.0, 0.0, 34.0, 80.0), strict=True):
        spill = [ribbon(line, half_m, noise, rough=1.5) for line in canals] if half_m else []
        nested.append(merged([region_above(land.grid, depth, level), *spill]))
    zones = []
    for rank, band in enumerate(bands(nested), start=1):
        for village, part in by_village(land, common(band, extent)):
            name = f"{village}{RETURN_YEARS[rank - 1]}洪水淹没区"
            zones.append(ZoneSketch(name, part, "flood4", rank))
    return layer_of(survey, zones, extent_kind="area", extent=extent)


def _closeness_to_river(land: Land, noise: Noise) -> Field:
    """1 on the bed of 黑河, falling with distance and height; bays and bars come from noise."""
    grid = land.grid
    away = grid.distance_to(np.array([land.ground.river], dtype=object), reach_m=4000.0)
    grain = noise.fractal(grid.x, grid.y, length_m=1700.0, octaves=5)
    closeness: Field = np.exp(-away / 950.0) * (1.0 + 0.62 * grain)
    return closeness


def _flash_flood(land: Land) -> HazardLayer:
    """Strips along the washes, wide and braided on the lower fan, lost in the oasis."""
    survey = SurveyTitle("flash_flood", "hazard", "山洪灾害危险区", _WATER, date(2024, 4, 10), 10_000)
    noise, zones, taken = Noise(land.rng(31)), [], shapely.MultiPolygon()
    for wash in land.washes():
        upper = stretch(wash.line, 0.0, min(wash.line.length, 12_500.0))
        taper = np.array([0.55, 0.8, 1.0, 1.35, 1.6, 1.5, 1.0, 0.45])
        arms = _distributaries(upper, noise)
        nested = [ribbon(upper, 50.0 * taper, noise, rough=0.75)]
        for half_m, arm_m in ((95.0, 45.0), (165.0, 95.0)):
            strips = [
                ribbon(arm, np.array([arm_m, 1.4 * arm_m, 1.1 * arm_m, 0.2 * arm_m]), noise, rough=0.7) for arm in arms
            ]
            nested.append(merged([ribbon(upper, half_m * taper, noise, rough=0.75), *strips]))
        for rank, band in enumerate(bands(nested), start=1):
            fresh = less(band, taken)
            for village, part in by_village(land, fresh):
                zones.append(
                    ZoneSketch(f"{village}{wash.name}山洪{GRADES['flash3'][rank - 1]}区", part, "flash3", rank)
                )
        taken = merged([taken, *nested])
    return layer_of(survey, zones, extent_kind="boundary")


def _distributaries(wash: shapely.LineString, noise: Noise) -> list[shapely.LineString]:
    """Old arms of a wash that part from it on the fan, one to each side."""
    arms = []
    for side, parting, length_m in ((1.0, 0.12, 3600.0), (-1.0, 0.30, 3000.0)):
        start = parting * wash.length
        points = shapely.get_coordinates(stretch(wash, start, start + length_m))
        away = np.linspace(0.0, 1.0, len(points))
        bend = noise.fractal(points[:, 0] + 8e4 * side, points[:, 1], length_m=1100.0, octaves=3)
        shift = side * 620.0 * away**1.2 + 260.0 * bend * away
        arms.append(shapely.LineString(points + np.column_stack([shift, 0.0 * shift])))
    return arms


def _dam_break(land: Land) -> HazardLayer:
    """The reach of a breach of 小海子水库 northwards to 黑河, in bands of arrival time."""
    survey = SurveyTitle("dam_break", "hazard", "小海子水库溃坝淹没区", _WATER, date(2022, 12, 1), 10_000)
    minutes = _arrival(land, Noise(land.rng(32)))
    nested = [region_above(land.grid, -minutes, -limit, tolerance_m=20.0) for limit in ARRIVAL_MINUTES]
    shores = merged(shore for _, shore in land.reservoirs)
    zones = []
    for limit, band in zip(ARRIVAL_MINUTES, bands(nested), strict=True):
        for village, part in by_village(land, less(band, shores), least_m2=15_000.0):
            zones.append(ZoneSketch(f"{village}溃坝{limit:.0f}分钟到达区", part, arrival_min=limit))
    return layer_of(survey, zones, extent_kind="boundary")


def _arrival(land: Land, noise: Noise) -> Field:
    """Minutes the flood front takes to each point: later with distance, later still off the middle of the tongue."""
    grid = land.grid
    lower = shapely.get_coordinates(land.reservoirs[-1][1].centroid)[0]
    north_m = grid.y - lower[1]
    middle = lower[0] - 0.16 * north_m + 420.0 * noise.fractal(0.0 * grid.y + 3e4, grid.y, length_m=2600.0, octaves=2)
    half_m = 650.0 + 1250.0 * smoothstep(north_m, 0.0, 3800.0)
    aside = np.abs(grid.x - middle) / (half_m * (1.0 + 0.5 * noise.fractal(grid.x, grid.y, length_m=1100.0, octaves=4)))
    front = 4.0 + 108.0 * (np.clip(north_m, 0.0, None) / 5600.0) ** 1.15
    late = front * (1.0 + 0.35 * aside**2) + 300.0 * np.clip(aside - 1.0, 0.0, None)
    arrival: Field = late + np.where(north_m < 150.0, (150.0 - north_m) * 0.25, 0.0)
    return arrival


def _river_management(land: Land) -> HazardLayer:
    survey = SurveyTitle(
        "river_management",
        "zoning_prevention",
        "河道管理范围",
        "示范数据（合成）河道划界成果",
        date(2021, 8, 30),
        2_000,
    )
    noise, zones, taken = Noise(land.rng(33)), [], shapely.MultiPolygon()
    wash_m = np.array([30.0, 38.0, 46.0, 50.0, 50.0])
    strips = [("黑河", ribbon(land.ground.river, 190.0, noise, rough=0.3))]
    strips += [(wash.name, ribbon(wash.line, wash_m, noise, rough=0.2)) for wash in land.washes()]
    for name, strip in strips:
        inside = polygons_of(less(common(strip, land.boundary), taken), 2000.0)
        taken = merged([taken, strip])
        if not inside.is_empty:
            zones.append(ZoneSketch(f"{name}河道管理范围", inside))
    return layer_of(survey, zones, extent_kind="boundary")
