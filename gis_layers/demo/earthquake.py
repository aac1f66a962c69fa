"""Active faults and earthquake risk. Traces are invented: no line here may be read as a real fault."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely

from gis_layers.demo.land import Land
from gis_layers.demo.layers import GRADES, HazardLayer, SurveyTitle, ZoneSketch, graded_mosaic, layer_of
from gis_layers.demo.noise import Field, Noise, smoothstep

# Name, corners in kilometres, overburden in metres, age: the front fault, a deeply buried one, one nobody has dated.
_FAULTS: tuple[tuple[str, tuple[tuple[float, float], ...], float | None, str | None], ...] = (
    ("示范断裂F1（山前断裂）", ((4.0, 9.0), (8.0, 8.3), (12.2, 7.7), (12.9, 8.3), (17.0, 8.2), (21.0, 8.9), (26.0, 9.3)), 6.0, "Q4h"),
    ("示范断裂F2（隐伏断裂）", ((4.5, 19.1), (10.0, 18.5), (15.5, 17.0), (20.5, 16.5), (25.5, 15.2)), 65.0, "Q4h"),
    ("示范断裂F3（时代不明）", ((15.6, 4.0), (17.5, 6.8), (19.6, 9.6), (21.2, 12.0)), None, None),
)  # fmt: skip


def earthquake_layers(land: Land) -> tuple[HazardLayer, ...]:
    """Fault traces (lines with intensity, overburden, age) and the quake5 building-risk mosaic."""
    return _faults(land), _quake_risk(land)


def _traces(land: Land) -> list[shapely.LineString]:
    noise, traces = Noise(land.rng(40)), []
    for _, corners_km, _, _ in _FAULTS:
        corners = np.array(corners_km)
        line = shapely.segmentize(shapely.LineString(land.grid.place(corners[:, 0], corners[:, 1])), 120.0)
        points = shapely.get_coordinates(line)
        sway = noise.fractal(points[:, 0], points[:, 1], length_m=1500.0, octaves=4)
        traces.append(shapely.LineString(points + np.column_stack([0.2 * sway, sway]) * 130.0))
    return traces


def _faults(land: Land) -> HazardLayer:
    survey = SurveyTitle(
        "fault", "hazard", "活动断层分布", "示范数据（合成）地震灾害风险普查", date(2022, 10, 8), 50_000
    )
    zones = []
    for (name, _, overburden_m, age), trace in zip(_FAULTS, _traces(land), strict=True):
        inside = shapely.intersection(trace, land.boundary)
        zones.append(ZoneSketch(name, inside, intensity=8.0, overburden_m=overburden_m, fault_age=age))
    return layer_of(survey, zones, extent_kind="boundary")


def _quake_risk(land: Land) -> HazardLayer:
    survey = SurveyTitle(
        "earthquake", "risk_building", "地震灾害房屋风险", "示范数据（合成）地震灾害风险普查", date(2023, 6, 30), 50_000
    )
    score = _shaking(land)
    pieces = graded_mosaic(land, score, (0.16, 0.33, 0.52, 0.74), least_m2=220_000.0)
    words = GRADES["quake5"]
    zones = [
        ZoneSketch(f"{village}地震风险{words[rank - 1]}区", shape, "quake5", rank) for village, rank, shape in pieces
    ]
    return layer_of(survey, zones, extent_kind="zones")


def _shaking(land: Land) -> Field:
    """Relative risk 0-1: near the front fault, on the wet fine soils by 黑河, and where many houses stand."""
    grid = land.grid
    fault = grid.distance_to(np.array(_traces(land)[:1], dtype=object), reach_m=9000.0)
    soft = smoothstep(grid.north_km, 20.0, 28.0)
    seats = shapely.points(land.villages.seat)
    houses = np.zeros(fault.shape)
    for seat, people in zip(shapely.get_coordinates(seats), land.villages.population, strict=True):
        away = np.hypot(grid.x - seat[0], grid.y - seat[1])
        houses = np.maximum(houses, (people / 3200.0) ** 0.5 * np.exp(-((away / 1700.0) ** 2)))
    grain = Noise(land.rng(41)).fractal(grid.x, grid.y, length_m=4200.0, octaves=4)
    return 0.42 * np.exp(-fault / 2600.0) + 0.40 * soft + 0.40 * houses + 0.11 * grain + 0.05
