"""Public facilities: schools, clinics, offices as places, and eight shelters with the ground they offer."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.demo.land import Land
from gis_layers.demo.people import fictional_person
from gis_layers.demo.plots import beside, free_parcel, kept_clear
from risk_model.vocabulary import Geometries

# Square metres a person needs, by how long a shelter serves (GB 51143).
AREA_A_PERSON_M2 = {"emergency": 0.5, "temporary": 1.0, "short": 2.0, "medium": 3.0, "long": 4.5}
_USED = 0.65
_FIRST_PHONE = 75

# Name, village, term, size of the plot in metres, metres along a road from the seat.
_SHELTERS = (
    ("南苑示范广场避难场所", "南苑社区", "medium", (160.0, 115.0), 520.0), ("南华示范中学避难场所", "南苑社区", "short", (120.0, 90.0), -480.0),
    ("大庄示范村部避难场所", "大庄村", "short", (84.0, 60.0), 260.0), ("胜利示范广场避难场所", "胜利村", "short", (76.0, 62.0), -240.0),
    ("义和示范文化广场避难场所", "义和村", "temporary", (60.0, 48.0), 230.0), ("智号示范村部避难场所", "智号村", "temporary", (56.0, 46.0), 250.0),
    ("明水示范小学避难场所", "明水村", "short", (72.0, 58.0), -260.0), ("先锋示范村部避难场所", "先锋村", "emergency", (44.0, 36.0), 300.0),
)  # fmt: skip

# Name, kind, village, people it holds (None: not stated).
_PLACES = (
    ("南华示范中学", "school", "南苑社区", 860), ("南华示范中心小学", "school", "南苑社区", 540), ("大庄示范小学", "school", "大庄村", 120),
    ("南寨子示范小学", "school", "南寨子村", 76), ("小海子示范幼儿园", "kindergarten", "小海子村", 48), ("南华示范中心幼儿园", "kindergarten", "南苑社区", 210),
    ("南华示范卫生院", "hospital", "南苑社区", 60), ("大庄示范卫生室", "clinic", "大庄村", None), ("小海子示范卫生室", "clinic", "小海子村", None),
    ("南寨子示范卫生室", "clinic", "南寨子村", None), ("明水示范卫生室", "clinic", "明水村", None), ("义和示范卫生室", "clinic", "义和村", None),
    ("南华示范敬老院", "care_home", "胜利村", 70), ("南华示范镇政府", "government", "南苑社区", None), ("南华示范派出所", "police", "南苑社区", None),
    ("南华示范文化站", "culture", "南苑社区", 150), ("南苑示范农贸市场", "market", "南苑社区", 300), ("南苑示范供水厂", "water_supply", "南苑社区", None),
    ("南山示范供水站", "water_supply", "先锋村", None),
)  # fmt: skip


def place_facilities(land: Land, taken: Geometries) -> gpd.GeoDataFrame:
    """Shelters as plots off roads, water and ``taken`` ground, other facilities as points (register columns, metric CRS)."""
    ground = shapely.union_all(np.array([kept_clear(land), *shapely.buffer(taken, 10.0)], dtype=object))
    rows = list[dict[str, Any]]()
    for name, village, term, size, along_m in _SHELTERS:
        line, home = _street(land, village, 0)
        plot = free_parcel(line, home + along_m, size, left=along_m > 0, taken=ground)
        ground = shapely.union(ground, plot.buffer(6.0))
        area_m2 = round(_USED * plot.area, 0)
        row = _row(land, name, "shelter", village) | {"shelter_term": term, "effective_area_m2": area_m2}
        rows.append(row | {"capacity": int(area_m2 / AREA_A_PERSON_M2[term]), "geometry": plot})
    for number, (name, kind, village, capacity) in enumerate(_PLACES):
        line, home = _street(land, village, number)
        along = float(np.clip(home + 110.0 * (1 + number % 5) * (-1) ** number, 20.0, line.length - 20.0))
        place, _ = beside(line, along, 20.0 * (-1) ** (number // 2))
        rows.append(_row(land, name, kind, village) | {"capacity": capacity, "geometry": shapely.Point(place)})
    for number, row in enumerate(rows):
        row["contact_name"], row["contact_phone"] = fictional_person(_FIRST_PHONE + number)
        row["last_verified"] = None if number % 4 == 3 else date(2026, 1 + number % 9, 5 + number % 20)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=DEFAULT_METRIC_CRS)


def _row(land: Land, name: str, kind: str, village: str) -> dict[str, Any]:
    code = land.villages.code[land.villages.index(village)]
    return {
        "name": name, "kind": kind, "village_code": code, "shelter_term": None, "effective_area_m2": None, "synthetic": True,
    }  # fmt: skip


def _street(land: Land, village: str, number: int) -> tuple[shapely.LineString, float]:
    """A road that passes the seat of a village, joined from end to end, and metres along it to the seat."""
    seat = shapely.Point(land.villages.seat[land.villages.index(village)])
    near = sorted({
        name
        for name, kind, line in zip(land.roads.name, land.roads.road_class, land.roads.line, strict=True)
        if kind in ("county", "township", "village") and line.distance(seat) < 5.0
    })  # fmt: skip
    name = near[number % len(near)]
    lines = [line for road, line in zip(land.roads.name, land.roads.line, strict=True) if road == name]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    line: shapely.LineString = min(merged, key=lambda part: float(part.distance(seat)))
    return line, float(line.project(seat))
