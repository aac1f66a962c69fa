"""Some forty fictional enterprises: plants in the park with their boundary, the small ones as a place by the road."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.demo.enterprise_plans import PITS, PLANTS, SHOPS, STOPS, EnterprisePlan
from gis_layers.demo.enterprise_risks import DECLARED_ONLY, inspections, risk_points
from gis_layers.demo.land import Land
from gis_layers.demo.noise import Field, Noise
from gis_layers.demo.people import fictional_person
from gis_layers.demo.plots import beside, free_parcel, kept_clear, road_line

_CHECKED = date(2026, 6, 30)


def place_enterprises(land: Land) -> gpd.GeoDataFrame:
    """Every enterprise with the columns of the register (metric CRS); ``inventory`` are lists of dicts, in tonnes.

    ``risk_points`` None: not assessed. ``base_grade`` only where a colour was told without a working. ``inspections`` are
    pairs of day and department.
    """
    rng, rows = land.rng(110), list[dict[str, Any]]()
    clear = taken = kept_clear(land)
    for name, road, along_m, size, left in PLANTS:
        plot = free_parcel(road_line(land, road), along_m, size, left=left, taken=taken)
        taken = shapely.union(taken, plot.buffer(12.0))
        rows.append(_row(land, name, plot, rng))
    for name, village, north_km in PITS:
        rows.append(_row(land, name, _pit(land, village, north_km, clear), rng))
    for name, road, near, off_m in STOPS:
        line = road_line(land, road)
        seat = shapely.Point(land.villages.seat[land.villages.index(near[0])])
        place, _ = beside(line, line.project(seat) + near[1], off_m)
        rows.append(_row(land, name, shapely.Point(place), rng))
    rows += [_row(land, plan, place, rng) for plan, place in _shops(land, rng)]
    plans = {plan.name: plan for plan in (*_plans_of(PLANTS), *_plans_of(PITS), *_plans_of(STOPS), *_plans_of(SHOPS))}
    past = land.rng(113)
    for number, row in enumerate(rows):
        row["contact_name"], row["contact_phone"] = fictional_person(number)
        row["risk_points"] = risk_points(plans[row["name"]], number)
        row["inspections"] = inspections(row["last_check"], past)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=DEFAULT_METRIC_CRS)


def _plans_of(placed: Sequence[tuple[Any, ...]]) -> list[EnterprisePlan]:
    return [entry[0] for entry in placed]


def _row(land: Land, plan: EnterprisePlan, geometry: shapely.Geometry, rng: np.random.Generator) -> dict[str, Any]:
    village = land.villages.index(land.village_at(shapely.buffer(geometry, 1.0)))
    checked = _CHECKED - timedelta(days=int(rng.integers(0, 240)))
    return {
        "name": plan.name, "sector": plan.sector, "industry": plan.industry, "size": plan.size, "staff": plan.staff,
        "village_code": land.villages.code[village], "address": f"{land.villages.name[village]}（示范地址）",
        "base_grade": plan.grade if plan.name in DECLARED_ONLY else None, "major_hazard_level": plan.major_hazard_level,
        "inventory": [{"substance": word, "cas": cas, "tonnes": tonnes} for word, cas, tonnes in plan.inventory],
        "last_check": None if rng.uniform() < 0.12 else checked, "synthetic": True, "geometry": geometry,
    }  # fmt: skip


def _pit(land: Land, village: str, north_km: float, clear: shapely.Geometry) -> shapely.Polygon:
    """A sand pit on the bank of the wash nearest to the village's seat, some kilometres up the fan."""
    number = land.villages.index(village)
    seat, area = land.villages.seat[number], land.villages.area[number].buffer(-150.0)
    level = land.grid.place(0.0, north_km)[0, 1]
    crossing = [
        point
        for wash in land.washes()
        for point in shapely.get_coordinates(shapely.segmentize(wash.line, 40.0))
        if abs(point[1] - level) < 500.0 and area.contains(shapely.Point(point))
    ]
    # Where no wash of another seed passes here, the pit is dug beside the seat.
    bank = min(crossing, key=lambda point: float(np.hypot(*(point - seat)))) if crossing else seat
    noise, angle = Noise(land.rng(111)), np.linspace(0.0, 2.0 * np.pi, 41)[:-1]
    rim = np.column_stack([np.cos(angle), 1.35 * np.sin(angle)])
    middle = bank + np.array([135.0, 0.0])
    swing = noise.fractal(*(middle[:, None] + 300.0 * rim.T), length_m=260.0, octaves=3)
    pit = shapely.Polygon(middle + rim * (88.0 * (1.0 + 0.5 * swing))[:, None]).buffer(0)
    dug = shapely.get_parts(shapely.difference(pit, clear))
    largest: shapely.Polygon = max(dug, key=lambda part: float(part.area))
    return largest


def _shops(land: Land, rng: np.random.Generator) -> list[tuple[EnterprisePlan, shapely.Point]]:
    """The small places on the lanes round each seat, at least 45 m apart."""
    placed, taken = list[tuple[EnterprisePlan, shapely.Point]](), list[Field]()
    lines = [
        line
        for line, kind in zip(land.roads.line, land.roads.road_class, strict=True)
        if kind in ("county", "township", "village")
    ]
    for plan, village in SHOPS:
        seat = land.villages.seat[land.villages.index(village)]
        near = [line for line in lines if line.distance(shapely.Point(seat)) < 380.0 and line.length > 60.0]
        while True:
            line = near[int(rng.integers(len(near)))]
            place, _ = beside(line, float(rng.uniform(20.0, line.length - 20.0)), float(rng.choice([-13.0, 13.0])))
            if np.hypot(*(place - seat)) < 460.0 and all(np.hypot(*(place - other)) > 45.0 for other in taken):
                break
        taken.append(place)
        placed.append((plan, shapely.Point(place)))
    return placed
