"""Responders of the town: its fire team, a station in every village, and forces of every kind."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS
from gis_layers.demo.land import Land
from gis_layers.demo.noise import Field
from gis_layers.demo.people import fictional_person
from gis_layers.demo.plots import beside, road_line
from gis_layers.demo.responder_plans import FORCES, ForcePlan
from risk_model.codes import enumeration

TOWN_STATION = "南华示范专职消防队"
_TOWN = "南苑社区"
_FIRST_PHONE = 50


def place_stations(land: Land) -> gpd.GeoDataFrame:
    """One town fire station and sixteen village stations, with the columns of the register (metric CRS)."""
    rng, villages = land.rng(120), land.villages
    rows = [_station(TOWN_STATION, "fire", land.villages.index(_TOWN), _town_station(land), land)]
    for number, name in enumerate(villages.name):
        place = villages.seat[number] + rng.uniform(18.0, 34.0, 2) * rng.choice([-1.0, 1.0], 2)
        rows.append(_station(f"{name}应急消防服务站", "village", number, place, land))
    for number, row in enumerate(rows):
        row["provisions"] = _provisions(number)
        row["duty_phone"] = fictional_person(_FIRST_PHONE + number)[1]
        row["last_verified"] = None if number % 6 == 5 else date(2026, 3 + number % 7, 1 + 3 * (number % 9))
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=DEFAULT_METRIC_CRS)


def place_forces(land: Land, stations: gpd.GeoDataFrame, enterprises: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Forces at stations, at enterprises or at bases of their own, with the columns of the register (metric CRS)."""
    stood = dict(zip(stations["name"], stations.geometry, strict=True))
    works = dict(zip(enterprises["name"], enterprises.geometry, strict=True))
    rows = []
    for number, plan in enumerate((*FORCES, *_village_teams(land))):
        base = stood.get(plan.base) or works.get(plan.base)
        place = shapely.point_on_surface(base) if base is not None else shapely.Point(_own_base(land, plan, number))
        name, phone = fictional_person(number)
        rows.append({
            "name": plan.name, "kind": plan.kind, "capabilities": list(plan.capabilities), "unknown_capabilities": [],
            "state": plan.state, "duty": plan.duty, "crew": plan.crew, "turnout_s": None,
            "station": plan.base if plan.base in stood else None, "village_code": _code(land, place),
            "equipment": [{"name": word, "count": count} for word, count in plan.equipment],
            "agreement_expires": plan.agreement_expires, "last_verified": plan.last_verified,
            "contact_name": name, "contact_phone": phone, "synthetic": True, "geometry": place,
        })  # fmt: skip
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=DEFAULT_METRIC_CRS)


def _station(name: str, kind: str, village: int, place: Field, land: Land) -> dict[str, Any]:
    in_town = kind == "fire"
    return {
        "name": name, "kind": kind, "village_code": land.villages.code[village], "crew": 15 if in_town else 6 + village % 3,
        "duty": "all_day" if in_town or village % 4 == 0 else "daytime", "synthetic": True, "geometry": shapely.Point(place),
    }  # fmt: skip


def _provisions(number: int) -> list[str]:
    """What a station has: most of the list, every third without a plan, every fifth without funds or drills."""
    lacking = {"plan"} if number % 3 == 2 else set()
    lacking |= {"drills", "funds"} if number % 5 == 4 else set()
    return [code for code in enumeration("station_provision") if code not in lacking]


def _town_station(land: Land) -> Field:
    line = road_line(land, "X210")
    seat = shapely.Point(land.villages.seat[land.villages.index(_TOWN)])
    place, _ = beside(line, line.project(seat) + 260.0, 32.0)
    return place


def _own_base(land: Land, plan: ForcePlan, number: int) -> Field:
    """A yard beside a road of the village, some hundred metres from its seat."""
    seat = shapely.Point(land.villages.seat[land.villages.index(plan.village)])
    lines = [
        line
        for line, kind in zip(land.roads.line, land.roads.road_class, strict=True)
        if kind not in ("motorway", "track")
    ]
    reach = [line for line in lines if line.distance(seat) < 700.0 and line.length > 120.0]
    line = reach[(7 * number + 3) % len(reach)]
    place, _ = beside(line, 0.35 * line.length, 24.0)
    return place


def _code(land: Land, place: Any) -> str:
    return land.villages.code[land.villages.index(land.village_at(place.buffer(1.0)))]


def _village_teams(land: Land) -> list[ForcePlan]:
    """The team of each village station: a hand pump everywhere, a small engine or tools where people are many."""
    teams = []
    for number, name in enumerate(land.villages.name):
        large = land.villages.population[number] > 1150
        tools = (("手抬泵", 1), ("水带", 8 + number % 5), ("铁锹", 20), *((("小型水罐车", 1),) if large else ()))
        words = ("pump", "rescue", "fire_engine") if large else ("pump", "rescue") if number % 2 else ("pump",)
        verified = None if number % 5 == 4 else date(2026, 4 + number % 6, 2 + 2 * (number % 12))
        teams.append(
            ForcePlan(
                f"{name}应急消防队",
                "township",
                words,
                6 + number % 4,
                f"{name}应急消防服务站",
                name,
                tools,
                duty="all_day" if number % 4 == 0 else "daytime",
                last_verified=verified,
            )
        )
    return teams
