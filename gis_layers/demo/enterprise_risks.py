"""Assessments of the fictional enterprises: risk points by sector that come out at the planned colour."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from gis_layers.demo.enterprise_plans import EnterprisePlan

NOT_ASSESSED = frozenset({"示范瓜菜制种公司", "小海子示范便民店", "明水示范农资店", "南寨子示范便民店"})
"""Nobody has assessed these; they have no colour."""
DECLARED_ONLY = frozenset({"示范物流园", "胜利示范便民店"})
"""These told their colour without a working."""
DEPARTMENTS = ("镇应急办", "综合行政执法队", "消防管理办公室")

_LEC = {"red": (6, 6, 15), "orange": (3, 6, 15), "yellow": (3, 2, 15), "blue": (3, 3, 7)}
_LS = {"red": (4, 5), "orange": (3, 5), "yellow": (3, 4), "blue": (2, 3)}
_PLACES: dict[str, tuple[str, ...]] = {
    "chemical": ("危化品储存区", "装卸台", "受限空间检修"), "fuel": ("卸油口", "加油区", "配电间"), "gas": ("储罐区", "充装间", "压缩机房"),
    "mining": ("采场边坡", "装载作业", "铲运道路"), "cold_store": ("氨制冷机房", "冷库库房", "配电间"),
    "manufacturing": ("粉尘作业区", "喷涂间", "起重作业"), "food": ("蒸汽锅炉", "有限空间清洗", "配电间"),
    "seed": ("烘干塔", "粮食筒仓", "配电间"), "livestock": ("沼气池", "饲草堆场", "配电间"),
    "construction": ("搅拌机检修", "料仓清理", "厂内道路"), "logistics": ("仓库", "装卸区"),
    "small_place": ("厨房与燃气", "疏散通道", "电气线路"),
}  # fmt: skip
_SCORES = {"red": 57.0, "orange": 68.0, "yellow": 81.0, "blue": 93.0}


def risk_points(plan: EnterprisePlan, number: int) -> list[dict[str, Any]] | None:
    """The risk points of a plan, the first of which brings its colour; None where nobody assessed it."""
    if plan.name in NOT_ASSESSED | DECLARED_ONLY:
        return None
    first, *others = _PLACES.get(plan.sector, ("作业场所", "配电间"))
    by_lec = number % 2 == 0 or plan.grade in ("red", "orange")
    points = [_lec(first, plan.grade) if by_lec else _matrix(first, plan.grade)]
    points += [_matrix(place, "blue") if k % 2 else _lec(place, "blue") for k, place in enumerate(others)]
    if plan.sector == "chemical":
        milder = "orange" if plan.grade == "red" else plan.grade
        figures = {"score": _SCORES[milder]}
        points.append({"name": "诊断分级", "method": "diagnosis", "figures": figures, "conditions": []})
    return points


def inspections(last: date | None, rng: np.random.Generator) -> list[tuple[date, str]]:
    """The last inspections by day and department, newest first; none where the enterprise was never inspected."""
    days, day = list[tuple[date, str]](), last
    while day is not None and len(days) < 3:
        days.append((day, DEPARTMENTS[int(rng.integers(len(DEPARTMENTS)))]))
        day -= timedelta(days=int(rng.integers(60, 200)))
    return days


def _lec(name: str, colour: str) -> dict[str, Any]:
    figures = dict(zip(("likelihood", "exposure", "consequence"), map(float, _LEC[colour]), strict=True))
    return {"name": name, "method": "lec", "figures": figures, "conditions": []}


def _matrix(name: str, colour: str) -> dict[str, Any]:
    figures = dict(zip(("likelihood", "severity"), map(float, _LS[colour]), strict=True))
    return {"name": name, "method": "matrix", "figures": figures, "conditions": []}
