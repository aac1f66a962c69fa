"""Plans of the fictional projects, and what the ground under each is to be."""

from __future__ import annotations

from dataclasses import dataclass

ANYWHERE = ""

Wish = tuple[str, str | None, float, float]
"""Hazard key (with ``:product`` where it matters), grade word (None: any zone of it), least and greatest share of the footprint inside."""

_SAFE: tuple[Wish, ...] = (
    ("declared_geological", None, 0, 0), ("flood", None, 0, 0), ("flash_flood", None, 0, 0), ("dam_break", None, 0, 0),
    ("river_management", None, 0, 0), ("hazmat_distance", None, 0, 0), ("protection_corridor", None, 0, 0),
    ("geological", "低", 1, 1), ("geological:susceptibility", None, 0, 0), ("wildfire", None, 0, 0), ("composite", "高", 0, 0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """A project before it has a place; with ``strip_m`` it is linear works of that width."""

    name: str
    project_class: str
    seismic_class: str | None
    village: str
    hectares: float
    wishes: tuple[Wish, ...]
    fault_m: tuple[float, float] = (900.0, 1e6)
    strip_m: float = 0.0


PLANS = (
    ProjectPlan("南寨子村示范小学迁建", "K2", "乙", "南寨子村", 1.8, (("declared_geological", None, 0.06, 0.35),)),
    ProjectPlan("南华示范化工原料库", "K1", "乙", "先锋村", 4.2, (("declared_geological", None, 0, 0),), (30.0, 180.0)),
    ProjectPlan("小海子示范安置小区", "K4", "丙", "小海子村", 3.1, (("dam_break", "15", 0.5, 1.0), ("river_management", None, 0, 0))),
    ProjectPlan("墩仁示范机械加工厂", "K5", "丙", "墩仁村", 2.6, (("geological", "中", 0.5, 1.0), ("declared_geological", None, 0, 0))),
    ProjectPlan("明水示范养老服务中心", "K2", "乙", "明水村", 1.2, (("geological", "低", 1, 1), ("flash_flood", None, 0, 0))),
    ProjectPlan("山前示范养殖合作社圈舍", "K6", "丁", ANYWHERE, 2.2, (("composite", "高", 1.0, 1.0), ("declared_geological", None, 0, 0), ("flash_flood", None, 0, 0))),
    ProjectPlan("沿河示范物流仓库", "K5", "丙", "成号村", 5.4, (("flood", "高", 0.2, 0.9),)),
    ProjectPlan("园区示范职工公寓", "K4", "丙", "义和村", 1.6, (("hazmat_distance", None, 0.15, 0.8),)),
    ProjectPlan("南苑示范九年制学校", "K2", "乙", "南苑社区", 3.0, _SAFE),
    ProjectPlan("南华示范消防救援站", "K3", "乙", "南苑社区", 0.6, _SAFE),
    ProjectPlan("胜利村示范安置区", "K4", "丙", "胜利村", 2.8, _SAFE),
    ProjectPlan("大庄示范番茄加工厂", "K5", "丙", "大庄村", 3.6, _SAFE),
    ProjectPlan("智号村示范日光温室", "K6", "丁", "智号村", 5.8, _SAFE),
    ProjectPlan("礼号村示范卫生院", "K2", "乙", "礼号村", 0.9, _SAFE),
    ProjectPlan("南苑示范农贸市场迁建", "K4", "丙", "南苑社区", 1.4, _SAFE),
    ProjectPlan("胜利示范应急物资库", "K3", "乙", "胜利村", 0.7, _SAFE),
    ProjectPlan("义和示范冷链仓储", "K5", "丙", "义和村", 2.4, _SAFE),
    ProjectPlan("信号示范渠道衬砌", "K7", "丙", "信号村", 1.6, _SAFE, strip_m=12.0),
    ProjectPlan("南山示范乡道改线", "K7", "丙", "先锋村", 1.9, (("geological", "中", 0.3, 1.0), ("declared_geological", None, 0, 0)), strip_m=14.0),
    ProjectPlan("成号示范供水管线", "K7", "丙", "成号村", 1.2, (("flood", "极高", 0.1, 0.9),), strip_m=10.0),
    ProjectPlan("明水示范养殖小区", "K6", "丁", "明水村", 3.2, (("geological", "低", 1, 1), ("flash_flood", None, 0, 0), ("river_management", None, 0, 0))),
    ProjectPlan("先锋示范砂石料场", "K5", "丙", "先锋村", 3.4, (("flash_flood", "高危险", 0.2, 0.9), ("flash_flood", "极高危险", 0, 0), ("declared_geological", None, 0, 0), ("river_management", None, 0, 0))),
    ProjectPlan("南岔示范幼儿园", "K2", "乙", "南岔村", 0.5, (("flood", "中", 0.3, 1.0),)),
    ProjectPlan("墩仁示范光伏电站", "K5", "丙", "墩仁村", 5.6, (("flash_flood", None, 0, 0), ("declared_geological", None, 0, 0), ("geological", "高", 0.2, 1.0))),
)  # fmt: skip

GREENHOUSE = "智号村示范日光温室"
SITED_WELL = [plan.wishes is _SAFE and plan.name != GREENHOUSE for plan in PLANS]
"""Projects that are to meet no objection: farmland and redline were laid around their ground, as around houses."""
