"""Geological hazards: a graded mosaic of the township, the ground prone to them, and declared danger zones."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import shapely

from gis_layers.demo.land import Land
from gis_layers.demo.layers import GRADES, HazardLayer, SurveyTitle, ZoneSketch, graded_mosaic, layer_of, ribbon
from gis_layers.demo.noise import Field, Noise, smoothstep
from gis_layers.demo.overlay import common, less, merged, polygons_of, stretch

_SOURCE = "示范数据（合成）地质灾害风险普查"

# Village, groups named, how far down its channels the fan opens (0-1), run-out length in metres, half opening in degrees.
_FANS = (
    ("南寨子村", "一社", 0.10, 1500.0, 34.0), ("南寨子村", "二社", 0.12, 1250.0, 30.0),
    ("南寨子村", "三社", 0.46, 1700.0, 36.0), ("南寨子村", "五至六社", 0.52, 1050.0, 28.0),
    ("先锋村", "一社", 0.08, 1450.0, 33.0), ("先锋村", "四社", 0.40, 1500.0, 35.0),
    ("墩仁村", "二社", 0.22, 1650.0, 34.0), ("明永村", "一社", 0.08, 1350.0, 32.0),
    ("明永村", "二社", 0.38, 1550.0, 36.0),
)  # fmt: skip


def geological_layers(land: Land) -> tuple[HazardLayer, ...]:
    """Hazard mosaic (geo4, whole township), prone ground (geo4), and the declared danger zones (ungraded)."""
    hazard, susceptibility = _scores(land)
    return _hazard(land, hazard), _susceptibility(land, susceptibility), _declared(land)


def _hazard(land: Land, score: Field) -> HazardLayer:
    """The whole township graded, the plain 低."""
    survey = SurveyTitle("geological", "hazard", "地质灾害危险性分区", _SOURCE, date(2023, 11, 20), 10_000)
    pieces = graded_mosaic(land, score, (0.24, 0.44, 0.66), least_m2=90_000.0)
    return layer_of(survey, _graded(pieces, "危险性"), extent_kind="zones")


def _susceptibility(land: Land, score: Field) -> HazardLayer:
    """Prone ground only: hills and fans with a band of 低 below them. The plain was surveyed and is not prone."""
    survey = SurveyTitle("geological", "susceptibility", "地质灾害易发性分区", _SOURCE, date(2023, 11, 20), 10_000)
    pieces = graded_mosaic(land, score, (0.15, 0.24, 0.44, 0.66), least_m2=90_000.0)
    prone = [piece for piece in pieces if piece[1] <= len(GRADES["geo4"])]
    return layer_of(survey, _graded(prone, "易发性"), extent_kind="boundary")


def _graded(pieces: list[tuple[str, int, Any]], word: str) -> list[ZoneSketch]:
    words = GRADES["geo4"]
    return [
        ZoneSketch(f"{village}地质灾害{word}{words[rank - 1]}区", shape, "geo4", rank)
        for village, rank, shape in pieces
    ]


def _scores(land: Land) -> tuple[Field, Field]:
    """Hazard and susceptibility, 0-1: steep ground, gully beds and the heads of fans, roughened by noise."""
    grid, rng = land.grid, land.rng(20)
    north_km = grid.north_km - land.ground.front_km[None, :]
    away = grid.distance_to(np.array([wash.line for wash in land.washes()], dtype=object), reach_m=3000.0)
    noise = Noise(rng)
    grain = noise.fractal(grid.x, grid.y, length_m=2100.0, octaves=5, gain=0.62)
    hills = 0.13 * smoothstep(-north_km, -0.2, 1.2)
    steep = smoothstep(_blurred(land.slope, 2), 0.03, 0.30)
    fan = np.exp(-np.clip(north_km, 0.0, None) / 4.4) * (0.55 + 0.45 * np.exp(-((away / 1300.0) ** 2)))
    gully = np.exp(-((away / 330.0) ** 2)) * np.exp(-np.clip(north_km, 0.0, None) / 11.0)
    hazard = np.maximum(0.9 * steep, 0.50 * fan + 0.44 * gully) + hills + 0.21 * grain
    # Away from the hills nothing comes down, whatever the grain of the ground: the plain fades to nothing.
    reach = 1.0 - smoothstep(north_km, 4.5, 8.5)
    prone = np.maximum(0.8 * steep, 0.7 * fan + 0.2 * gully) + hills + 0.18 * np.roll(grain, 40, axis=1)
    susceptibility = reach * prone
    return _blurred(hazard, 1), _blurred(susceptibility, 2)


def _declared(land: Land) -> HazardLayer:
    survey = SurveyTitle(
        "declared_geological",
        "hazard",
        "地质灾害危险区",
        "示范数据（合成）县人民政府划定公告",
        date(2024, 5, 15),
        5_000,
    )
    noise, taken = Noise(land.rng(21)), shapely.MultiPolygon()
    zones: list[ZoneSketch] = []
    for village, groups, *shape in _FANS:
        area = land.villages.area[land.villages.index(village)]
        wash, start_m = _apex(land, village, sum(zone.name.startswith(village) for zone in zones), shape[0])
        lobe = _debris_lobe(noise, wash, (start_m, shape[1], shape[2]))
        fan = polygons_of(less(common(lobe, area), taken), 5000.0)
        taken = merged([taken, fan])
        if fan.is_empty:  # another seed may send every wash past this village
            continue
        zones.append(ZoneSketch(f"{village}{groups}泥石流堆积扇", fan))
    return layer_of(survey, zones, extent_kind="boundary")


def _apex(land: Land, village: str, number: int, share: float) -> tuple[shapely.LineString, float]:
    """A channel on the fans of a village, those that cross it most in turn, and metres along it to a new fan."""
    area = land.villages.area[land.villages.index(village)]
    ground = land.ground
    upper = shapely.box(*ground.grid.place(0.0, 3.0)[0], *ground.grid.place(30.0, 12.8)[0])
    lines = np.array([wash.line for wash in land.washes()], dtype=object)
    inside = shapely.intersection(lines, shapely.intersection(area, upper))
    reach = shapely.length(inside)
    order = np.lexsort((shapely.distance(lines, area), -reach))
    best = [k for k in order[:2] if reach[k] > 1200.0] or [order[0]]
    k = int(best[number % len(best)])
    span = inside[k] if reach[k] > 0 else shapely.shortest_line(lines[k], area)
    along = shapely.line_locate_point(lines[k], shapely.points(shapely.get_coordinates(span)))
    return lines[k], float(along.min() + share * (along.max() - along.min()))


def _debris_lobe(noise: Noise, wash: shapely.LineString, shape: tuple[float, float, float]) -> shapely.MultiPolygon:
    """A fan opening down-slope on ``wash`` (metres along it, run-out, half opening), with the channel that feeds it."""
    start, run_m, opening = shape
    apex = shapely.get_coordinates(wash.interpolate(start))[0]
    ahead = shapely.get_coordinates(wash.interpolate(start + 500.0))[0] - apex
    heading = np.arctan2(ahead[1], ahead[0])
    angle = np.linspace(-1.0, 1.0, 61)
    ray = np.column_stack(
        [np.cos(heading + np.radians(opening) * angle), np.sin(heading + np.radians(opening) * angle)]
    )
    tongue = noise.fractal(*(apex[:, None] + 0.6 * run_m * ray.T), length_m=430.0, octaves=4)
    radius = run_m * (1.0 - 0.62 * np.abs(angle) ** 2.2) * (1.0 + 0.6 * tongue)
    fan = shapely.Polygon(np.concatenate([apex[None, :], apex + ray * radius[:, None]])).buffer(0)
    channel = stretch(wash, max(start - 900.0, 0.0), start + 0.75 * run_m)
    feeder = ribbon(channel, np.array([38.0, 55.0, 80.0, 90.0]), noise)
    return polygons_of(shapely.simplify(merged([fan, feeder]).buffer(45.0).buffer(-45.0), 5.0))


def _blurred(field: Field, times: int) -> Field:
    for _ in range(times):
        padded = np.pad(field, 1, mode="edge")
        field = (padded[:-2] + 2.0 * padded[1:-1] + padded[2:])[:, 1:-1] / 4.0
        padded = np.pad(field, 1, mode="edge")
        field = (padded[:, :-2] + 2.0 * padded[:, 1:-1] + padded[:, 2:])[1:-1] / 4.0
    return field
