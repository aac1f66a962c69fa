"""Some fifty fictional hidden dangers of three years, most of them closed, some of each open state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis_layers.demo.land import Land
from risk_model.codes import enumeration
from risk_model.decisions import HIDDEN_DANGER, life_of

OPEN: tuple[tuple[str, str], ...] = (
    ("示范第二加油站", "rectifying"), ("南苑示范火锅店", "rectifying"), ("示范肉牛养殖场", "rectifying"),
    ("示范第三砂厂", "assigned"), ("示范果蔬冷库一库", "confirmed"), ("示范农机装备厂", "acceptance_requested"),
    ("大庄示范面粉加工点", "acceptance_requested"), ("义和示范旅社", "first_review"), ("示范混凝土搅拌站", "second_review"),
    ("示范塑编包装厂", "registered"), ("南苑示范网吧", "verifying"),
)  # fmt: skip
_OVER = (*["closed"] * 29, *["general"] * 5, *["unfounded"] * 3)
_CHANNELS = tuple(enumeration("danger_channel"))
_LIKELY = (0.30, 0.34, 0.10, 0.14, 0.04, 0.08)
_CLAUSES: dict[str, tuple[str, str]] = {
    "chemical": ("可燃有毒气体报警装置停用", "修复报警装置并联锁测试"), "fuel": ("卸油区未设防静电接地报警", "加装接地报警仪"),
    "gas": ("储罐紧急切断阀失效", "更换紧急切断阀"), "mining": ("边坡超高超陡且未分台阶开采", "削坡减载，分台阶开采"),
    "cold_store": ("氨制冷机房未设氨气浓度报警", "安装报警与事故排风联锁"), "manufacturing": ("粉尘作业区除尘系统未设泄爆", "改造除尘系统"),
    "food": ("有限空间作业未执行审批监护", "建立审批和监护制度并配检测仪"), "seed": ("筒仓清理未设防坠和监护", "设置防坠装置"),
    "livestock": ("沼气池无通风检测措施", "配备检测和通风设备"), "construction": ("搅拌机检修未断电挂牌", "落实上锁挂牌"),
    "logistics": ("仓库疏散通道被堆物占用", "清理并划线"), "small_place": ("疏散通道封闭，违规住人", "打通通道，清退住人"),
}  # fmt: skip
_FIRST, _LAST_ENDED = date(2024, 4, 1), date(2026, 3, 31)


def record_dangers(land: Land, enterprises: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Hidden dangers with the columns of the register and ``enterprise`` by name (metric CRS)."""
    rng = land.rng(112)
    by_name = {str(row["name"]): row for row in enterprises.to_dict("records")}
    names = list(by_name)
    drawn = [(names[int(rng.integers(len(names)))], state) for state in _OVER]
    rows = [_row(by_name[name], state, rng) for name, state in (*drawn, *OPEN) if name in by_name]
    rows.sort(key=lambda row: (row["found_on"], row["enterprise"]))
    for number, row in enumerate(rows, 1):
        row["code"] = f"SYN-YH-{row['found_on'].year}-{number:03d}"
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=enterprises.crs)


def _row(enterprise: Mapping[Any, Any], state: str, rng: np.random.Generator) -> dict[str, Any]:
    here = life_of(HIDDEN_DANGER).states[state]
    ended, proven = here.end, "confirmed_on" in here.records
    found = _FIRST + timedelta(days=int(rng.integers((_LAST_ENDED - _FIRST).days)))
    if not ended:
        found = date(2026, 6, 1) + timedelta(days=int(rng.integers(110)))
    confirmed = found + timedelta(days=int(rng.integers(1, 8))) if proven else None
    deadline = confirmed + timedelta(days=int(rng.integers(30, 120))) if confirmed and state != "confirmed" else None
    closed = (
        confirmed + timedelta(days=int(rng.integers(15, 140))) if confirmed and "closed_on" in here.records else None
    )
    clause, measures = _CLAUSES.get(enterprise["sector"], _CLAUSES["small_place"])
    return {
        "enterprise": enterprise["name"], "place": enterprise["address"], "village_code": enterprise["village_code"],
        "sector": enterprise["sector"], "state": state, "channel": str(rng.choice(_CHANNELS, p=_LIKELY)),
        "supervision": "town" if proven and not ended else "none", "clause": clause, "measures": measures if proven else None,
        "found_on": found, "confirmed_on": confirmed, "deadline": deadline, "closed_on": closed, "synthetic": True,
        "geometry": shapely.point_on_surface(enterprise["geometry"]),
    }  # fmt: skip
