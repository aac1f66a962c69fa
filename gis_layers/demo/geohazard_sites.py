"""Geohazard sites of the synthetic township, on the fans that were declared danger areas; people, documents and numbers made up."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from gis_layers.demo.layers import HazardLayer
from gis_layers.demo.people import fictional_person
from risk_model.decisions import GEOHAZARD_SITE, life_of

_FIRST: Final = 400

_TOLD: Final[tuple[dict[str, Any], ...]] = (
    {
        "kind": "debris_flow", "state": "monitored", "households": 6, "people": 23,
        "recognised_by": "示自然资发〔2023〕12号（合成）", "recognised_on": datetime.date(2023, 5, 20),
    },
    {
        "kind": "debris_flow", "state": "monitored", "households": 2, "people": None,
        "recognised_by": "示自然资发〔2023〕12号（合成）", "recognised_on": datetime.date(2023, 5, 20),
    },
    {
        "kind": "landslide", "state": "recognised", "households": None, "people": None,
        "recognised_by": "示自然资发〔2025〕4号（合成）", "recognised_on": datetime.date(2025, 4, 8),
    },
    {
        "kind": "collapse", "state": "struck_off", "households": 0, "people": 0,
        "recognised_by": "示自然资发〔2020〕9号（合成）", "recognised_on": datetime.date(2020, 6, 1),
        "struck_off_by": "示自然资发〔2024〕21号（合成）", "struck_off_on": datetime.date(2024, 9, 30),
    },
)  # fmt: skip


def geohazard_sites(layers: Sequence[HazardLayer], villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Some sites (columns of their register, points in the storage CRS) on declared fans, one struck off on milder ground."""
    declared = next(layer.zones for layer in layers if layer.hazard == "declared_geological")
    mild = next(layer.zones for layer in layers if (layer.hazard, layer.product) == ("geological", "hazard"))
    mild = mild[mild["grade_rank"] == mild["grade_rank"].max()]
    watched = sum(told.get("struck_off_on") is None for told in _TOLD)
    ground = [*_zones_of(declared)[:watched], *_zones_of(mild)[: len(_TOLD) - watched]]
    codes = dict(zip(villages["name"], villages["code"], strict=True))
    rows = [
        _row(number, told, zone, codes) for number, (told, (zone, _)) in enumerate(zip(_TOLD, ground, strict=False), 1)
    ]
    columns = {name: pd.Series([row[name] for row in rows], dtype=object) for name in rows[0]} if rows else {}
    return gpd.GeoDataFrame(columns, geometry=[place for _, place in ground], crs=declared.crs)


def _zones_of(zones: gpd.GeoDataFrame) -> list[tuple[str, Any]]:
    """Name of each zone and a point in it."""
    ordered = zones.sort_values("source_id")
    return list(zip(ordered["name"], shapely.point_on_surface(ordered.geometry.to_numpy()), strict=True))


def _row(number: int, told: dict[str, Any], zone: str, codes: dict[str, str]) -> dict[str, Any]:
    village = next((name for name in codes if zone.startswith(name)), "")
    is_watched = told["state"] != life_of(GEOHAZARD_SITE).beginnings[0].to
    watcher, phone = fictional_person(_FIRST + number) if is_watched else (None, None)
    return {
        "code": f"SYN-DZ-{number:03d}",
        "name": f"{village} {number} 号隐患点（合成）",
        "village_code": codes.get(village),
        "contact_name": watcher,
        "contact_phone": phone,
        **dict.fromkeys(("told_zone", "struck_off_by", "struck_off_on", "remark")),
        **told,
        "synthetic": True,
    }
